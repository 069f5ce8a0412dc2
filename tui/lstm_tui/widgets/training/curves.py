"""Curves over the epochs of a training: what is drawn, whichever backends and runs they come from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from lstm_tui.palette import Palette
from lstm_tui.runs.curves import KeptCurve
from lstm_tui.theme import SAMPLES, Pattern
from lstm_tui.training.state import BackendState

Quantity = Literal["loss", "learning rate", "gradient norm"]
QUANTITIES: tuple[Quantity, ...] = ("loss", "learning rate", "gradient norm")
Scale = Literal["log", "linear"]


@dataclass(frozen=True, eq=False)
class Curve:
    """What one backend told of itself, epoch by epoch.

    Attributes:
        label: of the legend.
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


def curve_of_kept(kept: KeptCurve, title: str, place: int, palette: Palette) -> Curve:
    """The curve of a run that is compared: pale in its backend's colour, in a pattern of the run.

    Args:
        kept: what the run tells.
        title: of the backend.
        place: of the run among those that are compared.
        palette: the colours of the theme.
    """
    epochs = [past.epoch for past in kept.epochs]
    losses = (epoch.validation_loss for epoch in epochs)
    return Curve(
        label=f"{kept.run} {title}",
        colour=palette.pale(palette.line(kept.backend)),
        pattern=tuple(SAMPLES)[(place + 1) % len(SAMPLES)],
        training=tuple(epoch.training_loss for epoch in epochs),
        validation=tuple(math.nan if loss is None else loss for loss in losses),
        learning_rates=tuple(epoch.learning_rate for epoch in epochs),
        gradient_norms=tuple(epoch.gradient_norm for epoch in epochs),
        best_epoch=kept.best_epoch,
    )
