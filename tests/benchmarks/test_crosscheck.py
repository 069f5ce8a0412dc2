import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.crosscheck.__main__ import Run, report

ROOT = Path(__file__).parents[2]


@pytest.mark.exhaustive
def test_the_command_is_timed_with_its_backends(tmp_path):
    file = tmp_path / "runs.json"
    options = ("--depth", "quick", "--backend", "numpy", "--json", str(file))
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.crosscheck", *options],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=600,
    )
    (run,) = json.loads(file.read_text())
    assert run["passed"], done.stderr
    assert run["wall"] > 0
    assert run["cpu"] > 0
    assert done.stdout.splitlines()[-1].split()[:3] == ["quick", f"{run['wall']:.1f}", "15"]


def test_what_took_too_long_or_did_not_pass_is_said():
    *_, good, slow, wrong = report(
        [Run("quick", 14.0, 20.0, True), Run("full", 61.0, 99.0, True), Run("switches", 9.0, 9.0, False)]
    ).splitlines()
    assert good.split() == ["quick", "14.0", "15", "20.0"]
    assert slow.endswith("too long")
    assert wrong.endswith("did not pass")
