"""The presets: how much is done for a forecast."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from lstm_plugins.options import Option

Preset = Literal["classic", "quick", "best"]


@dataclass(frozen=True)
class Extent:
    """How much a preset does.

    Attributes:
        summary: what it is, in one phrase.
        seeds: networks of each kind, which differ in their random numbers only.
        kinds: most kinds of networks, which differ in look_back and loss.
        epochs: most epochs of each network.
        patience: epochs without a better validation loss before a network's training stops.
    """

    summary: str
    seeds: int
    kinds: int
    epochs: int
    patience: int


EXTENTS: dict[Preset, Extent] = {
    "quick": Extent("a few seconds: one network, and ridge regressions", 1, 1, 8, 2),
    "best": Extent("under a minute: an ensemble of networks, and ridge regressions", 3, 3, 40, 3),
}
"""What the presets with linear forecasts do; `classic` is a single network without any."""

PRESETS: dict[Preset, str] = {
    "classic": "a single network without linear forecasts, as in the course",
    **{name: extent.summary for name, extent in EXTENTS.items()},
}
"""All presets, in words."""

_OF_EVERY_PRESET = frozenset({"horizon", "seed", "precision", "batch_size"})
"""Settings that say nothing about what kind of network is wanted."""
_BUDGET = re.compile(r"(\d+(?:\.\d+)?) ?(s|m|min|h)?")
_SECONDS = {None: 1.0, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}


def default_preset(fixed: Iterable[str]) -> Preset:
    """The preset unless the user names one: `best`, or `classic` once settings of the network are fixed."""
    return "classic" if set(fixed) - _OF_EVERY_PRESET else "best"


def budget_seconds(text: str) -> float:
    """The seconds of a budget such as "30s", "2m" or "90".

    Raises:
        ValueError: it is not a positive duration.
    """
    match = _BUDGET.fullmatch(text.strip().lower())
    if match is None or not float(match[1]):
        raise ValueError
    return float(match[1]) * _SECONDS[match[2]]


def _budget(text: str) -> str:
    budget_seconds(text)
    return text


PRESET = Option(
    name="preset",
    kind=str,
    choices=tuple(PRESETS),
    default=None,
    inferred=True,
    group="Preset",
    help="How much is done: classic, a single network; quick, a few seconds; best, an ensemble and ridge "
    "regressions, under a minute. By default best, or classic if settings of the network are given",
)
BUDGET = Option(
    name="budget",
    kind=str,
    default=None,
    group="Preset",
    help="Time after which no further network is trained, such as 30s or 2m",
    expects="a time such as 30s or 2m",
    clean=_budget,
    metavar="TIME",
)
