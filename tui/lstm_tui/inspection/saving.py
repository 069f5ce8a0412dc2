"""Saves what the screen Inspect shows: a picture of its view, or all arrays."""

from __future__ import annotations

from pathlib import Path

from lstm_forecasting.inspection.comparing import Comparison
from lstm_forecasting.inspection.saving import (
    ARRAYS,
    comparison_arrays,
    save_arrays,
    save_weights_figure,
    save_window_figure,
    weight_arrays,
    window_arrays,
)
from lstm_tui.inspection.look import Look
from lstm_tui.inspection.seeing import Seen


def save_look(seen: Seen, comparison: Comparison | None, look: Look, path: Path) -> None:
    """Writes the picture of a view, or its arrays, as the suffix says.

    Raises:
        InputError: it cannot be written there, or what draws pictures is not installed.
    """
    inspected, weights = seen.inspected, seen.inspected.subject.model.weights
    other = comparison if look.view == "backends" else None
    if path.suffix.lower() in ARRAYS:
        if look.view == "weights":
            save_arrays(weight_arrays(weights, seen.changes), path)
        else:
            save_arrays(window_arrays(inspected) if other is None else comparison_arrays(other), path)
    elif look.view == "weights":
        title = f"{seen.asked.run.name} · weights after epoch {inspected.subject.model.header.epoch}"
        save_weights_figure(path, weights, seen.changes, title)
    else:
        save_window_figure(path, other or inspected, look.layer, look.units(inspected))
