"""What `textual_internals` changes, and for each change that the library still needs it.

A test named `test_still_needed_...` fails when a release makes a change superfluous: remove both.
"""

from pathlib import Path

import numpy as np
import pytest
from textual.app import App
from textual.containers import Vertical
from textual.css import stylesheet
from textual.css.stylesheet import Stylesheet
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input
from textual_hires_canvas import Canvas
from textual_plot import PlotWidget

from lstm_tui.app.app import WorkbenchApp
from lstm_tui.cli.app_options import AppOptions
from lstm_tui.kit.textual_internals.plots import CalmCanvas, Plot
from lstm_tui.kit.textual_internals.screens import (
    CalmScreen,
    SteadyStylesheet,
    is_closing,
)

# Nodes that are being removed.


async def test_still_needed_a_node_that_is_being_removed_still_runs():
    app = App()
    async with app.run_test():
        widget = Widget()
        await app.mount(widget)
        assert not is_closing(widget)
        removal = widget.remove()
        assert (widget.is_running, widget.is_attached, is_closing(widget)) == (True, True, True)
        await removal


# The focus.


async def matched_by_a_step_of_the_focus(screen_class):
    """How many nodes have their styles matched when the focus goes from one field to the next."""

    class Form(screen_class):
        def compose(self):
            with Vertical():
                for number in range(20):
                    yield Input(id=f"field-{number}")

    class FormApp(App):
        CSS = "Vertical:focus-within { background: red; }"

        def on_mount(self):
            self.push_screen(Form())

    app = FormApp()
    async with app.run_test() as pilot:
        app.screen.query_one("#field-3").focus()
        await pilot.pause()
        matched = []
        update = app.stylesheet.update_nodes
        app.stylesheet.update_nodes = lambda nodes, **named: update(matched.extend(nodes) or nodes, **named)
        app.screen.query_one("#field-4").focus()
        await pilot.pause()
        return len(matched)


async def test_a_step_of_the_focus_inside_a_panel_matches_no_other_field():
    assert await matched_by_a_step_of_the_focus(CalmScreen) < 5


async def test_still_needed_textual_matches_all_fields_of_the_panel():
    assert await matched_by_a_step_of_the_focus(Screen) > 20


# Drawing while updates are put off.


async def drawn_while_put_off(screen_class):
    """How often a line of text is drawn while updates are put off, and what is shown afterwards."""

    class Line(Widget):
        text, drawn = "before", 0

        def render(self):
            self.drawn += 1
            return self.text

    class Lines(screen_class):
        def compose(self):
            yield Line()

    class LineApp(App):
        def on_mount(self):
            self.push_screen(Lines())

    app = LineApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        line = app.screen.query_one(Line)
        with app.batch_update():
            line.drawn = 0
            line.text = "after"
            line.refresh()
            await pilot.pause()
            app.screen._refresh_layout()
            await pilot.pause()
            drawn = line.drawn
        await pilot.pause()
        return drawn, "after" in app.export_screenshot()


async def test_nothing_is_drawn_while_updates_are_put_off_and_everything_afterwards():
    assert await drawn_while_put_off(CalmScreen) == (0, True)


async def test_still_needed_textual_draws_while_updates_are_put_off():
    drawn, _ = await drawn_while_put_off(Screen)
    assert drawn > 0


# Style sheets.


def parsed_again(sheet):
    """Whether a sheet is parsed again with the variables that it has already."""
    sheet.add_source("Label { color: $ink; }")
    (rule,) = sheet.rules
    sheet.set_variables({"ink": "#102030"})
    sheet.reparse()
    return sheet.rules[0] is not rule


def test_what_is_the_same_is_not_parsed_again():
    assert not parsed_again(SteadyStylesheet(variables={"ink": "#102030"}))


def test_still_needed_textual_parses_the_same_again():
    assert parsed_again(Stylesheet(variables={"ink": "#102030"}))


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


@pytest.mark.exhaustive
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


# Canvases and plots.


def test_a_line_beyond_the_canvas_has_a_style():
    (segment,) = CalmCanvas(3, 1).render_line(5)
    assert segment.style is not None


def test_still_needed_a_line_beyond_textual_hires_canvas_has_no_style():
    assert all(segment.style is None for segment in Canvas(3, 1).render_line(5))


async def painted(canvas, draw):
    """The regions that are to be painted after the same point was drawn again."""
    regions = []
    canvas.set_pixel(1, 0, "x", "red")
    canvas.refresh = lambda *given, **named: regions.append(given)
    draw(canvas)
    return regions


async def test_what_looks_as_before_is_not_painted_again():
    canvas = CalmCanvas(4, 2)

    def draw(canvas):
        with canvas.redrawn():
            canvas.set_pixel(1, 0, "x", "red")
            canvas.set_pixel(2, 1, "y", "red")

    (regions,) = [given for given in await painted(canvas, draw) if given]
    assert [(one.x, one.y, one.width) for one in regions] == [(2, 1, 1)]


async def test_still_needed_a_batch_of_textual_hires_canvas_paints_everything():
    def draw(canvas):
        with canvas.batch_refresh():
            canvas.set_pixel(2, 1, "y", "red")

    assert () in await painted(Canvas(4, 2), draw)


class PlotApp(App):
    def __init__(self, plot):
        super().__init__()
        self.plot = plot

    def compose(self):
        yield self.plot


def test_still_needed_a_plots_limits_can_be_set_and_not_asked_for():
    public = [name for name in dir(PlotWidget) if "lim" in name and not name.startswith("_")]
    assert sorted(public) == ["set_xlimits", "set_ylimits"]


async def test_a_plot_knows_what_it_shows():
    class Empty(Plot):
        def draw_on(self, plot, left, bottom, area):
            """Nothing."""

    plot = Empty()
    async with PlotApp(plot).run_test() as pilot:
        plot.set_xlimits(1.0, 3.0)
        plot.set_ylimits(-2.0, 5.0)
        await pilot.pause()
        assert (plot.shown_x, plot.shown_y) == ((1.0, 3.0), (-2.0, 5.0))


async def test_still_needed_textual_plot_bridges_gaps():
    plot = PlotWidget()
    async with PlotApp(plot).run_test(size=(60, 16)) as pilot:
        plot.plot(np.array([0.0, 1.0, 2.0, 3.0]), np.array([0.0, 0.0, np.nan, 0.0]))
        await pilot.pause()
        await pilot.pause()
        canvas = plot.query_one("#plot", Canvas)
        # Two thirds of the way is the gap.
        column = 5 * canvas.size.width // 6
        cells = [canvas.get_pixel(column, row)[0] for row in range(1, canvas.size.height - 1)]
    assert "█" in cells
