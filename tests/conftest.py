"""The real program, in processes of its own, on small series."""

import datetime
import math
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes depends on what else the machine does; a hanging test meets pytest's own limit.
settings.register_profile("without deadline", deadline=None)
settings.load_profile("without deadline")

QUICK = ("--epochs", "2", "--hidden-units", "4", "--look-back", "12", "--horizon", "3")


class Program:
    """`python -m lstm_tui` in a folder.

    Attributes:
        folder: where it runs, with `shop.csv` in it.
        home: the user's folder, where their settings would be.
    """

    def __init__(self, folder):
        self.folder = folder
        self.site = folder / "site"
        self.site.mkdir()
        self.home = folder / "home"
        self.home.mkdir()

    def environment(self, **variables):
        names = ("NO_COLOR", "FORCE_COLOR", "COLUMNS")
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in names and not name.startswith("LSTM_TUI_")
        }
        paths = [str(self.site), *filter(None, [os.environ.get("PYTHONPATH")])]
        own = {"PYTHONPATH": os.pathsep.join(paths)}
        own |= dict.fromkeys(("HOME", "XDG_CONFIG_HOME"), str(self.home))
        own["XDG_DATA_HOME"] = str(self.home / ".local" / "share")
        return kept | own | variables

    def run(self, *arguments, **variables):
        return subprocess.run(
            [sys.executable, "-m", "lstm_tui", *arguments],
            cwd=self.folder,
            env=self.environment(**variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=240,
        )

    def start(self, *arguments, **options):
        return subprocess.Popen(
            [sys.executable, "-m", "lstm_tui", *arguments],
            cwd=self.folder,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, **options},
        )

    def install_plugin(self, name, forecaster="", devices="['cpu']"):
        """A backend of another distribution: a description, and the module that it points to."""
        (self.site / f"{name}_plugin.py").write_text(
            textwrap.dedent(f"""
                from lstm_plugins import Backend, backend_hook

                @backend_hook
                def lstm_backend():
                    return Backend(
                        name="{name}", title="{name.title()} [plugin]", api_version=1, version="3",
                        summary="none", forecaster="{name}_forecaster:It",
                        devices="{name}_forecaster:devices",
                    )
            """)
        )
        (self.site / f"{name}_forecaster.py").write_text(
            f"{textwrap.dedent(forecaster)}\ndef devices():\n    return {devices}\n"
        )
        information = self.site / f"{name}_plugin-2.1.dist-info"
        information.mkdir()
        (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}-plugin\nVersion: 2.1\n")
        (information / "entry_points.txt").write_text(f"[lstm_tui.backends]\n{name} = {name}_plugin\n")


@pytest.fixture(scope="session")
def make_program():
    """Makes the command line in a new folder, with the sales of a shop in it."""
    return _in_folder


@pytest.fixture
def program(tmp_path):
    return _in_folder(tmp_path / "work")


def _in_folder(folder):
    folder.mkdir()
    lines = ["date,visits,sales"]
    for day in range(160):
        date = datetime.date(2024, 1, 1) + datetime.timedelta(days=day)
        weekly = math.sin(2 * math.pi * day / 7)
        lines.append(f"{date},{10 + day % 7 + day / 50:.3f},{20 + 5 * weekly + day / 30:.3f}")
    (folder / "shop.csv").write_text("\n".join(lines) + "\n")
    return Program(folder)


@pytest.fixture
def quick():
    """Arguments of a training that takes no time."""
    return QUICK


def children_of(process):
    """Processes that a process has started and that still run."""
    done = subprocess.run(["ps", "-eo", "pid=,ppid=,stat="], capture_output=True, text=True, check=True)
    rows = (line.split() for line in done.stdout.splitlines())
    return [int(pid) for pid, parent, state in rows if int(parent) == process and not state.startswith("Z")]


def gone(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    state = Path(f"/proc/{process}/stat")
    return state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] == "Z"


def wait_until(condition, what, seconds=60):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"waited in vain for {what}"
        time.sleep(0.05)


@pytest.fixture
def training():
    """Starts a program that trains for long, waits until it does, and gives it with its children."""
    started = []

    def start(program, *arguments, **options):
        process = program.start(
            "forecast", "shop.csv", "--epochs", "100000", "--patience", "0", *arguments, **options
        )
        started.append(process)
        seen = []
        while not any("epoch" in line for line in seen):
            line = process.stderr.readline()
            assert line, "".join(seen)
            seen.append(line)
        children = children_of(process.pid)
        assert children
        return process, children

    yield start
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.communicate()


@pytest.fixture
def all_gone():
    """Waits until processes are no more."""
    return lambda processes: wait_until(lambda: all(map(gone, processes)), "children to end")
