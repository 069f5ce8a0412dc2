"""Plans and validates a cross-check before any backend starts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

from lstm_forecasting.crosscheck.schedule import DEPTHS, Depth, ProbeRequest, probe_requests
from lstm_forecasting.experiment.plan import Experiment
from lstm_plugins.additions import ADDITIONS
from lstm_plugins.config import Precision
from lstm_plugins.errors import InputError

PRECISIONS: tuple[Precision, ...] = ("float64", "float32")
"""The two passes: float64 checks the mathematics, float32 the path that training uses."""


@dataclass(frozen=True)
class CrossCheck:
    """The plan of a cross-check.

    Attributes:
        backends: short names, in the order of reports.
        precisions: of the passes, float64 first.
        depth: see `schedule.DEPTHS`.
        requests: to every backend; see `requests_of`.
        threads: of each backend.
        series: name of the user's series among the probes; "" for none.
        additions: what each backend implements beyond the original contract; a backend that is left out
            implements everything.
    """

    backends: tuple[str, ...]
    precisions: tuple[Precision, ...]
    depth: Depth
    requests: tuple[ProbeRequest, ...]
    threads: int
    series: str
    additions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[tuple[str, Precision], ...]:
        """The columns of the matrix: backend by backend, float64 before float32."""
        return tuple((backend, precision) for backend in self.backends for precision in self.precisions)

    @property
    def level_count(self) -> int:
        """The number of levels asked, over all probes and backends."""
        return sum(self.levels_of(backend) for backend in self.backends)

    def requests_of(self, backend: str) -> tuple[ProbeRequest, ...]:
        """The requests to one backend: those that need no addition that it lacks."""
        own = self.additions.get(backend, ADDITIONS)
        return tuple(one for one in self.requests if set(one.probe.additions) <= set(own))

    def levels_of(self, backend: str) -> int:
        """The number of levels asked of one backend, over all probes."""
        return sum(len(request.levels) for request in self.requests_of(backend))

    def lacking(self, backend: str) -> tuple[str, ...]:
        """The additions that the requests need and the backend does not implement."""
        needed = {name for request in self.requests for name in request.probe.additions}
        return tuple(
            name for name in ADDITIONS if name in needed - set(self.additions.get(backend, ADDITIONS))
        )


def plan_crosscheck(
    backends: Sequence[str],
    *,
    precisions: Sequence[Precision] = PRECISIONS,
    depth: Depth = "quick",
    experiment: Experiment | None = None,
    threads: int = 1,
    additions: Mapping[str, tuple[str, ...]] | None = None,
) -> CrossCheck:
    """Plans a cross-check.

    Args:
        backends: short names.
        precisions: of the passes.
        depth: see `schedule.DEPTHS`.
        experiment: the user's data and config, from `plan_experiment`; None for the built-in probes only.
        threads: of each backend.
        additions: see `CrossCheck`; None if every backend implements everything.

    Raises:
        InputError: there is nothing to check, or the series has too few windows.
    """
    if not backends:
        raise InputError("A cross-check needs at least one backend; name one.")
    if threads < 1:
        raise InputError(f"threads must be at least 1, but is {threads}.")
    if depth not in get_args(Depth):
        raise InputError(f"The depth must be one of {', '.join(DEPTHS)}, but is {depth!r}.")
    if not precisions or not set(precisions) <= set(PRECISIONS):
        raise InputError(f"The precision must be {' or '.join(PRECISIONS)}, but is {tuple(precisions)}.")
    wanted = tuple(precision for precision in PRECISIONS if precision in precisions)
    return CrossCheck(
        backends=tuple(dict.fromkeys(backends)),
        precisions=wanted,
        depth=depth,
        requests=probe_requests(depth, wanted, experiment),
        threads=threads,
        series="" if experiment is None else experiment.table.name,
        additions=additions or {},
    )
