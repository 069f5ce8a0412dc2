"""The footer is made anew when other keys work, and only then."""

from textual.app import App
from textual.binding import Binding
from textual.widgets._footer import FooterKey

from lstm_tui.app.footer import KeyLine


class KeysApp(App):
    BINDINGS = [Binding("t", "train", "Train"), Binding("x", "stop", "Stop")]  # noqa: RUF012
    busy = False

    def compose(self):
        yield KeyLine()

    def check_action(self, action, parameters):
        return {"train": not self.busy, "stop": self.busy}.get(action, True)


def keys(app):
    return [key for key in app.query(FooterKey) if key.description in ("Train", "Stop")]


async def test_keeps_its_keys_until_others_work():
    app = KeysApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        before = keys(app)
        assert [key.description for key in before] == ["Train"]
        app.screen.refresh_bindings()
        await pilot.pause()
        assert keys(app) == before

        app.busy = True
        app.screen.refresh_bindings()
        await pilot.pause()
        await pilot.pause()
        assert [key.description for key in keys(app)] == ["Stop"]
