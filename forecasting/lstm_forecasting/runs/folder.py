"""The folder of the runs, and the paths inside a run."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import platformdirs

from lstm_forecasting.checkpoints.recorder import BEST, TRAINING, member_folder
from lstm_plugins.errors import InputError
from lstm_plugins.suggesting import similar_names, suggestion

VARIABLE = "LSTM_TUI_RUNS"
"""Environment variable with the folder of the runs; it is read here and never set."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class _File:
    """The path of a file inside a run."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, run: RunFolder, _kind: type[RunFolder]) -> Path:
        return run.path / self._name


@dataclass(frozen=True)
class RunFolder:
    """The paths inside a run; this class reads nothing."""

    path: Path

    description = _File("run.json")
    """The definition of the run; it makes the folder a run."""
    series = _File("series.safetensors")
    """The rows."""
    events = _File("events.jsonl")
    """The events, as lines of JSON."""
    progress = _File("progress.json")
    """The progress inside the current epoch, by backend."""
    lock = _File("lock")
    """Locked by the program that trains the run."""
    stop = _File("stop")
    """Its existence asks the program that trains the run to stop."""
    baselines = _File("baselines.safetensors")
    """The forecasts of the baselines."""
    output = _File("output.log")
    """The output of a background program."""

    @property
    def name(self) -> str:
        """The name of the run."""
        return self.path.name

    def backend(self, name: str) -> Path:
        """The folder of a backend."""
        return self.path / name

    def network(self, backend: str, member: int = 0) -> Path:
        """The folder of a backend's network; `member` counts those of an ensemble, from 0."""
        return member_folder(self.backend(backend), member)

    def training(self, backend: str, member: int = 0) -> Path:
        """The checkpoint from which the training of a backend's network resumes."""
        return self.network(backend, member) / TRAINING

    def best(self, backend: str, member: int = 0) -> Path:
        """The best weights of a backend's network."""
        return self.network(backend, member) / BEST

    def forecasts(self, backend: str) -> Path:
        """A backend's result."""
        return self.backend(backend) / "forecasts.safetensors"


def runs_folder() -> Path:
    """The folder of the runs: `LSTM_TUI_RUNS`, or a default in the user's data folder."""
    chosen = os.environ.get(VARIABLE)
    return Path(chosen) if chosen else platformdirs.user_data_path("lstm-tui", appauthor=False) / "runs"


def make_folder(parent: Path, name: str | None, series: str) -> RunFolder:
    """Creates the folder of a new run, and `parent` if it does not exist.

    Without a name, the run is named after the series and the time.

    Raises:
        InputError: the name is not allowed or taken, or the folder cannot be created.
    """
    if name is not None and not _NAME.fullmatch(name):
        raise InputError(
            f"A run cannot be called {name!r}; use letters, digits, dots, dashes and underscores, starting "
            "with a letter or digit."
        )
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", series).strip("-._") or "series"
    wanted = name or f"{plain[:40]}-{datetime.now():%Y%m%d-%H%M%S}"
    try:
        parent.mkdir(parents=True, exist_ok=True)
        for count in range(1, 1000):
            path = parent.absolute() / (wanted if count == 1 else f"{wanted}-{count}")
            try:
                path.mkdir()
            except FileExistsError:
                if name is not None:
                    raise InputError(
                        f"There is already a run called {name} in {parent}; choose another name or delete it."
                    ) from None
            else:
                return RunFolder(path)
    except OSError as error:
        raise InputError(
            f"A run cannot be saved in {parent} ({error.strerror or error}); name another folder for runs."
        ) from None
    raise InputError(f"There are a thousand runs called {wanted} in {parent}; choose another name.")


def find_run(name: str | Path, parent: Path) -> RunFolder:
    """Finds a run by its name in `parent` or by the path of its folder; "last" is the latest run.

    Raises:
        InputError: there is none.
    """
    text = str(name)
    if text == "last" and not (parent / text).is_dir():
        runs = list_folders(parent)
        if not runs:
            raise InputError(f"There are no runs in {parent} yet; lstm-tui train creates one.")
        return runs[0]
    for path in (parent / text, Path(text).expanduser()):
        if text and RunFolder(path).description.is_file():
            return RunFolder(path.resolve())
    names = [run.name for run in list_folders(parent)]
    close = similar_names(text, names) or [one for one in names if text and text in one][:2]
    hint = suggestion(close, "lstm-tui runs lists the runs.")
    raise InputError(f"There is no run {text!r} in {parent}; {hint}")


def list_folders(parent: Path) -> list[RunFolder]:
    """All runs of a folder, the latest first.

    Raises:
        InputError: the folder cannot be read.
    """
    made: dict[Path, int] = {}
    try:
        for path in parent.absolute().iterdir():
            # Skips files that are not runs, and runs that were just deleted.
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                made[path] = RunFolder(path).description.stat().st_mtime_ns
    except FileNotFoundError:
        return []
    except OSError as error:
        raise InputError(f"The runs in {parent} cannot be read: {error.strerror or error}.") from None
    return [RunFolder(path) for path in sorted(made, key=lambda path: (-made[path], path.name))]


def remove_folder(run: RunFolder) -> None:
    """Deletes a run; the caller holds its lock.

    Raises:
        InputError: a file cannot be deleted.
    """
    try:
        # First the file that makes it a run, so that no program uses a half-deleted run.
        run.description.unlink(missing_ok=True)
        shutil.rmtree(run.path)
    except OSError as error:
        raise InputError(f"{run.path} cannot be deleted: {error.strerror or error}.") from None
