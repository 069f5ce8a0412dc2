import csv
import json
import os
import signal
import subprocess
import sys

import pexpect
import pytest

CRASHING = """
import os
import re
from lstm_backends.numpy.forecaster import NumpyForecaster

class It(NumpyForecaster):
    def train_batches(self, *arguments):
        os.write(2, b"the last words\\n")
        os.abort()
"""
NOT_FINITE = """
import dataclasses, numpy
from lstm_backends.numpy.forecaster import NumpyForecaster

class It(NumpyForecaster):
    def predict(self, starts):
        return super().predict(starts) * numpy.nan
"""


def test_text_tells_decisions_scores_verdict_and_forecast(program, quick):
    done = program.run("forecast", "shop.csv", "--backend", "numpy", *quick)
    assert done.returncode == 0, done.stderr
    text = done.stdout
    assert text.startswith("shop · daily · 2024-01-01 … 2024-06-08 · 160 rows\n")
    order = [
        "The season is",
        "sales: errors on",
        "\n NumPy",
        "\n last value",
        "sales: MAE by step",
        "the LSTM (NumPy)",
        "sales: forecast",
    ]
    assert [text.index(word) for word in order] == sorted(text.index(word) for word in order)
    rows = [line.split() for line in text.splitlines() if line.startswith(" 2024-06-")]
    assert [row[0] for row in rows] == ["2024-06-09", "2024-06-10", "2024-06-11"]
    assert all(float(row[1]) for row in rows)
    assert "\nNumPy: trained 2 epochs in " in done.stderr
    assert "\x1b" not in text + done.stderr


@pytest.mark.exhaustive
def test_a_setting_that_will_not_fit_the_data_is_warned_of_beside_the_results(program, quick):
    done = program.run("forecast", "shop.csv", "--backend", "numpy", "--json", *quick, "--batch-size", "5000")
    assert done.returncode == 0
    assert json.loads(done.stdout)
    assert "~ batch_size 5000 exceeds the" in " ".join(done.stderr.split())


@pytest.mark.exhaustive
def test_without_backend_one_is_chosen_and_named(program, quick):
    done = program.run("forecast", "shop.csv", *quick)
    assert done.returncode == 0
    assert "NumPy computes because no backend was named; --backend all also uses" in done.stdout


def test_json_is_one_object_and_nothing_else(program, quick):
    done = program.run("forecast", "shop.csv", "--backend", "numpy", "--json", "--target", "visits", *quick)
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert found["data"]["targets"] == ["visits"]
    assert found["settings"]["look_back"] == 12
    assert [one["time"] for one in found["forecast"]] == ["2024-06-09", "2024-06-10", "2024-06-11"]


@pytest.mark.exhaustive
def test_all_asks_all_and_leaves_out_with_a_reason(program, quick):
    program.install_plugin("mine", CRASHING.replace("os.abort()", "return super().train_batches(*arguments)"))
    (program.site / "other_plugin.py").write_text("1 / 0\n")
    program.install_plugin("other")
    (program.site / "other_plugin.py").write_text("1 / 0\n")
    done = program.run(
        "forecast", "shop.csv", "--backend", "all", "--without", "torch", "--without", "tensorflow", *quick
    )
    assert done.returncode == 0, done.stderr
    assert "other is left out because it is broken: its import failed: ZeroDivisionError" in done.stdout
    assert "the LSTM (NumPy, Mine [plugin])" in done.stdout
    assert "The backends agree" in done.stdout


def test_several_targets_have_tables_of_their_own_and_steps_may_go_beyond_the_horizon(program, quick):
    done = program.run(
        "forecast",
        "shop.csv",
        "--backend",
        "numpy",
        "--target",
        "sales",
        "--target",
        "visits",
        "--steps",
        "5",
        *quick,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.index("sales: forecast") < done.stdout.index("visits: forecast")
    assert done.stdout.count(" 2024-06-13 ") == 2
    assert "are fed back as inputs" in done.stdout


@pytest.mark.parametrize(
    ("name", "begin"),
    [("out.svg", "<?xml"), pytest.param("out.png", "\\x89PNG", marks=pytest.mark.exhaustive)],
)
def test_output_may_be_a_picture(program, quick, name, begin):
    done = program.run("forecast", "shop.csv", "--backend", "numpy", "--output", name, *quick)
    assert done.returncode == 0
    assert f"The forecast is in {name}." in done.stderr
    assert (program.folder / name).read_bytes().decode(errors="backslashreplace").startswith(begin)


def test_output_is_written_and_said(program, quick):
    done = program.run("forecast", "shop.csv", "--backend", "numpy", "--output", "out.csv", *quick)
    assert done.returncode == 0
    assert "The forecast is in out.csv." in done.stderr
    rows = list(csv.DictReader((program.folder / "out.csv").open()))
    assert [row["time"] for row in rows] == ["2024-06-09", "2024-06-10", "2024-06-11"]


@pytest.mark.parametrize(("forecaster", "reason"), [(CRASHING, "SIGABRT"), (NOT_FINITE, "not finite")])
def test_a_backend_that_fails_is_told_and_the_others_are_shown(program, quick, forecaster, reason):
    program.install_plugin("mine", forecaster)
    done = program.run("forecast", "shop.csv", "--backend", "numpy", "mine", *quick)
    assert done.returncode == 1
    assert "Mine [plugin]: failed: " in done.stderr
    assert reason in done.stderr
    assert "the LSTM (NumPy)" in done.stdout
    if forecaster == CRASHING:
        assert "    the last words" in done.stderr


@pytest.mark.exhaustive
def test_when_all_fail_the_baselines_remain(program, quick):
    program.install_plugin("mine", CRASHING)
    done = program.run("forecast", "shop.csv", "--backend", "mine", "--output", "out.csv", *quick)
    assert done.returncode == 1
    assert "last value" in done.stdout
    assert "No backend finished" in done.stdout
    assert not (program.folder / "out.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Missing argument"),
        (("nope",), "no data set and no file called 'nope'"),
        (("nope.csv",), "nope.csv"),
        (("shop.csv", "--backend", "jax"), "no backend 'jax'"),
        (("shop.csv", "--target", "sale"), "'sale'"),
        (("shop.csv", "--look-back", "30", "--patch", "7"), "not a multiple of patch"),
        (("shop.csv", "--look_back", "900"), "160 rows"),
        (("shop.csv", "--hidden-units", "none"), "--hidden-units"),
        (("shop.csv", "--output", "out.xls"), "ends in '.xls'"),
        (("shop.csv", "--output", "nowhere/out.csv"), "no folder"),
        (("shop.csv", "--split", "0.5", "0.5", "0.5"), "add up to 1"),
        (("shop.csv", "--threads", "0"), "threads"),
        (("shop.csv", "--without", "numpy", "--backend", "numpy"), "disabled"),
        (("shop.csv", "--input", "visits", "--horizon", "3", "--steps", "4"), "'visits'"),
    ],
)
def test_bad_input_ends_with_2_one_sentence_and_nothing_on_stdout(program, arguments, words):
    done = program.run("forecast", *arguments, "--no-plugins")
    assert done.returncode == 2
    assert done.stdout == ""
    errors = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
    assert len(errors) == 1
    assert done.stderr.splitlines()[-1] == errors[0]
    assert words in errors[0]


def test_a_reader_that_has_seen_enough_ends_it_quietly(program, quick):
    process = program.start("forecast", "shop.csv", "--backend", "numpy", *quick)
    process.stdout.readline()
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert process.wait(600) == 128 + signal.SIGPIPE
    assert "Traceback" not in errors
    assert "Exception" not in errors


def test_ctrl_c_stops_the_backends_and_says_so(program, training, all_gone):
    process, children = training(program, "--backend", "numpy")
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=600)
    assert process.returncode == 130
    assert "Interrupted, stopping the backends (NumPy)" in errors
    assert "Traceback" not in errors
    all_gone(children)


def test_a_second_ctrl_c_kills_backends_that_do_not_end(program, training, all_gone):
    deaf = "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})\n"
    program.install_plugin(
        "mine", deaf + CRASHING.replace("os.abort()", "return super().train_batches(*arguments)")
    )
    process, children = training(program, "--backend", "mine")
    process.send_signal(signal.SIGINT)
    while "Interrupted" not in process.stderr.readline():
        pass
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=600)
    assert process.returncode == 130
    all_gone(children)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_no_child_outlives_the_program(program, training, all_gone, number):
    process, children = training(program, "--backend", "numpy")
    process.send_signal(number)
    process.communicate(timeout=600)
    assert process.returncode == (-number if number == signal.SIGKILL else 128 + number)
    all_gone(children)


@pytest.mark.parametrize("columns", [80, 160])
def test_on_a_terminal_bars_move_and_tables_fit(program, quick, columns):
    arguments = ["-m", "lstm_tui", "forecast", "shop.csv", "--backend", "numpy", *quick]
    terminal = pexpect.spawn(
        sys.executable,
        arguments,
        cwd=str(program.folder),
        env=program.environment(TERM="xterm-256color"),
        dimensions=(50, columns),
        encoding="utf-8",
        timeout=600,
    )
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0
    assert "━" in terminal.before
    assert "done: 2 epochs" in terminal.before
    assert "\x1b[" in terminal.before
    tables = [line for line in terminal.before.splitlines() if line.startswith((" model", " NumPy", " last"))]
    assert tables
    assert all(len(line) <= columns + len("\x1b[1m\x1b[0m") * line.count("\x1b[1m") for line in tables)


def test_no_color_is_honoured(program, quick):
    terminal = pexpect.spawn(
        sys.executable,
        ["-m", "lstm_tui", "forecast", "shop.csv", "--backend", "numpy", *quick],
        cwd=str(program.folder),
        env=program.environment(TERM="xterm-256color", NO_COLOR="1"),
        dimensions=(50, 120),
        encoding="utf-8",
        timeout=600,
    )
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert "\x1b[38;" not in terminal.before
    assert "\x1b[3" not in terminal.before.replace("\x1b[3A", "")


def test_a_terminal_without_utf_8_gets_question_marks_not_a_traceback(program, quick):
    done = subprocess.run(
        [sys.executable, "-m", "lstm_tui", "forecast", "shop.csv", "--backend", "numpy", *quick],
        cwd=program.folder,
        env=program.environment(PYTHONIOENCODING="ascii"),
        capture_output=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0
    assert b"the LSTM (NumPy)" in done.stdout


def test_the_program_runs_without_the_working_folder_on_its_path(program, quick):
    (program.folder / "numpy.py").write_text("raise SystemExit('the wrong numpy')\n")
    script = os.path.join(os.path.dirname(sys.executable), "lstm-tui")  # noqa: PTH118, PTH120
    done = subprocess.run(
        [script, "forecast", "shop.csv", "--backend", "numpy", *quick],
        cwd=program.folder,
        env=program.environment(),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture
def holed(program):
    """The shop's file with every sixth row lost, one outage in the test part, and a gap in an input."""
    lines = (program.folder / "shop.csv").read_text().splitlines()
    kept = [line for row, line in enumerate(lines) if row == 0 or (row % 6 and not 140 <= row < 146)]
    (program.folder / "holed.csv").write_text("\n".join(kept) + "\n")
    return "holed.csv"


@pytest.mark.exhaustive
def test_missing_values_are_filled_from_the_past_and_not_scored(program, quick, holed):
    done = program.run("forecast", holed, "--backend", "numpy", "--json", *quick)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    filled = result["data"]["filled"]["sales"]
    assert any(line.startswith(f"{filled} missing values of sales (") for line in result["decisions"])
    assert "Filled values of sales are excluded from losses and scores." in result["decisions"]
    assert result["indicators"] == ["sales"]
    scored = result["test"]["values"]["sales"]
    assert 0 < scored < result["test"]["windows"] * result["settings"]["horizon"]
    (verdict,) = result["verdicts"]
    assert verdict["values"] == scored
    assert f"on the {scored} observed values of {verdict['windows']} test windows" in verdict["sentence"]
    text = program.run("forecast", holed, "--backend", "numpy", *quick).stdout
    assert f"sales: errors on the {scored} observed values of {verdict['windows']} test windows" in text


@pytest.mark.exhaustive
def test_a_backend_that_cannot_tell_filled_values_from_observed_ones_is_left_out(program, quick, holed):
    program.install_plugin("mine", "from lstm_backends.numpy.forecaster import NumpyForecaster as It")
    done = program.run("forecast", holed, "--backend", "numpy", "mine", *quick)
    assert done.returncode == 0, done.stderr
    sentence = (
        "Mine [plugin] cannot tell filled values from observed ones, but values of the series are missing"
    )
    assert f"{sentence}, so it is left out." in done.stdout
    assert "the LSTM (NumPy)" in done.stdout
    alone = program.run("forecast", holed, "--backend", "mine", *quick)
    assert alone.returncode == 2
    assert f"{sentence}: choose another backend, other settings or other data." in alone.stderr
    whole = program.run("forecast", "shop.csv", "--backend", "mine", *quick)
    assert whole.returncode == 0, whole.stderr
