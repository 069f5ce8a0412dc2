import concurrent.futures
import contextlib

import numpy as np
import pytest

from lstm_forecasting.backtest.folder import create_backtest
from lstm_forecasting.backtest.origins import Rolling
from lstm_forecasting.backtest.plan import plan_backtest
from lstm_forecasting.backtest.running import RunningBacktest
from lstm_forecasting.data.catalogue import open_data

SMALL = {"look_back": 7, "horizon": 3, "hidden_units": 2, "epochs": 1, "batch_size": 64}
SIMPLE = ("seasonal-naive", "ridge", "last-value")


@pytest.fixture
def series(tmp_path):
    """Writes a daily series with a weekly season as a file; `change` may alter its values `[rows]`."""

    def make(rows=120, change=None, holes=()):
        noise = np.random.default_rng(5).normal(0, 1, rows)
        values = 50 + 8 * np.sin(np.arange(rows) * 2 * np.pi / 7) + noise
        if change is not None:
            values = change(values)
        texts = ["" if row in holes else f"{value:.6f}" for row, value in enumerate(values)]
        days = np.datetime64("2021-01-01") + np.arange(rows)
        path = tmp_path / "shop.csv"
        lines = [f"{day},{text}" for day, text in zip(days, texts, strict=True)]
        path.write_text("\n".join(["day,sales", *lines]) + "\n", encoding="utf-8")
        return open_data(path, ["sales"])

    return make


@pytest.fixture
def plan():
    """Plans a backtest of a table with a small network and some baselines."""

    def make(table, models=SIMPLE, backends=("numpy",), **rolling):
        return plan_backtest(table, backends, SMALL, models=models, rolling=Rolling(**rolling))

    return make


@contextlib.contextmanager
def in_threads(count, _log):
    """Workers that need no processes of their own."""
    with concurrent.futures.ThreadPoolExecutor(count) as executor:
        yield executor


@pytest.fixture
def finish():
    """Computes what a folder lacks, and returns the events."""

    def run(folder, **more):
        with RunningBacktest(folder, **{"start": in_threads, "workers": 2, **more}) as running:
            return list(running)

    return run


@pytest.fixture
def result_of(tmp_path, finish):
    """Runs a backtest in a new folder, and returns its result."""
    return lambda backtest: finish(create_backtest(backtest, tmp_path / "runs"))[-1].result
