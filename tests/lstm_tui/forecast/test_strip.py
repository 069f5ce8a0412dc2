import numpy as np
import pytest
from textual.app import App

from lstm_tui.forecast.widgets.strip import ErrorStrip


class Chosen(App):
    CSS = "ErrorStrip { width: 27; }"

    def __init__(self, errors, chosen, palette):
        super().__init__()
        self.errors, self.chosen, self.palette = np.array(errors), chosen, palette
        self.clicked = []

    def compose(self):
        yield ErrorStrip()

    def on_mount(self):
        self.query_one(ErrorStrip).show(self.errors, self.chosen, "#ffffff", self.palette)

    def on_error_strip_chosen(self, event):
        self.clicked.append(event.window)


async def test_every_window_has_a_bar_and_the_chosen_one_a_mark(palette):
    app = Chosen([1.0, 16.0, 8.0, 0.0], 2, palette)
    async with app.run_test(size=(40, 5)) as pilot:
        await pilot.pause()
        strip = app.query_one(ErrorStrip)
        assert str(strip.render()).splitlines() == [" █  ", "▁██ ", "  ▲"]
        for x in (0, 7, 9, 10, 11):
            await pilot.click(ErrorStrip, offset=(x, 1))
        assert app.clicked == [0, 2, 3]


@pytest.mark.parametrize("chosen", [0, 57, 99])
async def test_a_bar_stands_for_the_worst_of_its_windows(palette, chosen):
    errors = np.zeros(100)
    errors[[3, 57]] = 1.0
    app = Chosen(errors, chosen, palette)
    async with app.run_test(size=(40, 5)) as pilot:
        await pilot.pause()
        top, _, mark = str(app.query_one(ErrorStrip).render()).splitlines()
        assert top == "█          █        "
        assert mark.index("▲") == chosen // 5
        await pilot.click(ErrorStrip, offset=(7 + 11, 0))
        assert app.clicked == [57]


async def test_a_window_without_an_error_has_no_bar(palette):
    app = Chosen([1.0, np.nan, 8.0, np.nan], 1, palette)
    async with app.run_test(size=(40, 5)) as pilot:
        await pilot.pause()
        assert str(app.query_one(ErrorStrip).render()).splitlines() == ["  █ ", "▂ █ ", " ▲"]
        await pilot.click(ErrorStrip, offset=(8, 1))
        assert app.clicked == [1]
