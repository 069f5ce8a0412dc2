"""One forward pass laid open, step by step: docs/specification.md section 3.

The same network as `network.forward`, but with the six equations written out, so that every gate and state
can be seen and differentiated.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn.functional import linear

from lstm_backends.torch.losses import loss_derivative
from lstm_backends.torch.network import LayerOutputs, head, head_input
from lstm_backends.torch.training import Model, batch_targets, denormalised
from lstm_backends.torch.windows import Batch, Windows
from lstm_plugins import Array, LayerDerivatives, LayerTrace, NormalisedWindows, Trace
from lstm_plugins.weights import direction_names


@dataclass
class Steps:
    """What one layer and direction computes at every step, in time order.

    Attributes:
        layer: from 0.
        direction: "forward" or "backward".
        inputs: `[T, B, D_l]`.
        preactivation: T times `[B, 4H]`, the gates i, f, C̃, o before σ and tanh.
        forget: T times `[B, H]`, like the others.
        input: input gate.
        candidate: C̃.
        cell: C.
        output: output gate.
        hidden: h.
    """

    layer: int
    direction: str
    inputs: Tensor
    preactivation: list[Tensor] = field(default_factory=list)
    forget: list[Tensor] = field(default_factory=list)
    input: list[Tensor] = field(default_factory=list)
    candidate: list[Tensor] = field(default_factory=list)
    cell: list[Tensor] = field(default_factory=list)
    output: list[Tensor] = field(default_factory=list)
    hidden: list[Tensor] = field(default_factory=list)

    @property
    def values(self) -> tuple[list[Tensor], ...]:
        """The lists that hold one tensor a step."""
        return (
            self.preactivation,
            self.forget,
            self.input,
            self.candidate,
            self.cell,
            self.output,
            self.hidden,
        )


def run_layer(
    weights: dict[str, Tensor], layer: int, direction: str, inputs: Tensor, hidden_units: int
) -> Steps:
    """One layer and direction over inputs `[T, B, D_l]`, one step after the other."""
    prefix = f"layer{layer}.{direction}"
    kernel, recurrent, bias = (weights[f"{prefix}.{name}"] for name in ("kernel", "recurrent", "bias"))
    hidden = cell = inputs.new_zeros(inputs.shape[1], hidden_units)
    steps = Steps(layer, direction, inputs)
    backwards = direction == "backward"
    for x in inputs.flip(0) if backwards else inputs:
        preactivation = linear(x, kernel, bias) + linear(hidden, recurrent)
        i, f, candidate, o = preactivation.chunk(4, dim=1)
        f = torch.sigmoid(f)
        i = torch.sigmoid(i)
        candidate = torch.tanh(candidate)
        cell = f * cell + i * candidate
        o = torch.sigmoid(o)
        hidden = o * torch.tanh(cell)
        for values, value in zip(
            steps.values, (preactivation, f, i, candidate, cell, o, hidden), strict=True
        ):
            values.append(value)
    if backwards:
        for values in steps.values:
            values.reverse()
    return steps


def trace(model: Model, windows: Windows, starts: Tensor, *, derivatives: bool) -> Trace:
    """`Forecaster.trace`."""
    config = model.config
    batch = windows.batch(starts)
    with torch.set_grad_enabled(derivatives):
        layers: list[Steps] = []
        # The graph of derivatives begins at the inputs: no weight asks for one.
        sequence = batch.inputs.requires_grad_(derivatives)
        for layer in range(config.layers):
            runs = [
                run_layer(model.weights, layer, direction, sequence, config.hidden_units)
                for direction in direction_names(config)
            ]
            sequence = torch.cat([torch.stack(run.hidden) for run in runs], dim=2)
            layers += runs
        final = torch.cat([run.hidden[0 if run.direction == "backward" else -1] for run in runs], dim=1)
        read = head_input(config, model.weights, LayerOutputs(sequence, final))
        output = head(config, model.weights, read.values, {})
    inside: list[LayerDerivatives | None] = [None] * len(layers)
    if derivatives:
        targets = batch_targets(windows, starts, batch)
        error = targets.error(output.detach())
        inside = [*_derivatives(layers, output, loss_derivative(config, error) * targets.scale)]
    return _record(windows, batch, layers, inside, read.attention, read.values, output)


def _derivatives(layers: list[Steps], output: Tensor, derivative: Tensor) -> list[LayerDerivatives]:
    wanted = [value for steps in layers for value in (*steps.preactivation, *steps.hidden, *steps.cell)]
    found = iter(torch.autograd.grad(output, wanted, derivative.view_as(output)))
    return [
        LayerDerivatives(*(_batch_first([next(found) for _ in steps.hidden]) for _ in range(3)))
        for steps in layers
    ]


def _record(
    windows: Windows,
    batch: Batch,
    layers: list[Steps],
    derivatives: list[LayerDerivatives | None],
    attention: Tensor | None,
    values: Tensor,
    output: Tensor,
) -> Trace:
    config = windows.config
    shaped = output.detach().view(
        len(output), config.horizon, len(windows.columns), len(config.output_quantiles)
    )
    return Trace(
        windows=normalised(batch),
        layers=tuple(
            LayerTrace(
                layer=steps.layer,
                direction=steps.direction,
                inputs=to_array(steps.inputs.transpose(0, 1)),
                forget=_batch_first(steps.forget),
                input=_batch_first(steps.input),
                candidate=_batch_first(steps.candidate),
                cell=_batch_first(steps.cell),
                output=_batch_first(steps.output),
                hidden=_batch_first(steps.hidden),
                derivatives=inside,
            )
            for steps, inside in zip(layers, derivatives, strict=True)
        ),
        attention=None if attention is None else to_array(attention.t()),
        head_input=to_array(values),
        output=to_array(shaped),
        prediction=to_array(denormalised(shaped, windows, batch).to(output.dtype)),
    )


def normalised(batch: Batch) -> NormalisedWindows:
    """A batch as the contract's record."""
    return NormalisedWindows(
        to_array(batch.inputs.transpose(0, 1)), batch.center.cpu().numpy(), batch.scale.cpu().numpy()
    )


def to_array(tensor: Tensor) -> Array:
    """A contiguous array of a tensor's values."""
    array: Array = tensor.detach().contiguous().cpu().numpy()
    return array


def _batch_first(steps: list[Tensor]) -> Array:
    return to_array(torch.stack(steps, dim=1))
