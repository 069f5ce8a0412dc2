"""Curves over the epochs of a training: what is drawn, whichever backends and runs they come from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lstm_forecasting.looks import SAMPLES, Pattern
from lstm_tui.palette import Palette
from lstm_tui.runs.curves import KeptCurve
from lstm_tui.training.state import BackendState

Quantity = Literal["loss", "learning rate", "gradient norm"]
QUANTITIES: tuple[Quantity, ...] = ("loss", "learning rate", "gradient norm")
Scale = Literal["log", "linear"]


@dataclass(frozen=True, eq=False)
class Curve:
    """What one backend told of itself, epoch by epoch.

    Attributes:
        label: of the legend; "" where an earlier curve stands there for this one too.
        colour: as "#rrggbb".
        pattern: of its lines.
        training: loss.
        validation: loss, nan where there is none.
        learning_rates: at the end of every epoch.
        gradient_norms: the largest one of every epoch, before clipping.
        best_epoch: with the lowest validation loss, from 0; None without one.
    """

    label: str
    colour: str
    pattern: Pattern
    training: tuple[float, ...]
    validation: tuple[float, ...]
    learning_rates: tuple[float, ...]
    gradient_norms: tuple[float, ...]
    best_epoch: int | None

    @property
    def sample(self) -> str:
        """Four cells of the line."""
        return SAMPLES[self.pattern]


def curve_of(state: BackendState, title: str, palette: Palette) -> Curve:
    """The curve of a backend under its own name, colour and pattern."""
    return Curve(
        label=title,
        colour=palette.line(state.backend),
        pattern=palette.look(state.backend).pattern,
        training=state.training,
        validation=state.validation,
        learning_rates=state.learning_rates,
        gradient_norms=state.gradient_norms,
        best_epoch=state.best_epoch,
    )


def curves_of_kept(compared: Sequence[KeptCurve], palette: Palette) -> list[Curve]:
    """The curves of runs that are compared: the colour is the backend's, but pale, the pattern the run's.

    The legend has one entry for each run.
    """
    runs = list(dict.fromkeys(kept.run for kept in compared))
    firsts = {kept.run: kept for kept in reversed(compared)}
    return [
        _curve_of_kept(kept, kept.run if kept is firsts[kept.run] else "", runs.index(kept.run), palette)
        for kept in compared
    ]


def _curve_of_kept(kept: KeptCurve, label: str, place: int, palette: Palette) -> Curve:
    epochs = [past.epoch for past in kept.epochs]
    losses = (epoch.validation_loss for epoch in epochs)
    return Curve(
        label=label,
        colour=palette.pale(palette.line(kept.backend)),
        pattern=tuple(SAMPLES)[(place + 1) % len(SAMPLES)],
        training=tuple(epoch.training_loss for epoch in epochs),
        validation=tuple(math.nan if loss is None else loss for loss in losses),
        learning_rates=tuple(epoch.learning_rate for epoch in epochs),
        gradient_norms=tuple(epoch.gradient_norm for epoch in epochs),
        best_epoch=kept.best_epoch,
    )
