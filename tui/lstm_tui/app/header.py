"""The two lines at the top of every screen: the open series with the activity, and the tabs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from rich.cells import cell_len
from rich.text import Text
from textual.app import RenderResult
from textual.reactive import Reactive, reactive
from textual.widget import Widget

from lstm_tui.data.controller import DataController
from lstm_tui.kit.actions import key_of
from lstm_tui.kit.activity import ActivityController
from lstm_tui.kit.clickable import clickable
from lstm_tui.kit.controller import controller
from lstm_tui.kit.palette import theme_colour
from lstm_tui.registry import TABS

if TYPE_CHECKING:
    from lstm_tui.app.app import WorkbenchApp


_SHORTEST = 4
"""Cells of a title with the space before it, below which no title is shortened."""


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
        line = Text("lstm-tui", f"bold {theme_colour(self.app, 'primary')}")
        room = self.size.width - len(line) - cell_len(self.status) - 4
        series = Text(self.series, theme_colour(self.app, "foreground"))
        series.truncate(max(0, room), overflow="ellipsis", pad=True)
        return Text.assemble(line, "  ", series, "  ", self.status, no_wrap=True)


class TabLine(Widget):
    """The tabs with their keys; the current tab is highlighted."""

    DEFAULT_CSS = """
    TabLine { height: 1; dock: top; margin-top: 1; padding: 0; background: $background; }
    """

    auto_links = Reactive(False)

    def __init__(self, current: str) -> None:
        super().__init__()
        self.current = current

    def render(self) -> RenderResult:
        """A line such as " 1 Data   2 Train "; where there is no room for it, titles are shortened."""
        text, back, keys, quiet = (
            theme_colour(self.app, name)
            for name in ("foreground", "block-cursor-background", "footer-key-foreground", "quiet")
        )
        current = f"bold {text} on {back}"
        actions = cast("WorkbenchApp", self.app).everywhere
        labels = [(f" {key_of(actions, f'show_{tab.name}')}", f" {tab.title}") for tab in TABS]
        end, gap = _spaces(labels, self.size.width)
        if not end:
            labels = _shortened(labels, self.size.width)
        tabs = []
        for tab, (number, title) in zip(TABS, labels, strict=True):
            styles = (current, current) if tab.name == self.current else (keys, quiet)
            shown = Text.assemble((number, styles[0]), (title + end, styles[1]))
            tabs.append(clickable(shown, f"app.show('{tab.name}')"))
        return Text(gap, no_wrap=True).join(tabs)


def _spaces(labels: Sequence[tuple[str, str]], width: int) -> tuple[str, str]:
    """The space after each title and the gap between two tabs, as far as there is room."""
    room = width - sum(cell_len(number) + cell_len(title) for number, title in labels)
    if room < len(labels):
        return "", ""
    return " ", " " if room >= 2 * len(labels) - 1 else ""


def _shortened(labels: Sequence[tuple[str, str]], width: int) -> list[tuple[str, str]]:
    """Labels that fit: the longest titles lose letters, the numbers none."""
    numbers, titles = ([label[part] for label in labels] for part in (0, 1))
    while sum(map(cell_len, (*numbers, *titles))) > width and max(map(len, titles)) > _SHORTEST:
        longest = titles.index(max(titles, key=len))
        titles[longest] = titles[longest][:-1]
    return list(zip(numbers, titles, strict=True))
