"""Traces: gates, states and derivatives, computed step by step: docs/specification.md section 3.

PyTorch's LSTM returns neither gates nor derivatives inside a layer. So the six equations are written out here
with PyTorch's operators on the same weights, and PyTorch differentiates them. Attention and head are those of
`network`.
"""

import torch
from torch import Tensor
from torch.nn.functional import linear

from lstm_backends.torch.losses import loss_derivative
from lstm_backends.torch.network import Model, head
from lstm_backends.torch.parameters import DirectionWeights
from lstm_backends.torch.windows import (
    Windows,
    denormalise,
    forecast_error,
    gather_observed,
    normalise,
    normalised_windows,
    output_derivative,
    to_array,
)
from lstm_plugins import Array, LayerDerivatives, LayerTrace, Trace
from lstm_plugins.weights import direction_names

Sequences = dict[str, list[Tensor]]
"""The values of a layer and direction at each of T steps, in time order: `[B, 4H]` or `[B, H]`."""


def trace(model: Model, windows: Windows, starts: Tensor, derivatives: bool) -> Trace:
    """See `Forecaster.trace`."""
    config, weights = model.config, model.parameters
    batch = normalise(windows, starts)
    inputs: list[Tensor] = []
    passes: list[list[Sequences]] = []
    with torch.set_grad_enabled(derivatives):
        # The graph of derivatives begins at the inputs: no weight requires a gradient.
        outputs = batch.inputs.requires_grad_(derivatives)
        for layer in weights.layers:
            inputs.append(outputs)
            passes.append([_run(own, outputs, bool(n)) for n, own in enumerate(layer)])
            outputs = torch.cat([torch.stack(own["hidden"]) for own in passes[-1]], dim=2)
        final_hidden = torch.cat(
            [own["hidden"][-1 if n == 0 else 0] for n, own in enumerate(passes[-1])], dim=1
        )
        done = head(model, weights, batch, final_hidden, outputs, {})
    inside: list[LayerDerivatives | None] = [None] * (config.layers * config.directions)
    flat = [own for layer in passes for own in layer]
    if derivatives:
        error = forecast_error(windows, starts, batch, done.output.detach())
        observed = gather_observed(windows, starts)
        by_output = output_derivative(windows, batch, loss_derivative(config, error, observed))
        inside = [*_derivatives(flat, done.output, by_output)]
    output = done.output.detach()
    names = [(layer, direction) for layer in range(config.layers) for direction in direction_names(config)]
    return Trace(
        windows=normalised_windows(windows, starts),
        layers=tuple(
            LayerTrace(
                layer,
                direction,
                inputs=to_array(inputs[layer].transpose(0, 1)),
                **{name: _batch_first(steps) for name, steps in own.items() if name != "preactivation"},
                derivatives=found,
            )
            for (layer, direction), own, found in zip(names, flat, inside, strict=True)
        ),
        attention=None if done.attended is None else to_array(done.attended.weights.t()),
        head_input=to_array(done.head_input),
        output=to_array(output),
        prediction=to_array(denormalise(windows, batch, output)),
        step_hidden=None if done.step is None else to_array(done.step.hidden),
        linear=None if done.linear is None else to_array(done.linear),
    )


def _run(weights: DirectionWeights, inputs: Tensor, backwards: bool) -> Sequences:
    """One layer and direction over inputs `[T, B, D_l]`, step by step."""
    names = ("preactivation", "forget", "input", "candidate", "cell", "output", "hidden")
    sequences: Sequences = {name: [] for name in names}
    hidden = cell = inputs.new_zeros(inputs.shape[1], weights.recurrent.shape[1])
    for x in inputs.flip(0) if backwards else inputs:
        preactivation = linear(x, weights.kernel, weights.bias) + linear(hidden, weights.recurrent)
        i, f, candidate, o = preactivation.chunk(4, dim=1)
        f = torch.sigmoid(f)
        i = torch.sigmoid(i)
        candidate = torch.tanh(candidate)
        cell = f * cell + i * candidate
        o = torch.sigmoid(o)
        hidden = o * torch.tanh(cell)
        for name, value in zip(names, (preactivation, f, i, candidate, cell, o, hidden), strict=True):
            sequences[name].append(value)
    return {name: steps[::-1] if backwards else steps for name, steps in sequences.items()}


def _derivatives(passes: list[Sequences], output: Tensor, by_output: Tensor) -> list[LayerDerivatives]:
    parts = ("preactivation", "hidden", "cell")
    wanted = [value for own in passes for part in parts for value in own[part]]
    found = iter(torch.autograd.grad(output, wanted, by_output))
    return [
        LayerDerivatives(*(_batch_first([next(found) for _ in own[part]]) for part in parts))
        for own in passes
    ]


def _batch_first(steps: list[Tensor]) -> Array:
    return to_array(torch.stack(steps, dim=1))
