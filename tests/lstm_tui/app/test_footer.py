"""The footer: the keys that work now, as many as fit."""

from textual.app import App
from textual.binding import Binding

from lstm_tui.app.footer import KeyLine

WIDE, NARROW = (140, 10), (60, 10)


class KeysApp(App):
    BINDINGS = [  # noqa: RUF012
        Binding("t", "train", "Train", tooltip="Trains all backends."),
        Binding("x", "stop", "Stop"),
        Binding("s,ctrl+s", "save", "Save"),
        Binding("question_mark", "keys", "Keys"),
    ]
    busy = False
    done = ""

    def compose(self):
        yield KeyLine()

    def check_action(self, action, parameters):
        return {"train": not self.busy, "stop": self.busy, "save": None}.get(action, True)

    def action_train(self):
        self.done += "train "


def line(app):
    return app.query_one(KeyLine)


def text(app):
    return str(line(app).render())


async def test_shows_the_keys_that_work_each_action_once_and_the_palette_on_the_right():
    app = KeysApp()
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        assert text(app).startswith(" t Train  s Save  ? Keys ")
        assert text(app).endswith("▏ ^p palette ")
        assert len(text(app)) == WIDE[0]
        app.busy = True
        app.screen.refresh_bindings()
        await pilot.pause()
        await pilot.pause()
        assert text(app).startswith(" x Stop  s Save  ? Keys ")


async def test_is_not_drawn_again_for_the_same_keys():
    app = KeysApp()
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        drawn = []
        app.watch(line(app), "keys", drawn.append, init=False)
        app.screen.refresh_bindings()
        await pilot.pause()
        assert not drawn


async def test_a_narrow_line_shows_whole_keys_and_always_the_one_for_help():
    app = KeysApp()
    async with app.run_test(size=NARROW) as pilot:
        await pilot.pause()
        assert text(app).startswith(" t Train  s Save  ")
        assert text(app).endswith("▏ ? Keys ")
        await pilot.resize_terminal(20, 10)
        await pilot.pause()
        assert text(app).rstrip() == " t Train   ▏ ? Keys"


async def test_a_click_presses_a_key_unless_it_is_dimmed():
    app = KeysApp()
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        await pilot.click(KeyLine, offset=(3, 0))
        await pilot.pause()
        assert app.done == "train "
        await pilot.click(KeyLine, offset=(12, 0))
        await pilot.pause()
        assert app.done == "train "


async def test_the_key_under_the_mouse_is_highlighted_with_its_sentence():
    app = KeysApp()
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        await pilot.hover(KeyLine, offset=(3, 0))
        assert line(app).hovered.description == "Train"
        assert line(app).tooltip == "Trains all backends."
        await pilot.hover(KeyLine, offset=(12, 0))
        assert line(app).hovered is None
        await pilot.hover(KeyLine, offset=(60, 0))
        assert line(app).tooltip is None
