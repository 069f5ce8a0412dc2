"""The choice of backends: what each is, how its lines look, and why one cannot be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Checkbox, Label

from lstm_plugins.discovery import Found
from lstm_tui import theme


class _Box(Checkbox):
    BUTTON_INNER = "✓"


class BackendChoice(Vertical):
    """One line for every backend that is declared, usable or not."""

    DEFAULT_CSS = """
    BackendChoice {
        height: auto;
        & > Horizontal { height: 1; }
        Checkbox { width: 1fr; border: none; padding: 0; background: transparent; height: 1; }
        Checkbox:focus { border: none; background-tint: transparent; }
        .toggle--button { color: $panel; background: $panel; }
        .-on > .toggle--button { color: $primary; background: $panel; text-style: bold; }
        .sample { width: 5; }
        .state { width: auto; color: $quiet; }
        .command { color: $quiet; padding-left: 4; height: auto; width: 1fr; }
        .command.-broken { color: $error; }
    }
    """

    @dataclass
    class Changed(Message):
        """Other backends are chosen now."""

        names: tuple[str, ...]

    def __init__(self, found: Sequence[Found], chosen: Sequence[str]) -> None:
        super().__init__()
        self._found = tuple(found)
        self._chosen = set(chosen)

    def compose(self) -> ComposeResult:
        """A box, a line sample and the state; under it what would mend it."""
        for found in self._found:
            usable = found.state == "available"
            with Horizontal():
                yield Label(" ", classes="sample", id=f"sample-{found.name}")
                yield _Box(
                    found.backend.title if found.backend else found.name,
                    found.name in self._chosen,
                    id=f"backend-{found.name}",
                    compact=True,
                    disabled=not usable,
                )
                yield Label("ready" if usable else found.state, classes="state", markup=False)
            if not usable:
                mend = found.install or found.reason
                broken = " -broken" if found.state == "broken" else ""
                yield Label(mend, classes=f"command{broken}", markup=False)

    def on_mount(self) -> None:
        """Follows the theme."""
        self._draw_samples()
        self.app.theme_changed_signal.subscribe(self, lambda _: self._draw_samples())

    def _draw_samples(self) -> None:
        dark = self.app.current_theme.dark
        for name, look in theme.looks([found.name for found in self._found]).items():
            sample = Content.styled(look.sample, look.colour(dark))
            self.query_one(f"#sample-{name}", Label).update(sample)

    @property
    def chosen(self) -> tuple[str, ...]:
        """Short names of the backends that are chosen, in the order they are shown."""
        return tuple(
            found.name
            for found in self._found
            if self.query_one(f"#backend-{found.name}", Checkbox).value and found.state == "available"
        )

    @on(Checkbox.Changed)
    def _changed(self, event: Checkbox.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(self.chosen))
