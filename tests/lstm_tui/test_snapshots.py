"""The screens as pictures, at both sizes that matter. `make snapshots` draws them anew."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from textual.screen import ModalScreen
from textual.widgets._footer import FooterKey

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.experiment.plan import plan_experiment
from lstm_forecasting.inspect import asking
from lstm_forecasting.inspect.subject import open_subject
from lstm_forecasting.runs.recording import fit
from lstm_tui.app.app import CourseApp
from lstm_tui.backends.engine import ProcessRunner
from lstm_tui.backends.table import BackendTable
from lstm_tui.cli.app_options import AppOptions
from lstm_tui.crosscheck.controller import CrossCheckController
from lstm_tui.crosscheck.heatmap import Heatmap
from lstm_tui.crosscheck.setup import CheckSetup
from lstm_tui.data.reading import ReadingPanel
from lstm_tui.data.reading_form import ReadingForm
from lstm_tui.forecast.widgets.panel import ForecastPanel
from lstm_tui.inspect import seeing
from lstm_tui.inspect.controller import InspectController
from lstm_tui.kit.files import FileTree
from lstm_tui.learn.controller import LearnController

SMALL, LARGE = (80, 24), (160, 45)
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "160x45"])


@pytest.fixture
def picture(snap_compare, until, planned):
    """Compares the app with its picture after some keys; a key may also be a function to wait for."""

    def compare(app, size, *steps, first=planned):
        async def run(pilot):
            await first(pilot)
            for step in steps:
                if callable(step):
                    await until(pilot, lambda step=step: step(app), "the next step")
                else:
                    await pilot.press(step)
            # Toasts come and go with the clock.
            app.clear_notifications()
            app.screen.set_focus(None)
            await settle(pilot)

        return snap_compare(app, terminal_size=size, run_before=run)

    return compare


async def settle(pilot):
    """Waits until nothing changes any more; the footer is empty for a moment when other keys work."""
    shown = ""
    for _ in range(100):
        await pilot.pause(0.1)
        before, shown = shown, pilot.app.export_screenshot()
        screen = pilot.app.screen
        if shown == before and (isinstance(screen, ModalScreen) or len(screen.query(FooterKey)) > 3):
            return
    raise AssertionError("the screen never comes to rest")


def epochs(count):
    return lambda app: all(
        state.over or state.history.epochs == count for state in app.train.state.training.backends.values()
    )


def over(app):
    return not app.train.state.training.running


def shown(app):
    return bool(app.screen.query(ForecastPanel))


def read(app):
    return bool(app.screen.query(ReadingPanel))


@SIZES
def test_data(picture, make_app, size):
    assert picture(make_app("co2"), size, "1", read)


def test_data_columns_where_there_is_no_room_for_both(picture, make_app):
    assert picture(make_app("seattle-weather", inputs=("wind",)), SMALL, "1", read, "s")


def test_data_in_the_light_theme_and_a_refused_option(picture, make_app):
    def refuse(app):
        form = app.screen.query_one(ReadingForm)
        form.line("missing").control.action_step(-1)
        return True

    def refused(app):
        return bool(app.screen.query_one(ReadingForm).line("missing").problem)

    assert picture(make_app("co2"), LARGE, "d", "1", read, refuse, refused)


@SIZES
def test_train_before(picture, make_app, size):
    assert picture(make_app("co2"), size)


@SIZES
def test_train_during(picture, make_app, make_runner, size):
    assert picture(make_app("co2", runner=make_runner(pause=14)), size, "t", epochs(14))


@SIZES
def test_train_after(picture, make_app, size):
    assert picture(make_app("co2"), size, "t", over)


@SIZES
def test_train_with_a_failure(picture, make_app, make_runner, size):
    runner = make_runner(pause=14, fail=("torch",))
    assert picture(make_app("co2", runner=runner), size, "t", epochs(14))


@SIZES
def test_forecast(picture, make_app, size):
    assert picture(make_app("co2"), size, "t", over, "3", shown)


def test_forecast_numbers_where_there_is_no_room_for_both(picture, make_app):
    assert picture(make_app("co2"), SMALL, "t", over, "3", shown, "s")


def test_forecast_of_levels_and_of_the_second_target(picture, make_app):
    app = make_app("seattle-weather", targets=("temp_max", "temp_min"), settings={"loss": "quantile"})
    assert picture(app, LARGE, "t", over, "3", shown, "y")


@SIZES
def test_single_forecast(picture, make_app, size):
    assert picture(make_app("co2"), size, "t", over, "3", shown, "v", "P", "p")


def test_single_forecast_in_numbers(picture, make_app):
    assert picture(make_app("co2"), SMALL, "t", over, "3", shown, "v", "s")


@SIZES
def test_residuals(picture, make_app, size):
    assert picture(make_app("co2"), size, "t", over, "3", shown, "v", "v", "n")


def test_autocorrelation_where_there_is_no_room_for_both(picture, make_app):
    assert picture(make_app("co2"), SMALL, "t", over, "3", shown, "v", "v", "s")


def test_save_dialog(picture, make_app):
    assert picture(make_app("co2"), SMALL, "t", over, "3", shown, "w")


def test_copy_dialog(picture, make_app):
    assert picture(make_app("co2"), SMALL, "t", over, "3", shown, "C")


def test_single_forecast_without_colours(picture, make_app, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert picture(make_app("co2"), LARGE, "t", over, "3", shown, "v")


def test_forecast_in_the_light_theme(picture, make_app):
    assert picture(make_app("co2"), LARGE, "d", "t", over, "3", shown)


def judged(app):
    checking = app.controllers[CrossCheckController].state
    return checking is not None and not checking.running


def ready_to_check(app):
    return bool(app.screen.query(CheckSetup))


@SIZES
def test_crosscheck_before(picture, make_app, size):
    assert picture(make_app("co2"), size, "4", ready_to_check)


@SIZES
def test_crosscheck_with_a_difference(picture, make_app, make_runner, size):
    app = make_app("co2", runner=make_runner(faulty=("torch",)), backends=("numpy", "torch"))
    assert picture(app, size, "4", ready_to_check, "c", judged)


@SIZES
def test_train_with_the_gradient_norm_and_a_warning(picture, make_app, size):
    app = make_app("co2", settings={"batch_size": 5000})
    assert picture(app, size, "t", over, "v", "v", "y")


def test_settings_that_will_not_fit(picture, make_app):
    assert picture(make_app("co2", settings={"look_back": 20, "batch_size": 5000}), LARGE)


def listed(app):
    return any(table.row_count for table in app.screen.query(BackendTable))


@SIZES
def test_backends(picture, make_app, make_runner, size):
    app = make_app("co2", runner=make_runner(cold=("torch",)))
    warm = lambda app: "torch" in app.backends.state.warmths and app.backends.state.warmths["torch"].reason  # noqa: E731
    assert picture(app, size, "6", listed, "w", "down", "w", warm)


def test_backend_that_does_not_start(picture, make_app, make_runner):
    app = make_app("co2", runner=make_runner(cold=("numpy",)))
    failed = lambda app: "numpy" in app.backends.state.warmths and app.backends.state.warmths["numpy"].reason  # noqa: E731
    assert picture(app, SMALL, "6", listed, "w", failed, "enter")


def test_backends_in_the_light_theme(picture, make_app):
    assert picture(make_app("co2"), LARGE, "d", "6", listed)


def test_tensor_that_differs(picture, make_app, make_runner):
    app = make_app("co2", runner=make_runner(faulty=("torch",)), backends=("torch",))
    drawn = lambda app: bool(app.screen.query(Heatmap))  # noqa: E731
    assert picture(app, SMALL, "4", ready_to_check, "c", judged, "enter", "enter", drawn)


def test_help(picture, make_app):
    assert picture(make_app("co2"), SMALL, "question_mark")


@SIZES
def test_open_dialog(picture, make_app, size, tmp_path, monkeypatch):
    folder = tmp_path / "data"
    (folder / "older").mkdir(parents=True)
    (folder / "shop.csv").write_text("a\n1\n", encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setattr("lstm_tui.data.open.recent_files", lambda: [Path("/home/ada/load.parquet")])
    listed = lambda app: len(app.screen.query_one(FileTree).root.children) == 2  # noqa: E731
    assert picture(make_app("co2"), size, "o", listed)


def test_without_colours(picture, make_app, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert picture(make_app("co2"), LARGE, "t", over)


@pytest.fixture(scope="module")
def small_run(tmp_path_factory):
    """A run that always ends with the same numbers."""
    small = {
        "look_back": 16,
        "horizon": 3,
        "hidden_units": 12,
        "attention": "general",
        "epochs": 3,
        "precision": "float64",
        "seed": 1,
    }
    experiment = plan_experiment(open_data("sunspots"), ["numpy"], small)
    return fit(experiment, "sunspots-small", tmp_path_factory.mktemp("runs")).path


@pytest.fixture
def without_colours(monkeypatch):
    """Asks for it before the app is made."""
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.fixture
def inspected(make_app, small_run, tmp_path):
    """The app on real processes, with the run."""
    shutil.copytree(small_run, tmp_path / "runs" / small_run.name)
    runner = ProcessRunner()
    yield make_app("sunspots", runner=runner, backends=("numpy",))
    runner.close()


@pytest.fixture
def far_off(monkeypatch):
    """A second backend whose numbers are those of weights of an epoch before.

    The difference of two right backends is rounding, and other on every processor.
    """

    def inspect(subject, window, backend, **how):
        if backend != "numpy":
            before = open_subject(subject.run.path, epoch=subject.model.header.epoch - 1)
            found = asking.inspect_window(before, window, "numpy", **how)
            return replace(found, backend=backend)
        return asking.inspect_window(subject, window, backend, **how)

    monkeypatch.setattr(seeing, "inspect_window", inspect)


def looked(app):
    screen = app.screen
    return screen.look is not None and screen.panel is not None and screen.seen.shows(screen.look.view)


def settled(app):
    return looked(app) and not app.controllers[InspectController].busy


VIEWS = {"gates": 0, "unit": 1, "gradients": 2, "batch": 3, "backends": 4, "weights": 5}


@SIZES
@pytest.mark.parametrize("view", VIEWS)
def test_inspect(picture, inspected, far_off, view, size):
    assert picture(inspected, size, "5", settled, "left", "left", "down", *["v"] * VIEWS[view], settled)


@pytest.mark.parametrize("view", ["gates", "batch", "weights"])
def test_inspect_numbers_where_there_is_no_room_for_both(picture, inspected, far_off, view):
    assert picture(inspected, SMALL, "5", settled, *["v"] * VIEWS[view], settled, "s")


def test_inspect_gradients_in_the_light_theme(picture, inspected):
    assert picture(inspected, (120, 34), "d", "5", settled, "v", "v")


def test_inspect_without_colours(picture, without_colours, inspected):
    assert picture(inspected, SMALL, "5", settled, *["v"] * VIEWS["batch"], settled)


@pytest.fixture
def course_picture(picture, monkeypatch, tmp_path):
    """Compares the app at a chapter of the course with its picture, after some keys."""
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    runner = ProcessRunner()

    async def begun(pilot):
        await pilot.pause()

    def compare(chapter, size, *keys):
        app = CourseApp(AppOptions(chapter=chapter, plugins=False, warm_ahead=False), runner)
        steps = [step for key in keys for step in (key, is_read)]
        return picture(app, size, is_read, *steps, first=begun)

    yield compare
    runner.close()


def is_read(app):
    """Whether the page of what is chosen is there."""
    course = app.controllers[LearnController]
    return course.state is not None and course.state.page is not None and not course.computing


CHAPTERS = {
    1: ("n", "n", "right", "right"),
    2: ("n", "n"),
    3: ("n", "n", "right"),
    4: ("n", "n", "n", *["shift+right"] * 12),
    5: ("n",),
    6: ("n",),
    7: ("n", "n"),
    8: (),
}
"""Keys that lead to what a chapter is about, by its number."""


@SIZES
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_course(course_picture, chapter, size):
    assert course_picture(chapter, size, *CHAPTERS[chapter])


def test_chapters_where_there_is_no_room_for_both(course_picture):
    assert course_picture(2, SMALL, "n", "s")


def test_course_with_a_hint_in_the_light_theme(course_picture):
    assert course_picture(1, (120, 34), "d", "n", "n", "n", "n", "h")


def test_course_without_colours(course_picture, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert course_picture(2, LARGE, "n")
