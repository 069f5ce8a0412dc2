"""The smallest full-screen Textual app, with which the program's first paint is compared."""

from textual.app import App, ComposeResult
from textual.widgets import Static

GREETING = "nothing but Textual"


class BareApp(App[None]):
    """One line of text."""

    def compose(self) -> ComposeResult:
        yield Static(GREETING)


if __name__ == "__main__":
    BareApp().run()
