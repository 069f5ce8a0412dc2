"""The curves of a training and of runs that are compared with it."""

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
    """The epochs of one backend in a run that is compared."""

    run: str
    backend: str
    history: History


@dataclass(frozen=True, eq=False)
class Curve:
    """The epochs of one backend, and how to draw them.

    Attributes:
        label: for the legend; empty if an earlier curve represents this one too.
        colour: as "#rrggbb".
        pattern: of its lines.
        history: its epochs.
    """

    label: str
    colour: str
    pattern: Pattern
    history: History


def curve_of(state: BackendState, title: str, palette: Palette) -> Curve:
    """The curve of a backend with its own name, colour and pattern."""
    backend = state.backend
    return Curve(title, palette.line(backend), palette.look(backend).pattern, state.history)


def curves_of_kept(compared: Sequence[KeptCurve], palette: Palette) -> list[Curve]:
    """The curves of compared runs: a pale colour by backend, a pattern and a legend entry by run."""
    runs = list(dict.fromkeys(kept.run for kept in compared))
    firsts = {kept.run: kept for kept in reversed(compared)}
    return [
        Curve(
            label=kept.run if kept is firsts[kept.run] else "",
            colour=palette.pale(palette.line(kept.backend)),
            pattern=tuple(SAMPLES)[(runs.index(kept.run) + 1) % len(SAMPLES)],
            history=kept.history,
        )
        for kept in compared
    ]
