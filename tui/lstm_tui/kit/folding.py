"""A tab of two halves, of which a narrow terminal has room for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from lstm_tui.kit.room import WIDE
from lstm_tui.kit.tab_screen import TabScreen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.widget import Widget


class FoldingScreen(TabScreen):
    """Both halves side by side in a wide terminal, one of them in a narrow one.

    The halves are widgets of the content, known by their ids; they may come later than the screen. Actions
    `show_half('id')` share a key, which leads to the half that is not shown.

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
        """Whether there is room for one half only."""
        # Not by the screen's class: it is set after `on_resize`, and behind another tab not at all.
        return self.app.size.width < WIDE

    def on_resize(self) -> None:
        """There may be room for both now, or no more."""
        self.fold()

    def show_half(self, half: str) -> None:
        """Shows a half, where there is no room for both."""
        self.half = half
        self.fold()

    def fold(self) -> None:
        """Shows the halves for which there is room."""
        # Not by a class of the screen: all styles of all widgets would be matched anew.
        for half in self.HALVES:
            for widget in self.query(f"#{half}"):
                widget.display = not self.narrow or half == self.half
        folded = (self.narrow, self.half)
        if folded != self._folded:
            self._folded = folded
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hides the key to a half that is shown already."""
        if action == "show_half":
            return self.narrow and parameters != (self.half,)
        return True

    def action_show_half(self, half: str) -> None:
        """Shows a half, where there is no room for both."""
        self.show_half(half)
