import pytest
from textual import events
from textual.app import App

from lstm_tui.kit.text_input import TextInput


class Form(App):
    def compose(self):
        yield TextInput("264")


KEYS = {"backspace": "\x7f", "left": None, "home": None}


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (["backspace", "backspace", *"3000"], "3000"),
        ([*"12", "backspace", *"34"], "134"),
        ([*"12", "left", "5"], "152"),
        ([*"12", "home", "5"], "512"),
    ],
)
async def test_keys_of_a_burst_act_in_the_order_in_which_they_come(keys, text):
    app = Form()
    async with app.run_test() as pilot:
        await pilot.pause()
        field = app.query_one(TextInput)
        assert field.has_focus
        for key in keys:
            # All at once, as a paste or a slow line brings them: a pilot waits after each.
            app._driver.send_message(events.Key(key, KEYS.get(key, key)))
        await pilot.pause()
        assert field.value == text
