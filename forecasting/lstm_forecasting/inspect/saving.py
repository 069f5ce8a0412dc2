"""Saves all arrays of an inspection as `.npz`, with descriptive names."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from lstm_forecasting.checkpoints.tensor_file import prefixed
from lstm_forecasting.inspect.batches import clipping, gradient_agreement
from lstm_forecasting.inspect.comparing import Comparison
from lstm_forecasting.inspect.contributions import step_contributions
from lstm_forecasting.inspect.flow import gradient_flow
from lstm_forecasting.inspect.results import InspectedBatch, InspectedLayer, InspectedWindow, NamedValues
from lstm_forecasting.inspect.weights import ArrayChange
from lstm_forecasting.processes.arrays import write_arrays
from lstm_forecasting.saving.destination import check_destination
from lstm_plugins.errors import InputError
from lstm_plugins.weights import Weights

ARRAYS = (".npz",)


def window_arrays(inspected: InspectedWindow) -> NamedValues:
    """All arrays of a window: `NAME`, `layer0.forward/NAME`, `gradients/ARRAY`, `weights/ARRAY`.

    Also `contribution norms/ARRAY` and `contribution shares/ARRAY`, `[T]`, for the arrays of layers, and
    `norm of hidden_derivatives` and `norm of cell_derivatives` for every layer.
    """
    arrays = _arrays_of(inspected) | {"loss": np.asarray(inspected.loss)}
    for layer in inspected.layers:
        arrays |= _layer_arrays(inspected, layer)
    return arrays | prefixed("gradients", inspected.gradients) | prefixed("weights", inspected.weights)


def comparison_arrays(comparison: Comparison) -> NamedValues:
    """All arrays of two backends, `one/…` and `other/…`, and `difference/layer0.forward/NAME`."""
    arrays = prefixed("one", window_arrays(comparison.one))
    arrays |= prefixed("other", window_arrays(comparison.other))
    for layer in comparison.layers:
        arrays |= prefixed(f"difference/{layer.name}", layer.differences)
    if comparison.attention is not None:
        arrays["difference/attention"] = comparison.attention
    return arrays | {"difference/prediction": comparison.prediction}


def batch_arrays(batch: InspectedBatch) -> NamedValues:
    """All arrays of a batch: `starts`, `losses`, `loss`, `gradients/ARRAY`, `window gradients/ARRAY`.

    Also `norms` and `cosines` of the windows' whole gradients, and `clipping`, the factor of the gradient.
    """
    found = gradient_agreement(batch)
    arrays: NamedValues = {
        "starts": batch.starts.astype(np.float64),
        "losses": batch.losses,
        "loss": np.asarray(batch.loss),
        "norms": found.norms,
        "cosines": found.cosines,
        "clipping": np.asarray(clipping(batch).factor),
    }
    arrays |= prefixed("gradients", batch.gradients)
    return arrays | prefixed("window gradients", batch.window_gradients)


def save_arrays(arrays: NamedValues, path: Path) -> None:
    """Writes named arrays atomically.

    Raises:
        InputError: the suffix is not `.npz`, or it cannot be written there.
    """
    check_arrays_path(path)
    try:
        write_arrays(path, arrays)
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be written: {error.strerror or error}.") from None


def check_arrays_path(path: Path) -> None:
    """Checks that arrays can be saved there, before work begins; raises the errors of `save_arrays`."""
    check_destination(path, ARRAYS, "An inspection")


def _layer_arrays(inspected: InspectedWindow, layer: InspectedLayer) -> NamedValues:
    arrays, flow = prefixed(layer.name, _arrays_of(layer)), gradient_flow(layer)
    arrays[f"{layer.name}/norm of hidden_derivatives"] = flow.hidden
    arrays[f"{layer.name}/norm of cell_derivatives"] = flow.cell
    for found in step_contributions(inspected, layer):
        arrays[f"contribution norms/{found.name}"] = found.norms
        arrays[f"contribution shares/{found.name}"] = found.shares
    return arrays


def _arrays_of(record: InspectedWindow | InspectedLayer) -> NamedValues:
    """The fields of a record that are arrays, by name."""
    return {name: value for name, value in vars(record).items() if isinstance(value, np.ndarray)}


def weight_arrays(weights: Weights, changes: Sequence[ArrayChange]) -> NamedValues:
    """Weights as `weights/ARRAY`, and their changes by training as `changes/ARRAY`."""
    arrays = {f"weights/{name}": array.astype(np.float64) for name, array in weights.items()}
    return arrays | {f"changes/{change.name}": change.difference for change in changes}
