"""The subject of a report, and its destination."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from lstm_forecasting.figures.drawing import Format, save_figure
from lstm_forecasting.inspect.results import NamedValues
from lstm_forecasting.inspect.saving import save_arrays
from lstm_forecasting.inspect.subject import Subject
from lstm_forecasting.processes.pool import BackendProcesses
from lstm_tui.cli import console
from lstm_tui.cli.choosing import known_titles


@dataclass(frozen=True, eq=False)
class Asking:
    """A trained network, and the backend (by short name) that computes with it."""

    subject: Subject
    backend: str
    threads: int
    processes: BackendProcesses

    @property
    def how(self) -> dict[str, Any]:
        """Keyword arguments for every request to a backend."""
        return {"threads": self.threads, "processes": self.processes}


@dataclass(frozen=True)
class Outcome:
    """The form of a report: text with at most so many rows of a heatmap, or JSON; files for the rest."""

    rows: int
    as_json: bool
    npz: Path | None
    output: Path | None

    def save(self, arrays: NamedValues, draw: Callable[[Format], bytes]) -> None:
        """Writes the arrays and the picture to the given files."""
        if self.npz is not None:
            save_arrays(arrays, self.npz)
            console.notes().print(f"All arrays are in {self.npz}.")
        if self.output is not None:
            save_figure(self.output, draw)
            console.notes().print(f"The picture is in {self.output}.")


@lru_cache
def title_of(backend: str) -> str:
    """Returns the title of a backend."""
    return known_titles({backend})[backend]


def in_words(subject: Subject, backend: str | None = None) -> str:
    """Returns a sentence about the run, the weights, and the backend that computes."""
    header = subject.model.header
    loss = "" if header.loss is None else f", validation loss {header.loss:.4g}"
    by = "" if backend is None else f"; computed by {title_of(backend)} in {subject.config.precision}"
    whose = f"weights of {title_of(subject.trained_by)} after epoch {header.epoch}"
    return f"Run {subject.run.name}: {whose}{loss}{by}."
