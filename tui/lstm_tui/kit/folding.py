"""A screen with two halves; a narrow terminal has room for one."""

from collections.abc import Sequence
from typing import ClassVar

from textual.widget import Widget

from lstm_tui.kit.tab_screen import WIDE, TabScreen


class FoldingScreen(TabScreen):
    """Shows both halves side by side in a wide terminal, and one of them in a narrow one.

    The halves are widgets of the content with the ids in `HALVES`; they may be mounted later than the screen.
    The actions `show_half('id')` share one key, which shows the other half.

    Attributes:
        half: id of the half that a narrow terminal shows.
    """

    HALVES: ClassVar[tuple[str, str]]

    def __init__(self, above: Sequence[Widget] = (), below: Sequence[Widget] = ()) -> None:
        super().__init__(above, below)
        self.half = self.HALVES[0]
        self._folded: tuple[bool, str] | None = None

    @property
    def narrow(self) -> bool:
        """Whether there is room for only one half."""
        # Not from the screen's class: Textual sets it after `on_resize`, and not at all on a hidden tab.
        return self.app.size.width < WIDE

    def on_resize(self) -> None:
        """Adapts to the new width."""
        self.fold()

    def show_half(self, half: str) -> None:
        """Shows a half, if there is no room for both."""
        self.half = half
        self.fold()

    def fold(self) -> None:
        """Shows the halves that fit."""
        # Not with a class of the screen: Textual would match the styles of all its widgets again.
        for half in self.HALVES:
            for widget in self.query(f"#{half}"):
                widget.display = not self.narrow or half == self.half
        folded = (self.narrow, self.half)
        if folded != self._folded:
            self._folded = folded
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hides the key for a half that is already shown."""
        if action == "show_half":
            return self.narrow and parameters != (self.half,)
        return True

    def action_show_half(self, half: str) -> None:
        """Shows a half, if there is no room for both."""
        self.show_half(half)
