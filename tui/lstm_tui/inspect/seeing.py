"""Computes what the Inspect screen shows, in a thread, and finds the window to show next."""

from dataclasses import dataclass, replace

import numpy as np

from lstm_forecasting.data.series.splits import Part
from lstm_forecasting.inspect.asking import inspect_batch, inspect_window, part_errors
from lstm_forecasting.inspect.batches import batch_count, next_batch
from lstm_forecasting.inspect.comparing import Comparison, compare
from lstm_forecasting.inspect.results import InspectedBatch, InspectedWindow
from lstm_forecasting.inspect.subject import Subject, open_snapshot, open_subject, snapshot_epochs
from lstm_forecasting.inspect.weights import ArrayChange, weight_changes
from lstm_forecasting.inspect.windows import (
    Window,
    window_by_error,
    window_by_number,
    window_by_time,
)
from lstm_forecasting.processes.pool import BackendProcesses
from lstm_forecasting.runs.folder import RunFolder
from lstm_plugins.errors import InputError
from lstm_plugins.weights import Weights
from lstm_tui.inspect.look import View
from lstm_tui.inspect.state import next_of

PARTS: tuple[Part, ...] = ("test", "validation", "train")
NUMBER = "#"
"""Precedes the number of a window, to tell it from a year or a row."""


@dataclass(frozen=True)
class Asked:
    """A request: which window, with which weights, on which backend.

    Attributes:
        run: has the weights and the rows.
        usable: short names of the backends that can run.
        backend: computes; "" for the one that trained the weights, or the first if that cannot run.
        epoch: of a snapshot; None for the best weights.
        since: epoch of the snapshot from which changes count; None for the first.
        part: of the series.
        number: of the window in its part, from 0; None for the window with the largest error.
        batch: of the next epoch, from 0.
        member: number of the network in the run's ensemble, from 0.
    """

    run: RunFolder
    usable: tuple[str, ...]
    backend: str = ""
    epoch: int | None = None
    since: int | None = None
    part: Part = "test"
    number: int | None = None
    batch: int = 0
    member: int = 0

    @property
    def other(self) -> str | None:
        """The next backend, with which this one is compared; None if there is only one."""
        following = next_of(self.usable, self.backend)
        return None if following == self.backend else following


@dataclass(frozen=True, eq=False)
class Earlier:
    """Weights after an earlier epoch, 0 for the initial weights, and the change of each array since then."""

    epoch: int
    weights: Weights
    changes: tuple[ArrayChange, ...]


@dataclass(frozen=True, eq=False)
class Seen:
    """The answer to a request.

    Attributes:
        asked: the request, with every open choice made.
        inspected: the window.
        epochs: of the saved snapshots.
        earlier: the weights from which changes count; None if no snapshot was saved.
        batches: number of batches in an epoch.
        comparison: with the other backend; None until a view needs it.
        batch: likewise.
    """

    asked: Asked
    inspected: InspectedWindow
    epochs: tuple[int, ...]
    earlier: Earlier | None
    batches: int
    comparison: Comparison | None = None
    batch: InspectedBatch | None = None

    @property
    def changes(self) -> tuple[ArrayChange, ...]:
        """The change of each array; none without a snapshot."""
        return () if self.earlier is None else self.earlier.changes

    @property
    def members(self) -> int:
        """Number of windows of the batch; 0 without one."""
        return 0 if self.batch is None else len(self.batch.starts)

    def shows(self, view: View) -> bool:
        """Whether the answer has all that a view shows."""
        if view == "backends":
            return self.comparison is not None or self.asked.other is None
        return view != "batch" or self.batch is not None


def see(asked: Asked, view: View, processes: BackendProcesses, before: Seen | None = None) -> Seen:
    """Computes what a view shows; reuses the parts of the answer `before` that are the same.

    Raises:
        InputError: the run has no such weights, window or batch, or a backend failed.
    """
    weights = (asked.run, asked.epoch, asked.member)
    same = before is not None and (before.asked.run, before.asked.epoch, before.asked.member) == weights
    known = before if same else None
    subject = (
        known.inspected.subject
        if known
        else open_subject(asked.run.path, epoch=asked.epoch, member=asked.member)
    )
    trained_by = subject.trained_by
    backend = asked.backend or (trained_by if trained_by in asked.usable else asked.usable[0])
    computed = known if known is not None and known.asked.backend == backend else None
    epochs = snapshot_epochs(subject.run, trained_by, subject.member)
    since = epochs[0] if asked.since not in epochs and epochs else asked.since
    batches = batch_count(subject)
    number = min(asked.batch, batches - 1)
    asked = replace(asked, backend=backend, since=since, batch=number)
    if computed is not None and (computed.asked.part, computed.asked.number) == (asked.part, asked.number):
        inspected, comparison = computed.inspected, computed.comparison
    else:
        window = _find(subject, asked, processes)
        inspected, comparison = inspect_window(subject, window, backend, processes=processes), None
        asked = replace(asked, part=window.part, number=window.number)
    if view == "backends" and comparison is None and asked.other is not None:
        other = inspect_window(subject, inspected.window, asked.other, processes=processes)
        comparison = compare(inspected, other)
    batch = computed.batch if computed is not None and computed.asked.batch == number else None
    if view == "batch" and batch is None:
        batch = inspect_batch(subject, next_batch(subject, number), backend, processes=processes)
    earlier = known.earlier if known is not None and known.asked.since == since else _earlier(subject, since)
    return Seen(asked, inspected, epochs, earlier, batches, comparison, batch)


def _earlier(subject: Subject, epoch: int | None) -> Earlier | None:
    if epoch is None:
        return None
    weights = open_snapshot(subject.run, subject.trained_by, epoch, subject.member).weights
    return Earlier(epoch, weights, weight_changes(weights, subject.model.weights))


def _find(subject: Subject, asked: Asked, processes: BackendProcesses) -> Window:
    if asked.number is not None:
        return window_by_number(subject.experiment, asked.part, asked.number)
    errors = part_errors(subject, asked.part, 0, asked.backend, processes=processes)
    return window_by_error(subject.experiment, asked.part, errors)


def window_at(seen: Seen, text: str) -> int:
    """The number, from 0, of the window whose forecast starts at a date, or of a window such as "#12".

    Raises:
        InputError: the text is neither, or the part has no such window.
    """
    experiment, part = seen.inspected.subject.experiment, seen.asked.part
    if not text.startswith(NUMBER):
        return window_by_time(experiment, part, text).number
    number = text.removeprefix(NUMBER).strip()
    if not number.isdecimal():
        raise InputError(f"{text!r} is not the number of a window; {NUMBER}1 is the first.")
    return window_by_number(experiment, part, int(number) - 1).number


def ends_of(seen: Seen) -> tuple[str, str, str]:
    """The kind of places, "date" or "row", and where the first and the last forecast of the part start."""
    experiment = seen.inspected.subject.experiment
    starts = experiment.window_starts(seen.asked.part)
    what = "row" if experiment.table.times is None else "date"
    first, last = (int(start) + experiment.config.look_back for start in (starts[0], starts[-1]))
    return what, experiment.table.row_text(first), experiment.table.row_text(last)


def next_part(seen: Seen) -> Part:
    """The next part of the series that has windows, in a circle."""
    with_windows = [part for part in PARTS if len(seen.inspected.subject.experiment.window_starts(part))]
    return next_of(with_windows, seen.asked.part)


def member_asked(seen: Seen, member: int) -> Asked:
    """The request for a window of the batch, from 0.

    Raises:
        ValueError: the answer has no batch.
    """
    if seen.batch is None:
        raise ValueError("there is no batch")
    starts = seen.inspected.subject.experiment.window_starts("train")
    number = int(np.flatnonzero(starts == seen.batch.starts[member])[0])
    return replace(seen.asked, part="train", number=number)
