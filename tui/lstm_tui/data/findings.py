"""The list of findings of the Data screen, and the dialog with all about one of them."""

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from lstm_forecasting.data.finding import TARGET, Finding
from lstm_tui.kit.dialog import Sheet
from lstm_tui.kit.palette import Palette

SUGGESTED, HANDLED = "~", "✓"
_MOST_TIMES = 40


class FindingsList(OptionList):
    """One entry for each finding: its kind and column, the evidence, and what is done."""

    DEFAULT_CSS = """
    FindingsList {
        height: auto; max-height: 100%; width: 1fr; scrollbar-size-vertical: 1; background: $background;
        border: none; padding: 0;
        &:focus { border: none; background-tint: transparent; }
    }
    """

    def __init__(self) -> None:
        super().__init__(compact=True)
        self._findings: tuple[Finding, ...] = ()

    @property
    def chosen(self) -> Finding | None:
        """The finding under the cursor."""
        place = self.highlighted
        return self._findings[place] if place is not None and place < len(self._findings) else None

    def show(self, findings: tuple[Finding, ...], palette: Palette) -> None:
        """Replaces the findings; the cursor stays where it is, if it can."""
        place = self.highlighted or 0
        self._findings = findings
        self.clear_options()
        self.add_options(Option(_entry(one, palette)) for one in findings)
        if findings:
            self.highlighted = min(place, len(findings) - 1)


def heading(finding: Finding) -> str:
    """The kind of a finding, and its column if it has one."""
    return f"{finding.kind} · {finding.column}" if finding.column else finding.kind


def remedy(finding: Finding) -> str:
    """What applying a finding does; empty if it has no option."""
    if not finding.option:
        return ""
    if finding.option == TARGET:
        return "choose another target"
    name = finding.option.replace("_", " ")
    return f"set {name} to {finding.value}" if finding.value else f"set {name}"


def _entry(finding: Finding, palette: Palette) -> Text:
    sign = SUGGESTED if finding.suggested else HANDLED
    colour = palette.named("warning" if finding.suggested else "success")
    text = Text().append(f"{sign} ", f"bold {colour}").append(heading(finding), "bold")
    text.append(f"\n{finding.evidence}")
    if finding.done:
        text.append(f"\n{finding.done}", palette.quiet)
    return text


class FindingScreen(Sheet[bool]):
    """Shows all about a finding; returns True if the user wants it applied."""

    BINDINGS: ClassVar = [Binding("a", "apply", "Apply")]

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        self._finding = finding

    def compose(self) -> ComposeResult:
        """The evidence, what is done, how to decide otherwise, and the times it is about."""
        finding = self._finding
        applies = f"a applies: {remedy(finding)} · " if finding.option else ""
        with VerticalScroll(classes="dialog") as dialog:
            dialog.border_title = heading(finding)
            dialog.border_subtitle = f"{applies}Esc closes"
            yield Static("\n\n".join(_paragraphs(finding)), markup=False)

    def action_apply(self) -> None:
        """Closes, to be applied."""
        if self._finding.option:
            self.dismiss(True)


def _paragraphs(finding: Finding) -> list[str]:
    texts = [finding.evidence]
    if finding.done:
        texts.append(finding.done)
    if finding.option:
        word = "Suggested" if finding.suggested else "To change it"
        texts.append(f"{word}: {remedy(finding)}; on the command line, {finding.flag}.")
    if finding.when:
        more = len(finding.when) - _MOST_TIMES
        rest = f" and {more:,} more" if more > 0 else ""
        texts.append(f"When: {', '.join(finding.when[:_MOST_TIMES])}{rest}.")
    return texts
