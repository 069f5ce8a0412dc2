"""The loss of all backends over the epochs, on a log scale."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
from rich.text import Text

from lstm_tui.charts.picture import Picture, Sign
from lstm_tui.charts.raster import Line
from lstm_tui.charts.ticks import log_limits, log_ticks, whole_ticks
from lstm_tui.palette import Palette
from lstm_tui.training.state import BackendState, TrainingState


def loss_picture(training: TrainingState, titles: Mapping[str, str], palette: Palette) -> Picture:
    """Validation thick, training thin and pale; a diamond at the best, a cross where a loss is not finite.

    Args:
        training: whose curves.
        titles: of the backends, for people.
        palette: the colours of the theme.
    """
    states = training.backends.values()
    losses = [loss for state in states for loss in (*state.training, *state.validation)]
    epochs = _span(training)
    low, high = log_limits(losses)
    return Picture(
        x=(1.0, float(epochs)),
        y=(low, high),
        lines=tuple(line for state in states for line in _lines(state, palette)),
        legend=_legend(training, titles, palette),
        x_ticks=lambda left, right, columns: whole_ticks(left, right, max(2, columns // 10)),
        y_ticks=lambda bottom, top, rows: log_ticks(bottom, top, max(2, min(7, rows // 2))),
        signs=tuple(sign for state in states for sign in _signs(state, palette)),
    )


def _span(training: TrainingState) -> int:
    """Epochs that the axis reaches: it doubles when it is full, and ends with the training."""
    done = max((len(state.training) for state in training.backends.values()), default=0)
    if not training.running:
        return max(done, 2)
    span = 10
    while span <= done:
        span *= 2
    return max(2, min(span, training.experiment.config.epochs))


def _lines(state: BackendState, palette: Palette) -> Iterator[Line]:
    look = palette.look(state.backend)
    colour = palette.line(state.backend)
    validated = any(math.isfinite(loss) for loss in state.validation)
    if state.training:
        yield Line(
            _epochs(state.training),
            _logarithms(state.training),
            palette.pale(colour) if validated else colour,
            look.pattern,
            thick=not validated,
        )
    if validated:
        yield Line(
            _epochs(state.validation),
            _logarithms(state.validation),
            colour,
            look.pattern,
            thick=True,
            layer=1,
        )


def _signs(state: BackendState, palette: Palette) -> Iterator[Sign]:
    for index, losses in enumerate(zip(state.training, state.validation, strict=True)):
        # A validation loss of nan means that there is no validation part.
        if not math.isfinite(losses[0]) or math.isinf(losses[1]):
            yield Sign(index + 1.0, None, "✗", palette.line(state.backend))
    best = state.best_epoch
    if best is not None:
        yield Sign(best + 1.0, math.log10(state.validation[best]), "◆", palette.line(state.backend))


def _epochs(losses: tuple[float, ...]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.arange(1.0, len(losses) + 1.0)


def _logarithms(losses: tuple[float, ...]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    values = np.array(losses, dtype=np.float64)
    values[~(values > 0)] = np.nan
    return np.log10(values)


def _legend(training: TrainingState, titles: Mapping[str, str], palette: Palette) -> Text:
    legend = Text()
    for name in training.backends:
        legend.append(palette.look(name).sample, palette.line(name))
        legend.append(f" {titles[name]}  ", palette.label)
    return legend
