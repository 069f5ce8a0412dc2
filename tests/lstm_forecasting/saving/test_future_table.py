"""The future as a table, in all formats."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import polars as pl

from lstm_forecasting.data.options import ReadOptions
from lstm_forecasting.data.reading import read_table
from lstm_forecasting.experiment.results import Offer
from lstm_forecasting.saving.future_table import Column, columns_of, write_columns
from lstm_plugins import ForecasterConfig


def future(tmp_path: Path, **options: str) -> dict[str, Column]:
    """Three forecasts after the last hours before Berlin's clocks skip one."""
    path = tmp_path / "x.csv"
    path.write_text("t,x\n" + "".join(f"2016-03-26 {hour:02}:00,{hour}\n" for hour in range(24)))
    table = read_table(path, options=ReadOptions(**options))  # type: ignore[arg-type]
    offer = Offer("ridge", "linear (ridge)", "", np.arange(4.0) + 0.5, "")
    return columns_of(table, [offer], {"numpy": np.arange(4.0).reshape(4, 1, 1)}, ForecasterConfig())


def test_times_on_the_clocks_of_a_zone_have_their_offsets_beside_them(tmp_path: Path) -> None:
    columns = future(tmp_path, time_zone="Europe/Berlin")
    assert list(columns) == ["time", "utc_offset", "target", "model", "forecast", "numpy"]
    assert columns["time"][2] == "2016-03-27T02:00:00"
    assert columns["utc_offset"] == ["+01:00", "+01:00", "", "+02:00"]
    rows = list(csv.DictReader(io.StringIO(write_columns(columns, ".csv").decode())))
    assert rows[3] == {
        "time": "2016-03-27T03:00:00",
        "utc_offset": "+02:00",
        "target": "x",
        "model": "ridge",
        "forecast": "3.5",
        "numpy": "3.0",
    }
    assert json.loads(write_columns(columns, ".json"))[1]["utc_offset"] == "+01:00"
    frame = pl.read_parquet(io.BytesIO(write_columns(columns, ".parquet")))
    assert frame["utc_offset"].to_list() == columns["utc_offset"]


def test_times_without_a_zone_have_no_offsets(tmp_path: Path) -> None:
    assert list(future(tmp_path)) == ["time", "target", "model", "forecast", "numpy"]
