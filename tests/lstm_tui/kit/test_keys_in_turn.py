import pytest
from textual import events
from textual.app import App
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList

from lstm_tui.kit.keys_in_turn import KeysInTurn


class Question(ModalScreen):
    """A dialog that sets the focus when it is mounted, and that Enter and Escape close."""

    BINDINGS = [("escape", "dismiss('')", "Close")]  # noqa: RUF012

    def compose(self):
        yield OptionList("a", "b")
        yield Input()

    def on_mount(self):
        self.query_one(Input).focus()

    def on_input_submitted(self, event):
        self.dismiss(event.value)


def asking(kind):
    """An app in which `o` asks, and `x` stands for an action that nobody wants while typing."""

    class Asking(kind):
        BINDINGS = [("o", "ask", "Ask"), ("x", "act", "Act")]  # noqa: RUF012
        answers, acted = (), 0

        def action_ask(self):
            self.push_screen(Question(), self.answered)

        def answered(self, answer):
            self.answers += (answer,)

        def action_act(self):
            self.acted += 1

    return Asking


def form(kind):
    """An app of one field."""

    class Form(kind):
        def compose(self):
            yield Input("264", select_on_focus=False)

    return Form


async def answers(app, type_at_once, keys):
    async with app.run_test() as pilot:
        await pilot.pause()
        type_at_once(app, keys)
        await pilot.pause()
        return app.answers, app.acted


@pytest.mark.parametrize(
    ("keys", "wanted", "acted"),
    [
        ([*"oxyx", "enter"], ("xyx",), 0),
        ([*"xo12", "backspace", "3", "enter", "x"], ("13",), 2),
        ([*"oa", "escape", *"xox", "enter"], ("", "x"), 1),
    ],
)
async def test_what_is_typed_at_once_reaches_the_screen_that_a_key_opens(type_at_once, keys, wanted, acted):
    assert await answers(asking(KeysInTurn)(), type_at_once, keys) == (wanted, acted)


async def test_still_needed_textual_sends_it_to_the_screen_behind(type_at_once):
    assert await answers(asking(App)(), type_at_once, [*"oxyx", "enter"]) != (("xyx",), 0)


async def typed(app, type_at_once, keys):
    async with app.run_test() as pilot:
        await pilot.pause()
        type_at_once(app, keys)
        await pilot.pause()
        return app.query_one(Input).value


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (["backspace", "backspace", *"3000"], "23000"),
        ([*"12", "backspace", *"34"], "264134"),
        ([*"12", "left", "5"], "264152"),
        ([*"12", "home", "5"], "526412"),
    ],
)
async def test_keys_in_a_field_act_in_the_order_in_which_they_come(type_at_once, keys, text):
    assert await typed(form(KeysInTurn)(), type_at_once, keys) == text


async def test_still_needed_characters_overtake_backspace_in_textuals_field(type_at_once):
    assert await typed(form(App)(), type_at_once, [*"12", "backspace", *"34"]) != "264134"


async def test_a_pasted_text_follows_the_key_before_it(type_at_once):
    app = asking(KeysInTurn)()
    async with app.run_test() as pilot:
        await pilot.pause()
        type_at_once(app, "o")
        app._driver.send_message(events.Paste("x.csv"))
        type_at_once(app, ["enter"])
        await pilot.pause()
    assert app.answers == ("x.csv",)


async def test_a_key_that_is_lost_with_its_widget_delays_no_other(type_at_once):
    class Vanishing(asking(KeysInTurn)):
        def compose(self):
            yield Input()

        def on_input_changed(self):
            self.query_one(Input).remove()

    app = Vanishing()
    async with app.run_test() as pilot:
        await pilot.pause()
        type_at_once(app, "xxxx")
        await pilot.pause()
        type_at_once(app, "x")
        await pilot.pause()
        assert not app.query(Input)
        assert app.acted
