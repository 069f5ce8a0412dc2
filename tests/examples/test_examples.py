"""The scripts a user can copy run as they stand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_forecast_co2_prints_verdict_and_dated_future(tmp_path: Path) -> None:
    script = EXAMPLES / "forecast_co2.py"
    done = subprocess.run([sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    verdict, *future = done.stdout.splitlines()
    assert "the LSTM (NumPy)" in verdict
    assert len(future) == 13
    assert all(350 < float(line.split()[1]) < 400 for line in future)
