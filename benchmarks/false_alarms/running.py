"""Runs all levels of the cross-check on one backend and collects false alarms."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context

from benchmarks.false_alarms.drawing import draw_probe

from lstm_conformance.checks import MakeForecaster
from lstm_conformance.diagnosis import diagnose
from lstm_conformance.planting import Answers, collect_answers
from lstm_conformance.probe import Probe
from lstm_plugins.additions import ADDITIONS
from lstm_plugins.config import SETTINGS, ForecasterConfig
from lstm_plugins.discovery import find_backend
from lstm_plugins.forecaster import Forecaster
from lstm_plugins.reference.forecaster import ReferenceForecaster

REFERENCE = "reference"
PART = 10
"""Configurations per process."""


@dataclass(frozen=True)
class Tally:
    """The results of one backend.

    Attributes:
        backend: name of the backend.
        configurations: number of configurations; those that need an addition that it lacks are left out.
        states: number of checks, one per level and configuration, by their result.
        named: number of configurations with a diagnosis.
        alarms: all failures in words.
        seconds: time of all processes together, including the reference's part.
    """

    backend: str
    configurations: int = 0
    states: Counter[str] = field(default_factory=Counter)
    named: int = 0
    alarms: tuple[str, ...] = ()
    seconds: float = 0.0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.backend,
            self.configurations + other.configurations,
            self.states + other.states,
            self.named + other.named,
            self.alarms + other.alarms,
            self.seconds + other.seconds,
        )

    @property
    def failed(self) -> int:
        return self.states["failed"] + self.states["follows"]

    @property
    def judged(self) -> int:
        return self.states["passed"] + self.failed


def maker(backend: str) -> MakeForecaster:
    """A function that makes forecasters of an installed backend or of the reference."""
    kind = ReferenceForecaster if backend == REFERENCE else find_backend(backend).load_forecaster()

    def make(probe: Probe) -> Forecaster:
        return kind(probe.config, probe.features, probe.series.targets, **probe.extra_columns)

    return make


def additions_of(backend: str) -> tuple[str, ...]:
    """The additions to the specification that an installed backend or the reference implements."""
    return ADDITIONS if backend == REFERENCE else find_backend(backend).additions


def run_in_parts(backend: str, indices: Sequence[int], processes: int) -> Iterator[Tally]:
    """Runs configurations in parts, each in its own process; yields the tally so far.

    XLA keeps everything it compiles until a process ends, and 160 configurations are too much for one.
    """
    parts = [indices[at : at + PART] for at in range(0, len(indices), PART)]
    with ProcessPoolExecutor(processes, get_context("spawn"), max_tasks_per_child=1) as pool:
        whole = Tally(backend)
        for part in pool.map(run_part, [backend] * len(parts), parts):
            whole += part
            yield whole


def run_part(backend: str, indices: Sequence[int]) -> Tally:
    """Runs configurations of a backend in this process."""
    return run(maker(backend), backend, indices, additions_of(backend))


def run(
    make: MakeForecaster, backend: str, indices: Iterable[int], additions: Sequence[str] = ADDITIONS
) -> Tally:
    """Runs configurations of the forecasters that `make` returns, one by one.

    Those that need more than `additions` are left out.
    """
    tally = Tally(backend)
    for index in indices:
        began = time.perf_counter()
        probe = draw_probe(index)
        if not set(probe.additions) <= set(additions):
            continue
        answers = collect_answers(make, probe)
        diagnosis = diagnose([answers])
        alarms = alarms_of(answers)
        if diagnosis.findings:
            alarms.append(f"diagnosis: {diagnosis.sentence}")
        heading = f"{backend}, {probe.name} ({in_words(probe.config)})"
        tally += Tally(
            backend,
            1,
            Counter(result.state for result in answers.results.values()),
            bool(diagnosis.findings),
            ("\n    ".join([heading, *alarms]),) if alarms else (),
            time.perf_counter() - began,
        )
    return tally


def alarms_of(answers: Answers) -> list[str]:
    """One line for each level that failed, about its worst tensor."""
    alarms = []
    for level, result in answers.results.items():
        if result.state not in ("failed", "follows"):
            continue
        worst = result.worst
        if worst is None or worst.problem:
            what = f"{worst.tensor}: {worst.problem}" if worst else result.problem
        else:
            where = f" at {list(worst.where)}" if worst.where else ""
            what = f"{worst.tensor}{where} is off by {worst.error:.1e} where {worst.allowed:.1e} is allowed"
        alarms.append(f"{level}: {what}")
    return alarms


def in_words(config: ForecasterConfig) -> str:
    """The settings that differ from their defaults, as name=value."""
    values = ((setting, getattr(config, setting.name)) for setting in SETTINGS)
    return " ".join(f"{setting.name}={value}" for setting, value in values if value != setting.default)
