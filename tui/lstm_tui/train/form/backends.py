"""A checkbox for each backend, with its line style and the reason if it cannot run."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Checkbox, Label

from lstm_plugins.discovery import Found
from lstm_tui.kit.palette import Palette

_TITLE = 14
"""Cells for a backend's name."""


class _Box(Checkbox):
    """A checkbox that shows its state as a sign, not only as a colour."""

    BUTTON_INNER = " "

    def watch_value(self) -> None:
        """Shows or hides the tick."""
        self.BUTTON_INNER = "✓" if self.value else " "
        super().watch_value()


class BackendChoice(Vertical):
    """A line for each known backend, whether it can run or not."""

    DEFAULT_CSS = """
    BackendChoice {
        height: auto;
        Checkbox { width: 1fr; height: 1; }
        Checkbox.-textual-compact { border: none; padding: 0; background: transparent; }
        Checkbox.-textual-compact:focus { border: none; background-tint: transparent; }
        .toggle--button { color: $panel; background: $panel; }
        .-on > .toggle--button { color: $primary; background: $panel; text-style: bold; }
        .mend { color: $quiet; padding-left: 4; height: auto; width: 1fr; }
        .mend.-broken { color: $error; }
    }
    """

    @dataclass
    class Changed(Message):
        """The user selected other backends."""

        names: tuple[str, ...]

    def __init__(self, found: Sequence[Found], chosen: Sequence[str]) -> None:
        super().__init__()
        self._found = tuple(found)
        self._chosen = set(chosen)

    def compose(self) -> ComposeResult:
        """A checkbox with name and state, and the remedy for a backend that cannot run."""
        for found in self._found:
            usable = found.state == "available"
            yield _Box(
                value=usable and found.name in self._chosen,
                id=f"backend-{found.name}",
                compact=True,
                disabled=not usable,
            )
            if not usable:
                broken = " -broken" if found.state == "broken" else ""
                yield Label(found.install or found.reason, classes=f"mend{broken}", markup=False)

    def on_mount(self) -> None:
        """Labels the checkboxes and watches the theme."""
        self._label()
        self.app.theme_changed_signal.subscribe(self, lambda _: self._label())

    def _label(self) -> None:
        palette = Palette(self.app, [found.name for found in self._found])
        for found in self._found:
            label = Text(f"{palette.look(found.name).sample} ", palette.line(found.name))
            title = found.backend.title if found.backend else found.name
            label.append(f"{title:<{_TITLE}} ", palette.truth)
            label.append("ready" if found.state == "available" else found.state, palette.quiet)
            self.query_one(f"#backend-{found.name}", Checkbox).label = Content.from_rich_text(label)

    async def show(self, found: Sequence[Found]) -> None:
        """Lists the backends again; keeps the selection and adds backends that have become ready."""
        new = {one.name for one in found if one.state == "available"}
        old = {one.name for one in self._found if one.state == "available"}
        self._chosen = (set(self.chosen) & new) | (new - old)
        self._found = tuple(found)
        await self.recompose()
        self._label()

    @property
    def chosen(self) -> tuple[str, ...]:
        """Short names of the selected backends, in the order of the list."""
        return tuple(
            found.name
            for found in self._found
            if self.query_one(f"#backend-{found.name}", Checkbox).value and found.state == "available"
        )

    @on(Checkbox.Changed)
    def _changed(self, event: Checkbox.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(self.chosen))
