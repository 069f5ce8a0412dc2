"""Which probes and levels each depth asks.

What a request costs differs a thousandfold between backends: one that compiles pays for every new shape. So
the quick depth has one network a pass, and what needs a compiled training is asked where it is judged, and of
one's own data.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from lstm_conformance.levels import LEVELS, Level
from lstm_conformance.probes import (
    KIND,
    SWITCHES,
    Probe,
    awkward_probes,
    probe_of,
    switch_probe,
    wavy_series,
)
from lstm_forecasting.crosscheck.bounded import default_probe, own_probe
from lstm_forecasting.experiment.plan import Experiment
from lstm_plugins import ForecasterConfig
from lstm_plugins.config import Precision

Depth = Literal["quick", "full", "switches"]

DEPTHS: dict[Depth, str] = {
    "quick": "one network with both directions, attention and dropout, a plain one in float32",
    "full": "also the default config and series at the edge",
    "switches": "also every switch of the config in turn, and trainings on the edge",
}
"""What each depth asks, in words; each asks all that the one before asks."""

BOTH_WAYS = "both directions, attention"


@dataclass(frozen=True, eq=False)
class ProbeRequest:
    """One probe in one precision.

    Attributes:
        probe: what is asked.
        levels: of which, in order.
    """

    probe: Probe
    levels: tuple[Level, ...]

    @property
    def precision(self) -> Precision:
        """In which the backend computes."""
        return self.probe.config.precision


def probe_requests(
    depth: Depth, precisions: Sequence[Precision], experiment: Experiment | None = None
) -> tuple[ProbeRequest, ...]:
    """All requests of a depth; one's own data comes first.

    Args:
        depth: see `DEPTHS`.
        precisions: of the passes; the meaning is judged in float64, what `fit` does in float32.
        experiment: one's own data and config, asked beside the built-in probes.

    Raises:
        InputError: the series holds too few windows.
    """
    chosen = [
        pair
        for precision in sorted(precisions, reverse=True)
        for pair in _probes(depth, precision, experiment, alone=len(precisions) == 1)
    ]
    return tuple(ProbeRequest(probe, _levels(training=training)) for probe, training in chosen)


def _probes(
    depth: Depth, precision: Precision, experiment: Experiment | None, *, alone: bool
) -> Iterator[tuple[Probe, bool]]:
    """Probes, each with whether a training is asked too: in float32 it is shown and not judged."""
    meaning, beyond, switches = precision == "float64", depth != "quick", depth == "switches"
    if experiment is not None:
        yield own_probe(experiment, precision), True
    if meaning or alone:
        yield _both_ways_probe(precision), meaning
    if beyond:
        yield default_probe(precision), meaning or experiment is None
    if not (meaning or alone or switches):
        yield switch_probe("plain", precision), False
    if switches:
        for switch in SWITCHES:
            yield switch_probe(switch, precision), meaning
    if switches or (beyond and meaning):
        for probe in awkward_probes(precision):
            yield probe, meaning and switches


def _levels(*, training: bool) -> tuple[Level, ...]:
    return tuple(level for level in LEVELS if training or level.judged_in_float32)


def _both_ways_probe(precision: Precision) -> Probe:
    config = ForecasterConfig(
        **{**KIND, "bidirectional": True, "attention": "general", "precision": precision}
    )
    return probe_of(BOTH_WAYS, config, wavy_series(), ((0, 45), (0, 30)), ((45, 60), (30, 41)))
