"""A line of a form: an option's name, its value, the source of the value, and its error."""

import textwrap
from dataclasses import dataclass
from typing import Any

from rich.text import Text
from textual import on
from textual.app import ComposeResult, RenderResult
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from lstm_plugins.errors import OptionError
from lstm_plugins.options import Option
from lstm_tui.kit.choice import Choice
from lstm_tui.kit.palette import theme_colour

DATA_MARK = "◆ data"
OWN_MARK = "✎ yours"
INFERRED = "◆"
"""In a list of words: the program infers the value."""
_NAME = 18
_MARK = 9


def explanation(option: Option, reason: str = "") -> str:
    """Returns what an option is, what it may be, and the reason for its present value, if there is one."""
    lines = [option.help]
    if option.matters_when:
        other, values = option.matters_when
        lines[0] += f"; used with {other} {' or '.join(values)}"
    wanted = "" if option.kind is str and not (option.choices or option.several) else option.wanted
    if option.default in (None, ()):
        empty = "empty: inferred from the data" if option.inferred else "may be empty"
        default = "" if option.choices else empty
    else:
        default = f"default {option.text(option.default)}"
    lines.append("; ".join(filter(None, (wanted, default))))
    if reason:
        lines.append(f"{INFERRED} {reason}")
    return "\n".join(lines)


class OptionLine(Widget):
    """The name, the control and the mark of one option's value.

    An invalid value stays in the control, with its error below; a doubtful value has a warning there. Name,
    mark, error and warning are no widgets: otherwise a form of all settings would have 200 of them.

    Attributes:
        option: the option.
        control: the widget with the value; it reports each key if `eager`, otherwise when the user leaves it.
        problem: why the value is invalid; empty if it is valid.
        warning: why the value is doubtful; empty if it is not.
        mark: the source of the value.
        refused: whether the problem came from elsewhere, such as another option.
        used: whether the value has an effect with the other values.
        explanation: of the value; also the tooltip.
    """

    DEFAULT_CSS = """
    OptionLine {
        height: 1;
        layout: horizontal;
        Input, Choice { width: 1fr; height: 1; margin: 0 9 0 18; }
        Input.-textual-compact { padding: 0 1; background: $panel; }
        Input:focus { background: $block-cursor-background; background-tint: transparent; }
        Input:disabled, Choice:disabled { opacity: 50%; }
    }
    """

    @dataclass
    class Changed(Message):
        """The user set the option, or reset it (`value` None)."""

        name: str
        value: Any

    @dataclass
    class Mistaken(Message):
        """The user typed an invalid value."""

        name: str

    def __init__(self, option: Option, *, eager: bool) -> None:
        super().__init__(id=f"option-{option.name}")
        self.option = option
        self.problem = ""
        self.warning = ""
        self.explanation = ""
        self.refused = False
        self.mark = ""
        self.used = True
        self._eager = eager
        self._value: Any = option.default
        self._shown = option.text(option.default)
        self._unowned = ""
        self.control: Input | Choice[Any]
        if option.kind is bool or (option.choices and not option.several):
            self.control = Choice(self._choices(), option.default)
        else:
            self.control = Input(self._shown, compact=True)

    def _choices(self) -> list[tuple[str, Any]]:
        values = (False, True) if self.option.kind is bool else self.option.choices
        listed: list[tuple[str, Any]] = [(self.option.text(value), value) for value in values]
        if self.option.default is not None:
            return listed
        if self._value is not None:
            return [(f"{INFERRED} inferred", None), *listed]
        return [(f"{INFERRED} {self._shown}" if self._shown else "–", None), *listed]

    def compose(self) -> ComposeResult:
        """Yields the control; the rest is drawn around it."""
        yield self.control

    def render(self) -> RenderResult:
        """Returns name and mark beside the control, with the error or the warning below."""
        error, quiet = theme_colour(self.app, "error"), theme_colour(self.app, "quiet")
        name = (
            error if self.problem else theme_colour(self.app, "foreground") if self.used else f"dim {quiet}"
        )
        lines = Text().append(f"{self.option.name:<{_NAME}}", name)
        lines.append(" " * max(0, self.size.width - _NAME - _MARK))
        own = self.mark == OWN_MARK
        lines.append(f" {self.mark:<{_MARK - 1}}", theme_colour(self.app, "accent") if own else quiet)
        colour = error if self.problem else theme_colour(self.app, "warning")
        for line in self._note_lines(self.size.width):
            lines.append(f"\n  {line}", colour)
        return lines

    def on_mount(self) -> None:
        """Explains the option."""
        self.explain()

    def on_resize(self) -> None:
        """Fits the height: a wider line needs fewer lines for its note."""
        self._fit()

    def _note_lines(self, width: int) -> list[str]:
        note = f"✗ {self.problem}" if self.problem else f"~ {self.warning}" if self.warning else ""
        return textwrap.wrap(note, max(10, width - 2))

    def _fit(self) -> None:
        lines = 1 + len(self._note_lines(self.size.width or 40))
        if self.styles.height is None or self.styles.height.value != lines:
            self.styles.height = lines
        self.refresh()

    def show(self, value: Any, mark: str, text: str = "") -> None:
        """Shows a value and its source, the mark; `text` replaces the option's own notation of the value.

        What the user is typing, or has to correct, stays in the control.
        """
        self._value = value
        self._shown = text or self.option.text(value)
        if mark != self.mark:
            self.mark = mark
            self.refresh()
        if isinstance(self.control, Choice):
            if not self.problem:
                self.control.set_options(self._choices(), value)
        else:
            if mark != OWN_MARK:
                self._unowned = self._shown
            # The value that applies if the user clears the field.
            self.control.placeholder = self._unowned or "–"
            if not self.control.has_focus and not self.problem:
                self._write()

    def forget(self) -> None:
        """Replaces what the user typed by the value in effect."""
        self.show_problem("")
        self._write()
        if isinstance(self.control, Choice):
            self.control.set_value(self._value)

    def refuse(self, message: str) -> None:
        """Shows an error that came from elsewhere."""
        self.show_problem(message)
        self.refused = True

    def accept(self) -> None:
        """Removes an error that came from elsewhere."""
        if self.refused:
            self.show_problem("")

    def show_problem(self, message: str) -> None:
        """Shows an error below the line; an empty one removes it."""
        self.refused = False
        if message != self.problem:
            self.problem = message
            self._fit()

    def show_warning(self, message: str) -> None:
        """Shows a warning below the line; an empty one removes it."""
        if message != self.warning:
            self.warning = message
            self._fit()

    def explain(self, reason: str = "") -> None:
        """Explains the option and, if there is one, the reason for its value."""
        text = explanation(self.option, reason)
        if text != self.explanation:
            self.explanation = text
            self.tooltip = Text(text)
            self.control.tooltip = Text(text)

    def show_used(self, used: bool) -> None:
        """Dims a value that has no effect beside the others."""
        self.control.disabled = not used and not self.problem
        if used != self.used:
            self.used = used
            self.refresh()

    def _write(self) -> None:
        if isinstance(self.control, Input):
            with self.prevent(Input.Changed):
                self.control.value = self._shown

    def _take(self, text: str) -> None:
        """Reports what was typed, unless it is the value in effect already."""
        try:
            value = self.option.parse(text) if text else None
        except OptionError as error:
            self.show_problem(error.message)
            self.post_message(self.Mistaken(self.option.name))
            return
        # An Input also reports its initial value.
        same = value == self._value or (value is None and self._value in (None, ()))
        if self.problem or not same:
            self.show_problem("")
            self._report(value)
        elif not self._eager:
            self._write()

    def _report(self, value: Any) -> None:
        if self._eager:
            self._value = value
        self.post_message(self.Changed(self.option.name, value))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self._eager:
            self._take(event.value.strip())
        else:
            self.show_problem("")

    @on(Choice.Changed)
    def _chosen(self, event: Choice.Changed) -> None:
        event.stop()
        self.show_problem("")
        self._report(event.value)

    @on(Input.Blurred)
    def _left(self, event: Input.Blurred) -> None:
        event.stop()
        text = event.value.strip()
        if self._eager:
            if not text:
                self._write()
        elif not self.problem and text != self._shown:
            self._take(text)

    @on(Input.Submitted)
    def _next(self, event: Input.Submitted) -> None:
        event.stop()
        self.screen.focus_next()
