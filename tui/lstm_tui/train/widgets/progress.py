"""A line for each backend: progress, speed, time left, best loss and memory."""

import math
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from types import MappingProxyType

from rich.text import Text
from textual.app import RenderResult
from textual.events import Resize
from textual.geometry import Region
from textual.widget import Widget

from lstm_plugins.counting import counted
from lstm_tui.kit.copying import CopyTable
from lstm_tui.kit.palette import Palette, theme_colour
from lstm_tui.train.training import BackendState, TrainingState

_HEADINGS = ("windows/s", "left", "best loss", "memory")
_WIDTHS = (9, 5, 9, 7)
_EPOCH = 8
"""Minimum width; a training of many epochs needs more."""
_NAME = 16
_LOG_LINES = 3
"""Lines of output shown for a failed backend; the log screen has more."""


class ProgressTable(Widget):
    """A table with fixed columns, so that changing numbers do not move."""

    DEFAULT_CSS = """
    ProgressTable { height: auto; width: 1fr; text-wrap: nowrap; text-overflow: clip; }
    """

    _training: TrainingState | None = None
    _titles: Mapping[str, str] = MappingProxyType({})
    _palette: Palette | None = None
    _table: Sequence[Text] = ()

    def show(self, training: TrainingState, titles: Mapping[str, str], palette: Palette) -> None:
        """Shows the state of a training; repaints only lines that have changed."""
        self._training, self._titles, self._palette = training, titles, palette
        before, self._table = self._table, self._lines(self.size.width)
        if len(before) != len(self._table):
            self.refresh(layout=True)
            return
        lines = enumerate(zip(before, self._table, strict=True))
        changed = [Region(0, row, self.size.width, 1) for row, (old, new) in lines if old != new]
        if changed:
            self.refresh(*changed)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """The number of lines."""
        return max(1, len(self._table))

    def render(self) -> RenderResult:
        """The table as text."""
        return Text("\n", no_wrap=True, overflow="crop").join(self._table)

    def on_resize(self, event: Resize) -> None:
        """Fits the lines to the new width."""
        self._table = self._lines(event.size.width)
        self.refresh()

    def _lines(self, width: int) -> list[Text]:
        training, palette = self._training, self._palette
        if training is None or palette is None:
            return []
        networks = len(training.experiment.networks)
        epoch = max(_EPOCH, 2 * len(str(training.experiment.config.epochs)) + 1)
        epoch += 2 * len(str(networks)) + 3 if networks > 1 else 0
        bar = max(6, width - _NAME - epoch - sum(_WIDTHS) - len(_WIDTHS) - 2)
        lines = [self._heading(palette, epoch, bar)]
        for state in training.backends.values():
            lines.extend(self._lines_of(state, palette, epoch, bar, width))
        return lines

    def _heading(self, palette: Palette, epoch: int, bar: int) -> Text:
        line = Text(f"{'backend':<{_NAME}}", palette.quiet)
        title = "net, epoch" if self._training and len(self._training.experiment.networks) > 1 else "epoch"
        line.append(f"{title:>{epoch}} {'progress':<{bar}} ")
        line.append(" ".join(f"{text:>{size}}" for text, size in zip(_HEADINGS, _WIDTHS, strict=True)))
        return line

    def _lines_of(
        self, state: BackendState, palette: Palette, epoch: int, bar: int, width: int
    ) -> list[Text]:
        line = Text()
        line.append(f"{palette.look(state.backend).sample} ", palette.line(state.backend))
        line.append(f"{self._titles[state.backend][: _NAME - 6]:<{_NAME - 5}}", f"bold {palette.truth}")
        if state.phase == "failed":
            line.append(f" ✗ {state.reason}", theme_colour(self.app, "error"))
            line.truncate(width, overflow="ellipsis")
            log = [Text(f"     {text}"[:width], palette.quiet) for text in state.log[-_LOG_LINES:]]
            return [line, *log]
        done = state.history.epochs
        network = f"{state.member + 1}/{state.members}, " if state.members > 1 else ""
        line.append(f"{f'{network}{done}/{state.epochs}':>{epoch}} ", palette.truth)
        words, progress = _words(state), state.progress
        if words:
            # The words also use the room of rate and time left, which mean nothing now.
            room = bar + sum(_WIDTHS[:2]) + 2
            line.append(f"{next((text for text in words if len(text) <= room), ''):<{room}}", palette.quiet)
        else:
            line.append_text(_bar(state, palette, bar))
            line.append(f" {_rate(progress.windows_per_second if progress else None):>{_WIDTHS[0]}}")
            line.append(f" {_left(progress.seconds_left if progress else None):>{_WIDTHS[1]}}")
        line.append(f" {_loss(state.history.loss):>{_WIDTHS[2]}}", palette.truth)
        line.append(f" {_memory(progress.memory if progress else None):>{_WIDTHS[3]}}", palette.truth)
        return [line]


def _words(state: BackendState) -> tuple[str, ...]:
    """Texts in place of bar, rate and time left, the longest first; none during training."""
    result = state.result
    if state.phase == "finished" and result is not None and len(result.members) > 1:
        kept = sum(member.kept for member in result.members)
        left = len(result.members) - kept
        networks = f"✓ {counted(kept, 'network')}" + (f", {left} left out" if left else "")
        return f"{networks} · {result.seconds:.1f} s", networks, f"✓ {kept}"
    if state.phase == "finished" and state.trained is not None:
        epoch = state.trained.best_epoch + 1
        best = f"best epoch {epoch}" if epoch else "linear part alone"
        seconds = f"{state.trained.seconds:.1f} s"
        why = {"epochs": "all epochs", "patience": "no improvement", "stopped": "stopped"}[
            state.trained.reason
        ]
        return f"✓ {why} · {best} · {seconds}", f"✓ {why} · {best}", f"✓ {why}"
    words = {
        "waiting": "waiting",
        "importing": "starting …",
        "forecasting": "forecasting …",
        "stopped": "– no complete epoch",
    }
    return (words[state.phase],) if state.phase in words else ()


def _bar(state: BackendState, palette: Palette, width: int) -> Text:
    eighths = round(state.share * width * 8)
    whole, rest = divmod(eighths, 8)
    drawn = "█" * whole + (" ▏▎▍▌▋▊▉"[rest] if rest else "")
    bar = Text(f"{drawn:<{width}}"[:width], palette.line(state.backend))
    bar.stylize(f"on {palette.band}")
    return bar


def _rate(rate: float | None) -> str:
    if rate is None or not math.isfinite(rate):
        return "–"
    if rate >= 99_500:
        return f"{rate / 1000:.0f} k"
    return f"{rate / 1000:.1f} k" if rate >= 1000 else f"{rate:.0f}"


def _left(seconds: float | None) -> str:
    if seconds is None or not math.isfinite(seconds):
        return "–"
    whole = round(seconds)
    if whole >= 100 * 3600:
        return f"{whole // 3600}h"
    if whole >= 3600:
        return f"{whole // 3600}h{whole % 3600 // 60:02d}"
    return f"{whole // 60}:{whole % 60:02d}"


def _loss(loss: float | None) -> str:
    if loss is None:
        return "–"
    if 1e-3 <= loss < 1000:
        decimals = max(0, 4 - max(0, math.floor(math.log10(loss)) + 1))
        return f"{loss:.{decimals + (1 if loss < 0.1 else 0)}f}"
    return f"{loss:.2e}"


def _memory(size: int | None) -> str:
    if size is None:
        return "–"
    return f"{size / 2**20:.0f} MB" if size < 10 * 2**30 else f"{size / 2**30:.1f} GB"


def progress_copy(training: TrainingState, titles: Mapping[str, str]) -> CopyTable:
    """The progress of each backend."""
    rows = [
        (
            titles[state.backend],
            state.phase,
            state.history.epochs,
            state.epochs,
            state.progress and state.progress.windows_per_second,
            state.history.loss,
            None if state.history.best_epoch is None else state.history.best_epoch + 1,
            state.progress and state.progress.memory,
        )
        for state in training.backends.values()
    ]
    columns = ("backend", "state", "epochs", "of", "windows/s", "best loss", "best epoch", "memory in bytes")
    return CopyTable("the progress", columns, rows)


def epochs_copy(training: TrainingState, titles: Mapping[str, str]) -> CopyTable:
    """Losses, learning rate and gradient norm of each backend by epoch."""
    columns, values = ["epoch"], []
    for state in training.backends.values():
        history, title = state.history, titles[state.backend]
        columns += [
            f"{title} {what}" for what in ("training loss", "validation loss", "rate", "gradient norm")
        ]
        shown = history.training, history.validation, history.learning_rates, history.gradient_norms
        values += [column.tolist() for column in shown]
    rows = [(epoch, *row) for epoch, row in enumerate(zip_longest(*values), 1)]
    return CopyTable("the epochs", columns, rows)
