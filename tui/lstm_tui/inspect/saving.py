"""Saves what the screen Inspect shows: a picture of its view, or all arrays."""

from pathlib import Path

from lstm_forecasting.figures.drawing import Format, save_figure
from lstm_forecasting.inspect.array_figures import batch_figure, weights_figure
from lstm_forecasting.inspect.figures import comparison_figure, unit_figure, window_figure
from lstm_forecasting.inspect.results import NamedValues
from lstm_forecasting.inspect.saving import (
    ARRAYS,
    batch_arrays,
    comparison_arrays,
    save_arrays,
    weight_arrays,
    window_arrays,
)
from lstm_forecasting.inspect.weights import ArrayChange
from lstm_tui.inspect.look import Look
from lstm_tui.inspect.seeing import Seen


def save_look(seen: Seen, look: Look, path: Path) -> None:
    """Writes the picture of a view, or its arrays, as the suffix says.

    Raises:
        InputError: it cannot be written there, or what draws pictures is not installed.
    """
    if path.suffix.lower() in ARRAYS:
        save_arrays(_arrays(seen, look), path)
    else:
        save_figure(path, lambda form: _picture(seen, look, form))


def _picture(seen: Seen, look: Look, form: Format) -> bytes:
    if look.view == "weights":
        return weights_figure(seen.inspected.subject.model.weights, _changes(seen), _title(seen), form)
    if look.view == "batch" and seen.batch is not None:
        return batch_figure(seen.batch, look.array_of(seen.inspected), form)
    if look.view == "unit":
        return unit_figure(seen.inspected, look.layer, look.unit(seen.inspected), form)
    units = look.units(seen.inspected)
    if look.view == "backends" and seen.comparison is not None:
        return comparison_figure(seen.comparison, look.layer, units, form)
    return window_figure(seen.inspected, look.layer, units, form)


def _arrays(seen: Seen, look: Look) -> NamedValues:
    if look.view == "weights":
        return weight_arrays(seen.inspected.subject.model.weights, _changes(seen))
    if look.view == "batch" and seen.batch is not None:
        return batch_arrays(seen.batch)
    if look.view == "backends" and seen.comparison is not None:
        return comparison_arrays(seen.comparison)
    return window_arrays(seen.inspected)


def _changes(seen: Seen) -> tuple[ArrayChange, ...]:
    return () if seen.earlier is None else seen.earlier.changes


def _title(seen: Seen) -> str:
    epoch = seen.inspected.subject.model.header.epoch
    since = "" if seen.earlier is None else f", change since {seen.earlier.epoch}"
    return f"{seen.asked.run.name} · weights after epoch {epoch}{since}"
