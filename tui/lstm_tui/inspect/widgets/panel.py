"""The content of the Inspect screen: the picture, the choices and the numbers."""

from functools import partial

from rich.console import RenderableType
from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.widgets import DataTable, Static

from lstm_forecasting.inspect.arithmetic import cell_arithmetic
from lstm_tui.backends.controller import palette_of, titles_of
from lstm_tui.inspect.bands import bands_of
from lstm_tui.inspect.controller import InspectController
from lstm_tui.inspect.look import Look, View
from lstm_tui.inspect.seeing import Seen
from lstm_tui.inspect.state import InspectState
from lstm_tui.inspect.widgets import cell, details
from lstm_tui.inspect.widgets.facts import Frame, facts, forecast_table
from lstm_tui.inspect.widgets.lines import UnitLines
from lstm_tui.inspect.widgets.rows import NumberRows, Row
from lstm_tui.inspect.widgets.runs import RunList
from lstm_tui.inspect.widgets.stack import BandStack, Cursor
from lstm_tui.kit.clickable import ClickLine, Word
from lstm_tui.kit.controller import controller, key
from lstm_tui.kit.palette import Palette, theme_colour
from lstm_tui.kit.scrolled import Scrolled

LEGENDS: dict[View, str] = {
    "gates": "x target · h_ unit · f i o gates · C̃ C h states",
    "unit": "click or ← → for the step · ↑ ↓ for the unit",
    "gradients": "∂h ∂C at h and C · W U b by step · step: at the cursor",
    "batch": "|g| whole · |a| this array · cos with mean · g window",
    "backends": "x target · 1 and 2 the backends · − their difference",
    "weights": "from and to on one scale · Δ change",
}
ATTENTIVE = "x target · h_ unit · f i o gates · C̃ C h · a attention"
"""The legend of the gates if the network has attention."""


class InspectionPanel(Container):
    """Two halves, `#inside` with the picture and `#numbers`; a narrow terminal shows one of them."""

    def compose(self) -> ComposeResult:
        """The picture; the runs, the choices, and the numbers."""
        with Horizontal():
            with Vertical(id="inside", classes="panel"):
                yield ClickLine(id="views")
                yield BandStack()
                yield UnitLines()
                yield Static(id="scale")
            with Container(id="numbers"):
                with Vertical(id="asked"):
                    with Container(id="runs-room", classes="panel") as runs:
                        runs.border_title = "Runs"
                        yield RunList()
                    with Vertical(id="chosen", classes="panel") as chosen:
                        chosen.border_title = "Shown"
                        yield Static(id="facts")
                        yield Static(id="forecast")
                with Scrolled(id="cell", classes="panel"):
                    yield Static(id="diagram")
                    yield Static(id="sentence")
                    yield NumberRows(id="arithmetic")

    def show_runs(self, state: InspectState) -> None:
        """Lists the runs."""
        self.query_one(RunList).show(state.runs or (), state.run)

    @on(DataTable.RowSelected)
    def _open_run(self, event: DataTable.RowSelected) -> None:
        run = self.query_one(RunList).runs.get(event.row_key.value or "")
        if run is not None:
            controller(self, InspectController).open_run(run)

    def show_title(self, title: str) -> None:
        """Shows a title over the picture."""
        self.query_one("#inside").border_title = title

    def scroll_numbers(self, way: str) -> None:
        """Scrolls the numbers "down" or "up" by a page."""
        room = self.query_one("#cell", Scrolled)
        if way == "down":
            room.scroll_page_down(animate=False)
        else:
            room.scroll_page_up(animate=False)

    def show(self, seen: Seen, look: Look, views: list[View]) -> None:
        """Shows the chosen part of an answer, and the names of the available views."""
        palette = palette_of(self)
        self._show_picture(seen, look, palette)
        self.query_one("#views", ClickLine).words = _words(views, look.view, palette, key(self, "next_look"))
        strong, keys = (theme_colour(self.app, name) for name in ("accent", "footer-key-foreground"))
        frame = Frame(titles_of(self), partial(key, self), strong, palette.quiet, keys)
        self._show_numbers(seen, look, frame)

    def _show_picture(self, seen: Seen, look: Look, palette: Palette) -> None:
        inspected = seen.inspected
        layer, unit = look.layer_of(inspected), look.unit(inspected)
        stack, lines, scale = self.query_one(BandStack), self.query_one(UnitLines), self.query_one("#scale")
        drawn = look.view == "unit"
        stack.display = scale.display = not drawn
        lines.display = drawn
        if drawn:
            lines.show(inspected, layer, unit, look.step, palette)
        else:
            stack.show(bands_of(seen, look), _cursor(look, str(unit)))
            self.query_one("#scale", Static).update(stack.scale())
        self.show_title(_title(seen, look))
        attentive = look.view == "gates" and inspected.attention is not None
        self.query_one("#inside").border_subtitle = ATTENTIVE if attentive else LEGENDS[look.view]

    def _show_numbers(self, seen: Seen, look: Look, frame: Frame) -> None:
        inspected = seen.inspected
        strong = f"bold {frame.strong}"
        shown: dict[str, RenderableType] = {
            "facts": facts(seen, look, frame),
            "forecast": forecast_table(inspected, frame.quiet) if look.of_units else "",
            "diagram": "",
            "sentence": details.sentence(seen, look, frame),
        }
        rows: list[Row] = []
        if look.view == "weights":
            title, rows = "Weights", details.array_rows(seen, look, frame)
        elif look.view == "batch":
            title = f"Window {look.member + 1} of {seen.members}"
            if seen.batch is not None:
                rows = details.window_rows(seen.batch, look.array_of(inspected), look.member, frame)
        else:
            found = cell_arithmetic(inspected, look.layer_of(inspected), look.unit(inspected), look.step)
            title = f"Unit {found.unit} at step {found.step + 1}"
            shown["diagram"] = cell.diagram(found, strong)
            rows = cell.arithmetic(found, strong, frame.quiet)
        self.query_one("#arithmetic", NumberRows).show(rows)
        for name, content in shown.items():
            static = self.query_one(f"#{name}", Static)
            static.display = content != ""
            static.update(content)
        self.query_one("#cell").border_title = title


def _title(seen: Seen, look: Look) -> str:
    inspected = seen.inspected
    table = inspected.subject.experiment.table
    if look.view == "weights":
        to = inspected.subject.model.header.epoch
        since = "" if seen.earlier is None else f"from epoch {seen.earlier.epoch} "
        return f"{look.array_of(inspected)} · {since}to {to}"
    if look.view == "batch":
        place = f"batch {seen.asked.batch + 1} of {seen.batches}"
        return f"{look.array_of(inspected)} · {place} · window {look.member + 1} of {seen.members}"
    when = table.row_text(inspected.step_rows(look.step)[-1])
    of_value = f" · {look.shown_quantity.title}" if look.view == "backends" else ""
    place = f"step {look.step + 1} ({when}) · unit {look.unit(inspected)}"
    return f"{look.layer_of(inspected).name}{of_value} · {place}"


def _cursor(look: Look, unit: str) -> Cursor:
    if look.view == "batch":
        return Cursor(look.member, word="window")
    return Cursor(look.step if look.of_units else None, look.place, unit)


def _words(views: list[View], shown: View, palette: Palette, key: str) -> list[Word]:
    words = []
    for number, view in enumerate(views):
        style = f"bold reverse {palette.named('accent')}" if view == shown else palette.label
        words.append(Word(view.capitalize(), style, f"screen.look_at('{view}')", "" if number else key))
    return words
