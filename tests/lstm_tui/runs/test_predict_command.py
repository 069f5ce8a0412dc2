"""Forecasts with a run, as a user asks for them."""

import json
import shutil

import pytest

SMALL = ("--look-back", "14", "--horizon", "3", "--hidden-units", "4", "--epochs", "2")


@pytest.fixture(scope="module")
def program(make_program, tmp_path_factory):
    """One folder for all of these tests, which only read."""
    return make_program(tmp_path_factory.mktemp("predict") / "work")


@pytest.fixture(scope="module")
def trained(program):
    """A run called mine: NumPy and PyTorch on the sales of the shop."""
    both = ("--backend", "numpy", "torch")
    done = program.run("train", "shop.csv", "--target", "sales", *SMALL, *both, "--name", "mine", "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def predicted(program, *arguments):
    done = program.run("predict", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.exhaustive
def test_a_run_forecasts_its_own_rows_as_it_did(program, trained):
    for backend in ("numpy", "torch"):
        found = predicted(program, "mine", "--trained-by", backend)
        assert found["backend"] == found["model"]["trained_by"] == backend
        assert [row[backend] for row in found["forecast"]] == [row[backend] for row in trained["forecast"]]
        assert [row["time"] for row in found["forecast"]] == [row["time"] for row in trained["forecast"]]
        assert all(row["lo-80"] <= row["forecast"] <= row["hi-80"] for row in found["forecast"])


@pytest.mark.exhaustive
def test_limits_that_are_named_hold_for_a_runs_own_rows_too(program, trained):
    free = predicted(program, "mine", "--trained-by", "numpy")
    assert (
        "Forecasts of sales are at least 0, because no training value is negative."
        in free["data"]["decisions"]
    )
    held = predicted(program, "mine", "--trained-by", "numpy", "--minimum", "41", "--whole")
    assert [row["numpy"] for row in held["forecast"]] == [
        max(41.0, round(row["numpy"])) for row in free["forecast"]
    ]
    assert held["data"]["decisions"][-2:] == [
        "Forecasts are at least 41, as requested.",
        "Forecasts are rounded to whole numbers, as requested.",
    ]


@pytest.mark.exhaustive
def test_another_backend_forecasts_the_same(program, trained):
    one = predicted(program, "mine", "--trained-by", "numpy")
    other = predicted(program, "mine", "--trained-by", "numpy", "--backend", "torch")
    numbers = [row["numpy"] for row in one["forecast"]]
    assert [row["torch"] for row in other["forecast"]] == pytest.approx(numbers, rel=1e-5)


def test_a_checkpoint_alone_forecasts_a_later_file_and_saves_it(program, trained):
    lines = (program.folder / "shop.csv").read_text(encoding="utf-8").splitlines()
    later = program.folder / "later.csv"
    later.write_text("\n".join([lines[0], *lines[-40:-2]]) + "\n", encoding="utf-8")
    run = program.run("runs", "path", "mine").stdout.strip()
    sent = program.folder / "sent.safetensors"
    shutil.copy(f"{run}/numpy/best.safetensors", sent)
    done = program.run("predict", str(sent), "later.csv", "--steps", "5", "--output", "next.csv")
    assert done.returncode == 0, done.stderr
    assert "The model is sent.safetensors of NumPy, after epoch" in done.stdout
    saved = (program.folder / "next.csv").read_text(encoding="utf-8").splitlines()
    assert saved[0] == "time,target,model,forecast,numpy"
    assert len(saved) == 6


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nosuch",), "There is no run 'nosuch'"),
        (("mine", "nosuch.csv"), "There is no file nosuch.csv"),
        (("mine", "co2"), "no column 'sales'"),
        (("mine", "--backend", "nosuch"), "nosuch"),
        (
            ("mine", "--trained-by", "tensorflow"),
            "has no weights of 'tensorflow'; it has those of numpy, torch",
        ),
        (("mine", "--output", "x.svg"), "A prediction is saved as .csv, .parquet or .json"),
        (("shop.csv",), "shop.csv is damaged, or not a safetensors file"),
        ((), "Missing argument 'MODEL'"),
    ],
)
def test_mistakes_are_told_in_a_sentence(arguments, words, program, trained):
    done = program.run("predict", *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
