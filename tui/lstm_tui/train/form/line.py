"""A line of a form: a name, the control of a value, where the value comes from, and what is wrong with it."""

from __future__ import annotations

import textwrap
from abc import abstractmethod
from typing import Any

from rich.text import Text
from textual.app import ComposeResult, RenderResult
from textual.widget import Widget
from textual.widgets import Input

from lstm_tui.kit.palette import theme_colour
from lstm_tui.train.form.choice import Choice

DATA_MARK = "◆ data"
OWN_MARK = "✎ yours"
_NAME = 16
_MARK = 9


class FormLine(Widget):
    """The name, the control and the mark of one value: where it comes from.

    A value that cannot be used stays in the control, and its error stands under it; of a value that will not
    do well, a warning stands there. Name, mark and what stands below are drawn by the line itself: a form of
    all settings would be two hundred widgets otherwise.

    Args:
        label: the name.
        control: of the value.
        id: of the widget.

    Attributes:
        problem: why the value cannot be used; empty when it can.
        warning: why the value will not do well; empty when it may.
        mark: where the value comes from.
        used: whether it has an effect beside the others.
        explanation: what it means, for the tooltip and for whoever comes by key.
    """

    DEFAULT_CSS = """
    FormLine {
        height: 1;
        layout: horizontal;
        Input, Choice { width: 1fr; height: 1; margin: 0 9 0 16; }
        Input.-textual-compact { padding: 0 1; background: $panel; }
        Input:focus { background: $block-cursor-background; background-tint: transparent; }
        Input:disabled, Choice:disabled { opacity: 50%; }
    }
    """

    def __init__(self, label: str, control: Input | Choice[Any], id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.label = label
        self.control = control
        self.problem = ""
        self.warning = ""
        self.explanation = ""
        self.mark = ""
        self.used = True
        self._unowned = ""

    @abstractmethod
    def text_of(self, value: Any) -> str:
        """How a value stands in an Input."""

    def compose(self) -> ComposeResult:
        """The control alone; the rest is drawn around it."""
        yield self.control

    def render(self) -> RenderResult:
        """Name and mark beside the control, the error or the warning in the lines below."""
        error, quiet = theme_colour(self.app, "error"), theme_colour(self.app, "quiet")
        name = (
            error if self.problem else theme_colour(self.app, "foreground") if self.used else f"dim {quiet}"
        )
        lines = Text().append(f"{self.label:<{_NAME}}", name)
        lines.append(" " * max(0, self.size.width - _NAME - _MARK))
        own = self.mark == OWN_MARK
        lines.append(f" {self.mark:<{_MARK - 1}}", theme_colour(self.app, "accent") if own else quiet)
        colour = error if self.problem else theme_colour(self.app, "warning")
        for line in self._note_lines(self.size.width):
            lines.append(f"\n  {line}", colour)
        return lines

    def on_resize(self) -> None:
        """A wider line needs fewer lines for what stands below."""
        self._fit()

    def _note_lines(self, width: int) -> list[str]:
        note = f"✗ {self.problem}" if self.problem else f"~ {self.warning}" if self.warning else ""
        return textwrap.wrap(note, max(10, width - 2))

    def _fit(self) -> None:
        lines = 1 + len(self._note_lines(self.size.width or 40))
        if self.styles.height is None or self.styles.height.value != lines:
            self.styles.height = lines
        self.refresh()

    def show(self, value: Any, mark: str) -> None:
        """Shows a value that holds, and in the mark where it comes from.

        What the user is typing at this moment, or has to mend, is left as it is.
        """
        if mark != self.mark:
            self.mark = mark
            self.refresh()
        if isinstance(self.control, Choice):
            if not self.problem:
                self.control.set_value(value)
        else:
            if mark != OWN_MARK:
                self._unowned = self.text_of(value)
            # What holds once the user's value is gone, and not that value until the next plan.
            self.control.placeholder = self._unowned or "–"
            if not self.control.has_focus and not self.problem:
                self.write(value)

    def show_problem(self, message: str) -> None:
        """Puts an error under the line; an empty one takes it away."""
        if message != self.problem:
            self.problem = message
            self._fit()

    def show_warning(self, message: str) -> None:
        """Puts a warning under the line; an empty one takes it away."""
        if message != self.warning:
            self.warning = message
            self._fit()

    def explain(self, explanation: str) -> None:
        """Says what the value means and where it comes from, to whoever points at it."""
        if explanation != self.explanation:
            self.explanation = explanation
            self.tooltip = Text(explanation)
            self.control.tooltip = Text(explanation)

    def show_used(self, used: bool) -> None:
        """Dims a value that has no effect beside the others."""
        self.control.disabled = not used and not self.problem
        if used != self.used:
            self.used = used
            self.refresh()

    def write(self, value: Any) -> None:
        """Puts a value into an Input, in place of what was typed."""
        if isinstance(self.control, Input):
            with self.prevent(Input.Changed):
                self.control.value = self.text_of(value)
