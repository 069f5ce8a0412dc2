from textual.app import App

from lstm_tui.kit.clickable import ClickLine, Word


class Clicked(App):
    CSS = "ClickLine { padding: 0 3; width: 24; }"

    def __init__(self):
        super().__init__()
        self.done = []

    def compose(self):
        yield ClickLine()

    def on_mount(self):
        self.query_one(ClickLine).words = [
            Word("one", action="app.do(1)", key="a"),
            Word("│"),
            Word("two", action="app.do(2)"),
            Word("much too long", action="app.do(3)"),
        ]

    def action_do(self, number):
        self.done.append(number)


async def test_a_click_does_what_is_under_it_and_what_has_no_room_is_not_there():
    app = Clicked()
    async with app.run_test(size=(40, 3)) as pilot:
        await pilot.pause()
        line = app.query_one(ClickLine)
        assert str(line.render()) == "a one  │  two"
        for x in range(24):
            await pilot.click(ClickLine, offset=(x, 0))
        assert app.done == [1] * len("a one") + [2] * len("two")
