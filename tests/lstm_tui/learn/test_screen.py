"""The screen of the course in the app."""

import threading

import pytest
from textual.widgets import OptionList, Static

from lstm_course.course import Chapter, Page, Step
from lstm_course.progress import progress_file, read_progress
from lstm_plugins.errors import InputError
from lstm_tui.app.app import CourseApp
from lstm_tui.backends.engine import ProcessRunner
from lstm_tui.cli.app_options import AppOptions
from lstm_tui.data.open import OpenScreen
from lstm_tui.learn.controller import LearnController
from lstm_tui.learn.screen import LearnScreen
from lstm_tui.learn.widgets.changes import ChangeLines
from lstm_tui.learn.widgets.chapters import ChapterList

WIDE, NARROW = (160, 45), (80, 24)


@pytest.fixture
def course_app(monkeypatch, tmp_path):
    """Makes the app at the course, for a reader of this test alone."""
    for name in ("HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    runner = ProcessRunner()
    yield lambda chapter=0: CourseApp(AppOptions(chapter=chapter, plugins=False, warm_ahead=False), runner)
    runner.close()


@pytest.fixture
def settled(until):
    """Waits until the page of what is chosen is there."""

    async def wait(pilot):
        course = pilot.app.controllers[LearnController]
        await until(
            pilot, lambda: course.state is not None and course.state.page and not course.computing, "a page"
        )

    return wait


@pytest.fixture
def notified(monkeypatch):
    """Lists the titles and messages that an app notifies of, however soon they vanish."""

    def watch(app):
        seen = []
        monkeypatch.setattr(app, "notify", lambda message, *, title="", **_: seen.append((title, message)))
        return seen

    return watch


def text_of(app, name):
    return str(app.screen.query_one(f"#{name}", Static).render())


async def test_the_app_opens_at_the_course_and_asks_for_nothing(course_app, settled):
    app = course_app()
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        assert isinstance(app.screen, LearnScreen)
        assert not [screen for screen in app.screen_stack if isinstance(screen, OpenScreen)]
        assert "1 The cell · Eleven days of lemonade" in str(app.screen.query_one("#reading").border_title)
        assert "A stand sells lemonade" in text_of(app, "text")
        assert app.screen.query_one("#figure").border_title == "Glasses sold"
        await pilot.press("p")
        assert app.screen.shown.reader.step == 0


async def test_keys_turn_steps_and_change_values(course_app, settled):
    app = course_app()
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("n", "n", "right")
        await settled(pilot)
        assert "On Day 2, 19 glasses are sold" in text_of(app, "text")
        await pilot.press("down", "down", "shift+right", "right")
        await settled(pilot)
        assert app.screen.shown.reader.values["day_2"] == 30
        assert "On Day 2, 30 glasses are sold" in text_of(app, "text")
        await pilot.press("enter")
        await pilot.pause()
        field = app.screen.query_one("Input")
        field.value = "61"
        await pilot.press("enter")
        assert "day_2: 61 is not a whole number from 0 to 60" in str(
            app.screen.query_one("#problem").render()
        )
        field.value = "20"
        await pilot.press("enter")
        await settled(pilot)
        assert "On Day 2, 20 glasses are sold, so x = 0.000" in text_of(app, "text")
        await pilot.press("u")
        await settled(pilot)
        assert not app.screen.shown.reader.changed
        assert "On Day 1, 10 glasses are sold" in text_of(app, "text")


@pytest.mark.exhaustive
async def test_the_mouse_changes_values_and_chooses_steps(course_app, settled):
    app = course_app(2)
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("n")
        await settled(pilot)
        assert str(app.screen.query_one("#figure").border_title) == "Number of windows"
        await pilot.click(ChangeLines, offset=(len("horizon ◂ 1 "), 2))
        await settled(pilot)
        reader = app.screen.shown.reader
        assert (reader.picked, reader.values["horizon"]) == (1, 2)
        await pilot.click(ChangeLines, offset=(len("horizon "), 2))
        await pilot.click(ChangeLines, offset=(2, 0))
        await settled(pilot)
        reader = app.screen.shown.reader
        assert (reader.picked, reader.values["horizon"]) == (0, 1)
        await pilot.click(ChapterList, offset=(6, 0))
        await settled(pilot)
        assert app.screen.shown.reader.here.name == "cell"


async def test_an_exercise_notices_its_solution_and_progress_is_kept(course_app, settled, until, notified):
    app = course_app(2)
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("n")
        await settled(pilot)
        assert "? Choose look_back and horizon" in text_of(app, "exercises")
        await pilot.press("C", "down", "enter")
        assert app.clipboard.startswith("window\t1\t2\t3\t4\t")
        seen = notified(app)
        await pilot.press("h")
        assert "Each extra input or target day" in text_of(app, "exercises")
        assert not app.screen.check_action("show_hint", ())
        await pilot.press("right", "right", "right", "right")
        await settled(pilot)
        assert "✓ Choose look_back and horizon" in text_of(app, "exercises")
        assert [title for title, _ in seen] == ["✓ Solved"]
        await until(pilot, lambda: progress_file().exists() and read_progress().solved, "progress")
    assert read_progress().solved == {"windows/four"}
    assert read_progress().seen == {"windows/one", "windows/all"}
    again = course_app()
    async with again.run_test(size=WIDE) as pilot:
        await settled(pilot)
        assert again.screen.shown.reader.now.name == "all"
        assert "✓ Choose look_back" in text_of(again, "exercises")


@pytest.mark.exhaustive
async def test_a_training_runs_by_itself_and_halts(course_app, settled, until):
    app = course_app(4)
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("n", "n", "n")
        await settled(pilot)
        await pilot.press("space")
        screen = app.screen
        await until(pilot, lambda: screen.shown.reader.values["updates"] >= 4, "some updates")
        assert screen.check_action("run_change", ("off",))
        await pilot.press("space")
        await settled(pilot)
        updates = screen.shown.reader.values["updates"]
        assert f"After {updates} updates" in text_of(app, "text")
        await pilot.pause(0.3)
        assert screen.shown.reader.values["updates"] == updates


@pytest.mark.exhaustive
async def test_a_narrow_terminal_shows_step_or_chapters(course_app, settled):
    app = course_app()
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot)
        assert app.screen.query_one("#step").display
        assert not app.screen.query_one("#chapters").display
        assert "1 of 5" in str(app.screen.query_one("#reading").border_title)
        await pilot.press("s", "down", "enter")
        await settled(pilot)
        assert app.screen.query_one("#step").display
        assert "Two functions" in str(app.screen.query_one("#reading").border_title)
        await pilot.resize_terminal(*WIDE)
        await pilot.pause()
        assert app.screen.query_one("#chapters").display


@pytest.mark.exhaustive
async def test_progress_that_cannot_be_read_is_said_once_and_stays(course_app, settled, notified, until):
    progress_file().parent.mkdir(parents=True)
    progress_file().write_text("[]")
    app = course_app()
    seen = notified(app)
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("n")
        await settled(pilot)
        await until(
            pilot, lambda: any("learn.json is damaged" in message for _, message in seen), "the notice"
        )
        assert sum("learn.json is damaged" in message for _, message in seen) == 1
    assert progress_file().read_text() == "[]"


@pytest.mark.exhaustive
async def test_the_course_is_a_tab_of_the_workbench(make_app, planned, settled, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    runner = ProcessRunner()
    app = make_app("sunspots", runner=runner)
    async with app.run_test(size=WIDE) as pilot:
        await planned(pilot)
        await pilot.press("8")
        await settled(pilot)
        assert app.screen.query_one(OptionList).option_count > 4
        await pilot.press("2", "8")
        await settled(pilot)
    runner.close()


@pytest.fixture
def slow_course(monkeypatch):
    """A course whose first step waits to be let go, and whose last one cannot be shown."""
    let_go = threading.Event()

    def slow(values):
        yield Page(("It begins.",), (), under_way="starting …")
        let_go.wait()
        yield Page(("It is done.",), ())

    def refused(values):
        raise InputError("There is no lemonade.")
        yield

    shows = {"slow": slow, "quick": lambda values: iter([Page(("Quick.",), ())]), "refused": refused}
    steps = tuple(Step(name, name.capitalize(), (), show) for name, show in shows.items())
    monkeypatch.setattr(
        "lstm_course.chapters.chapters",
        lambda processes: (Chapter("one", "One", "The only one.", steps),),
    )
    yield let_go
    let_go.set()


async def test_nobody_waits_for_a_page_that_takes_long(slow_course, course_app, until):
    app = course_app()
    async with app.run_test(size=WIDE) as pilot:
        await until(
            pilot, lambda: app.screen.query("#text") and "It begins." in text_of(app, "text"), "a beginning"
        )
        assert app.screen.query_one("#figure").border_subtitle == "starting …"
        await pilot.press("n")
        await until(pilot, lambda: text_of(app, "text") == "Quick.", "the next step")
        await pilot.press("n")
        await until(pilot, lambda: text_of(app, "text") == "✗ There is no lemonade.", "the problem")
        slow_course.set()
        await pilot.press("p", "p")
        await until(pilot, lambda: text_of(app, "text") == "It is done.", "the end of what takes long")
        assert app.screen.query_one("#figure").border_subtitle == ""
