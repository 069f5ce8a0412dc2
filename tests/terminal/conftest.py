"""The real program in a real terminal: what its tests have in common."""

import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from .terminal import Terminal

PLUGINS = Path(__file__).with_name("third_party.py")


@pytest.fixture
def open_terminal(tmp_path, monkeypatch):
    """Runs a program in a terminal; whatever it started is ended with the test."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))  # nobody's own settings, progress and recent files
    # One network, so that a training is as long as its epochs.
    monkeypatch.setenv("LSTM_TUI_PRESET", "classic")
    opened = []

    def start(*arguments, **more):
        opened.append(Terminal(arguments, folder=tmp_path, **more))
        return opened[-1]

    yield start
    for terminal in opened:
        terminal.close()


@pytest.fixture
def lstm_tui(open_terminal):
    """Runs `lstm-tui` in a terminal, with these words after it."""

    def start(*arguments, **more):
        return open_terminal(sys.executable, "-m", "lstm_tui", *arguments, **more)

    return start


@pytest.fixture
def shop(tmp_path):
    """A daily series of 300 rows with a week in it: 2024-01-01 to 2024-10-26."""
    rows = np.arange(300)
    sales = 40 + 5 * np.sin(rows / 7 * 2 * np.pi) + np.random.default_rng(3).normal(0, 0.5, rows.size)
    days = np.datetime64("2024-01-01") + rows
    lines = ["day,sales", *(f"{day},{value:.3f}" for day, value in zip(days, sales, strict=True))]
    path = tmp_path / "shop.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path.name


@pytest.fixture
def third_party(tmp_path, monkeypatch):
    """Installs the backends of third_party.py as a distribution that every process finds."""
    site = tmp_path / "site"
    metadata = site / "third_party-1.0.dist-info"
    metadata.mkdir(parents=True)
    shutil.copy(PLUGINS, site)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: third-party\nVersion: 1.0\n")
    names = ("shouting", "crashing", "patient", "deaf")
    lines = [f"{name} = third_party:{name}\n" for name in names]
    (metadata / "entry_points.txt").write_text("[lstm_tui.backends]\n" + "".join(lines))
    paths = [str(site), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
