"""Questions and answers as files: what host and child hand each other."""

from __future__ import annotations

import tempfile
from pathlib import Path

from lstm_conformance.checks import Observation
from lstm_forecasting.crosscheck.schedule import Question
from lstm_forecasting.processes.arrays import read_arrays, write_array, write_arrays
from lstm_forecasting.processes.messages import Observe, Observed


class QuestionFiles:
    """The arrays of questions, each written once, whoever is asked."""

    def __init__(self, folder: Path) -> None:
        """`folder` is private to one cross-check."""
        self._folder = folder
        self._written: dict[Question, Path] = {}

    def request(self, question: Question) -> Observe:
        """The request that puts a question, with a folder of its own for the answers."""
        if question not in self._written:
            self._written[question] = self._write(question)
        probe, folder = question.probe, self._written[question]
        return Observe(
            probe=probe.name,
            config=probe.config.to_dict(),
            series=str(folder / "series.npy"),
            targets=probe.series.targets,
            lengths=probe.series.lengths,
            training=probe.training,
            validation=probe.validation,
            weights=str(folder / "weights.npz"),
            starts=str(folder / "starts.npy"),
            levels=tuple(level.name for level in question.levels),
            device="cpu",
            results=tempfile.mkdtemp(prefix="answers-", dir=folder),
        )

    def _write(self, question: Question) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="question-", dir=self._folder))
        write_array(folder / "series.npy", question.probe.series.values)
        write_arrays(folder / "weights.npz", question.probe.weights)
        write_array(folder / "starts.npy", question.probe.starts)
        return folder


def read_observation(observed: Observed) -> Observation:
    """What a backend answered; its file is no longer needed afterwards."""
    if not observed.arrays:
        return Observation(unsupported=observed.unsupported, error=observed.error)
    path = Path(observed.arrays)
    try:
        tensors = read_arrays(path)
    except (OSError, ValueError) as error:
        return Observation(error=f"its answer cannot be read: {error}")
    path.unlink(missing_ok=True)
    return Observation(tensors)
