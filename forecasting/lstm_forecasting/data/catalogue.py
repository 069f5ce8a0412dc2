"""Opens data by name or by path: the bundled data sets, and files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lstm_forecasting.data.errors import ColumnError
from lstm_forecasting.data.formats.sources import STANDARD_INPUT, STANDARD_INPUT_SOURCE
from lstm_forecasting.data.options import DEFAULT_OPTIONS, ReadOptions
from lstm_plugins.errors import InputError
from lstm_plugins.suggesting import similar_names, suggestion

if TYPE_CHECKING:
    from lstm_forecasting.data.table import SeriesTable
    from lstm_forecasting.data.timed_rows import TimedRows

_FOLDER = Path(__file__).parent / "bundled"


@dataclass(frozen=True)
class DataSet:
    """A data set that comes with the program.

    Attributes:
        name: name for `open_data`.
        description: one line for lists.
        frequency: name of its frequency.
        rows: number of rows.
        columns: numeric columns.
        target: the default target.
        licence: terms of use.
        source: where it comes from.
    """

    name: str
    description: str
    frequency: str
    rows: int
    columns: tuple[str, ...]
    target: str
    licence: str
    source: str

    @property
    def path(self) -> Path:
        """The CSV file."""
        return _FOLDER / f"{self.name}.csv"


_MACRO_COLUMNS = "realgdp realcons realinv realgovt realdpi cpi m1 tbilrate unemp pop infl realint"
_SETS = (
    DataSet(
        name="co2",
        description="CO2 in the air at Mauna Loa in ppm; some weeks were never measured",
        frequency="weekly",
        rows=2284,
        columns=("co2",),
        target="co2",
        licence="public domain",
        source="Keeling and Whorf 2004, CDIAC, through statsmodels",
    ),
    DataSet(
        name="sunspots",
        description="mean sunspot number since 1700, a cycle of about 11 years",
        frequency="yearly",
        rows=309,
        columns=("sunspots",),
        target="sunspots",
        licence="public domain",
        source="NOAA National Geophysical Data Center, through statsmodels",
    ),
    DataSet(
        name="seattle-weather",
        description="weather of Seattle: precipitation in mm, temperatures in °C, wind in m/s",
        frequency="daily",
        rows=1461,
        columns=("precipitation", "temp_max", "temp_min", "wind"),
        target="temp_max",
        licence="public domain",
        source="NOAA, through vega_datasets",
    ),
    DataSet(
        name="macrodata",
        description="macroeconomic series of the United States, 1959 to 2009",
        frequency="quarterly",
        rows=203,
        columns=tuple(_MACRO_COLUMNS.split()),
        target="unemp",
        licence="public domain",
        source="FRED and Bureau of Labor Statistics, through statsmodels",
    ),
    DataSet(
        name="synthetic-stock",
        description="a synthetic random walk that looks like a closing price and cannot be predicted",
        frequency="business-daily",
        rows=1560,
        columns=("close",),
        target="close",
        licence="MIT",
        source="made by tools/make_bundled_data.py",
    ),
)


def data_sets() -> tuple[DataSet, ...]:
    """The bundled data sets."""
    return _SETS


def open_data(
    name_or_path: str | Path,
    targets: Sequence[str] = (),
    inputs: Sequence[str] = (),
    options: ReadOptions = DEFAULT_OPTIONS,
) -> SeriesTable:
    """Opens a bundled data set by its name, a file by its path, or standard input by `-`.

    Targets are by default those of the data set, or the column of a file that people usually forecast;
    `inputs` are further columns.

    Raises:
        InputError: there is nothing of that name, or it cannot be read.
    """
    # Imported here because polars takes a third of a second, and listing names must not wait for it.
    from lstm_forecasting.data.reading import choose_columns

    return choose_columns(open_rows(name_or_path, options), targets, inputs)


def open_rows(name_or_path: str | Path, options: ReadOptions = DEFAULT_OPTIONS) -> TimedRows:
    """Opens data as `open_data` does; columns are chosen from its rows with `reading.choose_columns`.

    A word without suffix and path separator opens the bundled data set of that name, if there is one, even if
    a file has the same name (`./co2` opens the file); the decisions then mention the file.

    Raises:
        InputError: there is nothing of that name, or it cannot be read.
    """
    if not str(name_or_path):
        raise InputError("The name of the data set or file is empty; give one.")
    from lstm_forecasting.data.timed_rows import read_rows

    named = name_or_path != STANDARD_INPUT and _is_plain_word(name_or_path)
    chosen = next((known for known in _SETS if named and known.name == name_or_path), None)
    if chosen is not None:
        decisions: tuple[str, ...] = ()
        if Path(chosen.name).is_file():
            decisions = (
                f"{chosen.name} is the bundled data set; use ./{chosen.name} to open the file of that name.",
            )
        return read_rows(
            chosen.path,
            options,
            name=chosen.name,
            source=_source(chosen),
            usual_target=chosen.target,
            decisions=decisions,
        )
    # Unlike Path.expanduser, this leaves the name of an unknown user unchanged.
    path = Path(os.path.expanduser(name_or_path))  # noqa: PTH111
    if named and not os.path.exists(path):  # noqa: PTH110
        names = [known.name for known in _SETS]
        close = [name for name in names if path.name.lower() in name]
        close = close or similar_names(path.name, names)
        hint = suggestion(close, f"the bundled ones are {', '.join(names)}.")
        raise InputError(f"There is no data set and no file called {str(name_or_path)!r}; {hint}")
    return read_rows(path, options)


def file_of(table: SeriesTable) -> Path | None:
    """Absolute path of the file that a table was read from; None for bundled data and standard input."""
    if _known_source(table) is not None or table.source == STANDARD_INPUT_SOURCE:
        return None
    return Path(os.path.abspath(table.source))  # noqa: PTH100 - links stay what the user calls them


def opened_by(table: SeriesTable) -> str:
    """The name or path by which `open_data` opens the same data again."""
    known = _known_source(table)
    if known is not None:
        return known.name
    if table.source == STANDARD_INPUT_SOURCE:
        return STANDARD_INPUT
    # A plain word would be the name of a bundled set.
    return table.source if os.sep in table.source else os.path.join(os.curdir, table.source)  # noqa: PTH118


def open_again(table: SeriesTable, options: ReadOptions) -> SeriesTable:
    """Reads the same data with other options, and the same columns if they still exist.

    Raises:
        InputError: the data cannot be read with these options.
    """
    inputs = table.columns[len(table.targets) :]
    try:
        return open_data(opened_by(table), table.targets, inputs, options)
    except ColumnError:
        return open_data(opened_by(table), options=options)


def _source(known: DataSet) -> str:
    return f"bundled data set {known.name}"


def _known_source(table: SeriesTable) -> DataSet | None:
    return next((known for known in _SETS if _source(known) == table.source), None)


def _is_plain_word(name_or_path: str | Path) -> bool:
    text = str(name_or_path)
    is_path = isinstance(name_or_path, Path)
    return not is_path and not Path(text).suffix and "/" not in text and text not in (".", "..", "~")
