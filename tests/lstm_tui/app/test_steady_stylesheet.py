"""Style sheets are parsed once before the first paint, and again for other colours only."""

from pathlib import Path

from textual.css import stylesheet

from lstm_tui.app.app import WorkbenchApp
from lstm_tui.app.steady_stylesheet import SteadyStylesheet
from lstm_tui.cli.app_options import AppOptions


def test_what_is_the_same_is_not_parsed_again():
    sheet = SteadyStylesheet(variables={"ink": "#102030"})
    sheet.add_source("Label { color: $ink; }")
    (rule,) = sheet.rules
    sheet.set_variables({"ink": "#102030"})
    sheet.reparse()
    assert sheet.rules[0] is rule


def test_other_colours_and_further_sheets_are_parsed():
    sheet = SteadyStylesheet(variables={"ink": "#102030"})
    sheet.add_source("Label { color: $ink; }")
    assert sheet.rules[0].styles.color.hex == "#102030"
    sheet.set_variables({"ink": "#405060"})
    sheet.reparse()
    assert sheet.rules[0].styles.color.hex == "#405060"
    sheet.add_source("Label { width: 7; }", read_from=("further", ""))
    sheet.reparse()
    assert len(sheet.rules) == 2


async def test_the_app_parses_once_before_it_paints_and_again_for_another_theme(monkeypatch):
    parsed = []
    parse = stylesheet.parse

    def noting_parse(scope, css, read_from, *arguments, **named):
        parsed.append(Path(read_from[0]).name)
        return parse(scope, css, read_from, *arguments, **named)

    monkeypatch.setattr(stylesheet, "parse", noting_parse)
    app = WorkbenchApp(AppOptions(plugins=False, warm_ahead=False, theme="light"))
    async with app.run_test() as pilot:
        await pilot.pause()
        assert parsed.count("app.tcss") == 1
        before = app.screen.styles.background
        app.theme = "textual-dark"
        await pilot.pause()
        assert app.screen.styles.background != before
        assert parsed.count("app.tcss") == 2
