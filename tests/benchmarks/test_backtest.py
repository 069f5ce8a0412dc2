import pytest
from benchmarks.backtest.__main__ import Measured, made_series, measure, report

from lstm_forecasting.data.catalogue import open_data


@pytest.mark.exhaustive
def test_origins_are_timed_beside_a_prediction_of_the_same_windows(tmp_path):
    table = open_data(made_series(tmp_path, rows=1_200))
    found = measure(table, "numpy", 50, 1, tmp_path)
    assert found.predict > 0
    assert min(found.one_origin, found.all_origins) > 0
    assert report([found]).splitlines()[1].split()[:2] == ["numpy", "50"]


def test_the_cost_of_origins_is_what_they_add():
    assert Measured("numpy", 1000, predict=0.1, one_origin=0.5, all_origins=0.7).ratio == pytest.approx(2)
