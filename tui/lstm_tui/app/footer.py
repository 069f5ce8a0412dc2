"""The last line of every tab: the keys that work now."""

from dataclasses import dataclass
from typing import Any, ClassVar

from rich.text import Text
from textual import events
from textual.app import RenderResult
from textual.reactive import Reactive, reactive
from textual.screen import Screen
from textual.widget import Widget

from lstm_tui.kit.clickable import clickable
from lstm_tui.kit.tab_screen import WIDE

HELP = "keys"
"""The action that shows all keys."""


@dataclass(frozen=True)
class Key:
    """One entry of the footer.

    Attributes:
        name: as Textual names it, such as "question_mark".
        text: as shown, such as "?".
        description: what it does, in a word or two.
        action: that it runs.
        enabled: False shows it dimmed; a click then does nothing.
        tooltip: a sentence that says what it does.
    """

    name: str
    text: str
    description: str
    action: str
    enabled: bool
    tooltip: str


class KeyLine(Widget):
    """One line with the keys that work now; those that do not fit are left out.

    Textual's own footer is a widget for each key, which it makes anew whenever the user goes to another tab,
    and three times before the first paint. The last key on the right is always visible: the command palette,
    or in a narrow terminal the key for help.
    """

    DEFAULT_CSS = """
    KeyLine {
        height: 1; dock: bottom; color: $footer-foreground; background: $footer-background;
        & > .key-line--key { color: $footer-key-foreground; background: $footer-key-background;
            text-style: bold; }
        & > .key-line--description { color: $footer-description-foreground;
            background: $footer-description-background; }
        & > .key-line--hovered { color: $footer-key-foreground; background: $block-hover-background; }
        & > .key-line--border { color: $foreground 20%; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"key-line--{part}" for part in ("key", "description", "hovered", "border")
    }
    ALLOW_SELECT = False

    auto_links = Reactive(False)
    keys: reactive[tuple[Key, ...]] = reactive((), init=False)
    """All keys that work now, in order; the one on the right is last."""
    hovered: reactive[Key | None] = reactive(None, init=False)
    """The key under the mouse."""

    def on_mount(self) -> None:
        """Watches which keys work."""
        self.screen.bindings_updated_signal.subscribe(self, self._find_keys)
        self._find_keys(self.screen)

    def on_resize(self) -> None:
        """Adapts to the new width."""
        self._find_keys(self.screen)

    def _find_keys(self, screen: Screen[Any]) -> None:
        if screen is not self.screen or not self.app.app_focus:
            return
        # One entry for an action, even if it has several keys.
        found: dict[str, Key] = {}
        for _, binding, enabled, tooltip in screen.active_bindings.values():
            if binding.show or binding.key == self.app.COMMAND_PALETTE_BINDING:
                shown = self.app.get_key_display(binding)
                told = tooltip or binding.tooltip or binding.description
                key = Key(binding.key, shown, binding.description, binding.action, enabled, told)
                found.setdefault(binding.action, key)
        palette = found.pop("app.command_palette", found.pop("command_palette", None))
        last = found.pop(HELP, None) if self.app.size.width < WIDE else palette
        self.keys = (*found.values(), *([last] if last else []))

    def render(self) -> RenderResult:
        """The keys that fit, and the last one on the right."""
        return Text.assemble(*(text for _, text in self._drawn()), no_wrap=True)

    def _drawn(self) -> list[tuple[Key | None, Text]]:
        """All parts of the line from left to right, with the key that each belongs to."""
        if not self.keys:
            return []
        *others, last = self.keys
        border = Text("▏", self.get_component_rich_style("key-line--border"))
        right = Text.assemble(border, self._entry(last))
        room = self.size.width - right.cell_len
        parts: list[tuple[Key | None, Text]] = []
        for key in others:
            entry = self._entry(key)
            if entry.cell_len > room:
                break
            room -= entry.cell_len
            parts.append((key, entry))
        return [*parts, (None, Text(" " * max(room, 0))), (last, right)]

    def _entry(self, key: Key) -> Text:
        styles = [
            self.get_component_rich_style(f"key-line--{'hovered' if key == self.hovered else part}")
            for part in ("key", "description")
        ]
        text = Text.assemble((f" {key.text} ", styles[0]), (f"{key.description} ", styles[1]))
        if not key.enabled:
            text.stylize("dim")
            return text
        return clickable(text, f"app.simulate_key('{key.name}')")

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Highlights the key under the mouse, and shows its sentence."""
        end = 0
        for key, text in self._drawn():
            end += text.cell_len
            if event.x < end:
                self.hovered = key if key is not None and key.enabled else None
                self.tooltip = None if key is None else key.tooltip
                return

    def on_leave(self) -> None:
        """Removes the highlight."""
        self.hovered = None
