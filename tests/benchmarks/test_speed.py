import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
QUICK = ("--size", "4,3,2", "--rounds", "2", "--seconds", "0.01")


def measure(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.speed", *QUICK, *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=600,
    )


def rows(done):
    """The table's lines by contestant."""
    lines = done.stdout.splitlines()
    return {line[:18].strip(): line[18:].strip() for line in lines[4:]}


@pytest.mark.exhaustive
def test_table_of_two_contestants_and_every_run_as_json(tmp_path):
    done = measure(
        "--contestant", "numpy", "--contestant", "torch.nn.LSTM", "--json", str(tmp_path / "speed.json")
    )
    assert done.returncode == 0, done.stderr
    assert list(rows(done)) == ["numpy", "torch.nn.LSTM"]
    milliseconds, ratio = rows(done)["torch.nn.LSTM"].split()
    assert float(milliseconds) > 0
    assert ratio == "(1.00)"
    own, baseline = json.loads((tmp_path / "speed.json").read_text())
    assert own["name"] == "numpy"
    assert len(own["milliseconds"]["4,3,2"]) == len(baseline["milliseconds"]["4,3,2"]) == 2
    assert "torch" in baseline["versions"]
    assert "torch" not in own["versions"]


@pytest.mark.exhaustive
def test_missing_frameworks_have_a_row_that_says_so(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\nfor name in ('torch', 'tensorflow', 'keras'): sys.modules[name] = None\n"
    )
    done = measure(PYTHONPATH=str(tmp_path))
    assert done.returncode == 0, done.stderr
    table = rows(done)
    assert float(table["numpy"]) > 0
    assert table["torch"] == "not installed: it needs torch, which is not installed"
    assert table["tensorflow"] == "not installed: it needs tensorflow, which is not installed"
    assert table["torch.nn.LSTM"] == table["keras fit"] == table["keras fit, jit"] == "not installed"


def test_contestant_that_dies_is_reported_and_the_others_go_on(tmp_path):
    (tmp_path / "torch.py").write_text("raise SystemExit('no torch today')\n")
    done = measure("--contestant", "torch.nn.LSTM", "--contestant", "numpy", PYTHONPATH=str(tmp_path))
    assert done.returncode == 1
    assert rows(done)["torch.nn.LSTM"] == "ended with status 1: no torch today"
    assert float(rows(done)["numpy"]) > 0


def test_size_that_is_none_is_refused():
    done = measure("--size", "4,3")
    assert done.returncode == 2
    assert "--size" in done.stderr
