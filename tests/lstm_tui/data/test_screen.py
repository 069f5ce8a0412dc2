"""The Data screen and the dialog that leads to it, through Textual's pilot."""

import numpy as np
import pytest
from textual.widgets import Input, Label, OptionList, Static

from lstm_forecasting.data.options import READ_OPTIONS, ReadOptions
from lstm_tui.data.columns import ColumnsTable
from lstm_tui.data.open import OpenScreen
from lstm_tui.data.reading import ReadingPanel
from lstm_tui.data.reading_form import ReadingForm
from lstm_tui.data.recent import recent_files, recent_list
from lstm_tui.data.rows import AHEAD, MADE, RowsTable
from lstm_tui.data.screen import DataScreen
from lstm_tui.kit.bullets import Bullets
from lstm_tui.kit.charts.chart import Chart
from lstm_tui.kit.files import FileTree
from lstm_tui.kit.option_line import OptionLine
from lstm_tui.train.screen import TrainScreen

LARGE, SMALL = (160, 45), (80, 24)


@pytest.fixture
def on_data(planned, until):
    """Goes to the Data screen and waits until it shows the series."""

    async def go(pilot):
        await planned(pilot)
        await pilot.press("1")
        await until(pilot, lambda: bool(pilot.app.screen.query(ReadingPanel)), "the Data screen")
        await pilot.pause()

    return go


@pytest.fixture
def shop(tmp_path):
    """A long file of two shops, 200 days each, whose dates are a day first."""
    days = [np.datetime64("2021-01-01") + day for day in range(200)]
    lines = ["shop;day;sales"]
    for number, name in enumerate(("Berlin", "Paris, north")):
        for place, day in enumerate(days):
            year, month, date = str(day).split("-")
            lines.append(f"{name};{date}/{month}/{year};{place % 7 + number},5")
    path = tmp_path / "shop.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def uses(app):
    table = app.screen.query_one(ColumnsTable)
    return {
        str(table.get_row_at(row)[0]): str(table.get_row_at(row)[3]).strip() for row in range(table.row_count)
    }


def line(app, name):
    return app.screen.query_one(ReadingForm).line(name)


def quiet(app):
    """Nothing is being read or planned."""
    busy = [worker for worker in app.workers if worker.group in ("open", "plan") and not worker.is_finished]
    return not busy and not app.train.state.planning


async def put_cursor(pilot, name):
    table = pilot.app.screen.query_one(ColumnsTable)
    table.focus()
    names = [column.name for column in pilot.app.data.state.table.file_columns]
    table.move_cursor(row=names.index(name))
    await pilot.pause()


async def write(pilot, name, text):
    control = line(pilot.app, name).control
    control.focus()
    await pilot.pause()
    await pilot.press("end", "ctrl+u", *text, "enter")
    await pilot.pause()


# The series.


@pytest.mark.exhaustive
async def test_a_series_with_gaps_has_its_split_and_the_decisions_of_its_plan(make_app, on_data):
    app = make_app("co2")
    async with app.run_test(size=LARGE) as pilot:
        await on_data(pilot)
        picture = app.screen.query_one("#data-chart", Chart).picture
        assert [rule.x for rule in picture.rules] == [
            app.train.state.experiment.split.validation.start,
            app.train.state.experiment.split.test.start,
        ]
        assert "season is 52 rows" in " ".join(app.screen.query_one("#decided", Bullets).sentences)


async def test_the_series_is_shown_with_its_split_rows_columns_and_decisions(make_app, on_data):
    app = make_app("seattle-weather", inputs=("wind",))
    async with app.run_test(size=LARGE) as pilot:
        await on_data(pilot)
        picture = app.screen.query_one("#data-chart", Chart).picture
        assert [rule.x for rule in picture.rules] == [
            app.train.state.experiment.split.validation.start,
            app.train.state.experiment.split.test.start,
        ]
        assert uses(app) == {
            "date": "time",
            "precipitation": "– unused",
            "temp_max": "◆ target",
            "temp_min": "– unused",
            "wind": "◇ input",
            "weather": "– unused",
        }
        decided = " ".join(app.screen.query_one("#decided", Bullets).sentences)
        assert all(text in decided for text in app.data.state.table.decisions)
        assert "season is 365 rows" in decided
        assert "look_back" not in decided
        assert app.screen.query_one("#seen").region.width > 60
        assert app.screen.query_one("#about").region.width > 40


@pytest.mark.exhaustive
async def test_without_a_series_it_says_what_to_do(make_app, until):
    app = make_app(None)
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: isinstance(app.screen, OpenScreen), "the dialog")
        await pilot.press("escape", "1", "s", "g", "i", "u", "z")
        assert isinstance(app.screen, DataScreen)
        assert "o opens a file" in str(app.screen.query_one("#hint", Static).content)


@pytest.mark.exhaustive
async def test_a_small_terminal_shows_one_half(make_app, on_data):
    app = make_app("co2")
    async with app.run_test(size=SMALL) as pilot:
        await on_data(pilot)
        assert app.screen.query_one(RowsTable).has_focus
        assert not app.screen.query_one("#about").display
        await pilot.press("s")
        assert app.screen.query_one("#about").display
        assert not app.screen.query_one("#seen").display
        assert app.screen.query_one(ColumnsTable).has_focus
        assert app.screen.query_one("#option-encoding").region.bottom <= 23
        await pilot.press("s")
        assert app.screen.query_one("#seen").display


def shown(app, line=0):
    strip = app.screen.query_one(RowsTable).render_line(line)
    return "".join(segment.text for segment in strip)


@pytest.mark.exhaustive
async def test_the_rows_are_those_of_the_file_and_made_values_are_marked(make_app, on_data, until):
    app = make_app("co2")
    async with app.run_test(size=LARGE) as pilot:
        await on_data(pilot)
        rows = app.screen.query_one(RowsTable)
        assert shown(app, 0).split() == ["time", "co2"]
        assert shown(app, 1).split() == ["1958-03-29", "316.1"]
        made = int(np.flatnonzero(app.data.state.table.filled[:, 0])[0])
        assert shown(app, made + 1).split() == ["1958-05-10", MADE, "316.9"]
        assert "59 rows" in app.screen.query_one("#rows-room").border_subtitle
        rows.focus()
        await pilot.press("end")
        last = lambda: shown(app, rows.size.height - 1).split() == ["2001-12-29", "371.5"]  # noqa: E731
        await until(pilot, last, "the last row")
        assert shown(app, 0).split() == ["time", "co2"]


@pytest.mark.exhaustive
async def test_a_million_rows_do_not_freeze_it(make_app, on_data, until, tmp_path):
    path = tmp_path / "million.csv"
    values = np.arange(1_000_000) % 977 / 8
    path.write_text("v\n" + "\n".join(map(str, values.tolist())) + "\n", encoding="utf-8")
    app = make_app(str(path), backends=("numpy",))
    async with app.run_test(size=LARGE) as pilot:
        await on_data(pilot)
        rows = app.screen.query_one(RowsTable)
        rows.focus()
        await pilot.press("end")
        await until(pilot, lambda: shown(app, rows.size.height - 1).split()[0] == "999999", "the last row")
        assert shown(app, rows.size.height - 1).split()[1] == f"{values[-1]:.3f}"


# Columns.


@pytest.mark.exhaustive
async def test_keys_make_targets_and_inputs(make_app, on_data, until):
    app = make_app("seattle-weather")
    async with app.run_test(size=LARGE) as pilot:
        await on_data(pilot)
        await put_cursor(pilot, "wind")
        await pilot.press("i")
        await until(pilot, lambda: uses(app)["wind"] == "◇ input", "the input")
        assert app.data.state.table.columns == ("temp_max", "wind")
        await pilot.press("g")
        await until(pilot, lambda: uses(app)["wind"] == "◆ target", "the target")
        assert app.data.state.table.targets == ("temp_max", "wind")
        assert app.screen.query_one(ColumnsTable).chosen == "wind"
        await pilot.press("g")
        await until(pilot, lambda: uses(app)["wind"] == "– unused", "neither")
        await until(pilot, lambda: quiet(app), "the plan")
        assert app.train.state.experiment.table.columns == ("temp_max",)


@pytest.mark.exhaustive
async def test_enter_and_a_click_take_the_next_use(make_app, on_data, until):
    app = make_app("seattle-weather")
    async with app.run_test(size=LARGE) as pilot:
        await on_data(pilot)
        await put_cursor(pilot, "precipitation")
        await pilot.press("enter")
        await until(pilot, lambda: uses(app)["precipitation"] == "◇ input", "the input")
        await pilot.click(ColumnsTable, offset=(2, 2))
        await until(pilot, lambda: uses(app)["precipitation"] == "▷ known ahead", "the known column")
        await pilot.click(ColumnsTable, offset=(2, 2))
        await until(pilot, lambda: uses(app)["precipitation"] == "◆ target", "the target")


async def test_columns_known_ahead(make_app, on_data, until, tmp_path):
    days = np.datetime64("2023-01-01") + np.arange(220)
    rows = [
        f"{day},{n % 3},{'TV' if n % 9 == 0 else ''},{n % 7 if n < 200 else ''}" for n, day in enumerate(days)
    ]
    path = tmp_path / "prices.csv"
    path.write_text("\n".join(["day,price,promotion,sales", *rows]) + "\n", encoding="utf-8")
    app = make_app(str(path), targets=("sales",))
    async with app.run_test(size=LARGE) as pilot:
        await on_data(pilot)
        await put_cursor(pilot, "price")
        await pilot.press("k")
        await until(pilot, lambda: uses(app)["price"] == "▷ known ahead", "the known price")
        await until(pilot, lambda: quiet(app), "the plan")
        await put_cursor(pilot, "promotion")
        await pilot.press("enter")
        await until(pilot, lambda: uses(app)["promotion"] == "▷ known ahead", "the known promotion")
        await until(pilot, lambda: quiet(app), "the plan")
        assert app.data.state.table.known.names == ("price", "promotion")
        assert app.data.state.table.rows == 200
        assert "Known ahead: price, promotion (1 text)." in " ".join(
            app.screen.query_one("#decided", Bullets).sentences
        )
        assert line(app, "known").control.value == "price, promotion"
        chart = app.screen.query_one("#data-chart", Chart)
        await put_cursor(pilot, "price")
        past, future = chart.picture.lines
        assert chart.picture.legend.plain.startswith("price   ▷ known ahead · 20 rows after the end")
        assert (past.x[-1], future.x[0], future.x[-1]) == (199.5, 199.5, 219.5)
        assert future.y[::2].tolist() == [n % 3 for n in range(200, 220)]
        assert [rule.x for rule in chart.picture.rules] == [199.5]
        assert shown(app, 0).split() == ["time", "sales", "price", "promotion"]
        assert shown(app, 1).split() == ["2023-01-01", "0", "0", "TV"]
        app.screen.query_one(RowsTable).focus()
        await pilot.press("end")
        last = lambda: shown(app, app.screen.query_one(RowsTable).size.height - 1).split()  # noqa: E731
        await until(pilot, lambda: last()[0] == "2023-08-08", "the last row that is known ahead")
        assert last() == ["2023-08-08", AHEAD, "0", AHEAD, "–"]
        await put_cursor(pilot, "promotion")
        await pilot.press("k")
        await until(pilot, lambda: uses(app)["promotion"] == "– unused", "the unused promotion")
        await put_cursor(pilot, "day")
        await pilot.press("g")
        await until(pilot, lambda: bool(app._notifications), "the reason")
        assert "day has times; set time_column" in next(one.message for one in app._notifications)


@pytest.mark.exhaustive
async def test_the_last_target_stays_and_what_holds_no_numbers_is_refused(make_app, on_data, until):
    app = make_app("seattle-weather")
    async with app.run_test(size=LARGE) as pilot:
        await on_data(pilot)
        await put_cursor(pilot, "temp_max")
        await pilot.press("g")
        await until(pilot, lambda: bool(app._notifications), "the reason")
        await put_cursor(pilot, "weather")
        await pilot.press("i")
        await until(pilot, lambda: len(app._notifications) > 1, "the refusal")
        told = " ".join(one.message for one in app._notifications)
        assert "temp_max is the only target" in told
        assert "'weather' of seattle-weather.csv is not numeric" in told
        assert app.data.state.table.columns == ("temp_max",)
        assert uses(app)["temp_max"] == "◆ target"


@pytest.mark.exhaustive
async def test_the_plot_is_of_the_column_under_the_cursor_where_it_is_in_use(make_app, on_data):
    app = make_app("seattle-weather", inputs=("wind",))
    async with app.run_test(size=LARGE) as pilot:
        await on_data(pilot)
        chart = app.screen.query_one("#data-chart", Chart)
        for name, drawn in (("wind", "wind"), ("weather", "wind"), ("temp_max", "temp_max")):
            await put_cursor(pilot, name)
            await pilot.pause()
            assert chart.picture.legend.plain.startswith(f"{drawn} ")


@pytest.mark.exhaustive
async def test_nothing_is_read_while_a_training_is_under_way(make_app, make_runner, on_data, until):
    app = make_app("seattle-weather", runner=make_runner(pause=4))
    async with app.run_test(size=LARGE) as pilot:
        await on_data(pilot)
        await put_cursor(pilot, "wind")
        await pilot.press("t")
        await until(pilot, lambda: app.activity.state.busy, "the training")
        await pilot.press("i", "enter", "u")
        await pilot.pause()
        assert app.data.state.table.columns == ("temp_max",)
        assert app.screen.query_one(ReadingForm).disabled


# Reading.


@pytest.mark.exhaustive
async def test_every_option_shows_what_held_and_who_decided(make_app, on_data, shop):
    app = make_app(str(shop), reading=ReadOptions(missing="season", series=("Paris, north",)))
    async with app.run_test(size=LARGE) as pilot:
        await on_data(pilot)
        lines = app.screen.query(OptionLine)
        assert [one.option for one in lines] == list(READ_OPTIONS)
        assert {one.option.name: one.mark for one in lines if one.mark} == {
            "missing": "✎ yours",
            "time_column": "◆ data",
            "date_order": "◆ data",
            "frequency": "◆ data",
            "series_column": "◆ data",
            "series": "✎ yours",
            "delimiter": "◆ data",
            "decimal": "◆ data",
            "encoding": "◆ data",
        }
        written = {one.option.name: one.control.value for one in lines if isinstance(one.control, Input)}
        assert written == {
            "missing_mark": "",
            "time_column": "day",
            "time_zone": "",
            "frequency": "daily",
            "resample": "",
            "series_column": "shop",
            "series": '"Paris, north"',
            "delimiter": "semicolon",
            "sheet": "",
            "query": "",
            "encoding": "UTF-8",
            "minimum": "auto",
            "known": "",
            "future": "",
            "country": "",
        }


@pytest.mark.exhaustive
async def test_an_option_reads_the_file_again_and_an_emptied_one_follows_the_data(
    make_app, on_data, until, shop
):
    app = make_app(str(shop))
    async with app.run_test(size=LARGE) as pilot:
        await on_data(pilot)
        assert app.data.state.table.reading.held["series"] == "Berlin"
        await write(pilot, "series", 'Berlin, "Paris, north"')
        await until(pilot, lambda: app.data.state.table.targets == ("Berlin", "Paris, north"), "both series")
        assert set(uses(app)) == {"day", "Berlin", "Paris, north"}
        await write(pilot, "series", "")
        await until(pilot, lambda: app.data.state.table.targets == ("sales",), "one series")
        assert app.data.state.table.reading.options == ReadOptions()
        assert line(app, "series").control.value == "Berlin"
        assert line(app, "series").mark == "◆ data"


@pytest.mark.exhaustive
async def test_a_word_is_chosen_by_key_and_taken_back(make_app, on_data, until):
    app = make_app("co2")
    async with app.run_test(size=LARGE) as pilot:
        await on_data(pilot)
        line(app, "missing").control.focus()
        await pilot.press("right")
        await until(pilot, lambda: app.data.state.table.reading.options.missing == "season", "season")
        assert "filled with the value one season earlier" in " ".join(
            app.screen.query_one("#decided", Bullets).sentences
        )
        assert line(app, "missing").mark == "✎ yours"
        await pilot.press("escape", "u")
        await until(pilot, lambda: app.data.state.table.reading.options == ReadOptions(), "the defaults")


@pytest.mark.exhaustive
async def test_an_error_stands_under_its_option_and_nothing_is_lost(make_app, on_data, until):
    app = make_app("co2")
    async with app.run_test(size=LARGE) as pilot:
        await on_data(pilot)
        before = app.data.state.table
        await write(pilot, "time_zone", "Europe/Berln")
        assert "did you mean Europe/Berlin" in line(app, "time_zone").problem
        line(app, "missing").control.focus()
        await pilot.press("left")
        await until(pilot, lambda: bool(line(app, "missing").problem), "the refusal")
        assert "59 values are missing in total" in line(app, "missing").problem
        assert app.data.state.table is before
        assert line(app, "missing").control.value == "refuse"
        assert line(app, "time_zone").control.value == "Europe/Berln"
        assert app.train.state.experiment is not None
        await pilot.press("right")
        await until(pilot, lambda: app.data.state.table is not before, "the series read again")
        assert not line(app, "missing").problem
        assert line(app, "time_zone").problem


@pytest.mark.exhaustive
async def test_options_that_do_not_go_together_are_told_under_the_one_to_change(make_app, on_data, shop):
    app = make_app(str(shop))
    async with app.run_test(size=LARGE) as pilot:
        await on_data(pilot)
        app.screen.query_one(ReadingForm)._wanted["series"] = ["Berlin"]
        await write(pilot, "series_column", "none")
        await pilot.pause()
        assert "none cannot be combined" in line(app, "series_column").problem


@pytest.mark.exhaustive
async def test_options_that_hold_only_together_can_be_given_one_after_the_other(
    make_app, on_data, until, tmp_path
):
    path = tmp_path / "mine.csv"
    rows = (f"{day % 7},{20210101 + 100 * month + day}" for month in range(9) for day in range(28))
    path.write_text("sales,when\n" + "\n".join(rows) + "\n", encoding="utf-8")
    app = make_app(str(path), targets=("sales",))
    async with app.run_test(size=LARGE) as pilot:
        await on_data(pilot)
        assert app.data.state.table.times is None
        await write(pilot, "time_zone", "Europe/Berlin")
        await until(pilot, lambda: bool(line(app, "time_zone").problem), "the refusal")
        assert "has no times; set time_column" in line(app, "time_zone").problem
        await write(pilot, "time_column", "when")
        await until(pilot, lambda: app.data.state.table.times is not None, "the times")
        assert app.data.state.table.reading.options == ReadOptions(
            time_column="when", time_zone="Europe/Berlin"
        )
        assert not line(app, "time_zone").problem
        assert line(app, "time_zone").mark == "✎ yours"


# The dialog.


@pytest.mark.exhaustive
async def test_opened_files_are_offered_again_and_others_are_not(make_app, planned, until, shop):
    app = make_app(str(shop))
    async with app.run_test(size=SMALL) as pilot:
        await planned(pilot)
        assert isinstance(app.screen, TrainScreen)
        await until(pilot, lambda: recent_files() == [shop], "the list")
        await pilot.press("o", *"nothing.csv", "enter")
        await until(pilot, lambda: app.screen.query_one("#problem", Label).display, "the error")
        await pilot.press("escape", "o")
        recent = app.screen.query_one("#recent", OptionList)
        assert [recent.get_option_at_index(place).id for place in range(recent.option_count)] == [str(shop)]
        assert recent.has_focus
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, DataScreen), "the Data screen")
        assert recent_files() == [shop]


@pytest.mark.exhaustive
async def test_a_damaged_list_of_recent_files_is_told_in_the_dialog(make_app, until):
    app = make_app(None)
    recent_list().parent.mkdir(parents=True)
    recent_list().write_text("[")
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: isinstance(app.screen, OpenScreen), "the dialog")
        told = " ".join(str(label.content) for label in app.screen.query(Label))
        assert "recent.json is damaged; delete it" in told


@pytest.mark.exhaustive
async def test_the_browser_offers_folders_and_data_and_opens_a_file_by_key(
    make_app, planned, until, shop, tmp_path, monkeypatch
):
    folder = tmp_path / "below"
    folder.mkdir()
    for name in ("notes.doc", ".hidden.csv", "b.PARQUET"):
        (tmp_path / name).write_text("", encoding="utf-8")
    monkeypatch.chdir(folder)
    app = make_app("sunspots")
    async with app.run_test(size=SMALL) as pilot:
        await planned(pilot)
        await pilot.press("o")
        tree = app.screen.query_one(FileTree)
        tree.focus()
        await pilot.press("backspace")
        await until(pilot, lambda: len(tree.root.children) > 0, "the folder above")
        names = [str(node.label) for node in tree.root.children]
        assert names == ["below", "b.PARQUET", "shop.csv"]
        await pilot.press("down", "down", "down", "enter")
        await until(pilot, lambda: app.data.state.table.name == "shop", "the file")
        assert isinstance(app.screen, DataScreen)


@pytest.mark.exhaustive
async def test_the_browser_works_by_mouse_alone(make_app, planned, until, shop, tmp_path, monkeypatch):
    folder = tmp_path / "below"
    folder.mkdir()
    monkeypatch.chdir(folder)
    app = make_app("sunspots")
    async with app.run_test(size=SMALL) as pilot:
        await planned(pilot)
        await pilot.press("o")
        tree = app.screen.query_one(FileTree)
        await pilot.click("#folder", offset=(10, 0))
        await until(pilot, lambda: len(tree.root.children) > 0, "the folder above")
        names = [str(node.label) for node in tree.root.children]
        await pilot.click(FileTree, offset=(6, 1 + names.index("shop.csv")))
        await until(pilot, lambda: app.data.state.table.name == "shop", "the file")
