"""What may not be imported before the first paint, and never by the app at all."""

import json
import subprocess
import sys

import pytest

from lstm_tui.registry import TABS

HEAVY = (
    *("numpy", "polars", "lstm_plugins.backend", "textual_plot", "lstm_forecasting.experiment.plan"),
    # Brings the whole of email; the versions of what is installed are for later.
    "importlib.metadata",
)
LATER = {f"lstm_tui.{tab.name}.screen" for tab in TABS} | {
    "lstm_tui.data.open",
    "textual.widgets._data_table",
}
"""Of the screens, only that which is painted first is needed."""
FRAMEWORKS = ("torch", "tensorflow", "keras", "lstm_backends.torch.network")


def modules_after(code):
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"],
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_the_app_imports_nothing_heavy():
    loaded = modules_after("import lstm_tui.app.app")
    assert loaded.isdisjoint(HEAVY)
    assert loaded.isdisjoint(FRAMEWORKS)
    assert loaded.isdisjoint(LATER)


def test_making_the_app_imports_nothing_heavy():
    loaded = modules_after(
        "from lstm_tui.app.app import CourseApp, WorkbenchApp\n"
        "from lstm_tui.cli.app_options import AppOptions\n"
        "WorkbenchApp(AppOptions('co2'))\nCourseApp(AppOptions(chapter=3))"
    )
    assert loaded.isdisjoint(HEAVY)


def test_reading_a_command_line_and_files_imports_nothing_heavy(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = '[settings]\nlayers = 2\n[app]\ntheme = "light"\n[keys]\ntrain = "f5"\n'
    (tmp_path / "lstm-tui.toml").write_text(text)
    code = """
from lstm_tui.cli.program import load_command
load_command("learn").make_context("lstm-tui learn", ["3"])
context = load_command().make_context("lstm-tui", ["co2", "--look-back", "28"])
assert context.params["setting_layers"] == 2
from lstm_tui.app.app import WorkbenchApp
from lstm_tui.cli.app_options import AppOptions
WorkbenchApp(AppOptions("co2", settings={"look_back": 28}))
"""
    assert modules_after(code).isdisjoint({*HEAVY, *FRAMEWORKS})


@pytest.mark.exhaustive
def test_a_whole_start_imports_no_framework():
    code = """
import asyncio
from lstm_tui.app.app import WorkbenchApp
from lstm_tui.cli.app_options import AppOptions

async def main():
    app = WorkbenchApp(AppOptions("sunspots", plugins=False))
    async with app.run_test() as pilot:
        while app.train.state.experiment is None:
            await pilot.pause(0.02)

asyncio.run(main())
"""
    loaded = modules_after(code)
    assert "numpy" in loaded
    assert loaded.isdisjoint(FRAMEWORKS)
