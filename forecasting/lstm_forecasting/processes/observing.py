"""What a backend answers to a probe of the cross-check: it observes, and the host judges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lstm_conformance.checks import Observation, observe
from lstm_conformance.levels import LEVELS
from lstm_conformance.probes import Probe
from lstm_forecasting.processes.messages import AllObserved, Observing
from lstm_forecasting.processes.work import framework_in_words
from lstm_plugins import Backend, Forecaster, ForecasterOptions


@dataclass(frozen=True, eq=False)
class Answer:
    """What a backend answered to one level.

    Attributes:
        level: name.
        observation: arrays, or why there are none.
    """

    level: str
    observation: Observation


def answers(
    backend: Backend, probe: Probe, levels: Sequence[str], options: ForecasterOptions
) -> Iterator[Observing | Answer | AllObserved]:
    """Asks a backend level by level; the last event is `AllObserved`.

    Args:
        backend: its framework is imported here.
        probe: the question.
        levels: names of those to ask.
        options: device and threads.

    Raises:
        ForecasterError: the framework cannot be used here.
    """
    kind = backend.load_forecaster()
    yield Observing(backend.version, framework_in_words(backend), options.device, options.threads)

    def make(asked: Probe) -> Forecaster:
        return kind(asked.config, asked.features, asked.series.targets, options)

    by_name = {level.name: level for level in LEVELS}
    for level, observation in observe(make, probe, [by_name[name] for name in levels]):
        yield Answer(level.name, observation)
    yield AllObserved()
