import concurrent.futures
import contextlib
import os
import signal
import subprocess
import sys

import numpy as np
import pytest
import safetensors.numpy

from lstm_forecasting.backtest.events import BacktestFinished, BacktestOpened, FoldFailed, FoldFinished
from lstm_forecasting.backtest.folder import create_backtest, find_backtest
from lstm_forecasting.backtest.folds import compute_fold
from lstm_forecasting.backtest.running import RunningBacktest
from lstm_plugins.errors import InputError

HOST = """
import sys
from pathlib import Path
from lstm_forecasting.backtest.folder import BacktestFolder
from lstm_forecasting.backtest.running import RunningBacktest

if __name__ == "__main__":
    with RunningBacktest(BacktestFolder(Path(sys.argv[1])), workers=2) as running:
        for event in running:
            print(type(event).__name__, flush=True)
"""


class _Never(concurrent.futures.Executor):
    def submit(self, *_):
        return concurrent.futures.Future()


def never(_count, _log):
    """An executor that never begins."""
    return contextlib.nullcontext(_Never())


def bits(folder):
    """All numbers of a backtest's folds, by file and name."""
    return {
        f"{path.name}:{name}": (array.shape, array.tobytes())
        for path in sorted(folder.folds.glob("*.safetensors"))
        for name, array in safetensors.numpy.load_file(path).items()
    }


def test_a_backtest_is_saved_and_resumed_to_the_same_bits(series, plan, finish, tmp_path):
    folder = create_backtest(plan(series(), origins=12, refit=3, window="sliding"), tmp_path)
    first = finish(folder)
    assert isinstance(first[0], BacktestOpened)
    assert (first[0].folds, first[0].finished) == (4, 0)
    assert sorted(event.number for event in first[1:-1]) == [0, 1, 2, 3]
    whole = bits(folder)
    for number in (1, 3):
        folder.fold(number).unlink()
    again = finish(find_backtest("last", tmp_path))
    assert again[0].finished == 2
    assert sorted(event.number for event in again if isinstance(event, FoldFinished)) == [1, 3]
    assert bits(folder) == whole
    for one, other in zip(first[-1].result.models, again[-1].result.models, strict=True):
        np.testing.assert_array_equal(one.forecasts, other.forecasts)
        assert one.scores == other.scores


def test_forecasts_are_in_the_order_of_their_origins(series, plan, result_of):
    table = series()
    result = result_of(plan(table, ("last-value",), origins=10, refit=3))
    (model,) = result.models
    expected = table.values[result.backtest.origins - 1]
    np.testing.assert_array_equal(model.forecasts, np.repeat(expected[:, np.newaxis], 3, axis=1))


def test_failed_folds_are_reported_and_the_others_scored(series, plan, finish, tmp_path, monkeypatch):
    folder = create_backtest(plan(series(), origins=6, refit=2), tmp_path)
    compute = "lstm_forecasting.backtest.workers.compute_fold"

    def sometimes(task, _processes):
        if task.number == 1:
            raise InputError("There is no such day.")
        return compute_fold(task, _processes)

    monkeypatch.setattr(compute, sometimes)
    events = finish(folder)
    assert [event for event in events if isinstance(event, FoldFailed)] == [
        FoldFailed(1, "There is no such day.")
    ]
    result = events[-1].result
    assert result.failures == {1: "There is no such day."}
    assert result.counted.any(axis=(1, 2)).tolist() == [True, True, False, False, True, True]
    monkeypatch.setattr(compute, compute_fold)
    assert finish(folder)[-1].result.failures == {}


def test_only_one_program_computes_a_backtest(series, plan, tmp_path, finish):
    folder = create_backtest(plan(series()), tmp_path)
    with (
        RunningBacktest(folder, start=never),
        pytest.raises(InputError, match=r"Another program is computing backtest shop-backtest-\S+ \(process"),
    ):
        finish(folder)


def test_a_stopped_backtest_has_no_result(series, plan, tmp_path):
    folder = create_backtest(plan(series()), tmp_path)
    with RunningBacktest(folder, start=never) as running:
        events = iter(running)
        assert isinstance(next(events), BacktestOpened)
        running.stop()
        assert list(events) == []


def test_a_folder_of_another_kind_is_refused(tmp_path, series, plan):
    with pytest.raises(InputError, match=r"There is no backtest 'shop' in .*; there are none yet"):
        find_backtest("shop", tmp_path)
    folder = create_backtest(plan(series()), tmp_path)
    folder.description.write_text("{}")
    with pytest.raises(InputError, match="has format None"), RunningBacktest(folder):
        pass


@pytest.mark.exhaustive
def test_killed_it_is_resumed_to_the_same_bits(series, plan, tmp_path, children_of, all_gone):
    """Fifty-two refits of a network and of ridge regressions; the program is killed with some folds done."""
    backtest = plan(series(200), ("lstm", "ridge"), origins=52, refit=1)
    folder, other = (create_backtest(backtest, tmp_path / name) for name in ("killed", "whole"))
    program = subprocess.Popen(
        [sys.executable, "-c", HOST, str(folder.path)], stdout=subprocess.PIPE, text=True
    )
    for _ in range(8):
        program.stdout.readline()
    workers = children_of(program.pid)
    backends = [child for worker in workers for child in children_of(worker)]
    assert backends
    os.kill(program.pid, signal.SIGKILL)
    program.communicate(timeout=600)
    all_gone([*workers, *backends])
    assert 0 < len(list(folder.folds.glob("0*.safetensors"))) < 52
    for one in (folder, other):
        with RunningBacktest(one, workers=2) as running:
            events = list(running)
        assert isinstance(events[-1], BacktestFinished)
    assert len(events[-1].result.backtest.folds) == 52
    assert bits(folder) == bits(other)
