"""The choices in words: weights, window or batch, layer or array; each with its key."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from rich.style import Style
from rich.table import Table
from rich.text import Text

from lstm_forecasting.inspect.results import InspectedWindow
from lstm_forecasting.inspect.units import UnitOrder
from lstm_tui.inspect.look import Look
from lstm_tui.inspect.seeing import Seen
from lstm_tui.kit.numbers import MADE, UNDEFINED, in_one_form

ORDERS: Mapping[UnitOrder, str] = {
    "index": "by index",
    "activity": "most active first",
    "correlation": "closest to target first",
}


@dataclass(frozen=True)
class Frame:
    """The names, keys and colours of the app.

    Attributes:
        titles: names of the backends for people.
        key: returns the key of an action by its id.
        strong: colour of important numbers.
        quiet: colour of names.
        keys: colour of keys.
    """

    titles: Mapping[str, str]
    key: Callable[[str], str]
    strong: str
    quiet: str
    keys: str


def facts(seen: Seen, look: Look, frame: Frame) -> Table:
    """A row for each choice, with the key that changes it; a click does the same."""
    shown = Table.grid(padding=(0, 1))
    shown.add_column(no_wrap=True)
    shown.add_column(no_wrap=True)
    shown.add_column()
    for action, name, words in _rows(seen, look, frame.titles):
        action_id = re.sub(r"\W+", "_", action).strip("_")
        click = Style(meta={"@click": f"screen.{action}"})
        shown.add_row(
            Text(frame.key(action_id), f"bold {frame.keys}"), Text(name, frame.quiet), Text(words, click)
        )
    return shown


def forecast_table(inspected: InspectedWindow, quiet: str) -> Table:
    """The forecast of the first target beside the truth."""
    table = inspected.subject.experiment.table
    shown = Table.grid(padding=(0, 1))
    shown.add_column(style=quiet)
    for _ in range(3):
        shown.add_column(justify="right")
    shown.add_row("", Text("forecast", quiet), Text("truth", quiet), Text("error", quiet))
    point, truth = inspected.point[:, 0], inspected.truth[:, 0]
    columns = (in_one_form(numbers.tolist()) for numbers in (point, truth, point - truth))
    for step, numbers in enumerate(zip(*columns, strict=True)):
        cells = list(numbers)
        if inspected.filled_truth[step, 0]:
            cells[1:] = f"{MADE} {cells[1]}", UNDEFINED
        shown.add_row(table.row_text(inspected.window.targets.start + step), *cells)
    return shown


def _rows(seen: Seen, look: Look, titles: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Action, name and value of every choice of the view."""
    inspected = seen.inspected
    subject, window, layer = inspected.subject, inspected.window, look.layer_of(inspected)
    header, table = subject.model.header, subject.experiment.table
    loss = "" if header.loss is None else f", loss {header.loss:.4g}"
    trained_by = titles.get(subject.trained_by, subject.trained_by)
    yield "next_weights", "weights", f"{trained_by}, epoch {header.epoch}{loss}"
    if subject.members > 1:
        network = f"{subject.member + 1} of {subject.members}, look_back {subject.config.look_back}"
        yield "next_member", "network", f"{network}, {subject.config.loss}"
    if look.view == "weights":
        if seen.earlier is not None:
            yield "next_since", "since", f"epoch {seen.earlier.epoch}"
        yield "next_choice", "array", look.array_of(inspected)
        return
    yield "next_backend", "backend", f"{titles[inspected.backend]}, {subject.config.precision}"
    if look.view == "batch":
        place = f"{seen.asked.batch + 1} of {seen.batches} of epoch {header.epoch + 1}"
        yield "move_window('next')", "batch", f"{place}, {seen.members} windows"
        yield "next_choice", "array", look.array_of(inspected)
        return
    yield "next_part", "part", f"{window.part}, window {window.number + 1} of {window.count}"
    yield "go_to_window", "forecast", f"{table.row_text(window.targets.start)}, loss {inspected.loss:.4g}"
    yield "next_layer", "layer", f"{layer.name}, {layer.units} units"
    yield "next_order", "units", ORDERS[look.order]
    if look.view == "gradients":
        yield "next_choice", "array", look.shared_array_of(inspected).rpartition(".")[2]
    if look.view == "backends":
        yield "next_choice", "value", look.shown_quantity.title
