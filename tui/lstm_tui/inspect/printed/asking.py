"""Whom the command asks, and what becomes of the answer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from lstm_forecasting.inspect.results import NamedValues
from lstm_forecasting.inspect.saving import save_arrays
from lstm_forecasting.inspect.subject import Subject
from lstm_forecasting.processes.pool import BackendProcesses
from lstm_tui.cli import console
from lstm_tui.cli.choosing import known_titles


@dataclass(frozen=True, eq=False)
class Asking:
    """Whom to ask.

    Attributes:
        subject: whose weights.
        backend: short name of what computes.
        threads: of the arithmetic.
        processes: of the backends.
    """

    subject: Subject
    backend: str
    threads: int
    processes: BackendProcesses

    @property
    def how(self) -> dict[str, Any]:
        """What every question to a backend takes."""
        return {"threads": self.threads, "processes": self.processes}


@dataclass(frozen=True)
class Outcome:
    """What becomes of an answer.

    Attributes:
        rows: most rows of a heatmap as text.
        as_json: whether one JSON object is printed instead of text.
        npz: where the arrays go; None for nowhere.
        output: where a picture goes; None for nowhere.
    """

    rows: int
    as_json: bool
    npz: Path | None
    output: Path | None

    def tell(self, fields: dict[str, Any]) -> None:
        """Prints one JSON object."""
        console.print_json(fields)

    def save(self, arrays: NamedValues) -> None:
        """Writes the arrays, if they were asked for."""
        if self.npz is not None:
            save_arrays(arrays, self.npz)
            console.notes().print(f"All arrays are in {self.npz}.")


@lru_cache
def title_of(backend: str) -> str:
    """A backend's name for people."""
    return known_titles({backend})[backend]


def in_words(subject: Subject, backend: str | None = None) -> str:
    """Whose weights they are, and what computes, in a sentence."""
    header = subject.model.header
    loss = "" if header.loss is None else f", validation loss {header.loss:.4g}"
    by = "" if backend is None else f"; {title_of(backend)} computes in {subject.config.precision}"
    whose = f"weights of {title_of(subject.trained_by)} after epoch {header.epoch}"
    return f"Run {subject.run.name}: {whose}{loss}{by}."
