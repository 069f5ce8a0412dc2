"""The findings on the Data screen, and the dialog that asks for the target, through Textual's pilot."""

import numpy as np
import pytest
from textual.widgets import Label, OptionList, Static

from lstm_tui.data.findings import FindingScreen, FindingsList
from lstm_tui.data.reading import ReadingPanel
from lstm_tui.data.reading_form import ReadingForm
from lstm_tui.data.target import TargetScreen
from lstm_tui.train.screen import TrainScreen

LARGE, SMALL = (160, 45), (80, 24)
LOAD = 3 + np.sin(np.arange(300) / 12) + np.random.default_rng(0).uniform(-0.1, 0.1, 300)
WALK = np.random.default_rng(1).normal(size=300).cumsum()


@pytest.fixture
def write(tmp_path):
    """Writes daily columns to a file and returns its path."""

    def write_columns(name="energy", **columns):
        lines = [",".join(("day", *columns))]
        for row in range(300):
            cells = (str(values[row]) for values in columns.values())
            lines.append(",".join((str(np.datetime64("2023-01-01") + row), *cells)))
        path = tmp_path / f"{name}.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return str(path)

    return write_columns


@pytest.fixture
def energy(write):
    """A file whose unit changes."""
    return write(kwh=np.append(LOAD[:150], 1000 * LOAD[150:]))


@pytest.fixture
def checked(planned, until):
    """Waits until the open series is checked, and goes to the Data screen."""

    async def go(pilot):
        await planned(pilot)
        await pilot.press("1")
        await until(pilot, lambda: bool(pilot.app.screen.query(ReadingPanel)), "the Data screen")
        await until(pilot, lambda: pilot.app.data.state.findings is not None, "the findings")
        await pilot.pause()

    return go


def listed(app):
    options = app.screen.query_one(FindingsList)
    return [str(options.get_option_at_index(place).prompt) for place in range(options.option_count)]


def read_anew(app, table):
    return app.data.state.table is not table and app.data.state.findings is not None


async def test_findings_have_their_evidence_and_what_is_done(make_app, checked, energy):
    app = make_app(energy)
    async with app.run_test(size=LARGE) as pilot:
        await checked(pilot)
        first, second = listed(app)
        assert first.startswith("~ unit change · kwh\nFrom 2023-05-31 on, values of kwh are about 1000 times")
        assert first.endswith("\nAll values are used as they are.")
        assert second.startswith("✓ never negative · kwh\nkwh is never negative; its least value is ")
        assert app.screen.query_one("#findings-room").border_title == "Findings · 2 · 1 suggestion"


@pytest.mark.parametrize("size", [LARGE, SMALL], ids=["large", "small"])
async def test_one_key_applies_a_suggestion_and_can_undo_it(make_app, checked, until, energy, size):
    app = make_app(energy)
    async with app.run_test(size=size) as pilot:
        await checked(pilot)
        if size == SMALL:
            await pilot.press("s")
        table = app.data.state.table
        await pilot.press("a")
        await until(pilot, lambda: read_anew(app, table), "the series in one unit")
        converted = app.data.state.table
        assert converted.reading.options.unit_change == "convert"
        assert converted.values[0, 0] == pytest.approx(1000 * LOAD[0])
        await until(
            pilot, lambda: "The first 150 values of kwh are multiplied by 1000" in listed(app)[0], "the list"
        )
        await pilot.press("a")
        await until(pilot, lambda: read_anew(app, converted), "the series as it was")
        assert app.data.state.table.reading.options.unit_change == "keep"


@pytest.mark.exhaustive
async def test_enter_shows_all_about_a_finding_and_applies_it_there(make_app, checked, until, energy):
    app = make_app(energy)
    async with app.run_test(size=LARGE) as pilot:
        await checked(pilot)
        await pilot.press("f", "enter")
        await until(pilot, lambda: isinstance(app.screen, FindingScreen), "the finding")
        shown = str(app.screen.query_one(Static).content)
        assert "on the command line, --unit-change convert." in shown
        assert shown.endswith("When: 2023-05-31.")
        table = app.data.state.table
        await pilot.press("escape", "enter")
        await until(pilot, lambda: isinstance(app.screen, FindingScreen), "the finding again")
        assert app.data.state.table is table
        await pilot.press("a")
        await until(pilot, lambda: read_anew(app, table), "the series in one unit")
        assert app.data.state.table.reading.options.unit_change == "convert"


@pytest.mark.exhaustive
async def test_an_option_whose_value_only_the_user_knows_gets_the_focus(make_app, checked, until, tmp_path):
    """Times that wobble by seconds are snapped; another step is the user's to name."""
    path = tmp_path / "logger.csv"
    first, wobble = np.datetime64("2023-01-01T00:00:00"), np.random.default_rng(0).integers(-4, 5, 300)
    lines = [f"{first + 600 * row + int(wobble[row])},{WALK[row]}" for row in range(300)]
    path.write_text("\n".join(["time,y", *lines]) + "\n", encoding="utf-8")
    app = make_app(str(path))
    async with app.run_test(size=LARGE) as pilot:
        await checked(pilot)
        assert listed(app)[0].startswith("✓ snapped times\nTimes are snapped to steps of 10 minutes")
        await pilot.press("a")
        line = app.screen.query_one(ReadingForm).line("frequency")
        await until(pilot, lambda: line.control.has_focus, "the field")


@pytest.mark.exhaustive
async def test_a_series_without_findings_has_no_list(make_app, checked, write):
    app = make_app(write(y=WALK))
    async with app.run_test(size=LARGE) as pilot:
        await checked(pilot)
        assert app.data.state.findings == ()
        assert not app.screen.query_one("#findings-room").display


# The target.


@pytest.mark.exhaustive
@pytest.mark.parametrize("size", [LARGE, SMALL], ids=["large", "small"])
async def test_several_candidates_are_asked_about(make_app, planned, until, write, size):
    app = make_app(write(north=WALK, south=LOAD, row=np.arange(300)))
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: isinstance(app.screen, TargetScreen), "the question")
        options = app.screen.query_one(OptionList)
        lines = [str(options.get_option_at_index(place).prompt) for place in range(options.option_count)]
        assert [line.split()[0] for line in lines] == ["north", "south"]
        assert lines[1].endswith("never below 0")
        assert options.highlighted == 1
        reason = str(app.screen.query_one("#reason", Label).content)
        assert reason.startswith("The target is south, the last of 2 numeric columns (row: ")
        await pilot.press("up", "enter")
        await until(pilot, lambda: app.data.state.table.targets == ("north",), "the other target")
        await planned(pilot)
        assert isinstance(app.screen, TrainScreen)


@pytest.mark.exhaustive
async def test_escape_keeps_the_target_and_asks_no_more(make_app, checked, until, write):
    app = make_app(write(north=WALK, south=LOAD))
    async with app.run_test(size=LARGE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, TargetScreen), "the question")
        table = app.data.state.table
        await pilot.press("escape")
        await checked(pilot)
        assert app.data.state.table is table
        assert listed(app)[0].startswith(
            "~ target · south\nThe target is south, the last of 2 numeric columns"
        )
        # The finding asks again.
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, TargetScreen), "the question again")
        await pilot.press("up", "enter")
        await until(pilot, lambda: app.data.state.table.targets == ("north",), "the other target")


@pytest.mark.exhaustive
@pytest.mark.parametrize("columns", [{"sales": WALK, "price": LOAD}, {"y": WALK}])
async def test_a_title_or_a_single_column_needs_no_question(make_app, checked, write, columns):
    app = make_app(write(**columns))
    async with app.run_test(size=LARGE) as pilot:
        await checked(pilot)
        assert app.data.state.table.candidates == ()
        assert app.data.state.table.targets == (next(iter(columns)),)


@pytest.mark.exhaustive
async def test_a_target_of_the_command_line_needs_no_question(make_app, checked, write):
    app = make_app(write(north=WALK, south=LOAD), targets=("north",))
    async with app.run_test(size=LARGE) as pilot:
        await checked(pilot)
        assert app.data.state.table.targets == ("north",)
