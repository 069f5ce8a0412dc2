"""The dialog that asks for the sheet of a workbook, through Textual's pilot."""

import io

import numpy as np
import pytest
import xlsxwriter
from textual.widgets import Input, OptionList

from lstm_tui.data.open import OpenScreen
from lstm_tui.data.sheet import SheetScreen


@pytest.fixture
def workbook(tmp_path):
    """A workbook with two sheets of sales."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        for number, name in enumerate(("North", "South west")):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ("day", "sales"))
            for row in range(200):
                sheet.write_row(row + 1, 0, (str(np.datetime64("2023-01-01") + row), row % 7 + 10 * number))
        book.add_worksheet("Empty")
    path = tmp_path / "sales.xlsx"
    path.write_bytes(content.getvalue())
    return str(path)


async def test_a_workbook_of_the_command_line_asks_for_its_sheet(make_app, planned, until, workbook):
    app = make_app(workbook)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, SheetScreen), "the question")
        options = app.screen.query_one(OptionList)
        lines = [str(options.get_option_at_index(place).prompt) for place in range(options.option_count)]
        assert lines == ["North  201 rows: day, sales", "South west  201 rows: day, sales"]
        await pilot.press("down", "enter")
        await planned(pilot)
        table = app.data.state.table
        assert (table.reading.options.sheet, table.values[0, 0]) == ("South west", 10.0)


async def test_a_workbook_without_an_answer_is_refused_with_its_sheets(make_app, until, workbook):
    app = make_app(workbook)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, SheetScreen), "the question")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, OpenScreen), "the dialog")
        problem = str(app.screen.query_one("#problem").content)
        assert problem == "✗ sales.xlsx has several sheets: North, South west; set sheet to one of them."


@pytest.mark.exhaustive
async def test_the_open_dialog_asks_for_the_sheet(make_app, planned, until, workbook):
    app = make_app(None)
    async with app.run_test(size=(160, 45)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, OpenScreen), "the dialog")
        app.screen.query_one(Input).value = workbook
        app.screen.query_one(Input).focus()
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, SheetScreen), "the question")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, OpenScreen), "the dialog again")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, SheetScreen), "the question again")
        await pilot.press("enter")
        await until(pilot, lambda: app.data.state.table is not None, "the series")
        await planned(pilot)
        assert app.data.state.table.reading.options.sheet == "North"
