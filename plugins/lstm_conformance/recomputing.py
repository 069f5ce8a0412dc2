"""Single steps that the reference recomputes from the backend's own inputs to them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.probe import Probe
from lstm_plugins.reference.forecaster import ReferenceForecaster
from lstm_plugins.reference.tracing import target_statistics
from lstm_plugins.weights import Array, direction_names

GATE_VALUES = ("forget", "input", "candidate", "cell", "output", "hidden")
Tensors = dict[str, NDArray[Any]]
"""What a level observes: arrays of any kind by name."""


def recompute_initial_weights(reference: ReferenceForecaster, probe: Probe, observed: Tensors) -> Tensors:
    """See `observing.observe_initial_weights`."""
    series = probe.series
    columns = (probe.features, len(series.targets), series.known_columns, series.own_known)
    weights = reference.steps.initial_weights(probe.config, *columns)
    return {name: array.astype(probe.config.precision) for name, array in weights.items()}


def recompute_gates(reference: ReferenceForecaster, probe: Probe, observed: Tensors) -> Tensors:
    """Every cell step from the backend's own x_t, h_{t−1} and C_{t−1}.

    All steps of a layer and direction are one large batch, so that no error is carried to the next step.
    """
    config, steps, weights = probe.config, reference.steps, reference.weights()
    below = reference.normalised_windows(probe.batch).inputs
    expected: Tensors = {}
    for run in ("first run", "second run"):
        layer_inputs = below
        for layer in range(config.layers):
            outputs = []
            for direction in direction_names(config):
                name = f"layer{layer}.{direction}"
                place = f"{run}/{name}"
                inputs, hidden, cell = (observed[f"{place}.{part}"] for part in ("inputs", "hidden", "cell"))
                batch, time, units = hidden.shape
                gates = steps.split_gates(
                    weights[f"{name}.kernel"], weights[f"{name}.recurrent"], weights[f"{name}.bias"]
                )
                before = [_previous(reference, state, direction) for state in (hidden, cell)]
                step = steps.cell_step(
                    gates,
                    inputs.reshape(batch * time, -1),
                    before[0].reshape(batch * time, units),
                    before[1].reshape(batch * time, units),
                )
                expected[f"{place}.inputs"] = layer_inputs
                for part in GATE_VALUES:
                    expected[f"{place}.{part}"] = getattr(step, part).reshape(batch, time, units)
                outputs.append(hidden)
            layer_inputs = steps.join_directions(outputs)
    return {name: expected[name] for name in observed}


def recompute_attention(reference: ReferenceForecaster, probe: Probe, observed: Tensors) -> Tensors:
    """Attention weights and head input from the backend's own last hidden states."""
    config, steps = probe.config, reference.steps
    hidden = {name: array for name, array in observed.items() if name.endswith(".hidden")}
    outputs = steps.join_directions(list(hidden.values()))
    finals = [
        steps.final_state(steps.reading_order(array, direction), direction)
        for array, direction in zip(hidden.values(), direction_names(config), strict=True)
    ]
    final_hidden = steps.join_directions(finals)
    if config.attention == "none":
        return {"head input": final_hidden, **hidden}
    attention = steps.attend(final_hidden, outputs, reference.weights().get("attention.kernel"))
    head_input = steps.join_head_input(attention.context, final_hidden)
    return {"attention weights": attention.weights, "head input": head_input, **hidden}


def recompute_prediction(reference: ReferenceForecaster, probe: Probe, observed: Tensors) -> Tensors:
    """Head and step part from the backend's own head input, the rest from its own output.

    The linear part, which depends on the windows alone, is that of the reference's own pass.
    """
    config, steps, weights = probe.config, reference.steps, reference.weights()
    own = reference.trace(probe.batch)
    output, parts = steps.head(observed["head input"], weights, config), {}
    if own.windows.step_features is not None:
        step = steps.step_part(observed["head input"], own.windows.step_features, weights, config)
        output, parts["step hidden"] = output + step.output, step.hidden
    if own.linear is not None:
        output, parts["linear"] = output + own.linear[..., None], own.linear
    statistics = target_statistics(own.windows, probe.series.targets)
    prediction = steps.denormalise(observed["output"], *statistics)
    return {
        "head input": observed["head input"],
        **parts,
        "output": output,
        "traced prediction": prediction,
        "prediction": observed["traced prediction"],
        "prediction, asked again": observed["prediction"],
        "prediction of a partial batch": reference.predict(probe.partial_batch),
    }


def recompute_loss(reference: ReferenceForecaster, probe: Probe, observed: Tensors) -> Tensors:
    """The loss from the backend's own predictions, or outputs if errors are measured in the window."""
    config, steps = probe.config, reference.steps
    given = "outputs" if config.measured_in_window else "predictions"
    predictions = observed[given]
    _, targets, observed_targets = reference.raw_windows(probe.starts)
    if config.measured_in_window:
        windows, columns = reference.normalised_windows(probe.starts), list(probe.series.targets)
        values = steps.target_windows(probe.series.values, probe.starts, config, probe.series.targets)
        inside = steps.target_in_window(values, windows.target_center, windows.scale[:, columns])
        targets = inside.astype(config.precision)

    def loss(part: slice) -> NDArray[Any]:
        compared = (predictions[part], targets[part], observed_targets[part])
        return np.asarray(steps.loss(config, *compared))

    nothing = np.zeros(())
    unobserved = {"nothing observed": nothing, "mean, nothing observed": nothing}
    return {
        given: predictions,
        "full batch": loss(slice(probe.config.batch_size)),
        "partial batch": loss(probe.partial),
        "mean over batches": loss(slice(None)),
        **(unobserved if len(probe.unobserved) else {}),
    }


def _previous(reference: ReferenceForecaster, state: Array, direction: str) -> Array:
    """The state before each step, `[B, T, H]` in time order: zeros, then the backend's own."""
    read = reference.steps.reading_order(state, direction)
    shifted = np.concatenate([np.zeros_like(read[:, :1]), read[:, :-1]], axis=1)
    return reference.steps.time_order(shifted, direction)
