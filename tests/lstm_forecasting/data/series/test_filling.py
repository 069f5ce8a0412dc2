from pathlib import Path

import numpy as np
import pytest

from lstm_forecasting.data.options import Missing, ReadOptions
from lstm_forecasting.data.reading import read_table
from lstm_forecasting.data.series.filling import fill_for_model, fill_for_training
from lstm_forecasting.data.table import SeriesTable

ROWS = 70
WAVE = 10 + np.sin(np.arange(ROWS) * 2 * np.pi / 7)
GAP = slice(30, 33)


def table_of(folder: Path, missing: Missing = "carry", wind_from: int = 4) -> SeriesTable:
    """A daily series with a season of a week, a gap, and an input that begins later."""
    lines = ["day,load,wind"]
    for row in range(ROWS):
        day = np.datetime64("2021-01-01") + row
        load = "" if row in range(GAP.start, GAP.stop) else f"{WAVE[row]:.6f}"
        lines.append(f"{day},{load},{row if row >= wind_from else ''}")
    path = folder / "table.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_table(path, ["load"], ["wind"], ReadOptions(missing=missing))


def test_a_complete_table_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("x\n" + "\n".join(map(str, range(30))) + "\n", encoding="utf-8")
    table = read_table(path)
    assert fill_for_training(table, 20)[0] is table
    assert fill_for_model(table, 7, np.zeros(1)) is table


def test_the_season_is_found_and_repeated(tmp_path: Path) -> None:
    filled, season = fill_for_training(table_of(tmp_path, "season"), 50)
    assert season.length == 7
    np.testing.assert_allclose(filled.values[GAP, 0], WAVE[23:26], atol=1e-6)


@pytest.mark.parametrize(("rows", "line"), [(50, True), (33, False), (20, False)])
def test_interpolation_ends_with_the_training_rows(tmp_path: Path, rows: int, line: bool) -> None:
    filled, _ = fill_for_training(table_of(tmp_path, "interpolate"), rows)
    straight = np.interp(np.arange(30, 33), [29, 33], WAVE[[29, 33]])
    carried = np.full(3, WAVE[29])
    np.testing.assert_allclose(filled.values[GAP, 0], straight if line else carried, atol=1e-6)


def test_a_gap_at_the_start_gets_the_mean_of_the_training_rows_alone(tmp_path: Path) -> None:
    for rows in (10, 50):
        filled, _ = fill_for_training(table_of(tmp_path), rows)
        assert filled.values[:4, 1].tolist() == [np.mean(np.arange(4, rows))] * 4


def test_a_table_read_is_filled_for_the_default_split(tmp_path: Path) -> None:
    table = table_of(tmp_path)
    assert table.values[:4, 1].tolist() == [np.mean(np.arange(4, 49))] * 4
    np.testing.assert_array_equal(table.values, fill_for_training(table)[0].values)


@pytest.mark.parametrize("missing", ["carry", "season", "interpolate"])
def test_for_a_model_nothing_is_learnt_from_the_file(tmp_path: Path, missing: Missing) -> None:
    filled = fill_for_model(table_of(tmp_path, missing), 7, np.array([0.0, -1.0]))
    assert filled.values[:4, 1].tolist() == [-1.0] * 4
    expected = WAVE[23:26] if missing == "season" else np.full(3, WAVE[29])
    np.testing.assert_allclose(filled.values[GAP, 0], expected, atol=1e-6)


@pytest.mark.parametrize("missing", ["carry", "season", "interpolate"])
def test_a_gap_at_the_first_row_of_the_target_carries_the_value_before(
    tmp_path: Path, missing: Missing
) -> None:
    path = tmp_path / "table.csv"
    lines = ["load,wind", ",8", ",", *(f"{row}.5,{'' if row < 3 else row}" for row in range(40))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    table = read_table(path, ["load"], ["wind"], ReadOptions(missing=missing))
    for filled in (table, fill_for_training(table, 20)[0], fill_for_model(table, 1, np.array([0.0, -1.0]))):
        assert filled.values[:4, 1].tolist() == [8, 8, 8, 3]
    assert "3 missing values of wind (8 %) are" in " ".join(table.decisions)
