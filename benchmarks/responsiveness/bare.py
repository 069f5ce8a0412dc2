"""The smallest full-screen Textual app, against which the program's first paint is measured."""

from textual.app import App, ComposeResult
from textual.widgets import Static

GREETING = "nothing but Textual"


class BareApp(App[None]):
    """One line of text."""

    def compose(self) -> ComposeResult:
        yield Static(GREETING)


if __name__ == "__main__":
    BareApp().run()
