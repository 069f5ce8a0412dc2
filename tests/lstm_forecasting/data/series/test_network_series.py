from pathlib import Path

import numpy as np
import pytest

from lstm_forecasting.data.options import Indicator, ReadOptions
from lstm_forecasting.data.reading import read_table
from lstm_forecasting.data.series.network_series import choose_indicators, indicator_names, network_series
from lstm_forecasting.data.series.scaling import fit_scaler
from lstm_forecasting.data.series.splits import RowRange
from lstm_forecasting.data.table import SeriesTable


def table_of(folder: Path, indicator: Indicator = "auto") -> SeriesTable:
    """100 rows: `a` lacks 6 of the first 70, `b` lacks 3 of them, `c` lacks only later ones."""
    lines, gaps = ["a,b,c"], (range(9, 15), range(20, 23), range(80, 82))
    lines += [",".join("" if row in gap else f"{row}.5" for gap in gaps) for row in range(100)]
    path = folder / "table.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_table(path, ["a", "b"], ["c"], ReadOptions(missing_indicator=indicator))


@pytest.mark.parametrize(("indicator", "chosen"), [("auto", ("a",)), ("always", ("a", "b")), ("never", ())])
def test_columns_that_miss_much_while_the_network_learns_have_an_indicator(
    tmp_path: Path, indicator: Indicator, chosen: tuple[str, ...]
) -> None:
    assert choose_indicators(table_of(tmp_path, indicator), 70) == chosen


def test_an_indicator_is_1_where_its_column_was_observed_and_is_not_scaled(tmp_path: Path) -> None:
    table = table_of(tmp_path)
    scaler = fit_scaler(table.values, table.columns, RowRange(0, 70), observed=~table.filled)
    observed = ~table.filled[:, :2]
    series = network_series(table, scaler, ("c", "a"), observed)
    np.testing.assert_array_equal(series.values[:, :3], scaler.transform(table.values))
    np.testing.assert_array_equal(series.values[:, 3], ~table.filled[:, 2])
    np.testing.assert_array_equal(series.values[:, 4], ~table.filled[:, 0])
    assert (series.targets, series.lengths) == ((0, 1), (100,))
    np.testing.assert_array_equal(series.observed, observed)
    assert indicator_names(("c", "a")) == ("c observed", "a observed")


def test_without_indicators_there_are_the_columns_alone(tmp_path: Path) -> None:
    table = table_of(tmp_path)
    scaler = fit_scaler(table.values, table.columns, RowRange(0, 70))
    series = network_series(table, scaler, (), None)
    np.testing.assert_array_equal(series.values, scaler.transform(table.values))
    assert series.observed is None
