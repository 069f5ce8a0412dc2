"""The folder of a backtest: its definition, its rows, and a file for each finished fold."""

from __future__ import annotations

import importlib.metadata
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lstm_forecasting.backtest.folds import FoldForecasts, FoldModel
from lstm_forecasting.backtest.origins import Rolling
from lstm_forecasting.backtest.plan import Backtest, plan_backtest
from lstm_forecasting.checkpoints.tensor_file import Arrays, group_of, prefixed, read_tensors, write_tensors
from lstm_forecasting.presets.options import Preset
from lstm_forecasting.records import from_json, to_json
from lstm_forecasting.runs.folder import make_folder, remove_folder
from lstm_forecasting.runs.table_file import TableDescription, describe_table, read_table, write_rows
from lstm_plugins.errors import InputError
from lstm_plugins.files import replace_file

FORMAT = 1
"""Increased when a field changes."""
_DESCRIPTION = "backtest.json"


@dataclass(frozen=True)
class BacktestFolder:
    """The paths inside the folder of a backtest; this class reads nothing."""

    path: Path

    @property
    def name(self) -> str:
        """The name of the backtest."""
        return self.path.name

    @property
    def description(self) -> Path:
        """Its definition, which makes the folder a backtest."""
        return self.path / _DESCRIPTION

    @property
    def series(self) -> Path:
        """The rows."""
        return self.path / "series.safetensors"

    @property
    def lock(self) -> Path:
        """Locked by the program that computes it."""
        return self.path / "lock"

    @property
    def log(self) -> Path:
        """What its workers print."""
        return self.path / "workers.log"

    @property
    def folds(self) -> Path:
        """The folder of the finished folds."""
        return self.path / "folds"

    def fold(self, number: int) -> Path:
        """The forecasts of a fold, counted from 0."""
        return self.folds / f"{number:05}.safetensors"


@dataclass(frozen=True)
class BacktestDescription:
    """A `Backtest` without the rows of its table; origins and folds follow from the rest.

    Attributes:
        format: of this file.
        program: version of lstm-tui that wrote it.
        table: all of the table but its rows.
        fingerprint: of the rows; see `SeriesTable.fingerprint`.
        rolling: which origins, and what models are fitted to.
        models: as the command names them.
    """

    format: int
    program: str
    table: TableDescription
    fingerprint: str
    rolling: Rolling
    models: tuple[str, ...]
    backends: tuple[str, ...]
    settings: dict[str, Any]
    fractions: tuple[float, float, float]
    preset: Preset
    budget: float | None
    threads: int
    additions: tuple[str, ...]
    levels: tuple[float, ...] = ()


@dataclass(frozen=True)
class FoldFile:
    """Header of a fold's file.

    The arrays of model 0 are `0/forecasts` and, in the first fold, `0/validation`; those of the fold are
    `origins` and `validation_origins`.
    """

    number: int
    keys: tuple[str, ...]
    names: tuple[str, ...]
    model_seconds: tuple[float, ...]
    notes: tuple[str, ...]
    seconds: float


def create_backtest(backtest: Backtest, parent: Path) -> BacktestFolder:
    """Creates the folder of a new backtest, and `parent` if it does not exist.

    It is named after the series and the time.

    Raises:
        InputError: the folder cannot be written to.
    """
    made = make_folder(parent, None, f"{backtest.table.name}-backtest")
    folder = BacktestFolder(made.path)
    try:
        folder.folds.mkdir()
        write_rows(folder.series, backtest.table)
        text = json.dumps(to_json(_described(backtest)), indent=1, ensure_ascii=False, allow_nan=False)
        # Written last, since this file makes the folder a backtest.
        replace_file(folder.description, text.encode() + b"\n")
    except OSError as error:
        remove_folder(made)
        raise InputError(
            f"A backtest cannot be saved in {parent} ({error.strerror or error}); name another folder for "
            "runs."
        ) from None
    return folder


def _described(backtest: Backtest) -> BacktestDescription:
    recipe = backtest.recipe
    return BacktestDescription(
        format=FORMAT,
        program=importlib.metadata.version("lstm-tui"),
        table=describe_table(backtest.table),
        fingerprint=backtest.table.fingerprint(),
        rolling=backtest.rolling,
        models=recipe.models,
        backends=recipe.backends,
        settings=dict(recipe.settings),
        fractions=recipe.fractions,
        preset=recipe.preset,
        budget=recipe.budget,
        threads=recipe.threads,
        additions=recipe.additions,
        levels=recipe.levels,
    )


def read_backtest(folder: BacktestFolder) -> Backtest:
    """Plans the backtest of a folder as it was planned when the folder was created.

    Raises:
        InputError: one of its files is missing or damaged, or has another format.
    """
    try:
        fields = json.loads(folder.description.read_bytes())
        if isinstance(fields, dict) and fields.get("format") != FORMAT:
            raise InputError(
                f"Backtest {folder.name} has format {fields.get('format')}, but this version of lstm-tui "
                f"reads format {FORMAT}; use the version that wrote it."
            )
        description: BacktestDescription = from_json(BacktestDescription, fields)
        table = read_table(folder.series, description.table)
    except OSError as error:
        raise InputError(f"{folder.description} cannot be read: {error.strerror or error}.") from None
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise InputError(
            f"{folder.description} is damaged ({type(error).__name__}: {error}); restore it, or start the "
            "backtest again."
        ) from None
    if table.fingerprint() != description.fingerprint:
        raise InputError(
            f"{folder.series} has other rows than backtest {folder.name} was started with; restore the file."
        )
    return plan_backtest(
        table,
        description.backends,
        description.settings,
        models=description.models,  # type: ignore[arg-type]
        rolling=description.rolling,
        fractions=description.fractions,
        threads=description.threads,
        preset=description.preset,
        budget=description.budget,
        additions=description.additions,
        levels=description.levels,
    )


def find_backtest(name: str | Path, parent: Path) -> BacktestFolder:
    """Finds a backtest by its name in `parent` or by the path of its folder; "last" is the latest one.

    Raises:
        InputError: there is none.
    """
    text = str(name)
    every = list_backtests(parent)
    if text == "last" and every:
        return every[0]
    for path in (parent / text, Path(text).expanduser()):
        if text and BacktestFolder(path).description.is_file():
            return BacktestFolder(path.resolve())
    have = f"there are {', '.join(one.name for one in every[:3])}" if every else "there are none yet"
    raise InputError(f"There is no backtest {text!r} in {parent}; {have}.")


def list_backtests(parent: Path) -> list[BacktestFolder]:
    """All backtests of a folder, the latest first."""
    found = [BacktestFolder(path.parent) for path in parent.absolute().glob(f"*/{_DESCRIPTION}")]
    return sorted(found, key=lambda one: (-one.description.stat().st_mtime_ns, one.name))


def write_fold(folder: BacktestFolder, fold: FoldForecasts) -> None:
    """Writes a finished fold, completely or not at all.

    Raises:
        OSError: it cannot be written.
    """
    arrays: Arrays = {"origins": fold.origins, "validation_origins": fold.validation_origins}
    for number, model in enumerate(fold.models):
        own = {"forecasts": model.forecasts}
        # Residuals before the first origin calibrate the first intervals; later folds have earlier origins.
        if fold.number == 0 and model.validation is not None:
            own["validation"] = model.validation
        arrays |= prefixed(str(number), own)
    header = FoldFile(
        number=fold.number,
        keys=tuple(one.key for one in fold.models),
        names=tuple(one.name for one in fold.models),
        model_seconds=tuple(one.seconds for one in fold.models),
        notes=fold.notes,
        seconds=fold.seconds,
    )
    write_tensors(folder.fold(fold.number), header, arrays)


def read_folds(folder: BacktestFolder, backtest: Backtest) -> Mapping[int, FoldForecasts]:
    """The finished folds of a backtest, by number.

    Raises:
        InputError: a file is damaged, or belongs to another backtest.
    """
    numbers = (fold.number for fold in backtest.folds)
    return {number: _read_fold(folder, number) for number in numbers if folder.fold(number).exists()}


def _read_fold(folder: BacktestFolder, number: int) -> FoldForecasts:
    path = folder.fold(number)
    header, arrays = read_tensors(path, FoldFile)
    try:
        if header.number != number:
            raise KeyError(f"it is fold {header.number}")
        return FoldForecasts(
            number=number,
            origins=arrays["origins"],
            validation_origins=arrays["validation_origins"],
            models=tuple(_models(header, arrays)),
            notes=header.notes,
            seconds=header.seconds,
        )
    except (KeyError, ValueError) as error:
        raise InputError(f"{path} is damaged ({error}); delete it, and resume the backtest.") from None


def _models(header: FoldFile, arrays: Arrays) -> Iterator[FoldModel]:
    described = zip(header.keys, header.names, header.model_seconds, strict=True)
    for number, (key, name, seconds) in enumerate(described):
        own = group_of(arrays, str(number))
        yield FoldModel(key, name, np.asarray(own["forecasts"]), own.get("validation"), seconds)
