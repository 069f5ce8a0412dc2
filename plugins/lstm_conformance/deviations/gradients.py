"""The gradients of the weight arrays."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from lstm_conformance.deviations import conditions as when
from lstm_conformance.deviations.backpropagation import loss_slope
from lstm_conformance.deviations.deviation import Deviation, Plant, altered, overriding
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.weights import Array, Weights

deviation = partial(Deviation, level="gradients")


def _layer_arrays(change: Callable[[Array, Array, Array, int], tuple[Array, Array, Array]]) -> Plant:
    """Other gradients of kernel, recurrent kernel and bias; the last argument is T."""

    def layer_gradients(true: Any, inputs: Array, *rest: Array) -> tuple[Array, Array, Array]:
        kernel, recurrent, bias = true(inputs, *rest)
        return change(kernel, recurrent, bias, inputs.shape[1])

    return altered(layer_gradients=layer_gradients)


def _arrays(change: Callable[[ForecasterConfig, int, str, Array], Array]) -> Plant:
    """Other gradients of arrays, from config, windows of the batch, name and gradient."""

    def backward(
        true: Any, steps: Any, config: Any, weights: Any, done: Any, output: Array, masks: Any
    ) -> Any:
        gradients, derivatives = true(steps, config, weights, done, output, masks)
        changed = {n: change(config, len(output), n, array) for n, array in gradients.items()}
        return changed, derivatives

    return altered(backward=backward)


def _frozen(belongs: Callable[[str], bool]) -> Plant:
    return _arrays(lambda config, batch, name, array: 0.0 * array if belongs(name) else array)


def _recurrent_from_h_t(true: Any, steps: Any, config: Any, weights: Any, done: Any, *rest: Any) -> Any:
    directions = tuple(
        replace(one, cells=tuple(replace(cell, previous_hidden=cell.hidden) for cell in one.cells))
        for one in done.directions
    )
    return true(steps, config, weights, replace(done, directions=directions), *rest)


def _slope_at_zero(side: float) -> Plant:
    """The upper (1) or lower (−1) slope of the loss where the error is exactly 0."""

    def change(config: ForecasterConfig, error: Array, true: Array, numbers: int) -> Array:
        quantiles = np.array(config.output_quantiles, error.dtype)
        shares = 1.0 - quantiles if side > 0 else quantiles
        slope = np.ones_like(error) if config.loss == "mae" else np.broadcast_to(shares, error.shape)
        return np.where(error == 0, side * slope / numbers, true)

    return loss_slope(change)


def accumulated(forecaster: Any, gradients: Weights, *, anew: bool = False) -> Weights:
    """The gradients added to those of all earlier calls, or with `anew` to none."""
    before = None if anew else getattr(forecaster, "_accumulated", None)
    forecaster._accumulated = (
        gradients if before is None else {name: before[name] + array for name, array in gradients.items()}
    )
    return dict(forecaster._accumulated)


def _accumulating(true: Any, self: ReferenceForecaster, *given: Any) -> tuple[float, Weights]:
    loss, gradients = true(*given)
    return loss, accumulated(self, gradients)


DEVIATIONS = (
    deviation(
        "slope + at error 0",
        "the upper slope where the error is exactly 0",
        _slope_at_zero(1.0),
        when.loss_is("mae", "quantile"),
    ),
    deviation(
        "slope − at error 0",
        "the lower slope where the error is exactly 0",
        _slope_at_zero(-1.0),
        when.loss_is("mae", "quantile"),
    ),
    deviation(
        "dU from h_t",
        "the recurrent gradient from h_t instead of h_{t−1}",
        altered(backward=_recurrent_from_h_t),
    ),
    deviation(
        "bias gradient averaged",
        "the bias gradient averaged over the steps",
        _layer_arrays(lambda k, r, b, time: (k, r, b / time)),
        when.several_steps,
    ),
    deviation(
        "layer gradients averaged",
        "the layers' gradients averaged over the steps",
        _layer_arrays(lambda k, r, b, time: (k / time, r / time, b / time)),
        when.several_steps,
    ),
    deviation(
        "gradients of the last step",
        "the layers' gradients of the last step only",
        altered(layer_gradients=lambda true, x, h, d: true(x[:, -1:], h[:, -1:], d[:, -1:])),
        when.several_steps,
    ),
    deviation(
        "bias gradient doubled",
        "the bias gradient counted twice",
        _layer_arrays(lambda k, r, b, time: (k, r, 2.0 * b)),
    ),
    deviation(
        "recurrent gradient missing",
        "no gradient of the recurrent kernels",
        _layer_arrays(lambda k, r, b, time: (k, 0.0 * r, b)),
        when.several_steps,
    ),
    deviation(
        "kernel gradient missing",
        "no gradient of the kernels",
        _layer_arrays(lambda k, r, b, time: (0.0 * k, r, b)),
    ),
    deviation(
        "bias gradient missing",
        "no gradient of the layers' biases",
        _layer_arrays(lambda k, r, b, time: (k, r, 0.0 * b)),
    ),
    deviation(
        "head bias frozen", "no gradient of the head's bias", _frozen(lambda name: name == "head.bias")
    ),
    deviation("head frozen", "no gradient of the head", _frozen(lambda name: name.startswith("head"))),
    deviation(
        "first layer frozen",
        "no gradient of the first layer",
        _frozen(lambda name: name.startswith("layer0")),
    ),
    deviation(
        "backward direction frozen",
        "no gradient of the backward direction",
        _frozen(lambda name: ".backward." in name),
        when.bidirectional,
    ),
    deviation(
        "attention kernel frozen",
        "no gradient of the attention kernel",
        _frozen(lambda name: name == "attention.kernel"),
        when.general_attention & when.several_steps,
    ),
    deviation(
        "gradients summed over the batch",
        "gradients summed over the windows of the batch",
        _arrays(lambda config, batch, name, array: batch * array),
        when.several_windows,
    ),
    deviation(
        "partial gradients by the full size",
        "a partial batch's gradients divided by the full batch size",
        _arrays(lambda config, batch, name, array: batch / config.batch_size * array),
        when.several_windows,
    ),
    deviation(
        "gradients accumulated",
        "gradients accumulated from call to call, never zeroed",
        overriding(loss_and_gradients=_accumulating),
        remembers=True,
    ),
)
