"""Handing an inspection on: all of its arrays as `.npz`, under names that say what they are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lstm_forecasting.inspect.batches import clipping, pull
from lstm_forecasting.inspect.comparing import Comparison
from lstm_forecasting.inspect.contributions import step_contributions
from lstm_forecasting.inspect.flow import gradient_flow
from lstm_forecasting.inspect.quantities import QUANTITIES
from lstm_forecasting.inspect.results import InspectedBatch, InspectedLayer, InspectedWindow, NamedValues
from lstm_forecasting.inspect.weights import ArrayChange
from lstm_forecasting.processes.arrays import write_arrays
from lstm_forecasting.saving.forecast import FIGURES, check_destination, check_drawing, form_of, write_file
from lstm_plugins.errors import InputError
from lstm_plugins.weights import Weights

ARRAYS = (".npz",)

_OF_WINDOWS = (
    "inputs",
    "truth",
    "prediction",
    "scaled_inputs",
    "scaled_truth",
    "scaled_prediction",
    "center",
    "scale",
    "head_input",
    "output",
)
_DERIVATIVES = ("preactivation_derivatives", "hidden_derivatives", "cell_derivatives")


def window_arrays(inspected: InspectedWindow) -> NamedValues:
    """All arrays of a window: `NAME`, `layer0.forward/NAME`, `gradients/ARRAY`, `weights/ARRAY`.

    Of every layer's weight arrays also `contribution norms/ARRAY` and `contribution shares/ARRAY`, `[T]`, and
    of every layer `norm of hidden_derivatives` and `norm of cell_derivatives`.
    """
    arrays: NamedValues = {name: getattr(inspected, name) for name in _OF_WINDOWS}
    arrays["loss"] = np.asarray(inspected.loss)
    if inspected.attention is not None:
        arrays["attention"] = inspected.attention
    for layer in inspected.layers:
        arrays |= _layer_arrays(inspected, layer)
    arrays |= {f"gradients/{name}": array for name, array in inspected.gradients.items()}
    return arrays | {f"weights/{name}": array for name, array in inspected.weights.items()}


def comparison_arrays(comparison: Comparison) -> NamedValues:
    """All arrays of two backends, `one/…` and `other/…`, and `difference/layer0.forward/NAME`."""
    arrays = {f"one/{name}": array for name, array in window_arrays(comparison.one).items()}
    arrays |= {f"other/{name}": array for name, array in window_arrays(comparison.other).items()}
    for layer in comparison.layers:
        arrays |= {f"difference/{layer.name}/{name}": array for name, array in layer.differences.items()}
    if comparison.attention is not None:
        arrays["difference/attention"] = comparison.attention
    return arrays | {"difference/prediction": comparison.prediction}


def batch_arrays(batch: InspectedBatch) -> NamedValues:
    """All arrays of a batch: `starts`, `losses`, `loss`, `gradients/ARRAY`, `window gradients/ARRAY`.

    With them `norms` and `cosines`, of the windows' whole gradients, and `clipping`, what the gradient is
    multiplied with for the optimizer.
    """
    found = pull(batch)
    arrays: NamedValues = {
        "starts": batch.starts.astype(np.float64),
        "losses": batch.losses,
        "loss": np.asarray(batch.loss),
        "norms": found.norms,
        "cosines": found.cosines,
        "clipping": np.asarray(clipping(batch).factor),
    }
    arrays |= {f"gradients/{name}": array for name, array in batch.gradients.items()}
    return arrays | {f"window gradients/{name}": array for name, array in batch.window_gradients.items()}


def save_arrays(arrays: NamedValues, path: Path) -> None:
    """Writes named arrays; the file appears whole or not at all.

    Raises:
        InputError: the suffix is not `.npz`, or it cannot be written there.
    """
    check_arrays_path(path)
    try:
        write_arrays(path, arrays)
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be written: {error.strerror or error}.") from None


def check_arrays_path(path: Path) -> None:
    """Makes sure, before work begins, that arrays can be saved there; raises as `save_arrays`."""
    check_destination(path, ARRAYS, "What is inside a network")


def _layer_arrays(inspected: InspectedWindow, layer: InspectedLayer) -> NamedValues:
    names = ("inputs", *(quantity.name for quantity in QUANTITIES), *_DERIVATIVES)
    arrays: NamedValues = {f"{layer.name}/{name}": getattr(layer, name) for name in names}
    flow = gradient_flow(layer)
    arrays[f"{layer.name}/norm of hidden_derivatives"] = flow.hidden
    arrays[f"{layer.name}/norm of cell_derivatives"] = flow.cell
    for found in step_contributions(inspected, layer):
        arrays[f"contribution norms/{found.name}"] = found.norms
        arrays[f"contribution shares/{found.name}"] = found.shares
    return arrays


def weight_arrays(weights: Weights, changes: Sequence[ArrayChange]) -> NamedValues:
    """Weights as `weights/ARRAY`, and what training changed in them as `changes/ARRAY`."""
    arrays = {f"weights/{name}": array.astype(np.float64) for name, array in weights.items()}
    return arrays | {f"changes/{change.name}": change.difference for change in changes}


def check_figure_path(path: Path) -> None:
    """Makes sure, before work begins, that a picture can be saved there.

    Raises:
        InputError: the suffix is none of `saving.FIGURES`, what draws pictures is not installed, or the
            folder is missing or cannot be written to.
    """
    check_destination(path, FIGURES, "A picture")
    check_drawing(path)


def save_window_figure(
    path: Path,
    inspected: InspectedWindow | Comparison,
    layer: int,
    units: Sequence[int] | NDArray[np.int64],
) -> None:
    """Draws a window over its heatmaps, or the heatmaps of two backends with their difference.

    Args:
        path: where to.
        inspected: what to draw.
        layer: which of its layers.
        units: in the order in which they are drawn.

    Raises:
        InputError: as `check_figure_path`, or it cannot be written.
    """
    check_figure_path(path)
    from lstm_forecasting.inspect.figures import comparison_figure, window_figure

    if isinstance(inspected, Comparison):
        content = comparison_figure(inspected, layer, units, form_of(path.suffix))
    else:
        content = window_figure(inspected, inspected.layers[layer], units, form_of(path.suffix))
    write_file(path, content)


def save_unit_figure(path: Path, inspected: InspectedWindow, layer: int, unit: int) -> None:
    """Draws one unit of a layer as lines over the window; raises as `save_window_figure`."""
    check_figure_path(path)
    from lstm_forecasting.inspect.figures import unit_figure

    write_file(path, unit_figure(inspected, inspected.layers[layer], unit, form_of(path.suffix)))


def save_batch_figure(path: Path, batch: InspectedBatch, name: str) -> None:
    """Draws what every window of a batch gives to a weight array; raises as `save_window_figure`."""
    check_figure_path(path)
    from lstm_forecasting.inspect.array_figures import batch_figure

    write_file(path, batch_figure(batch, name, form_of(path.suffix)))


def save_weights_figure(path: Path, weights: Weights, changes: Sequence[ArrayChange], title: str) -> None:
    """Draws every weight array, and what training changed in it; raises as `save_window_figure`."""
    check_figure_path(path)
    from lstm_forecasting.inspect.array_figures import weights_figure

    write_file(path, weights_figure(weights, changes, title, form_of(path.suffix)))
