"""One LSTM layer, forward and backward over a batch, by PyTorch's own LSTM.

On a CPU in float32 it calls PyTorch's oneDNN layer directly. `torch.lstm` with automatic differentiation uses
the same operators, which need less bookkeeping if called directly. They are undocumented, so they are used
only if they agree with `torch.lstm` in a test. Their arguments and results are those of PyTorch 2.6 to 2.13.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import torch
from torch import Tensor

from lstm_backends.torch.parameters import DirectionWeights

_LSTM_MODE = 2


@dataclass(frozen=True)
class LayerPass:
    """One layer after its forward pass, with what its backward pass needs.

    Attributes:
        outputs: `[T, B, S·H]` in time order, forward first.
        final: `[B, S·H]`, each direction's hidden state after its last step.
        direct: by direction, if oneDNN was called directly.
        recorded: the pass recorded by automatic differentiation, otherwise.
    """

    outputs: Tensor
    final: Tensor
    direct: tuple[_DirectPass, ...] = ()
    recorded: _RecordedPass | None = None


class _DirectPass(NamedTuple):
    """Arguments and results of oneDNN's layer in one direction; `workspace` is its own."""

    arrays: tuple[Tensor, Tensor, Tensor, Tensor]
    inputs: Tensor
    start: Tensor
    sequence: Tensor
    hidden: Tensor
    cell: Tensor
    workspace: Tensor
    reverse: bool


class _RecordedPass(NamedTuple):
    """The ends of a recorded pass: leaves `inputs` and `arrays`, results `outputs` and `final`."""

    inputs: Tensor
    arrays: tuple[DirectionWeights, ...]
    outputs: Tensor
    final: Tensor


def layer_forward(weights: tuple[DirectionWeights, ...], inputs: Tensor) -> LayerPass:
    """Runs all steps of one layer from zero states over inputs `[T, B, D]`.

    If gradients are enabled, it keeps what `layer_backward` needs.
    """
    if not torch.is_grad_enabled():
        return LayerPass(*_lstm(weights, inputs))
    if inputs.dtype == torch.float32 and inputs.device.type == "cpu" and agree_with_torch_lstm():
        return _direct_forward(weights, inputs)
    return _recorded_forward(weights, inputs)


def layer_backward(
    weights: tuple[DirectionWeights, ...],
    done: LayerPass,
    outputs: Tensor | None,
    final: Tensor | None,
    gradients: list[DirectionWeights],
    lowest: bool,
) -> Tensor | None:
    """Backpropagation through all steps of one layer.

    Args:
        weights: by direction.
        done: the result of `layer_forward`.
        outputs: `[T, B, S·H]` in time order, derivatives with respect to the outputs; None for zeros.
        final: `[B, S·H]`, further derivatives with respect to the final hidden state; None for zeros.
        gradients: receives the gradients of each direction.
        lowest: True for the lowest layer, whose inputs need no derivatives.

    Returns:
        `[T, B, D]` in time order, derivatives with respect to the inputs; None for the lowest layer.
    """
    if done.recorded is not None:
        return _recorded_backward(done.recorded, outputs, final, gradients, lowest)
    below = _direct_backward(weights, done.direct, outputs, final, gradients)
    return None if lowest else below


def _lstm(weights: tuple[DirectionWeights, ...], inputs: Tensor) -> tuple[Tensor, Tensor]:
    """Outputs and final hidden state by `torch.lstm`."""
    hidden_units = weights[0].recurrent.shape[1]
    start = inputs.new_zeros(len(weights), inputs.shape[1], hidden_units)
    outputs, final, _ = torch.lstm(
        inputs,
        (start, start),
        [array for own in weights for array in _two_biases(own)],
        has_biases=True,
        num_layers=1,
        dropout=0.0,
        train=torch.is_grad_enabled(),
        bidirectional=len(weights) == 2,
        batch_first=False,
    )
    return outputs, torch.cat(final.unbind(), dim=1) if len(weights) == 2 else final[0]


def _two_biases(weights: DirectionWeights) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The arrays for PyTorch, which adds two biases; the second is zero, because only one is trained."""
    return *weights, torch.zeros_like(weights.bias)


def _recorded_forward(weights: tuple[DirectionWeights, ...], inputs: Tensor) -> LayerPass:
    leaf = inputs.detach().requires_grad_()
    arrays = tuple(DirectionWeights(*(array.detach().requires_grad_() for array in own)) for own in weights)
    outputs, final = _lstm(arrays, leaf)
    return LayerPass(outputs.detach(), final.detach(), recorded=_RecordedPass(leaf, arrays, outputs, final))


def _recorded_backward(
    done: _RecordedPass,
    outputs: Tensor | None,
    final: Tensor | None,
    gradients: list[DirectionWeights],
    lowest: bool,
) -> Tensor | None:
    given = [(done.outputs, outputs), (done.final, final)]
    used = [(result, derivative) for result, derivative in given if derivative is not None]
    arrays = [array for own in done.arrays for array in own]
    found = torch.autograd.grad(
        [result for result, _ in used],
        arrays if lowest else [*arrays, done.inputs],
        [derivative for _, derivative in used],
    )
    gradients += [DirectionWeights(*found[3 * n : 3 * n + 3]) for n in range(len(done.arrays))]
    return None if lowest else found[-1]


def _direct_forward(weights: tuple[DirectionWeights, ...], inputs: Tensor) -> LayerPass:
    hidden_units = weights[0].recurrent.shape[1]
    start = inputs.new_zeros(inputs.shape[1], hidden_units)
    passes = []
    for reverse, own in enumerate(weights):
        arrays = _two_biases(own)
        # oneDNN fills the workspace only with gradients enabled, although no tensor here requires one.
        sequence, hidden, cell, workspace = torch.ops.aten.mkldnn_rnn_layer(
            inputs,
            *arrays,
            start,
            start,
            bool(reverse),
            batch_sizes=[],
            mode=_LSTM_MODE,
            hidden_size=hidden_units,
            num_layers=1,
            has_biases=True,
            bidirectional=False,
            batch_first=False,
            train=True,
        )
        passes.append(_DirectPass(arrays, inputs, start, sequence, hidden, cell, workspace, bool(reverse)))
    if len(passes) == 1:
        return LayerPass(passes[0].sequence, passes[0].hidden, tuple(passes))
    outputs = torch.cat([one.sequence for one in passes], dim=2)
    return LayerPass(outputs, torch.cat([one.hidden for one in passes], dim=1), tuple(passes))


def _direct_backward(
    weights: tuple[DirectionWeights, ...],
    passes: tuple[_DirectPass, ...],
    outputs: Tensor | None,
    final: Tensor | None,
    gradients: list[DirectionWeights],
) -> Tensor:
    count = len(passes)
    by_outputs = [None] * count if outputs is None else outputs.chunk(count, dim=2)
    by_final = [None] * count if final is None else final.chunk(count, dim=1)
    below = []
    for one, own_outputs, own_final in zip(passes, by_outputs, by_final, strict=True):
        inputs, kernel, recurrent, bias, *_ = torch.ops.aten.mkldnn_rnn_layer_backward(
            one.inputs,
            *one.arrays,
            one.start,
            one.start,
            one.sequence,
            one.hidden,
            one.cell,
            own_outputs,
            own_final,
            None,
            one.reverse,
            mode=_LSTM_MODE,
            hidden_size=weights[0].recurrent.shape[1],
            num_layers=1,
            has_biases=True,
            train=True,
            bidirectional=False,
            batch_sizes=[],
            batch_first=False,
            workspace=one.workspace,
        )
        gradients.append(DirectionWeights(kernel, recurrent, bias))
        below.append(inputs)
    return below[0] if count == 1 else below[0] + below[1]


@cache
def agree_with_torch_lstm() -> bool:
    """True if the direct calls exist and agree with `torch.lstm` on a small bidirectional layer."""
    generator = torch.Generator().manual_seed(0)

    def draw(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator)

    weights = tuple(DirectionWeights(draw(20, 3), draw(20, 5), draw(20)) for _ in range(2))
    inputs, outputs, final = draw(6, 4, 3), draw(6, 4, 10), draw(4, 10)
    for by_outputs, by_final in ((outputs, final), (None, final), (outputs, None)):
        wanted_gradients: list[DirectionWeights] = []
        gradients: list[DirectionWeights] = []
        with torch.enable_grad():
            wanted = _recorded_forward(weights, inputs)
        wanted_below = layer_backward(weights, wanted, by_outputs, by_final, wanted_gradients, lowest=False)
        try:
            with torch.enable_grad():
                found = _direct_forward(weights, inputs)
            below = _direct_backward(weights, found.direct, by_outputs, by_final, gradients)
        except (AttributeError, NotImplementedError, RuntimeError, TypeError, ValueError):
            # They are missing or different in this version of PyTorch, which may raise any of these.
            return False
        pairs = [(found.outputs, wanted.outputs), (found.final, wanted.final), (below, wanted_below)]
        pairs += [
            pair
            for one, other in zip(gradients, wanted_gradients, strict=True)
            for pair in zip(one, other, strict=True)
        ]
        if not all(torch.allclose(one, other, rtol=1e-5, atol=1e-6) for one, other in pairs):
            return False
    return True
