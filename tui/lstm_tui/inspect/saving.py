"""Saves the picture of a view, or its arrays."""

from pathlib import Path

from lstm_forecasting.figures.drawing import Format, save_figure
from lstm_forecasting.inspect import saving
from lstm_forecasting.inspect.array_figures import batch_figure, weights_figure
from lstm_forecasting.inspect.figures import comparison_figure, unit_figure, window_figure
from lstm_forecasting.inspect.results import NamedValues
from lstm_tui.inspect.look import Look
from lstm_tui.inspect.seeing import Seen


def save_look(seen: Seen, look: Look, path: Path) -> None:
    """Writes the picture of a view, or its arrays if the suffix is `.npz`.

    Raises:
        InputError: the file cannot be written, or matplotlib is not installed.
    """
    if path.suffix.lower() in saving.ARRAYS:
        saving.save_arrays(_arrays(seen, look), path)
    else:
        save_figure(path, lambda form: _picture(seen, look, form))


def _picture(seen: Seen, look: Look, form: Format) -> bytes:
    inspected = seen.inspected
    if look.view == "weights":
        model = inspected.subject.model
        since = "" if seen.earlier is None else f", change since {seen.earlier.epoch}"
        title = f"{seen.asked.run.name} · weights after epoch {model.header.epoch}{since}"
        return weights_figure(model.weights, seen.changes, title, form)
    if look.view == "batch" and seen.batch is not None:
        return batch_figure(seen.batch, look.array_of(inspected), form)
    if look.view == "unit":
        return unit_figure(inspected, look.layer, look.unit(inspected), form)
    units = look.units(inspected)
    if look.view == "backends" and seen.comparison is not None:
        return comparison_figure(seen.comparison, look.layer, units, form)
    return window_figure(inspected, look.layer, units, form)


def _arrays(seen: Seen, look: Look) -> NamedValues:
    if look.view == "weights":
        return saving.weight_arrays(seen.inspected.subject.model.weights, seen.changes)
    if look.view == "batch" and seen.batch is not None:
        return saving.batch_arrays(seen.batch)
    if look.view == "backends" and seen.comparison is not None:
        return saving.comparison_arrays(seen.comparison)
    return saving.window_arrays(seen.inspected)
