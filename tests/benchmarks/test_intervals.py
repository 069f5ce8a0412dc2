import math
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.intervals.methods import FIXED, METHODS, OURS, PLAIN, score
from benchmarks.intervals.synthetic import NOISES, SEASON, draw
from benchmarks.intervals.tables import HEADER, figures

from lstm_forecasting.evaluation.intervals.model import Forecasts

ROOT = Path(__file__).parents[2]


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", NOISES)
def test_intervals_hold_whatever_the_noise(name):
    drawn = [score(*draw(NOISES[name], seed), SEASON) for seed in range(10)]
    found = dict(zip(HEADER, figures(drawn), strict=True))
    assert abs(found[f"80 %: {OURS}"] - 80) < 2
    assert abs(found[f"95 %: {OURS}"] - 95) < 1.5
    assert found["score 80 %"] < 1.05
    assert found["score 95 %"] < 1.05


def test_every_method_is_scored_on_the_same_values():
    short = [
        Forecasts(part.point[:60], part.truth[:60], part.counted[:60], part.first_rows[:60])
        for part in draw(NOISES["white"], 0)
    ]
    found = score(*short, SEASON)
    assert set(found) == {*METHODS} == {OURS, PLAIN, FIXED}
    assert {one.coverages[0].windows for one in found.values()} == {60}
    assert all(math.isfinite(figure) for figure in figures([found]))


@pytest.mark.exhaustive
def test_the_command_measures_a_file(tmp_path):
    path = tmp_path / "load.csv"
    path.write_text("\n".join(["row,load", *(f"{row},{(7 * row) % 12 + row % 5}" for row in range(400))]))
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.intervals", "--draws", "0", "--data", path, "--output", tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert "| load | linear (ridge) |" in done.stdout
    assert (tmp_path / "files.md").read_text() in done.stdout
