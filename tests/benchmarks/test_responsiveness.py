import json
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.responsiveness.__main__ import report
from benchmarks.responsiveness.opening import Size
from benchmarks.responsiveness.pressing import Answers, Beat, Press
from benchmarks.responsiveness.starting import Starts

ROOT = Path(__file__).parents[2]


def measure(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.responsiveness", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
    )


@pytest.mark.exhaustive
def test_starts_and_keys_of_the_real_program_are_timed(tmp_path):
    file = tmp_path / "responsiveness.json"
    # One press is fewer than the kinds of keys; each kind is measured all the same.
    done = measure("--starts", "1", "--presses", "1", "--backend", "numpy", "--json", str(file))
    # On a busy machine it is over a limit.
    assert done.returncode in (0, 1), done.stderr
    assert ("Beyond the limit" in done.stdout) == (done.returncode == 1), done.stderr
    told = json.loads(file.read_text())
    starts, answers = told["starts"], told["answers"]
    assert 0 < starts["painted"][0] < starts["usable"][0]
    assert starts["bare"][0] > 0
    presses = [(press["training"], press["kind"]) for press in answers["presses"]]
    kinds = ("tab", "field", "character")
    assert presses == [(training, kind) for training in (False, True) for kind in kinds for _ in range(2)]
    assert min(press["seconds"] for press in answers["presses"]) > 0
    assert {beat["training"] for beat in answers["beats"]} == {False, True}
    assert answers["written"]["Train"] > 0


def test_limits_are_ratios_and_what_exceeds_them_is_named():
    starts = Starts([0.02] * 3, [0.24] * 3, [0.25, 0.29, 0.9], [1.0] * 3)
    presses = [Press(training, "tab", 0.09) for training in (False, True) for _ in range(20)]
    beats = [Beat(training, 0.001) for training in (False, True) for _ in range(20)]
    good = report(starts, Answers(presses, beats, {"Train": 19e3}), Size(160, 45))
    assert "All within limits" in good
    assert "bare app's: 1.21 (limit 1.25)" in good
    assert "p95 at rest: 1.00 (limit 1.50)" in good
    slow = [*presses, *(Press(True, "tab", 0.3) for _ in range(5))]
    late = Starts([0.02] * 3, [0.2] * 3, [0.31] * 3, [1.0] * 3)
    bad = report(late, Answers(slow, beats, {"Train": 21e3}), Size(160, 45))
    assert bad.endswith("Beyond the limit: the first paint, keys while backends train, what Train writes")


@pytest.mark.parametrize("size", ["80x24", "wide"])
def test_size_that_has_no_room_for_form_and_curves_is_refused(size):
    done = measure("--size", size)
    assert done.returncode == 2
    assert "--size" in done.stderr
