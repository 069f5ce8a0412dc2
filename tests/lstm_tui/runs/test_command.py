"""train, resume, attach and runs, as a user has them: the real command line, real processes."""

import functools
import json
import os
import signal

import pytest

from lstm_forecasting.runs.folder import RunFolder
from lstm_forecasting.runs.listing import look_at
from lstm_forecasting.runs.locking import is_locked

SMALL = ("--look-back", "14", "--horizon", "2", "--hidden-units", "4", "--patience", "0")
seldom = functools.partial(pytest.param, marks=pytest.mark.exhaustive)


@pytest.fixture
def runs(program):
    """Where runs are kept; programs that still work on one are killed with the test."""
    folder = program.home / ".local" / "share" / "lstm-tui" / "runs"
    yield folder
    for lock in folder.glob("*/lock"):
        if is_locked(RunFolder(lock.parent)):
            os.kill(int(lock.read_text()), signal.SIGKILL)


@pytest.fixture
def lstm_tui(program, runs):
    """Runs a command; runs are kept in the home of the test's user."""
    return program.run


@pytest.fixture
def started(program):
    """Starts a command and leaves it running; killed with the test."""
    processes = []

    def start(*arguments):
        processes.append(program.start(*arguments))
        return processes[-1]

    yield start
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=600)


@pytest.fixture
def standing(runs, wait_until):
    """Waits until a run is in a state, and gives how it stands."""

    def wait(name, *states):
        run = RunFolder(runs / name)

        def found():
            return run.path.exists() and (there := look_at(run)).state in states and there

        return wait_until(found, f"run {name} to be {' or '.join(states)}")

    return wait


@pytest.mark.exhaustive
def test_fit_keeps_what_forecast_only_prints(lstm_tui, runs):
    fitted = lstm_tui("train", "sunspots", *SMALL, "--epochs", "2", "--name", "mine", "--json")
    assert fitted.returncode == 0, fitted.stderr
    assert f"Run mine is saved in {runs / 'mine'}." in fitted.stderr
    forecast = lstm_tui("forecast", "sunspots", *SMALL, "--epochs", "2", "--json")
    first, second = json.loads(fitted.stdout), json.loads(forecast.stdout)
    assert first["forecast"] == second["forecast"]
    assert first["verdicts"] == second["verdicts"]

    listed = lstm_tui("runs")
    assert "✓" in listed.stdout
    assert "finished" in listed.stdout
    shown = lstm_tui("runs", "show", "mine")
    assert "Run mine is finished" in shown.stdout
    assert second["verdicts"][0]["sentence"] in shown.stdout
    assert lstm_tui("runs", "path", "mine").stdout.strip() == str(runs / "mine")
    attached = lstm_tui("attach", "mine", "--json")
    assert json.loads(attached.stdout)["forecast"] == second["forecast"]


HELD = """
from pathlib import Path
import time
from lstm_plugins.reference import ReferenceForecaster

class It(ReferenceForecaster):
    def train_batches(self, starts, learning_rates, first):
        while first.epoch == 3 and (Path.home() / "hold").exists():
            (Path.home() / "held").touch()
            time.sleep(0.01)
        return super().train_batches(starts, learning_rates, first)
"""


@pytest.mark.parametrize(
    "number", [signal.SIGKILL, seldom(signal.SIGINT), seldom(signal.SIGTERM), seldom(signal.SIGHUP)]
)
def test_whatever_ends_it_resume_goes_on_to_the_same_end(
    number, program, lstm_tui, started, standing, wait_until
):
    program.install_plugin("mine", HELD)
    training = ("shop.csv", "--target", "sales", "--backend", "mine", *SMALL, "--epochs", "8")
    whole = json.loads(lstm_tui("forecast", *training, "--json").stdout)["forecast"]
    (program.home / "hold").touch()
    process = started("train", *training, "--name", "cut")
    wait_until((program.home / "held").exists, "the fourth epoch")
    assert standing("cut", "running")
    os.kill(process.pid, number)
    _, said = process.communicate(timeout=600)
    if number != signal.SIGKILL:
        assert process.returncode == 128 + number
    if number == signal.SIGINT:
        assert "lstm-tui resume cut continues" in said
    assert standing("cut", "interrupted", "new").backends[0].epochs < 8

    (program.home / "hold").unlink()
    resumed = lstm_tui("resume", "cut", "--json")
    assert resumed.returncode == 0, resumed.stderr
    assert json.loads(resumed.stdout)["forecast"] == whole


def test_detached_it_goes_on_without_the_terminal_and_is_watched_and_stopped(lstm_tui, started, standing):
    begun = lstm_tui("train", "sunspots", *SMALL, "--epochs", "100000", "--name", "away", "--detach")
    assert begun.returncode == 0, begun.stderr
    assert begun.stdout == "away\n"
    assert "lstm-tui attach away shows it" in begun.stderr
    standing("away", "running")
    twice = lstm_tui("resume", "away")
    assert twice.returncode == 2
    assert "Another program is training run away" in twice.stderr

    watching = started("attach", "away")
    assert watching.stderr.readline().startswith("NumPy: ")
    watching.send_signal(signal.SIGINT)
    _, said = watching.communicate(timeout=600)
    assert watching.returncode == 0, said
    assert "Run away is no longer watched" in said
    (there,) = json.loads(lstm_tui("runs", "--json").stdout)
    assert (there["name"], there["state"]) == ("away", "running")

    assert lstm_tui("runs", "stop", "away").returncode == 0
    attached = lstm_tui("attach", "away", "--json")
    assert attached.returncode == 0, attached.stderr
    assert json.loads(attached.stdout)["backends"][0]["epochs"] < 100000
    assert standing("away", "stopped")


@pytest.mark.exhaustive
def test_what_cannot_begin_detached_is_told_at_once(lstm_tui, runs):
    assert lstm_tui("train", "sunspots", *SMALL, "--epochs", "1", "--name", "broken").returncode == 0
    (runs / "broken" / "series.safetensors").write_bytes(b"cut")
    done = lstm_tui("resume", "broken", "--detach")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("Error: ")
    assert "series.safetensors is damaged" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("resume", "nosuch"), "There is no run 'nosuch'"),
        (("attach",), "There are no runs in"),
        (("runs", "show"), "There are no runs in"),
        (("runs", "stop", "nosuch"), "There is no run 'nosuch'"),
        (("runs", "delete"), "Missing argument 'RUN ...'"),
        (("train", "sunspots", "--name", "a/b"), "A run cannot be called 'a/b'"),
        (("train", "sunspots", "--detach", "--output", "x.csv"), "exclude each other"),
    ],
)
def test_mistakes_are_told_in_a_sentence(arguments, words, lstm_tui):
    done = lstm_tui(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.exhaustive
def test_a_run_is_deleted_after_a_question(lstm_tui, runs):
    lstm_tui("train", "sunspots", *SMALL, "--epochs", "1", "--name", "old")
    unasked = lstm_tui("runs", "delete", "old")
    assert unasked.returncode == 2
    assert "add --yes" in unasked.stderr
    assert lstm_tui("runs", "delete", "old", "nosuch", "--yes").returncode == 2
    assert (runs / "old").is_dir()
    assert lstm_tui("runs", "delete", "old", "--yes").returncode == 0
    assert not (runs / "old").exists()
    assert "There are no runs in" in lstm_tui("runs").stdout


@pytest.mark.exhaustive
def test_runs_may_be_kept_elsewhere(program, tmp_path):
    place = tmp_path / "elsewhere"
    done = program.run("train", "sunspots", *SMALL, "--epochs", "1", "--runs", str(place), "--name", "a")
    assert done.returncode == 0, done.stderr
    assert (place / "a" / "run.json").is_file()
    assert "a" in program.run("runs", "--runs", str(place)).stdout
    occupied = tmp_path / "occupied"
    occupied.write_text("a file", encoding="utf-8")
    refused = program.run("train", "sunspots", *SMALL, "--epochs", "1", "--runs", str(occupied))
    assert refused.returncode == 2
    assert "A run cannot be saved in" in refused.stderr
