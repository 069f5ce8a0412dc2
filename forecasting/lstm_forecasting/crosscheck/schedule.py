"""The probes and levels of each depth.

Some backends compile for every new shape, so requests may cost them a thousand times more than others. The
quick depth therefore has one network per pass, and whole trainings are asked only where they are judged, and
on the user's own data.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from lstm_conformance.added_probes import EVERY_ADDITION, added_probe, added_probes
from lstm_conformance.levels import LEVELS, Level
from lstm_conformance.probe import Probe
from lstm_conformance.probes import SWITCHES, awkward_probes, missing_probe, missing_probes, switch_probe
from lstm_conformance.wavy import wavy_probe
from lstm_forecasting.crosscheck.bounded import default_probe, own_probe
from lstm_forecasting.experiment.plan import Experiment
from lstm_plugins.config import ForecasterConfig, Precision

Depth = Literal["quick", "full", "switches"]

DEPTHS: dict[Depth, str] = {
    "quick": "a network with both directions, attention and dropout, with and without missing values; "
    "one with every addition to the specification; a plain one in float32",
    "full": "also the default settings, edge cases of series, and every addition in float32",
    "switches": "also each setting and each addition in turn, and trainings on the edge cases",
}
"""The probes of each depth in words; each depth includes the previous one."""

NOT_COMPILED = (
    "stride",
    "epochs",
    "windows_per_epoch",
    "patience",
    "learning_rate",
    "schedule",
    "warmup",
    "plateau",
    "seed",
)
DEFAULTS = ForecasterConfig().to_dict()

BOTH_WAYS = "both directions, attention"
MISSING = "missing values"


@dataclass(frozen=True, eq=False)
class ProbeRequest:
    """A request to answer levels of one probe."""

    probe: Probe
    levels: tuple[Level, ...]

    @property
    def precision(self) -> Precision:
        """The precision in which the backend computes."""
        return self.probe.config.precision

    @cached_property
    def network(self) -> tuple[object, ...]:
        """What a backend may compile for: requests in which it is equal are best answered by one process."""
        probe = self.probe
        config = replace(probe.config, dropout=0.0, **{name: DEFAULTS[name] for name in NOT_COMPILED})
        columns = (probe.features, probe.series.targets, *probe.extra_columns.items())
        return (config, probe.config.dropout > 0, *columns)


def probe_requests(
    depth: Depth, precisions: Sequence[Precision], experiment: Experiment | None = None
) -> tuple[ProbeRequest, ...]:
    """All requests of a depth for these passes; the user's own data, if any, come first.

    Raises:
        InputError: the series has too few windows.
    """
    return tuple(
        ProbeRequest(probe, tuple(level for level in LEVELS if training or level.judged_in_float32))
        for precision in sorted(precisions, reverse=True)
        for probe, training in _probes(depth, precision, experiment, alone=len(precisions) == 1)
    )


def _probes(
    depth: Depth, precision: Precision, experiment: Experiment | None, *, alone: bool
) -> Iterator[tuple[Probe, bool]]:
    """The probes, each with whether trainings are asked too."""
    meaning, beyond, switches = precision == "float64", depth != "quick", depth == "switches"
    if experiment is not None:
        yield own_probe(experiment, precision), True
    if meaning or alone:
        # The same network twice: what a backend compiles for the first series serves the second.
        network = {"bidirectional": True, "attention": "general"}
        yield wavy_probe(BOTH_WAYS, network, precision), meaning
        yield missing_probe(MISSING, network, precision), meaning
    if meaning or alone or beyond:
        yield added_probe(EVERY_ADDITION, precision), meaning
    if beyond:
        yield default_probe(precision), meaning or experiment is None
    if not (meaning or alone or switches):
        yield switch_probe("plain", precision), False
    if switches:
        for switch in SWITCHES:
            yield switch_probe(switch, precision), meaning
    if switches or (beyond and meaning):
        for probe in (*awkward_probes(precision), *missing_probes(precision)):
            yield probe, meaning and switches
    if switches:
        for probe in added_probes(precision):
            if probe.name != EVERY_ADDITION:
                yield probe, meaning
