"""Saves what the screen Inspect shows: a picture of its view, or all arrays."""

from __future__ import annotations

from pathlib import Path

from lstm_forecasting.inspect.results import NamedValues
from lstm_forecasting.inspect.saving import (
    ARRAYS,
    batch_arrays,
    comparison_arrays,
    save_arrays,
    save_batch_figure,
    save_unit_figure,
    save_weights_figure,
    save_window_figure,
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
    elif look.view == "weights":
        save_weights_figure(path, seen.inspected.subject.model.weights, _changes(seen), _title(seen))
    elif look.view == "batch" and seen.batch is not None:
        save_batch_figure(path, seen.batch, look.array_of(seen.inspected))
    elif look.view == "unit":
        save_unit_figure(path, seen.inspected, look.layer, look.unit(seen.inspected))
    else:
        shown = seen.comparison if look.view == "backends" else None
        save_window_figure(path, shown or seen.inspected, look.layer, look.units(seen.inspected))


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
