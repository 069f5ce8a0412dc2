"""The trained network that a report is about, and where the report goes."""

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
    """A trained network, and the backend that computes with it.

    Attributes:
        subject: the network.
        backend: short name of the backend.
        threads: of the backend.
        processes: of the backends.
    """

    subject: Subject
    backend: str
    threads: int
    processes: BackendProcesses

    @property
    def how(self) -> dict[str, Any]:
        """The arguments that every request to a backend takes."""
        return {"threads": self.threads, "processes": self.processes}


@dataclass(frozen=True)
class Outcome:
    """Where a report goes.

    Attributes:
        rows: most rows of a heatmap as text.
        as_json: print JSON instead of text.
        npz: file for the arrays; None for none.
        output: file for a picture; None for none.
    """

    rows: int
    as_json: bool
    npz: Path | None
    output: Path | None

    def save(self, arrays: NamedValues, draw: Callable[[Format], bytes]) -> None:
        """Writes the arrays and the picture, each if a file was given for it."""
        if self.npz is not None:
            save_arrays(arrays, self.npz)
            console.notes().print(f"All arrays are in {self.npz}.")
        if self.output is not None:
            save_figure(self.output, draw)
            console.notes().print(f"The picture is in {self.output}.")


@lru_cache
def title_of(backend: str) -> str:
    """Returns a backend's name for people."""
    return known_titles({backend})[backend]


def in_words(subject: Subject, backend: str | None = None) -> str:
    """Returns a sentence about the run, whose weights are shown, and the backend that computes."""
    header = subject.model.header
    loss = "" if header.loss is None else f", validation loss {header.loss:.4g}"
    by = "" if backend is None else f"; {title_of(backend)} computes in {subject.config.precision}"
    whose = f"weights of {title_of(subject.trained_by)} after epoch {header.epoch}"
    return f"Run {subject.run.name}: {whose}{loss}{by}."
