"""The errors of all test forecasts as a strip of small bars to click."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.text import Text
from textual import events
from textual.app import RenderResult
from textual.message import Message
from textual.widget import Widget

from lstm_tui.kit.charts.shades import EIGHTHS
from lstm_tui.kit.palette import Palette


class ErrorStrip(Widget):
    """Two rows of bars, one for each window or group of windows, with a mark below the selected window."""

    DEFAULT_CSS = """
    ErrorStrip { height: 3; width: 1fr; padding-left: 7; }
    """

    @dataclass
    class Chosen(Message):
        """The user clicked a window."""

        window: int

    def __init__(self) -> None:
        super().__init__()
        self._errors: NDArray[np.float64] = np.empty(0)
        self._chosen = 0
        self._colour = ""
        self._palette: Palette | None = None

    def show(self, errors: NDArray[np.float64], chosen: int, colour: str, palette: Palette) -> None:
        """Shows the errors `[windows]`, nan for none, in the colour of their model; marks window `chosen`."""
        self._errors, self._chosen, self._colour, self._palette = errors, chosen, colour, palette
        self.refresh()

    def render(self) -> RenderResult:
        """Bars as high as the largest error in their group."""
        palette = self._palette
        if palette is None or not len(self._errors) or self.size.width < 1:
            return ""
        groups = self._groups()
        heights = np.nan_to_num([np.fmax.reduce(self._errors[group]) for group in groups])
        eighths = np.ceil(heights / (heights.max() or 1.0) * 16).astype(int)
        mark = next(column for column, group in enumerate(groups) if self._chosen <= group[-1])
        lines = []
        for row in (1, 0):
            line = Text(no_wrap=True)
            for column, height in enumerate(eighths.tolist()):
                style = f"bold {palette.truth}" if column == mark else self._colour
                line.append(EIGHTHS[min(8, max(0, height - 8 * row))], style)
            lines.append(line)
        lines.append(Text(" " * mark + "▲", f"bold {palette.truth}"))
        return Text("\n", no_wrap=True).join(lines)

    def on_click(self, event: events.Click) -> None:
        """Selects the window with the largest error under the pointer."""
        groups = self._groups()
        place = event.get_content_offset(self)
        if place is not None and place.x < len(groups):
            group = groups[place.x]
            self.post_message(self.Chosen(int(group[np.argmax(np.nan_to_num(self._errors[group]))])))

    def _groups(self) -> list[NDArray[np.int64]]:
        windows = np.arange(len(self._errors))
        return np.array_split(windows, min(len(windows), max(1, self.size.width)))
