from dataclasses import replace

import numpy as np
import pytest

from lstm_forecasting.crosscheck import shared_code
from lstm_forecasting.crosscheck.shared_code import check_shared_code
from lstm_forecasting.data.series.scaling import fit_scaler
from lstm_forecasting.data.series.splits import split_by_fraction
from lstm_forecasting.data.series.transforms import Transform, fit_asinh
from lstm_forecasting.data.series.windows import window_starts
from lstm_plugins import recursion
from lstm_plugins.linear import fit_linear


def unweighted(given):
    return replace(given, config=replace(given.config, loss_scale="window"))


class Zeroing:
    """A NumPy in which rows to be fed back begin as zeros, so that indicators in them are 0."""

    def __getattr__(self, name):
        return getattr(np, "zeros" if name == "ones" else name)


def test_an_indicator_that_is_0_in_rows_that_are_fed_back_shows(monkeypatch):
    monkeypatch.setattr(recursion, "np", Zeroing())
    failed = [check.name for check in check_shared_code() if not check.passed]
    assert failed == ["window of the second horizon", "window of the third horizon"]


def test_splits_and_scaler_give_what_was_worked_out_by_hand():
    assert [check.name for check in check_shared_code() if not check.passed] == []


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("fit_scaler", lambda values, columns, rows: fit_scaler(values, columns, type(rows)(0, len(values)))),
        ("split_by_fraction", lambda rows, *parts: split_by_fraction(rows - 1, *parts)),
        ("window_starts", lambda part, back, ahead, stride: window_starts(part, back, ahead - 1, stride)),
        ("fit_asinh", lambda values: replace(fit_asinh(values), scale=1.0)),
        ("fit_logarithm", lambda values: Transform("log1p", least=0.0)),
        # Windows without their weights, and the penalty without the validation windows.
        ("fit_linear", lambda given, *windows: fit_linear(unweighted(given), *windows)),
        ("fit_linear", lambda given, training, validation: fit_linear(given, training, validation[:0])),
    ],
)
def test_a_change_in_them_shows(monkeypatch, name, wrong):
    monkeypatch.setattr(shared_code, name, wrong)
    assert not all(check.passed for check in check_shared_code())
