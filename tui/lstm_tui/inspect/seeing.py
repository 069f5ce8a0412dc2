"""Asks the engine for what the screen Inspect shows; all of it takes its time and belongs in a thread."""

from dataclasses import dataclass, replace

from lstm_forecasting.data.splits import Part
from lstm_forecasting.inspect.asking import inspect_batch, inspect_window, part_errors
from lstm_forecasting.inspect.batches import batch_count, next_batch
from lstm_forecasting.inspect.comparing import Comparison, compare
from lstm_forecasting.inspect.results import InspectedBatch, InspectedWindow
from lstm_forecasting.inspect.subject import Subject, open_snapshot, open_subject, snapshot_epochs
from lstm_forecasting.inspect.weights import ArrayChange, weight_changes
from lstm_forecasting.inspect.windows import Window, window_by_error, window_by_number
from lstm_forecasting.processes.pool import BackendProcesses
from lstm_forecasting.runs.folder import RunFolder
from lstm_plugins.weights import Weights
from lstm_tui.inspect.look import View


@dataclass(frozen=True)
class Asked:
    """Which window, with which weights, on which backend.

    Attributes:
        run: whose weights and rows.
        usable: short names of the backends that can compute.
        backend: that computes; "" for the one that trained the weights, or another where that is missing.
        epoch: of a snapshot; None for the best weights.
        since: of the snapshot that changes are counted from; None for the first.
        part: of the series.
        number: of the window in its part, from 0; None for the one with the largest error.
        batch: of the epoch that would come next, from 0.
    """

    run: RunFolder
    usable: tuple[str, ...]
    backend: str = ""
    epoch: int | None = None
    since: int | None = None
    part: Part = "test"
    number: int | None = None
    batch: int = 0

    @property
    def other(self) -> str | None:
        """The backend that the present one is held against: the next that is usable."""
        place = self.usable.index(self.backend) if self.backend in self.usable else -1
        following = self.usable[(place + 1) % len(self.usable)]
        return None if following == self.backend else following


@dataclass(frozen=True, eq=False)
class Earlier:
    """Weights of an earlier moment, and what became of them.

    Attributes:
        epoch: complete epochs; 0 for the first draw.
        weights: as they were then.
        changes: since then, of every array.
    """

    epoch: int
    weights: Weights
    changes: tuple[ArrayChange, ...]


@dataclass(frozen=True, eq=False)
class Seen:
    """What was found.

    Attributes:
        asked: what was asked, with everything settled that was left open.
        inspected: the window.
        epochs: of the snapshots that there are.
        earlier: the weights that changes are counted from; None where no snapshot was kept.
        batches: that an epoch has.
        comparison: with the other backend, once it was asked for.
        batch: once it was asked for.
    """

    asked: Asked
    inspected: InspectedWindow
    epochs: tuple[int, ...]
    earlier: Earlier | None
    batches: int
    comparison: Comparison | None = None
    batch: InspectedBatch | None = None

    @property
    def members(self) -> int:
        """Windows of the batch, 0 without one."""
        return 0 if self.batch is None else len(self.batch.starts)

    def shows(self, view: View) -> bool:
        """Whether all is there that a view shows."""
        if view == "backends":
            return self.comparison is not None or self.asked.other is None
        return view != "batch" or self.batch is not None


def see(asked: Asked, view: View, processes: BackendProcesses, before: Seen | None = None) -> Seen:
    """Has laid open what a view shows.

    Args:
        asked: what to look at.
        view: that shows it.
        processes: of the backends.
        before: what was seen last; what did not change is taken from it.

    Raises:
        InputError: the run has no such weights, window or batch, or a backend failed.
    """
    known = before if before is not None and _weights(before.asked) == _weights(asked) else None
    subject = known.inspected.subject if known else open_subject(asked.run.path, epoch=asked.epoch)
    trained_by = subject.trained_by
    backend = asked.backend or (trained_by if trained_by in asked.usable else asked.usable[0])
    computed = known if known is not None and known.asked.backend == backend else None
    epochs = snapshot_epochs(subject.run, trained_by)
    since = epochs[0] if asked.since not in epochs and epochs else asked.since
    batches = batch_count(subject)
    number = min(asked.batch, batches - 1)
    asked = replace(asked, backend=backend, since=since, batch=number)
    if computed is not None and _window(computed.asked) == _window(asked):
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


def _weights(asked: Asked) -> tuple[object, ...]:
    return asked.run, asked.epoch


def _window(asked: Asked) -> tuple[object, ...]:
    return asked.part, asked.number


def _earlier(subject: Subject, epoch: int | None) -> Earlier | None:
    if epoch is None:
        return None
    weights = open_snapshot(subject.run, subject.trained_by, epoch).weights
    return Earlier(epoch, weights, weight_changes(weights, subject.model.weights))


def _find(subject: Subject, asked: Asked, processes: BackendProcesses) -> Window:
    if asked.number is not None:
        return window_by_number(subject.experiment, asked.part, asked.number)
    errors = part_errors(subject, asked.part, 0, asked.backend, processes=processes)
    return window_by_error(subject.experiment, asked.part, errors)
