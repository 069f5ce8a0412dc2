import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.exhaustive
def test_seconds_of_presets_and_what_stacking_could_gain(tmp_path):
    done = subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.presets", "--rows", "400", "--rounds", "2"),
            *("--json", str(tmp_path / "presets.json")),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads((tmp_path / "presets.json").read_text())
    assert [(one["preset"], one["at_once"]) for one in figures["presets"]] == [
        ("quick", 1),
        ("best", 1),
        ("best", 2),
    ]
    assert all(one["backend"] > 0 for one in figures["presets"])
    assert all(one["gain"] > 0 for one in figures["stacked"])
    assert "two at once" in done.stdout
