"""The cross-check as tests of one's own backend, in three lines.

    class TestMyBackend(ConformanceTests):
        def make_forecaster(self, config, features, targets):
            return MyForecaster(config, features, targets)

pytest then runs every level of every probe as a separate test, in float64 and in float32. List known failures
in `expected_failures`, by "level" or "probe: level", each with a reason; such a test fails if it passes. A
level that the backend does not support is skipped, with the backend's own words.

Probes that need an addition of the specification are left out unless `additions` names it, as the backend's
description does. Where a probe has such columns, `make_forecaster` also gets `indicators` with "masks", and
`known` and `own_known` with "known columns":

    class TestMyBackend(ConformanceTests):
        additions = ("masks", "known columns")

        def make_forecaster(self, config, features, targets, **extra_columns):
            return MyForecaster(config, features, targets, **extra_columns)

Only this module needs pytest; it is imported when tests are collected.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from lstm_conformance.diagnosis import diagnose
from lstm_conformance.levels import LEVELS, Level
from lstm_conformance.planting import Answers, collect_answers
from lstm_conformance.probe import Probe
from lstm_conformance.probes import full_probes
from lstm_plugins.config import ForecasterConfig, Precision
from lstm_plugins.forecaster import Forecaster


class ConformanceTests(ABC):
    """Subclass this in a test module; see the module for how.

    Attributes:
        precisions: "float64" checks the mathematics, "float32" the path that training uses.
        additions: those of `lstm_plugins.ADDITIONS` that the backend implements.
        expected_failures: reasons by "level" or "probe: level".
    """

    precisions: ClassVar[tuple[Precision, ...]] = ("float64", "float32")
    additions: ClassVar[tuple[str, ...]] = ()
    expected_failures: ClassVar[Mapping[str, str]] = {}

    _last: ClassVar[tuple[type, Answers] | None] = None

    @abstractmethod
    def make_forecaster(
        self, config: ForecasterConfig, features: int, targets: tuple[int, ...], **extra_columns: int
    ) -> Forecaster:
        """A fresh forecaster of the backend under test; without additions there are no extra columns."""

    def probes(self, precision: Precision) -> Iterable[Probe]:
        """The probes; unless overridden, all that need no other additions than the backend's."""
        return (probe for probe in full_probes(precision) if set(probe.additions) <= set(self.additions))

    def pytest_generate_tests(self, metafunc: Any) -> None:
        """Makes a test for every level of every probe."""
        import pytest

        if "conformance_probe" not in metafunc.fixturenames:
            return
        cases = []
        for precision in self.precisions:
            for probe in self.probes(precision):
                for level in LEVELS:
                    names = (f"{probe.name}: {level.name}", level.name)
                    reason = next(
                        (self.expected_failures[n] for n in names if n in self.expected_failures), ""
                    )
                    marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
                    case = f"{precision}: {probe.name}: {level.name}"
                    cases.append(pytest.param(probe, level, id=case, marks=marks))
        metafunc.parametrize(("conformance_probe", "conformance_level"), cases)

    def test_conformance(self, conformance_probe: Probe, conformance_level: Level) -> None:
        """One level of one probe."""
        import pytest

        probe, level = conformance_probe, conformance_level
        answers = self._answers(probe)
        result = answers.results[level.name]
        if result.state == "unsupported":
            pytest.skip(result.problem)
        if not answers.failed(conformance_level):
            return
        first = next(one for one in LEVELS if answers.failed(one))
        if level is not first:
            pytest.fail(f"follows from the failure at level {first.name}", pytrace=False)
        pytest.fail(f"the backend {diagnose([answers]).sentence}", pytrace=False)

    def _answers(self, probe: Probe) -> Answers:
        """All answers to a probe, kept while its levels are tested one after the other."""
        last = ConformanceTests._last
        if last is not None and last[0] is type(self) and last[1].probe is probe:
            return last[1]
        answers = collect_answers(self._make, probe)
        ConformanceTests._last = (type(self), answers)
        return answers

    def _make(self, probe: Probe) -> Forecaster:
        columns = (probe.features, probe.series.targets)
        return self.make_forecaster(probe.config, *columns, **probe.extra_columns)
