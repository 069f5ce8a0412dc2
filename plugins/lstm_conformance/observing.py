"""What each level asks of a backend, through the public `Forecaster` alone."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.probe import Probe
from lstm_conformance.recomputing import GATE_VALUES, Tensors
from lstm_plugins.errors import UnsupportedError
from lstm_plugins.forecaster import Forecaster
from lstm_plugins.records import (
    Epoch,
    Finished,
    FitRecord,
    LayerTrace,
    OptimizerState,
    TrainingStep,
)
from lstm_plugins.weights import Weights


def load_another_series(forecaster: Forecaster, probe: Probe) -> None:
    """Loads a series into a fresh forecaster that must not affect anything once the probe's is loaded."""
    series = probe.series
    observed = None if series.observed is None else series.observed[::-1].copy()
    known = None if series.known is None else series.known[::-1].copy()
    forecaster.load_series(replace(series, values=series.values[::-1].copy(), observed=observed, known=known))


def prepare(forecaster: Forecaster, probe: Probe) -> None:
    """Loads the probe's series and weights and an empty optimizer state into a forecaster."""
    forecaster.load_series(probe.series)
    forecaster.load_weights(probe.weights)
    forecaster.load_optimizer_state(empty_optimizer_state(probe))


def empty_optimizer_state(probe: Probe) -> OptimizerState:
    """The optimizer before its first update."""
    first = {name: np.zeros_like(array) for name, array in probe.trained.items()}
    second = {} if probe.config.optimizer == "sgd" else {name: array.copy() for name, array in first.items()}
    return OptimizerState(0, first, second)


def prefixed(prefix: str, arrays: Weights) -> Tensors:
    """The arrays with `prefix/` before their names."""
    return {f"{prefix}/{name}": np.asarray(array) for name, array in arrays.items()}


def observe_windows(forecaster: Forecaster, probe: Probe) -> Tensors:
    """The windows, their content, and the order in which epochs visit them."""
    training = forecaster.training_starts(probe.training)
    raw = forecaster.raw_windows(probe.batch)
    observed = {} if probe.series.observed is None else {"observed": np.asarray(raw.observed).astype(np.int8)}
    return {
        "training starts": training,
        "validation starts": forecaster.evaluated_starts(probe.validation),
        "inputs": raw[0],
        "targets": raw[1],
        **observed,
        "order of epoch 1": forecaster.epoch_starts(training, 0),
        "order of epoch 2": forecaster.epoch_starts(training, 1),
    }


def observe_normalised(forecaster: Forecaster, probe: Probe) -> Tensors:
    """What the LSTM sees."""
    windows = forecaster.normalised_windows(probe.batch)
    tensors = {
        "center": windows.center,
        "scale": windows.scale,
        "inputs": windows.inputs,
        "target center": windows.target_center,
    }
    return tensors if windows.step_features is None else {**tensors, "step features": windows.step_features}


def observe_initial_weights(forecaster: Forecaster, probe: Probe) -> Tensors:
    """What a forecaster starts with."""
    return {name: forecaster.weights()[name] for name in probe.weights}


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
    """Attention weights and head input; the last layer's hidden states are what they are recomputed from."""
    trace = forecaster.trace(probe.batch)
    tensors = {} if trace.attention is None else {"attention weights": trace.attention}
    tensors["head input"] = trace.head_input
    last = probe.config.layers - 1
    return tensors | {
        _place(layer) + ".hidden": layer.hidden for layer in trace.layers if layer.layer == last
    }


def observe_prediction(forecaster: Forecaster, probe: Probe) -> Tensors:
    """The head and the undone normalisation from the trace, and the same from `predict`, asked twice."""
    trace = forecaster.trace(probe.batch)
    parts = {"step hidden": trace.step_hidden, "linear": trace.linear}
    return {
        "head input": trace.head_input,
        **{name: array for name, array in parts.items() if array is not None},
        "output": trace.output,
        "traced prediction": trace.prediction,
        "prediction": forecaster.predict(probe.batch),
        "prediction, asked again": forecaster.predict(probe.batch),
        "prediction of a partial batch": forecaster.predict(probe.partial_batch),
    }


def observe_loss(forecaster: Forecaster, probe: Probe) -> Tensors:
    """The loss of a full batch, of a partial one, the mean over several, and of nothing observed.

    It is recomputed from the backend's predictions, or from its outputs if errors are measured in the window.
    """
    if probe.config.measured_in_window:
        given = {"outputs": forecaster.trace(probe.starts).output}
    else:
        given = {"predictions": forecaster.predict(probe.starts)}
    tensors = {
        **given,
        "full batch": _number(forecaster.loss_and_gradients(probe.batch)[0]),
        "partial batch": _number(forecaster.loss_and_gradients(probe.partial_batch)[0]),
        "mean over batches": _number(forecaster.mean_loss(probe.starts)),
    }
    if len(probe.unobserved):
        tensors["nothing observed"] = _number(forecaster.loss_and_gradients(probe.unobserved)[0])
        tensors["mean, nothing observed"] = _number(forecaster.mean_loss(probe.unobserved))
    return tensors


def observe_gradients(forecaster: Forecaster, probe: Probe) -> Tensors:
    """The gradient of every array on a full and a partial batch, then under dropout."""
    tensors = prefixed("full batch", forecaster.loss_and_gradients(probe.batch)[1])
    tensors |= prefixed("partial batch", forecaster.loss_and_gradients(probe.partial_batch)[1])
    if probe.config.dropout:
        loss, gradients = forecaster.loss_and_gradients(probe.batch, TrainingStep(1, 2))
        tensors |= {"loss under dropout": _number(loss)} | prefixed("under dropout", gradients)
    if len(probe.unobserved):
        tensors |= prefixed("nothing observed", forecaster.loss_and_gradients(probe.unobserved)[1])
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
    """Injected gradients above and below the allowed norm, clipped."""
    tensors: Tensors = {}
    for size, gradients in zip(("large", "small", "tiny", "zero"), probe.injected_gradients, strict=True):
        clipped, norm = forecaster.clip(gradients)
        tensors |= {f"norm of {size} gradients": _number(norm)} | prefixed(f"{size} gradients", clipped)
    return tensors


def observe_optimizer(forecaster: Forecaster, probe: Probe) -> Tensors:
    """Weights and optimizer state after updates with injected gradients, from 1 down to 1e-8 and 0."""
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
    tensors |= prefixed("weights", forecaster.weights()) | prefixed("first moment", state.first)
    return tensors | prefixed("second moment", state.second)


def observe_trajectory(forecaster: Forecaster, probe: Probe) -> Tensors:
    """A whole fit: losses, rates, norms, the best epoch and the weights that are the result."""
    tensors: Tensors = {}
    for record in forecaster.fit(probe.training, probe.validation):
        tensors |= _recorded(record)
    return tensors | prefixed("result", forecaster.weights())


def _recorded(record: FitRecord) -> Tensors:
    if isinstance(record, Finished):
        return {"epochs": _number(record.epochs), "best epoch": _number(record.best_epoch)}
    if not isinstance(record, Epoch):
        return {}
    at = f"epoch {record.epoch + 1}"
    numbers = {
        f"{at}/learning rate": record.learning_rate,
        f"{at}/largest norm": record.gradient_norm,
    }
    if record.training_loss is not None:
        numbers[f"{at}/training loss"] = record.training_loss
    if record.validation_loss is not None:
        numbers[f"{at}/validation loss"] = record.validation_loss
    return {name: _number(number) for name, number in numbers.items()}


def observe_forecast(forecaster: Forecaster, probe: Probe) -> Tensors:
    """The forecast after each series' last row, where no target is known.

    With known columns it is that of the last window whose target rows have them. Series that are too short
    for such a window or for its lags have none.
    """
    series, config = probe.series, probe.config
    missing = 0 if series.known is None else max(config.horizon - series.ahead, 0)
    starts = [
        offset + length - missing - config.look_back
        for offset, length in zip(series.offsets, series.lengths, strict=True)
        if length >= missing + config.rows_before
    ]
    return {"forecast": forecaster.predict(np.array(starts, np.int64))}


def observe_checkpoint(forecaster: Forecaster, probe: Probe) -> Tensors:
    """The rest of a fit that was stopped and resumed from its training state."""
    records = forecaster.fit(probe.training, probe.validation)
    for record in records:
        if isinstance(record, Epoch) and record.epoch + 1 >= probe.config.epochs // 2:
            break
    records.close()  # type: ignore[attr-defined]
    state = forecaster.training_state
    if state is None:
        raise UnsupportedError("there is no training state after an epoch")
    prepare(forecaster, probe)
    resumed: Tensors = {}
    for record in forecaster.fit(probe.training, probe.validation, state):
        resumed |= _recorded(record)
    return resumed | prefixed("result", forecaster.weights())


def _number(value: float) -> NDArray[Any]:
    return np.asarray(value)


def _place(layer: LayerTrace) -> str:
    return f"layer{layer.layer}.{layer.direction}"
