"""A step of the course: its text, values, exercises and figures."""

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from lstm_course.course import Step
from lstm_tui.kit.scrolled import Scrolled
from lstm_tui.learn.drawing import paragraph
from lstm_tui.learn.ink import Ink, app_ink
from lstm_tui.learn.reader import Reader
from lstm_tui.learn.state import Shown
from lstm_tui.learn.widgets.changes import ChangeLines
from lstm_tui.learn.widgets.figures import Figures

ROOMY = 150
"""Least width of a terminal for a box beside a figure of 76 columns."""


class StepView(Vertical):
    """The text above the figures; the values between them, or on the right in a wide terminal."""

    _step: Step | None = None

    def __init__(self) -> None:
        super().__init__(id="step")

    def compose(self) -> ComposeResult:
        """Three scrollable boxes."""
        yield Scrolled(Static(id="text"), id="reading", classes="panel")
        yield Scrolled(ChangeLines(), Static(id="exercises"), id="tries", classes="panel")
        yield Figures()

    def show(self, shown: Shown, *, narrow: bool) -> None:
        """Draws the step; without side borders in a narrow terminal."""
        if self._step is not shown.reader.now:
            self._step = shown.reader.now
            for box in self.query(Scrolled):
                box.scroll_home(animate=False)
        ink = app_ink(self.app)
        stacked = self.app.size.width < ROOMY or shown.across
        self.set_class(stacked, "-stacked")
        self._show_text(shown, ink, narrow=narrow)
        self._show_tries(shown, ink, stacked=stacked)
        self.query_one(Figures).show(shown, ink)

    def _show_text(self, shown: Shown, ink: Ink, *, narrow: bool) -> None:
        reader, reading = shown.reader, self.query_one("#reading")
        title = f"{reader.chapter + 1} {reader.here.title} · {reader.now.title}"
        place = f"{reader.step + 1} of {len(reader.here.steps)}"
        # A subtitle needs a lower border.
        reading.border_title = f"{title} · {place}" if narrow else title
        reading.border_subtitle = place
        text = Text(f"✗ {shown.problem}" if shown.problem else "")
        if shown.page is not None:
            paragraphs = [paragraph(one, ink) for one in shown.page.text]
            text = Text("\n" if narrow else "\n\n").join(paragraphs)
        self.query_one("#text", Static).update(text)

    def _show_tries(self, shown: Shown, ink: Ink, *, stacked: bool) -> None:
        reader, tries = shown.reader, self.query_one("#tries")
        tries.display = bool(reader.now.changes or reader.now.exercises)
        tries.border_title = f"Try · {reader.change.help}" if reader.change and stacked else "Try"
        self.query_one(ChangeLines).show(reader, listed=not stacked)
        exercises = self.query_one("#exercises", Static)
        exercises.display = bool(reader.now.exercises)
        exercises.update(_exercises_text(reader, ink, short=stacked, hint=shown.hint))


def _exercises_text(reader: Reader, ink: Ink, *, short: bool, hint: bool) -> Text:
    """The open exercises, and the solved ones with what they show; `short` shows only one of them."""
    asked = reader.open_exercises
    shown = (asked[:1] or reader.now.exercises[-1:]) if short else reader.now.exercises
    lines = []
    for exercise in shown:
        line = Text()
        if exercise in asked:
            line.append("? ", ink.roles["target"])
            line.append(exercise.text, ink.roles["strong"])
            if hint:
                line.append(f" {exercise.hint}", ink.roles["quiet"])
        else:
            line.append("✓ ", ink.roles["good"])
            line.append(exercise.text)
            line.append(f" {exercise.shows}", ink.roles["quiet"])
        lines.append(line)
    return Text("\n" if short else "\n\n").join(lines)
