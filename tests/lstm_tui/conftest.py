"""The app on replayed trainings and cross-checks, and what waits for it."""

import pytest

from lstm_tui.app.app import WorkbenchApp
from lstm_tui.cli.app_options import AppOptions

from . import settling
from .recording import Recording
from .replay import ReplayRunner


@pytest.fixture(scope="session", autouse=True)
def pilots_wait_by_events():
    with pytest.MonkeyPatch.context() as patch:
        settling.wait_by_events(patch)
        yield


@pytest.fixture
def make_runner():
    """Makes replays; those that still wait are let go at the end."""
    made = []

    def make(**arguments):
        made.append(ReplayRunner(**arguments))
        return made[-1]

    yield make
    for runner in made:
        runner.close()


@pytest.fixture
def make_app(make_runner, monkeypatch, tmp_path):
    """Makes the app on a replay, with this distribution's backends alone, and runs and state of its own."""
    monkeypatch.setenv("LSTM_TUI_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def make(source="sunspots", *, runner=None, warm_ahead=False, preset="classic", **arguments):
        runner = runner or make_runner()
        given = {"plugins": False, "warm_ahead": warm_ahead, "preset": preset, **arguments}
        return WorkbenchApp(AppOptions(source, **given), runner)

    return make


@pytest.fixture
def until():
    """Waits for a condition, and fails with its name."""
    return settling.until


@pytest.fixture(scope="session")
def type_at_once():
    """Sends keys to an app without waiting after each."""
    return settling.type_at_once


@pytest.fixture
def planned():
    """Waits until something could be trained."""

    async def wait(pilot):
        await settling.until(pilot, lambda: pilot.app.train.state.experiment is not None, "a plan")
        await pilot.app.workers.wait_for_complete(
            [worker for worker in pilot.app.workers if worker.group in ("begin", "open", "plan")]
        )
        await pilot.pause()

    return wait


@pytest.fixture
def recording():
    """Makes the records of a training: `recording(experiment, fail)`."""
    return Recording
