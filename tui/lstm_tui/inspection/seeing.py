"""Asks the engine for what the screen Inspect shows; all of it takes its time and belongs in a thread."""

from __future__ import annotations

from dataclasses import dataclass

from lstm_forecasting.data.splits import Part
from lstm_forecasting.inspection.asking import inspect_window, part_errors
from lstm_forecasting.inspection.comparing import Comparison, compare
from lstm_forecasting.inspection.results import InspectedWindow
from lstm_forecasting.inspection.subject import Subject, open_snapshot, open_subject, snapshot_epochs
from lstm_forecasting.inspection.weights import ArrayChange, weight_changes
from lstm_forecasting.inspection.windows import (
    Window,
    part_starts,
    window_by_error,
    window_by_number,
    window_by_time,
)
from lstm_forecasting.processes.pool import BackendProcesses
from lstm_forecasting.runs.folder import RunFolder

PARTS: tuple[Part, ...] = ("test", "validation", "train")


@dataclass(frozen=True)
class Asked:
    """Which window, with which weights, on which backend.

    Attributes:
        run: whose weights and rows.
        usable: short names of the backends that can compute.
        backend: that computes; "" for the one that trained the weights, or another where that is missing.
        epoch: of a snapshot; None for the best weights.
        part: of the series.
        number: of the window in its part, from 0; None for the one with the largest error.
    """

    run: RunFolder
    usable: tuple[str, ...]
    backend: str = ""
    epoch: int | None = None
    part: Part = "test"
    number: int | None = None


@dataclass(frozen=True, eq=False)
class Seen:
    """What was found.

    Attributes:
        asked: what was asked, the window's number and the backend settled.
        inspected: the window.
        epochs: of the snapshots that there are.
        changes: of the weights since the first snapshot; none without one.
    """

    asked: Asked
    inspected: InspectedWindow
    epochs: tuple[int, ...]
    changes: tuple[ArrayChange, ...]


def see(asked: Asked, processes: BackendProcesses) -> Seen:
    """Has a window laid open.

    Raises:
        InputError: the run has no such weights or window, or the backend failed.
    """
    subject = open_subject(asked.run.path, epoch=asked.epoch)
    trained_by = subject.trained_by
    backend = asked.backend or (trained_by if trained_by in asked.usable else asked.usable[0])
    window = _window(subject, asked, backend, processes)
    inspected = inspect_window(subject, window, backend, processes=processes)
    epochs = snapshot_epochs(subject.run, trained_by)
    changes: tuple[ArrayChange, ...] = ()
    if epochs:
        before = open_snapshot(subject.run, trained_by, epochs[0]).weights
        changes = weight_changes(before, subject.model.weights)
    settled = Asked(asked.run, asked.usable, backend, asked.epoch, window.part, window.number)
    return Seen(settled, inspected, epochs, changes)


def see_other(seen: Seen, backend: str, processes: BackendProcesses) -> Comparison:
    """The same window on another backend; raises as `see`."""
    inspected = seen.inspected
    return compare(
        inspected, inspect_window(inspected.subject, inspected.window, backend, processes=processes)
    )


def number_at(seen: Seen, text: str) -> int:
    """The number of the window whose forecast begins at a date.

    Raises:
        InputError: it is no date, or no forecast of the part is there.
    """
    return window_by_time(seen.inspected.subject.experiment, seen.asked.part, text).number


def ends_of(seen: Seen) -> tuple[str, str, str]:
    """What forecasts are known by, "date" or "row", and where the first and the last of the part begin."""
    experiment = seen.inspected.subject.experiment
    starts = part_starts(experiment, seen.asked.part)
    what = "row" if experiment.table.times is None else "date"
    first, last = (int(start) + experiment.config.look_back for start in (starts[0], starts[-1]))
    return what, experiment.table.row_text(first), experiment.table.row_text(last)


def next_part(seen: Seen) -> Part:
    """The next part of the series that has windows; after the last the first."""
    place = PARTS.index(seen.asked.part)
    following = (*PARTS[place + 1 :], *PARTS[: place + 1])
    return next(part for part in following if len(part_starts(seen.inspected.subject.experiment, part)))


def _window(subject: Subject, asked: Asked, backend: str, processes: BackendProcesses) -> Window:
    if asked.number is not None:
        return window_by_number(subject.experiment, asked.part, asked.number)
    errors = part_errors(subject, asked.part, 0, backend, processes=processes)
    return window_by_error(subject.experiment, asked.part, errors)
