"""The error by horizon step: bars for the best backend, marks for the best baseline."""

import math
from collections.abc import Sequence

import numpy as np
from rich.text import Text
from textual.app import RenderResult
from textual.widget import Widget

from lstm_forecasting.experiment.results import Evaluation, ExperimentResult
from lstm_tui.kit.charts.shades import EIGHTHS
from lstm_tui.kit.numbers import decimals_for, shown
from lstm_tui.kit.palette import Palette

_LABEL = 9
_ROUND = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


class StepBars(Widget):
    """Small bars, one for each step, or for each group of steps if there is no room."""

    DEFAULT_CSS = """
    StepBars { height: 1fr; width: 1fr; min-height: 5; }
    """

    _shown: tuple[ExperimentResult, int, Palette] | None = None

    def show(self, result: ExperimentResult, target: int, palette: Palette) -> None:
        """Shows the errors of one target."""
        self._shown = result, target, palette
        self.refresh()

    def render(self) -> RenderResult:
        """The legend, the bars, and the numbers of some steps."""
        if self._shown is None:
            return ""
        result, target, palette = self._shown
        best, baseline = result.best_backend(target), result.best_baseline(target)
        if best is None:
            return ""
        errors = _by_step(best.evaluation, target)
        marks = _by_step(baseline, target) if baseline is not None else []
        colour = palette.line(best.backend)
        caption = Text("█ ", colour)
        caption.append(best.evaluation.name, palette.label)
        if baseline is not None:
            caption.append("   ─ ", palette.truth)
            caption.append(baseline.name, palette.label)
        caption.truncate(self.size.width, overflow="ellipsis")
        rows = max(2, self.size.height - 2)
        lines = [caption, *_bars(errors, marks, rows, self.size.width, palette, colour)]
        return Text("\n", no_wrap=True).join(lines)


def _by_step(evaluation: Evaluation, target: int) -> list[float]:
    return [step[target].mae for step in evaluation.scores_by_step]


def _bars(
    errors: Sequence[float], marks: Sequence[float], rows: int, width: int, palette: Palette, colour: str
) -> list[Text]:
    room = max(4, width - _LABEL)
    groups = np.array_split(np.arange(len(errors)), min(len(errors), room))
    heights = [_mean([errors[step] for step in group]) for group in groups]
    levels = [_mean([marks[step] for step in group]) for group in groups] if marks else []
    most = max([*heights, *levels]) or 1.0
    cell = max(1, min(4, room // len(groups)))
    decimals = decimals_for([most])
    lines = []
    for row in range(rows - 1, -1, -1):
        label = shown(most, decimals) if row == rows - 1 else "0" if row == 0 else ""
        line = Text(f"{label:>{_LABEL - 2}} ", palette.label)
        line.append("┤" if label else "│", palette.quiet)
        for index, height in enumerate(heights):
            part = min(8, max(0, round((height / most * rows - row) * 8)))
            marked = bool(levels) and min(rows - 1, int(levels[index] / most * rows)) == row
            bar = max(1, cell - 1)
            if marked and part < 8:
                line.append("─" * bar, palette.truth)
            elif marked:
                line.append("─" * bar, f"{palette.background} on {colour}")
            else:
                line.append(EIGHTHS[part] * bar, colour)
            line.append(" " * (cell - bar))
        lines.append(line)
    lines.append(_step_labels([int(group[0]) + 1 for group in groups], cell, palette))
    return lines


def _mean(errors: Sequence[float]) -> float:
    """The mean of the steps that have a scored value; 0 without any."""
    scored = [error for error in errors if math.isfinite(error)]
    return sum(scored) / len(scored) if scored else 0.0


def _step_labels(first_steps: Sequence[int], cell: int, palette: Palette) -> Text:
    """The first step of some groups below their bars: the first and the last, and others at round numbers."""
    count = len(first_steps)
    every = next(every for every in _ROUND if every * cell >= 4 or every >= count)
    line, free = [" "] * (count * cell + 8), 0
    for index, step in enumerate(first_steps):
        text, start = str(step), index * cell
        if start >= free and (index in (0, count - 1) or (index + 1) % every == 0):
            line[start : start + len(text)] = text
            free = start + len(text) + 1
    return Text(f"{'step':>{_LABEL - 2}}  " + "".join(line).rstrip(), palette.label)
