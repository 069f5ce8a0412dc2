"""From what backends answered to verdicts and a diagnosis: all in the host, with NumPy alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lstm_conformance.checks import CheckResult, Observation, following, judge_level
from lstm_conformance.diagnosis import Ask, Diagnosis, diagnose
from lstm_conformance.levels import Level
from lstm_conformance.planting import Answers
from lstm_conformance.probes import full_probes
from lstm_forecasting.crosscheck.plan import CrossCheck
from lstm_forecasting.crosscheck.results import Cell
from lstm_forecasting.crosscheck.schedule import Question
from lstm_plugins.config import Precision


class Judge:
    """Holds answers against the reference, and remembers them for the diagnosis.

    Attributes:
        cells: in the order in which they were judged.
    """

    def __init__(self, check: CrossCheck) -> None:
        self.cells: list[Cell] = []
        self._check = check
        self._observations: dict[tuple[str, Question], dict[str, Observation]] = {}
        self._results: dict[tuple[str, Question], dict[str, CheckResult]] = {}

    def judge(self, backend: str, question: Question, level: Level, observation: Observation) -> Cell:
        """The verdict on one level; levels of a question come in their order."""
        results = self._results.setdefault((backend, question), {})
        failed = any(result.state == "failed" for result in results.values())
        result = judge_level(question.probe, level, observation)
        results[level.name] = result
        self._observations.setdefault((backend, question), {})[level.name] = observation
        told = following(result) if failed else result
        return self._add(
            Cell(
                backend,
                question,
                level,
                told.state,
                told.verdicts,
                told.problem,
                observation.tensors,
            )
        )

    def leave_unasked(self, backend: str, question: Question, level: Level, reason: str) -> Cell:
        """The cell of a level that could not be asked any more."""
        return self._add(Cell(backend, question, level, "unasked", (), f"not asked, since {reason}", {}))

    def diagnoses(self, backend: str, ask: Ask | None) -> Iterator[tuple[Precision, Diagnosis]]:
        """What is wrong with a backend, once all its answers are judged.

        What float64 shows is not looked for in float32 again, where it would be harder to tell.

        Args:
            backend: short name.
            ask: puts a further probe to it; None where it can no longer be asked.
        """
        found: Mapping[Precision, Diagnosis] = {}
        for precision in self._check.precisions:
            if found and any(diagnosis.findings for diagnosis in found.values()):
                break
            answers = [
                Answers(question.probe, self._observations[backend, question], results)
                for (one, question), results in self._results.items()
                if one == backend and question.precision == precision
            ]
            diagnosis = diagnose(answers, further=full_probes(precision), ask=ask)
            found = {**found, precision: diagnosis}
            yield precision, diagnosis

    def _add(self, cell: Cell) -> Cell:
        self.cells.append(cell)
        return cell
