"""The plugin as lstm-tui sees it: found by its entry point, light to describe, at work in a real run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from lstm_plugins.discovery import discover


def _run(*arguments: str, folder: Path) -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_is_found_as_an_outsider_and_can_be_used():
    (found,) = [one for one in discover() if one.name == "jax"]
    assert (found.state, found.distribution, found.built_in) == ("available", "lstm-tui-jax", False)
    assert found.output == ""
    assert found.backend.load_devices() == ("cpu",)


def test_describing_it_imports_no_jax(tmp_path):
    code = "import sys, lstm_tui_jax; lstm_tui_jax.lstm_backend(); print('jax' in sys.modules)"
    assert _run("-c", code, folder=tmp_path).strip() == "False"


def test_forecasts_beside_a_built_in_backend(tmp_path):
    options = ["--backend", "jax", "--backend", "numpy", "--epochs", "2", "--horizon", "4", "--json"]
    result = json.loads(_run("-m", "lstm_tui", "forecast", "sunspots", *options, folder=tmp_path))
    assert result["failures"] == {}
    assert [set(row) >= {"jax", "numpy"} for row in result["forecast"]] == [True] * 4
    assert 0.0 <= result["agreement"]["largest"] < 1e-4
