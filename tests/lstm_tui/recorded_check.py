"""A cross-check of the reference with itself, and with one known bug, without processes."""

import datetime
import threading
from dataclasses import replace

from lstm_conformance.checks import judge_level, observe
from lstm_conformance.deviations import CATALOGUE
from lstm_conformance.diagnosis import diagnose_passes
from lstm_forecasting.crosscheck import events as check_events
from lstm_forecasting.crosscheck.results import CrossCheckResult
from lstm_forecasting.crosscheck.shared_code import check_shared_code
from lstm_forecasting.processes.events import BackendAnswers
from lstm_plugins.reference import ReferenceForecaster


class RecordedCheck:
    """A cross-check without processes: every backend is the reference, one with its gates in another order.

    `pause` is how many levels are judged before it waits for its end.
    """

    def __init__(self, check, faulty, pause):
        self.check = check
        self.faulty = faulty
        self.pause = pause
        self.stopped = threading.Event()

    def stop(self):
        self.stopped.set()

    def __iter__(self):
        results, descriptions, diagnoses = [], {}, {}
        shared = check_shared_code()
        yield check_events.CrossCheckStarted(self.check, shared)
        for backend in self.check.backends:
            descriptions[backend] = BackendAnswers(backend, "0.1.0", f"{backend} 2.0", "cpu", 1)
            yield descriptions[backend]
            make = self._swapped if backend in self.faulty else self._plain
            for request in self.check.requests:
                for level, observation in observe(make, request.probe, request.levels):
                    if len(results) == self.pause:
                        self.stopped.wait()
                        return
                    judged = judge_level(request.probe, level, observation, earlier=results, backend=backend)
                    results.append(_the_same_everywhere(judged))
                    yield check_events.LevelJudged(results[-1])
            for precision, diagnosis in diagnose_passes(one for one in results if one.backend == backend):
                diagnoses[backend, precision] = diagnosis
                yield check_events.BackendDiagnosed(backend, precision, diagnosis)
        yield check_events.CrossCheckFinished(
            CrossCheckResult(
                check=self.check,
                level_results=tuple(results),
                shared=shared,
                descriptions=descriptions,
                diagnoses=diagnoses,
                failures={},
                versions={"lstm-tui": "0.1.0"},
                began=datetime.datetime(2026, 1, 2, 3, 4, tzinfo=datetime.UTC),
                seconds=12.3,
            )
        )

    def _plain(self, probe):
        return ReferenceForecaster(probe.config, probe.features, probe.series.targets, **probe.extra_columns)

    def _swapped(self, probe):
        (deviation,) = [one for one in CATALOGUE if one.name == "gate order i, o, f, C̃"]
        return deviation.plant(self._plain(probe))


def _the_same_everywhere(result):
    """The result with half an eps wherever it passed: rounding depends on the processor."""
    verdicts = tuple(
        replace(one, error=one.unit / 2, relative_error=0.0) if one.passed else one for one in result.verdicts
    )
    return replace(result, verdicts=verdicts)
