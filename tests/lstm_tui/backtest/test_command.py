import concurrent.futures
import contextlib
import csv
import functools
import json
import signal

import pytest

from lstm_forecasting.backtest.running import RunningBacktest
from lstm_tui.backtest import command as module
from lstm_tui.cli.program import run

SMALL = ("--look-back", "7", "--horizon", "3", "--models", "ridge,seasonal-naive,last-value")


@contextlib.contextmanager
def in_threads(count, _log):
    with concurrent.futures.ThreadPoolExecutor(count) as executor:
        yield executor


@pytest.fixture
def backtest(make_program, tmp_path, monkeypatch, capsys):
    """Runs the command in this process, with threads as workers; returns the code and what it printed."""
    program = make_program(tmp_path / "work")
    monkeypatch.chdir(program.folder)
    monkeypatch.setenv("LSTM_TUI_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr(module, "RunningBacktest", functools.partial(RunningBacktest, start=in_threads))
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}

    def call(*arguments):
        code = run(["backtest", *arguments])
        return code, *capsys.readouterr()

    yield call
    for number, handler in handlers.items():
        signal.signal(number, handler)


def test_models_are_compared_overall_by_step_over_time_and_where_they_are_worst(backtest, tmp_path):
    table = tmp_path / "all.csv"
    code, out, err = backtest(
        "shop.csv", "--target", "sales", *SMALL, "--refit", "10", "--origins", "25", "--output", str(table)
    )
    assert code == 0, err
    for words in (
        "25 origins from",
        "Models are fitted 3 times, every 10 origins",
        "sales: errors and coverage of intervals from 25 origins",
        "sales: MAE by step ahead (one step: day)",
        "sales: MAE over time",
        "the worst origins of",
        "Diebold-Mariano",
    ):
        assert words in out
    assert "3 of 3 folds are done." in err
    rows = list(csv.DictReader(table.open()))
    assert len(rows) == 25 * 3
    assert {"origin", "time", "step", "truth", "ridge", "ridge lo-80", "last-value"} <= rows[0].keys()


def test_a_finished_backtest_is_shown_again_by_its_name(backtest):
    code, out, err = backtest("shop.csv", *SMALL, "--origins", "12", "--json")
    assert code == 0, err
    found = json.loads(out)
    assert [model["key"] for model in found["models"]] == ["ridge", "seasonal-naive", "last-value"]
    assert found["origins"]["count"] == 12
    assert found["refit"] == "never"
    for name in (found["backtest"], "last"):
        again = backtest("--resume", name, "--json")
        assert again[0] == 0
        assert json.loads(again[1]) == found
        assert "All folds are finished." in again[2]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Name a series, or a backtest to continue with --resume; one of them."),
        (("shop.csv", "--resume", "last"), "Name a series, or a backtest to continue"),
        (("--resume", "nothing"), "There is no backtest 'nothing'"),
        (("shop.csv", "--models", "arima"), "'arima' is not one of lstm,"),
        (("shop.csv", "--refit", "often"), "'often' is not never, always, or a whole number of origins"),
        (("shop.csv", "--window", "rolling"), "expanding, sliding"),
        (("shop.csv", *SMALL, "--origins", "900"), "origins: 900 is too many"),
        (("shop.csv", *SMALL, "--origins", "155"), "training rows for forecasts from"),
        (("shop.csv", *SMALL, "--level", "99.9"), "An interval at 99.9 % needs 999 errors"),
        (("shop.csv", *SMALL, "--output", "all.png"), "A backtest is saved as .csv, .parquet or .json"),
    ],
)
def test_bad_options_are_refused_in_a_sentence(arguments, sentence, backtest):
    code, _, err = backtest(*arguments)
    assert code == 2
    assert sentence in " ".join(err.split())
    assert "Traceback" not in err


@pytest.mark.exhaustive
def test_interrupted_it_says_how_to_continue(program, children_of, all_gone):
    process = program.start(
        *("backtest", "shop.csv", "--backend", "numpy", "--epochs", "3", "--origins", "30"),
        *("--refit", "always", "--models", "lstm"),
    )
    while "fold" not in (line := process.stderr.readline()) or "done" not in line:
        assert line
    workers = children_of(process.pid)
    backends = [child for worker in workers for child in children_of(worker)]
    assert backends
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=300)
    assert process.returncode == 130
    assert "Finished folds are saved; lstm-tui backtest --resume shop-backtest-" in err
    all_gone([*workers, *backends])
    done = program.run("backtest", "--resume", "last", "--json")
    assert done.returncode == 0, done.stderr
    assert "are finished already" in done.stderr
