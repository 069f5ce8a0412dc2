"""Every level of the cross-check on one backend, and what it calls wrong."""

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
from lstm_plugins.config import SETTINGS, ForecasterConfig
from lstm_plugins.discovery import find_backend
from lstm_plugins.reference.forecaster import ReferenceForecaster

REFERENCE = "reference"
PART = 10
"""Configurations that one process is put to."""


@dataclass(frozen=True)
class Tally:
    """What became of one backend.

    Attributes:
        backend: its name.
        configurations: how many were put to it.
        states: checks, one a level and configuration, by what became of them.
        named: configurations on which a diagnosis was given.
        alarms: every failure in words.
        seconds: of all processes together, the reference's part included.
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
    """Makes forecasters of an installed backend, or of the reference itself."""
    kind = ReferenceForecaster if backend == REFERENCE else find_backend(backend).load_forecaster()
    return lambda probe: kind(probe.config, probe.features, probe.series.targets)


def run_in_parts(backend: str, indices: Sequence[int], processes: int) -> Iterator[Tally]:
    """Puts configurations to a backend, each part of them in a process of its own; the tally so far.

    XLA keeps all it has compiled until a process ends, and 160 configurations are more than one can map.
    """
    parts = [indices[at : at + PART] for at in range(0, len(indices), PART)]
    with ProcessPoolExecutor(processes, get_context("spawn"), max_tasks_per_child=1) as pool:
        whole = Tally(backend)
        for part in pool.map(run_part, [backend] * len(parts), parts):
            whole += part
            yield whole


def run_part(backend: str, indices: Sequence[int]) -> Tally:
    """Puts configurations to a backend in this process."""
    return run(maker(backend), backend, indices)


def run(make: MakeForecaster, backend: str, indices: Iterable[int]) -> Tally:
    """Puts configurations to whatever makes forecasters, one after the other."""
    tally = Tally(backend)
    for index in indices:
        began = time.perf_counter()
        probe = draw_probe(index)
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
    """Each level that failed, by its worst tensor."""
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
    """The settings that are not the default ones, as one writes them."""
    values = ((setting, getattr(config, setting.name)) for setting in SETTINGS)
    return " ".join(f"{setting.name}={value}" for setting, value in values if value != setting.default)
