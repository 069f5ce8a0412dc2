import numpy as np
import pytest
from rich.text import Text
from textual.app import App
from textual_hires_canvas import Canvas

from lstm_tui.app import theme
from lstm_tui.kit.charts.chart import Chart
from lstm_tui.kit.charts.picture import Picture, Rule, Sign
from lstm_tui.kit.charts.raster import Line
from lstm_tui.kit.charts.shading import Band
from lstm_tui.kit.charts.ticks import number_ticks


class ChartApp(App):
    def compose(self):
        yield Chart()

    def get_theme_variable_defaults(self):
        return {name: theme.DARK.variables[name] for name in theme.OWN_VARIABLES}


def picture(y=(0.0, 1.0), **more):
    x = np.arange(11.0)
    return Picture(
        x=(0.0, 10.0),
        y=y,
        lines=(Line(x, x / 10, "#ff0000"),),
        legend=Text("what it is"),
        x_ticks=lambda left, right, columns: number_ticks(left, right, 6),
        y_ticks=lambda low, high, rows: number_ticks(low, high, 5),
        **more,
    )


@pytest.fixture
async def shown():
    """Shows a picture and gives the chart."""
    app = ChartApp()
    async with app.run_test(size=(60, 16)) as pilot:
        yield pilot, app.query_one(Chart)


def text_of(chart, name="plot"):
    return ["".join(row) for row in chart.query_one(f"#{name}", Canvas)._buffer]


async def test_shows_line_axes_labels_and_legend(shown):
    pilot, chart = shown
    chart.show(picture())
    await pilot.pause()
    plot = text_of(chart)
    assert "what it is" in plot[0]
    assert sum("\u2800" < character <= "\u28ff" for character in "".join(plot)) > 20
    assert plot[-1].startswith("└")
    labels = [row.strip() for row in text_of(chart, "margin-left") if row.strip()]
    assert labels[0] == "1.0"
    assert labels[-1] == "0.0"
    assert "10" in text_of(chart, "margin-bottom")[0]


async def test_rule_band_and_sign(shown):
    pilot, chart = shown
    x = np.array([5.0, 9.0])
    band = Band(x, np.array([0.2, 0.2]), np.array([0.6, 0.6]), "#333333")
    chart.show(
        picture(rules=(Rule(5.0, ("future",)),), bands=(band,), signs=(Sign(2.0, None, "✗", "#00ff00"),))
    )
    await pilot.pause()
    plot = "\n".join(text_of(chart))
    assert "┊future" in plot
    assert "✗" in plot
    styles = {style for row in chart.query_one("#plot", Canvas)._styles for style in row}
    assert any("on #333333" in style for style in styles)


async def test_a_label_without_room_goes_to_the_other_side(shown):
    pilot, chart = shown
    chart.show(picture(rules=(Rule(9.9, ("future",), "future →"),)))
    await pilot.pause()
    assert "future →" in "\n".join(text_of(chart))


async def test_zoom_stays_when_the_next_picture_comes(shown):
    pilot, chart = shown
    chart.show(picture())
    await pilot.pause()
    chart.focus()
    await pilot.press("+")
    await pilot.pause()
    zoomed = chart._x_min, chart._x_max
    assert zoomed != (0.0, 10.0)
    chart.show(picture(y=(0.0, 2.0)))
    await pilot.pause()
    assert (chart._x_min, chart._x_max) == zoomed
    await pilot.press("r")
    await pilot.pause()
    assert (chart._x_min, chart._x_max, chart._y_min, chart._y_max) == (0.0, 10.0, 0.0, 2.0)


async def test_without_zoom_the_next_picture_has_its_own_range(shown):
    pilot, chart = shown
    chart.show(picture())
    await pilot.pause()
    chart.show(picture(y=(0.0, 4.0)))
    await pilot.pause()
    assert (chart._y_min, chart._y_max) == (0.0, 4.0)


@pytest.mark.parametrize("size", [(8, 3), (12, 4), (200, 60)])
async def test_survives_any_size(shown, size):
    pilot, chart = shown
    chart.show(picture(rules=(Rule(5.0, ("future",), "future →"),)))
    await pilot.resize_terminal(*size)
    await pilot.pause()
    assert chart.size.width == size[0]


async def test_only_the_cells_that_differ_are_painted_again(shown, monkeypatch):
    pilot, chart = shown
    chart.show(picture())
    await pilot.pause()
    painted = []
    refresh = Canvas.refresh

    def noting_refresh(canvas, *regions, **named):
        if not canvas._refreshes_pending:
            painted.append((canvas.id, regions))
        return refresh(canvas, *regions, **named)

    monkeypatch.setattr(Canvas, "refresh", noting_refresh)
    chart.show(picture())
    await pilot.pause()
    assert painted == []

    chart.show(picture(signs=(Sign(5.0, 0.5, "◆", "#00ff00"),)))
    await pilot.pause()
    ((canvas, (region,)),) = painted
    assert canvas == "plot"
    assert (region.width, region.height) == (1, 1)
    assert text_of(chart)[region.y][region.x] == "◆"
