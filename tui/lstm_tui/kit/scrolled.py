"""A box that scrolls by key, and takes the focus for that only while there is something to scroll."""

from __future__ import annotations

from textual.containers import VerticalScroll


class Scrolled(VerticalScroll, can_focus=True):
    """Tab passes over it while all of it is shown."""

    def allow_focus(self) -> bool:
        """Whether there is more than is shown."""
        return self.max_scroll_y > 0
