"""What is compared, in the order in which it is computed.

A level asks a backend for named arrays, through nothing but the public `Forecaster`. What they should be is
recomputed by the reference, where a step has inputs of its own from the backend's own ones: an error then
shows where it is made and not where it arrives.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_plugins.conformance.probes import Probe
from lstm_plugins.conformance.recomputing import (
    Tensors,
    recompute_attention,
    recompute_gates,
    recompute_loss,
    recompute_prediction,
)
from lstm_plugins.errors import UnsupportedError
from lstm_plugins.forecaster import (
    Epoch,
    Finished,
    Forecaster,
    LayerTrace,
    OptimizerState,
    TrainingStep,
)
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.weights import Weights

Observe = Callable[[Forecaster, Probe], Tensors]
Recompute = Callable[[ReferenceForecaster, Probe, Tensors], Tensors]

GATE_VALUES = ("forget", "input", "candidate", "cell", "output", "hidden")


@dataclass(frozen=True)
class Level:
    """One stage of the computation.

    Attributes:
        name: short, unique.
        title: for people.
        observe: from a forecaster with the probe's weights, series and no optimizer memory to its arrays.
        recompute: the same arrays from the reference and the backend's own observed inputs; None where a
            level has no inputs but the probe's, so that the reference simply observes itself.
        exact: True where equality is asked for.
        judged_in_float32: False where float32 may drift apart and is shown only.
        fresh: True where a forecaster is asked as it is made, without the probe's weights.
    """

    name: str
    title: str
    observe: Observe
    recompute: Recompute | None = None
    exact: bool = False
    judged_in_float32: bool = True
    fresh: bool = False


def prepare(forecaster: Forecaster, probe: Probe) -> None:
    """Gives a forecaster the probe's series and weights and an optimizer without memory."""
    forecaster.load_series(probe.series)
    forecaster.load_weights(probe.weights)
    forecaster.load_optimizer_state(empty_optimizer_state(probe))


def empty_optimizer_state(probe: Probe) -> OptimizerState:
    """The optimizer before its first update."""
    first = {name: np.zeros_like(array) for name, array in probe.weights.items()}
    second = {} if probe.config.optimizer == "sgd" else {name: array.copy() for name, array in first.items()}
    return OptimizerState(0, first, second)


def prefixed(prefix: str, arrays: Weights) -> Tensors:
    """The arrays with `prefix/` before their names."""
    return {f"{prefix}/{name}": np.asarray(array) for name, array in arrays.items()}


def observe_windows(forecaster: Forecaster, probe: Probe) -> Tensors:
    """Which windows there are, what stands in them, and in which order epochs visit them."""
    config = probe.config
    training = forecaster.window_starts(probe.training, config.stride)
    inputs, targets = forecaster.raw_windows(probe.batch)
    return {
        "training starts": training,
        "validation starts": forecaster.window_starts(probe.validation, 1),
        "inputs": inputs,
        "targets": targets,
        "order of epoch 1": forecaster.epoch_starts(training, 0),
        "order of epoch 2": forecaster.epoch_starts(training, 1),
    }


def observe_normalised(forecaster: Forecaster, probe: Probe) -> Tensors:
    """What the LSTM sees."""
    windows = forecaster.normalised_windows(probe.batch)
    return {"center": windows.center, "scale": windows.scale, "inputs": windows.inputs}


def observe_initial_weights(forecaster: Forecaster, probe: Probe) -> Tensors:
    """What a forecaster starts with."""
    return {name: forecaster.weights()[name] for name in probe.weights}


def recompute_initial_weights(reference: ReferenceForecaster, probe: Probe, observed: Tensors) -> Tensors:
    """See `observe_initial_weights`."""
    weights = reference.steps.initial_weights(probe.config, probe.features, len(probe.series.targets))
    return {name: array.astype(probe.config.precision) for name, array in weights.items()}


def observe_gates(forecaster: Forecaster, probe: Probe) -> Tensors:
    """Every gate and state, traced twice: a state carried over from the first run shows in the second."""
    tensors: Tensors = {}
    for run in ("first run", "second run"):
        for layer in forecaster.trace(probe.batch).layers:
            tensors |= {
                f"{run}/{_place(layer)}.{name}": getattr(layer, name) for name in ("inputs", *GATE_VALUES)
            }
    return tensors


def observe_attention(forecaster: Forecaster, probe: Probe) -> Tensors:
    """Attention weights and readout; the last layer's hidden states are what they are recomputed from."""
    trace = forecaster.trace(probe.batch)
    tensors = {} if trace.attention is None else {"attention weights": trace.attention}
    tensors["readout"] = trace.readout
    last = probe.config.layers - 1
    return tensors | {
        _place(layer) + ".hidden": layer.hidden for layer in trace.layers if layer.layer == last
    }


def observe_prediction(forecaster: Forecaster, probe: Probe) -> Tensors:
    """The head, the normalisation undone, and the production path beside the trace."""
    trace = forecaster.trace(probe.batch)
    return {
        "readout": trace.readout,
        "output": trace.output,
        "traced prediction": trace.prediction,
        "prediction": forecaster.predict(probe.batch),
        "prediction of a partial batch": forecaster.predict(probe.partial_batch),
    }


def observe_loss(forecaster: Forecaster, probe: Probe) -> Tensors:
    """The loss of a full batch, of a partial one, and the mean over several."""
    return {
        "predictions": forecaster.predict(probe.starts),
        "full batch": _number(forecaster.loss_and_gradients(probe.batch)[0]),
        "partial batch": _number(forecaster.loss_and_gradients(probe.partial_batch)[0]),
        "mean over batches": _number(forecaster.mean_loss(probe.starts)),
    }


def observe_gradients(forecaster: Forecaster, probe: Probe) -> Tensors:
    """The gradient of every array on a full and a partial batch, then under dropout."""
    tensors = prefixed("full batch", forecaster.loss_and_gradients(probe.batch)[1])
    tensors |= prefixed("partial batch", forecaster.loss_and_gradients(probe.partial_batch)[1])
    if probe.config.dropout:
        loss, gradients = forecaster.loss_and_gradients(probe.batch, TrainingStep(1, 2))
        tensors |= {"loss under dropout": _number(loss)} | prefixed("under dropout", gradients)
    return tensors


def observe_derivatives(forecaster: Forecaster, probe: Probe) -> Tensors:
    """Derivatives with respect to pre-activations, h and C, by layer, direction and step."""
    tensors: Tensors = {}
    for layer in forecaster.trace(probe.batch, derivatives=True).layers:
        if layer.derivatives is None:
            raise UnsupportedError("the trace holds no derivatives")
        for name in ("preactivation", "hidden", "cell"):
            tensors[f"{_place(layer)}.{name}"] = getattr(layer.derivatives, name)
    return tensors


def observe_clipping(forecaster: Forecaster, probe: Probe) -> Tensors:
    """Injected gradients above and below the norm allowed."""
    tensors: Tensors = {}
    for size, gradients in zip(("large", "small", "tiny", "zero"), probe.injected_gradients, strict=True):
        clipped, norm = forecaster.clip(gradients)
        tensors |= {f"norm of {size} gradients": _number(norm)} | prefixed(f"{size} gradients", clipped)
    return tensors


def observe_optimizer(forecaster: Forecaster, probe: Probe) -> Tensors:
    """Weights and memory after updates by injected gradients, from 1 down to 1e-8 and zeros."""
    tensors: Tensors = {}
    for n, gradients in enumerate((*probe.injected_gradients, probe.injected_gradients[2])):
        if n == 4:
            prepare(forecaster, probe)
        forecaster.update(gradients, 0.01 / (n + 1))
        state = forecaster.optimizer_state()
        update = "a tiny first update" if n == 4 else f"update {n + 1}"
        tensors |= prefixed(f"{update}/weights", forecaster.weights())
        tensors |= prefixed(f"{update}/first moment", state.first) | prefixed(
            f"{update}/second moment", state.second
        )
        tensors[f"{update}/counter"] = _number(state.step)
    return tensors


def observe_two_steps(forecaster: Forecaster, probe: Probe) -> Tensors:
    """Two real updates in a row, the second on a partial batch, through the path that `fit` uses."""
    starts = np.concatenate([probe.batch, probe.partial_batch])
    rates = np.array([0.01, 0.005])[: -(-len(starts) // probe.config.batch_size)]
    results = forecaster.train_batches(starts, rates, TrainingStep(0, 0))
    state = forecaster.optimizer_state()
    tensors = {"losses": results.losses, "norms": results.norms, "counter": _number(state.step)}
    return tensors | prefixed("weights", forecaster.weights()) | prefixed("first moment", state.first)


def observe_trajectory(forecaster: Forecaster, probe: Probe) -> Tensors:
    """A whole fit: losses, rates, norms, the best epoch and the weights that are the result."""
    tensors: Tensors = {}
    for record in forecaster.fit(probe.training, probe.validation):
        if isinstance(record, Epoch):
            at = f"epoch {record.epoch + 1}"
            tensors[f"{at}/training loss"] = _number(record.training_loss)
            if record.validation_loss is not None:
                tensors[f"{at}/validation loss"] = _number(record.validation_loss)
            tensors[f"{at}/learning rate"] = _number(record.learning_rate)
            tensors[f"{at}/largest norm"] = _number(record.gradient_norm)
        elif isinstance(record, Finished):
            tensors["epochs"] = _number(record.epochs)
            tensors["best epoch"] = _number(record.best_epoch)
    return tensors | prefixed("result", forecaster.weights())


def observe_forecast(forecaster: Forecaster, probe: Probe) -> Tensors:
    """The forecast after each series' last row, where no target is known."""
    lengths, offsets = probe.series.lengths, probe.series.offsets
    starts = [
        offset + length - probe.config.look_back for offset, length in zip(offsets, lengths, strict=True)
    ]
    return {"forecast": forecaster.predict(np.array(starts, np.int64))}


def observe_checkpoint(forecaster: Forecaster, probe: Probe) -> Tensors:
    """An epoch after a stop, from the state as it is handed out and in again."""
    records = forecaster.fit(probe.training, probe.validation)
    for record in records:
        if isinstance(record, Epoch):
            break
    records.close()  # type: ignore[attr-defined]
    state = forecaster.training_state
    if state is None:
        raise UnsupportedError("there is no training state after an epoch")
    prepare(forecaster, probe)
    resumed: Tensors = {}
    for record in forecaster.fit(probe.training, probe.validation, state):
        if isinstance(record, Epoch):
            resumed[f"epoch {record.epoch + 1}/training loss"] = _number(record.training_loss)
    return resumed | prefixed("result", forecaster.weights())


def recompute_checkpoint(reference: ReferenceForecaster, probe: Probe, observed: Tensors) -> Tensors:
    """See `observe_checkpoint`: what the same fit gives without a stop."""
    whole = observe_trajectory(reference, probe)
    return {name: whole[name] for name in observed if name in whole}


LEVELS: tuple[Level, ...] = (
    Level("windows", "windows and order", observe_windows, exact=True),
    Level("normalised", "normalised windows", observe_normalised),
    Level(
        "initial weights", "initial weights", observe_initial_weights, recompute_initial_weights, fresh=True
    ),
    Level("gates", "gates and states", observe_gates, recompute_gates),
    Level("attention", "attention and readout", observe_attention, recompute_attention),
    Level("prediction", "prediction", observe_prediction, recompute_prediction),
    Level("loss", "loss", observe_loss, recompute_loss),
    Level("derivatives", "derivatives inside", observe_derivatives),
    Level("gradients", "gradients", observe_gradients),
    Level("clipping", "clipping", observe_clipping),
    Level("optimizer", "optimizer", observe_optimizer),
    Level("two steps", "two steps", observe_two_steps, judged_in_float32=False),
    Level("trajectory", "trajectory", observe_trajectory, judged_in_float32=False),
    Level("forecast", "forecast", observe_forecast),
    Level("checkpoint", "checkpoint", observe_checkpoint, recompute_checkpoint, judged_in_float32=False),
)


def _number(value: float) -> NDArray[Any]:
    return np.asarray(value)


def _place(layer: LayerTrace) -> str:
    return f"layer{layer.layer}.{layer.direction}"
