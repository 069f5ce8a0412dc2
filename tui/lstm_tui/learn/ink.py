"""The colours of pages of the course."""

from collections.abc import Mapping
from dataclasses import dataclass

from lstm_course.figures import Role, Stroke
from lstm_forecasting.figures.looks import Look
from lstm_tui.kit.charts.drawing import Ink as ChartInk


@dataclass(frozen=True)
class Ink:
    """Rich styles of a page.

    Attributes:
        term: highlighted terms in a text.
        title: titles of figures.
        roles: cells, by role.
        strokes: lines, by stroke.
        looks: backends, by short name.
        dark: whether the background is dark.
        chart: axes and labels.
    """

    term: str
    title: str
    roles: Mapping[Role, str]
    strokes: Mapping[Stroke, str]
    looks: Mapping[str, Look]
    dark: bool
    chart: ChartInk

    def line(self, stroke: Stroke, backend: str) -> str:
        """The colour of a line."""
        if backend in self.looks:
            return self.looks[backend].colour(self.dark)
        return self.strokes[stroke]


def terminal_ink(looks: Mapping[str, Look]) -> Ink:
    """The terminal's own colours, for any background."""
    return Ink(
        term="bold",
        title="bold",
        roles={
            "plain": "",
            "strong": "bold",
            "changed": "yellow",
            "quiet": "dim",
            "good": "green",
            "bad": "red",
            "input": "cyan",
            "target": "bold yellow",
        },
        strokes={"truth": "default", "forecast": "cyan", "other": "yellow", "mark": "bright_black"},
        looks=looks,
        dark=True,
        chart=ChartInk("bright_black", "bright_black", "default"),
    )
