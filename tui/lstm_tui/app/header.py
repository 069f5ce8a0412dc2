"""The two lines at the top of every screen: the open series with the activity, and the tabs."""

from collections.abc import Iterator

from rich.text import Text
from textual import events
from textual.app import RenderResult
from textual.reactive import reactive
from textual.widget import Widget

from lstm_tui.data.controller import DataController
from lstm_tui.kit.activity import ActivityController
from lstm_tui.kit.controller import controller, key
from lstm_tui.kit.palette import theme_colour
from lstm_tui.registry import TABS, Feature


class Header(Widget):
    """Program and series on the left, the activity on the right."""

    DEFAULT_CSS = """
    Header { height: 1; dock: top; background: $panel; color: $foreground; padding: 0 1; }
    """
    series = reactive("")
    status = reactive("")

    def on_mount(self) -> None:
        """Watches the series and the activity."""
        data, activity = controller(self, DataController), controller(self, ActivityController)
        data.watch(self, lambda state: state.line, lambda line: setattr(self, "series", line))
        activity.watch(self, lambda state: state.status, lambda line: setattr(self, "status", line))

    def render(self) -> RenderResult:
        """One line; the series is cut if there is no room."""
        status = Text(self.status)
        line = Text(no_wrap=True).append("lstm-tui", f"bold {theme_colour(self.app, 'primary')}")
        room = self.size.width - line.cell_len - status.cell_len - 4
        series = Text(self.series, style=theme_colour(self.app, "foreground"))
        series.truncate(max(0, room), overflow="ellipsis")
        line.append("  ")
        line.append_text(series)
        line.append(" " * (self.size.width - line.cell_len - status.cell_len))
        line.append_text(status)
        return line


class TabLine(Widget):
    """The tabs with their keys; the current tab is highlighted."""

    DEFAULT_CSS = """
    TabLine { height: 1; dock: top; margin-top: 1; padding: 0; background: $background; }
    """

    def __init__(self, current: str) -> None:
        super().__init__()
        self.current = current

    def render(self) -> RenderResult:
        """A line such as " 1 Data   2 Train "."""
        text, back, keys, quiet = (
            theme_colour(self.app, name)
            for name in ("foreground", "block-cursor-background", "footer-key-foreground", "quiet")
        )
        line = Text(no_wrap=True)
        for shortcut, tab in self._tabs():
            if tab.name == self.current:
                line.append(f" {shortcut} {tab.title} ", style=f"bold {text} on {back}")
            else:
                line.append(f" {shortcut}", style=keys)
                line.append(f" {tab.title} ", style=quiet)
            line.append(" " * self._gap)
        return line

    async def on_click(self, event: events.Click) -> None:
        """Goes to the tab under the pointer."""
        start = 0
        for shortcut, tab in self._tabs():
            end = start + len(f" {shortcut} {tab.title} ")
            if start <= event.x < end:
                await self.app.run_action(f"show('{tab.name}')")
            start = end + self._gap

    @property
    def _gap(self) -> int:
        """Columns between two tabs."""
        tabs = [len(f" {shortcut} {tab.title} ") for shortcut, tab in self._tabs()]
        return 1 if sum(tabs) + len(tabs) - 1 <= self.size.width else 0

    def _tabs(self) -> Iterator[tuple[str, Feature]]:
        return ((key(self, f"show_{tab.name}"), tab) for tab in TABS)
