"""Curves over the epochs of a training: what is drawn, whichever backends and runs they come from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lstm_forecasting.figures.looks import SAMPLES, Pattern
from lstm_tui.kit.palette import Palette
from lstm_tui.train.history import History
from lstm_tui.train.training import BackendState

Quantity = Literal["loss", "learning rate", "gradient norm"]
QUANTITIES: tuple[Quantity, ...] = ("loss", "learning rate", "gradient norm")
Scale = Literal["log", "linear"]


@dataclass(frozen=True)
class KeptCurve:
    """The epochs of one backend of a run that is compared."""

    run: str
    backend: str
    history: History


@dataclass(frozen=True, eq=False)
class Curve:
    """What one backend told of itself, epoch by epoch.

    Attributes:
        label: of the legend; "" where an earlier curve stands there for this one too.
        colour: as "#rrggbb".
        pattern: of its lines.
        history: its epochs.
    """

    label: str
    colour: str
    pattern: Pattern
    history: History

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
        history=state.history,
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
    return Curve(
        label=label,
        colour=palette.pale(palette.line(kept.backend)),
        pattern=tuple(SAMPLES)[(place + 1) % len(SAMPLES)],
        history=kept.history,
    )
