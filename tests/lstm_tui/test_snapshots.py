"""The screens as pictures, at both sizes that matter. `make snapshots` draws them anew."""

import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.data.options import ReadOptions
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
from lstm_tui.data.columns import ColumnsTable
from lstm_tui.data.reading import ReadingPanel
from lstm_tui.data.reading_form import ReadingForm
from lstm_tui.data.rows import RowsTable
from lstm_tui.forecast.widgets.panel import ForecastPanel
from lstm_tui.inspect import seeing
from lstm_tui.inspect.controller import InspectController
from lstm_tui.kit.files import FileTree
from lstm_tui.learn.controller import LearnController

from .pictures import album

SMALL, LARGE = (80, 24), (160, 45)
EXHAUSTIVE = pytest.mark.exhaustive
SMALL_FIRST = pytest.mark.parametrize(
    "size", [SMALL, pytest.param(LARGE, marks=EXHAUSTIVE)], ids=["80x24", "160x45"]
)


@pytest.fixture
def open_album(snapshot, request):
    """Runs an app for pictures: `async with open_album(app, size) as pictures`."""
    return partial(album, snapshot=snapshot, request=request)


def name_of(size):
    return "[{}x{}]".format(*size)


def epochs(count):
    return lambda app: all(
        state.over or state.history.epochs == count for state in app.train.state.training.backends.values()
    )


def over(app):
    return not app.train.state.training.running


def planned(app):
    return app.train.state.experiment is not None and not app.train.state.planning


def shown(app):
    found = bool(app.screen.query(ForecastPanel))
    return found and all(one.is_finished for one in app.workers if one.group == "intervals")


def read(app):
    return bool(app.screen.query(ReadingPanel))


def judged(app):
    checking = app.controllers[CrossCheckController].state
    return checking is not None and not checking.running


def ready_to_check(app):
    return bool(app.screen.query(CheckSetup))


def listed(app):
    return any(table.row_count for table in app.screen.query(BackendTable))


@SMALL_FIRST
async def test_the_way_from_the_data_to_a_forecast(open_album, make_app, make_runner, size):
    runner = make_runner(pause=14)

    def let_go(_app):
        runner.go_on.set()
        return True

    async with open_album(make_app("co2", runner=runner), size, suffix=name_of(size)) as pictures:
        await pictures.take("train_before", planned)
        await pictures.take("crosscheck_before", "5", ready_to_check)
        await pictures.take("data", "1", read)
        await pictures.take("train_during", "2", "t", epochs(14))
        await pictures.take("train_after", let_go, over)
        await pictures.take("forecast", "3", shown)
        await pictures.take("single_forecast", "v", "P", "p")
        await pictures.take("residuals", "v", "n")


@pytest.mark.exhaustive
async def test_the_halves_of_a_forecast_and_what_is_done_with_it(open_album, make_app):
    async with open_album(make_app("co2"), SMALL) as pictures:
        await pictures.take("help", planned, "question_mark")
        await pictures.take("save_dialog", "escape", "t", over, "3", shown, "w")
        await pictures.take("copy_dialog", "escape", "C")
        await pictures.take("forecast_numbers_where_there_is_no_room_for_both", "escape", "s")
        await pictures.take("single_forecast_in_numbers", "s", "v", "s")
        await pictures.take("autocorrelation_where_there_is_no_room_for_both", "s", "v", "s")


@EXHAUSTIVE
async def test_data_columns_where_there_is_no_room_for_both(open_album, make_app):
    async with open_album(make_app("seattle-weather", inputs=("wind",)), SMALL) as pictures:
        await pictures.take("data_columns_where_there_is_no_room_for_both", planned, "1", read, "s")


@pytest.mark.exhaustive
async def test_the_light_theme(open_album, make_app):
    def refuse(app):
        app.screen.query_one(ReadingForm).line("missing").control.action_step(-1)
        return True

    def refused(app):
        return bool(app.screen.query_one(ReadingForm).line("missing").problem)

    async with open_album(make_app("co2"), LARGE) as pictures:
        await pictures.take("backends_in_the_light_theme", planned, "d", "7", listed)
        await pictures.take("data_in_the_light_theme_and_a_refused_option", "1", read, refuse, refused)
        await pictures.take("forecast_in_the_light_theme", "t", over, "3", shown)


@pytest.mark.exhaustive
async def test_without_colours(open_album, make_app, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    async with open_album(make_app("co2"), LARGE) as pictures:
        await pictures.take("without_colours", planned, "t", over)
        await pictures.take("single_forecast_without_colours", "3", shown, "v")


@pytest.mark.exhaustive
@SMALL_FIRST
async def test_train_with_a_failure(open_album, make_app, make_runner, size):
    runner = make_runner(pause=14, fail=("torch",))
    async with open_album(make_app("co2", runner=runner), size, suffix=name_of(size)) as pictures:
        await pictures.take("train_with_a_failure", planned, "t", epochs(14))


@pytest.mark.exhaustive
@SMALL_FIRST
async def test_train_with_the_gradient_norm_and_a_warning(open_album, make_app, size):
    app = make_app("co2", settings={"batch_size": 5000})
    async with open_album(app, size, suffix=name_of(size)) as pictures:
        await pictures.take("train_with_the_gradient_norm_and_a_warning", planned, "t", over, "v", "v", "y")


@EXHAUSTIVE
@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "160x45"])
async def test_what_a_preset_tried_and_what_is_known_ahead(open_album, make_app, size, tmp_path):
    days = np.datetime64("2023-01-01") + np.arange(420)
    # Noise, since errors that are almost 0 depend on the processor.
    sales = 40 + 5 * (np.arange(400) % 7) + np.random.default_rng(0).integers(0, 12, 400)
    lines = [
        f"{day},{9.5 + n % 4 / 4},{'TV' if n % 9 == 0 else ''},{n // 7},{sales[n] if n < 400 else ''}"
        for n, day in enumerate(days)
    ]
    path = tmp_path / "shop.csv"
    path.write_text("\n".join(["day,price,promotion,week,sales", *lines]) + "\n", encoding="utf-8")
    reading = ReadOptions(known=("price", "promotion"))
    app = make_app(str(path), targets=("sales",), reading=reading, preset="quick", backends=("numpy",))

    def chosen(app):
        app.screen.query_one(ColumnsTable).move_cursor(row=1)
        return True

    def ahead(app):
        app.screen.query_one(RowsTable).scroll_end(animate=False)
        return True

    first = ("s",) if size == SMALL else ()
    async with open_album(app, size, suffix=name_of(size)) as pictures:
        await pictures.take("what_a_preset_tried", planned, *first)
        await pictures.take("known_ahead", "1", read, chosen, ahead)


@EXHAUSTIVE
async def test_settings_that_will_not_fit(open_album, make_app):
    async with open_album(make_app("co2", settings={"look_back": 20, "batch_size": 5000}), LARGE) as pictures:
        await pictures.take("settings_that_will_not_fit", planned)


@EXHAUSTIVE
async def test_forecast_of_levels_and_of_the_second_target(open_album, make_app):
    app = make_app("seattle-weather", targets=("temp_max", "temp_min"), settings={"loss": "quantile"})
    async with open_album(app, LARGE) as pictures:
        await pictures.take(
            "forecast_of_levels_and_of_the_second_target", planned, "t", over, "3", shown, "y"
        )


@pytest.mark.exhaustive
@SMALL_FIRST
async def test_crosscheck_with_a_difference(open_album, make_app, make_runner, size):
    app = make_app("co2", runner=make_runner(faulty=("torch",)), backends=("numpy", "torch"))
    async with open_album(app, size, suffix=name_of(size)) as pictures:
        await pictures.take("crosscheck_with_a_difference", planned, "5", ready_to_check, "c", judged)


@pytest.mark.exhaustive
async def test_tensor_that_differs(open_album, make_app, make_runner):
    def drawn(app):
        return bool(app.screen.query(Heatmap))

    app = make_app("co2", runner=make_runner(faulty=("torch",)), backends=("torch",))
    async with open_album(app, SMALL) as pictures:
        await pictures.walk(planned, "5", ready_to_check, "c", judged)
        await pictures.take("tensor_that_differs", "enter", "enter", drawn)


def warmed_up(name):
    """Whether it is known how warming up a backend ended."""

    def known(app):
        warmths = app.backends.state.warmths
        return name in warmths and warmths[name].reason

    return known


@pytest.mark.exhaustive
@SMALL_FIRST
async def test_backends(open_album, make_app, make_runner, size):
    app = make_app("co2", runner=make_runner(cold=("torch",)))
    async with open_album(app, size, suffix=name_of(size)) as pictures:
        await pictures.take("backends", planned, "7", listed, "w", "down", "w", warmed_up("torch"))


@pytest.mark.exhaustive
async def test_backend_that_does_not_start(open_album, make_app, make_runner):
    app = make_app("co2", runner=make_runner(cold=("numpy",)))
    async with open_album(app, SMALL) as pictures:
        await pictures.take(
            "backend_that_does_not_start", planned, "7", listed, "w", warmed_up("numpy"), "enter"
        )


@SMALL_FIRST
async def test_open_dialog(open_album, make_app, size, tmp_path, monkeypatch):
    folder = tmp_path / "data"
    (folder / "older").mkdir(parents=True)
    (folder / "shop.csv").write_text("a\n1\n", encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setattr("lstm_tui.data.open.recent_files", lambda: [Path("/home/ada/load.parquet")])

    def offered(app):
        return len(app.screen.query_one(FileTree).root.children) == 2

    async with open_album(make_app("co2"), size, suffix=name_of(size)) as pictures:
        await pictures.take("open_dialog", planned, "o", offered)


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


def settled(app):
    screen = app.screen
    drawn = screen.look is not None and screen.panel is not None and screen.seen.shows(screen.look.view)
    return drawn and not app.controllers[InspectController].busy


VIEWS = ("gates", "unit", "gradients", "batch", "backends", "weights")


@pytest.mark.exhaustive
@SMALL_FIRST
async def test_inspect(open_album, inspected, far_off, size):
    async with open_album(inspected, size) as pictures:
        await pictures.walk(planned, "6", settled, "left", "left", "down", settled)
        for view in VIEWS:
            await pictures.take(f"inspect[{view}-{size[0]}x{size[1]}]", settled)
            await pictures.walk("v", settled)


@EXHAUSTIVE
async def test_inspect_numbers_where_there_is_no_room_for_both(open_album, inspected, far_off):
    async with open_album(inspected, SMALL) as pictures:
        await pictures.walk(planned, "6", settled)
        for view in VIEWS:
            if view in ("gates", "batch", "weights"):
                await pictures.take(f"inspect_numbers_where_there_is_no_room_for_both[{view}]", "s")
                await pictures.walk("s")
            await pictures.walk("v", settled)


@EXHAUSTIVE
async def test_inspect_gradients_in_the_light_theme(open_album, inspected):
    async with open_album(inspected, (120, 34)) as pictures:
        await pictures.take(
            "inspect_gradients_in_the_light_theme", planned, "d", "6", settled, "v", "v", settled
        )


@EXHAUSTIVE
async def test_inspect_without_colours(open_album, without_colours, inspected):
    async with open_album(inspected, SMALL) as pictures:
        await pictures.take("inspect_without_colours", planned, "6", settled, "v", "v", "v", settled)


@pytest.fixture
def make_course(monkeypatch, tmp_path):
    """Makes the app at a chapter of the course."""
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    runner = ProcessRunner()
    yield lambda chapter: CourseApp(AppOptions(chapter=chapter, plugins=False, warm_ahead=False), runner)
    runner.close()


def is_read(app):
    """Whether the page of what is chosen is there."""
    course = app.controllers[LearnController]
    return course.state is not None and course.state.page is not None and not course.computing


def reading(*keys):
    """Steps that press keys, each when the page before is there."""
    return (is_read, *(step for key in keys for step in (key, is_read)))


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


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "chapter", [pytest.param(number, marks=[EXHAUSTIVE] if number > 2 else []) for number in CHAPTERS]
)
async def test_course(open_album, make_course, chapter):
    async with open_album(make_course(chapter), SMALL) as pictures:
        await pictures.walk(*reading(*CHAPTERS[chapter]))
        for columns, lines in (SMALL, LARGE):
            await pictures.pilot.resize_terminal(columns, lines)
            await pictures.take(f"course[{chapter}-{columns}x{lines}]", is_read)


async def test_chapters_where_there_is_no_room_for_both(open_album, make_course):
    async with open_album(make_course(2), SMALL) as pictures:
        await pictures.take("chapters_where_there_is_no_room_for_both", *reading("n", "s"))


@EXHAUSTIVE
async def test_course_with_a_hint_in_the_light_theme(open_album, make_course):
    async with open_album(make_course(1), (120, 34)) as pictures:
        await pictures.take("course_with_a_hint_in_the_light_theme", *reading("d", *"nnnn", "h"))


@EXHAUSTIVE
async def test_course_without_colours(open_album, without_colours, make_course):
    async with open_album(make_course(2), LARGE) as pictures:
        await pictures.take("course_without_colours", *reading("n"))
