"""A box that scrolls by key; it takes the focus only while there is something to scroll."""

from textual.containers import VerticalScroll


class Scrolled(VerticalScroll, can_focus=True):
    """Tab skips it while everything in it is visible."""

    def allow_focus(self) -> bool:
        """Whether some of the content is out of sight."""
        return self.max_scroll_y > 0
