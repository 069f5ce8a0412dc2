"""The gradients of the weight arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from lstm_conformance.deviations.backpropagation import loss_slope
from lstm_conformance.deviations.deviation import Deviation, Plant, methods, steps
from lstm_conformance.deviations.layers import bidirectional
from lstm_conformance.probes import Probe
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.records import NormalisedWindows, Starts, TrainingStep
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.reference.steps import Steps
from lstm_plugins.weights import Array, Weights

deviation = partial(Deviation, level="gradients")


def _layer_arrays(alter: Callable[[Array, Array, Array, int], tuple[Array, Array, Array]]) -> Plant:
    """Altered gradients of kernel, recurrent kernel and bias; the last argument is T."""

    def change(before: Steps) -> Mapping[str, Any]:
        def layer_gradients(inputs: Array, previous_hidden: Array, preactivation: Array) -> Any:
            found = before.layer_gradients(inputs, previous_hidden, preactivation)
            return alter(*found, inputs.shape[1])

        return {"layer_gradients": layer_gradients}

    return steps(change)


def _last_step_only(before: Steps) -> Mapping[str, Any]:
    return {"layer_gradients": lambda x, h, d: before.layer_gradients(x[:, -1:], h[:, -1:], d[:, -1:])}


def _recurrent_from_h_t(before: Steps) -> Mapping[str, Any]:
    def backward(steps: Steps, config: Any, weights: Weights, done: Any, output: Array, masks: Any) -> Any:
        directions = tuple(
            replace(one, cells=tuple(replace(cell, previous_hidden=cell.hidden) for cell in one.cells))
            for one in done.directions
        )
        return before.backward(steps, config, weights, replace(done, directions=directions), output, masks)

    return {"backward": backward}


def _arrays(alter: Callable[[str, Array], Array]) -> Plant:
    def change(before: Steps) -> Mapping[str, Any]:
        def backward(*given: Any) -> Any:
            gradients, derivatives = before.backward(*given)
            return {name: alter(name, array) for name, array in gradients.items()}, derivatives

        return {"backward": backward}

    return steps(change)


def _frozen(belongs: Callable[[str], bool]) -> Plant:
    return _arrays(lambda name, array: 0.0 * array if belongs(name) else array)


def _times_batch(factor: Callable[[ForecasterConfig, int], float]) -> Plant:
    """Gradients, and no loss, times a factor of the batch."""

    def change(before: Steps) -> Mapping[str, Any]:
        def backward(
            steps: Steps, config: Any, weights: Weights, done: Any, output: Array, masks: Any
        ) -> Any:
            gradients, derivatives = before.backward(steps, config, weights, done, output, masks)
            by = factor(config, len(output))
            return {name: by * array for name, array in gradients.items()}, derivatives

        return {"backward": backward}

    return steps(change)


def _sign_at_zero(config: ForecasterConfig, error: Array, true: Array) -> Array:
    level = np.array(config.output_quantiles, error.dtype)
    at_zero = np.ones_like(error) if config.loss == "mae" else np.broadcast_to(1.0 - level, error.shape)
    return np.where(error == 0, at_zero / error.size, true)


def _below_at_zero(config: ForecasterConfig, error: Array, true: Array) -> Array:
    level = np.array(config.output_quantiles, error.dtype)
    at_zero = np.ones_like(error) if config.loss == "mae" else np.broadcast_to(level, error.shape)
    return np.where(error == 0, -at_zero / error.size, true)


class _ScaleForgotten(ReferenceForecaster):
    """The derivative of undoing the normalisation is left out; undoing it is not."""

    def _target_statistics(self, windows: NormalisedWindows) -> tuple[Array, Array]:
        center, scale = super()._target_statistics(windows)
        return center, np.ones_like(scale)

    def _denormalise(self, output: Array, windows: NormalisedWindows) -> Array:
        return self.steps.denormalise(output, *super()._target_statistics(windows))


class _Accumulating(ReferenceForecaster):
    _sum: Weights | None = None

    def loss_and_gradients(
        self, starts: Starts, training: TrainingStep | None = None
    ) -> tuple[float, Weights]:
        loss, gradients = super().loss_and_gradients(starts, training)
        if self._sum is not None:
            gradients = {name: self._sum[name] + array for name, array in gradients.items()}
        self._sum = gradients
        return loss, gradients


def _several_steps(probe: Probe) -> bool:
    return probe.config.steps > 1


def _exact_errors(probe: Probe) -> bool:
    return probe.config.loss in ("mae", "quantile")


def _zeroed(*kinds: int) -> Any:
    return lambda *given: tuple(0.0 * a if n in kinds else a for n, a in enumerate(given[:3]))


DEVIATIONS = (
    deviation(
        "slope + at error 0",
        "the upper slope where the error is exactly 0",
        loss_slope(_sign_at_zero),
        _exact_errors,
    ),
    deviation(
        "slope − at error 0",
        "the lower slope where the error is exactly 0",
        loss_slope(_below_at_zero),
        _exact_errors,
    ),
    deviation(
        "scale left out",
        "no derivative of undoing the window's scale",
        methods(_ScaleForgotten),
        lambda probe: probe.config.normalisation == "standard",
    ),
    deviation("dU from h_t", "the recurrent gradient from h_t, not from h_{t−1}", steps(_recurrent_from_h_t)),
    deviation(
        "bias gradient averaged",
        "the bias gradient averaged over the steps",
        _layer_arrays(lambda k, r, b, time: (k, r, b / time)),
        _several_steps,
    ),
    deviation(
        "layer gradients averaged",
        "the layers' gradients averaged over the steps",
        _layer_arrays(lambda k, r, b, time: (k / time, r / time, b / time)),
        _several_steps,
    ),
    deviation(
        "gradients of the last step",
        "the layers' gradients of the last step only",
        steps(_last_step_only),
        _several_steps,
    ),
    deviation(
        "bias gradient doubled",
        "the bias gradient counted twice",
        _layer_arrays(lambda k, r, b, time: (k, r, 2.0 * b)),
    ),
    deviation(
        "recurrent gradient missing",
        "no gradient of the recurrent kernels",
        _layer_arrays(_zeroed(1)),
        _several_steps,
    ),
    deviation("kernel gradient missing", "no gradient of the kernels", _layer_arrays(_zeroed(0))),
    deviation("bias gradient missing", "no gradient of the layers' biases", _layer_arrays(_zeroed(2))),
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
        bidirectional,
    ),
    deviation(
        "attention kernel frozen",
        "no gradient of the attention kernel",
        _frozen(lambda name: name == "attention.kernel"),
        lambda probe: probe.config.attention == "general" and probe.config.steps > 1,
    ),
    deviation(
        "gradients summed over the batch",
        "gradients summed over the windows of the batch",
        _times_batch(lambda config, batch: batch),
        lambda probe: probe.config.batch_size > 1,
    ),
    deviation(
        "partial gradients by the full size",
        "a partial batch's gradients divided by the full batch size",
        _times_batch(lambda config, batch: batch / config.batch_size),
        lambda probe: probe.config.batch_size > 1,
    ),
    deviation(
        "gradients accumulated",
        "gradients accumulated from call to call, never zeroed",
        methods(_Accumulating),
        remembers=True,
    ),
)
