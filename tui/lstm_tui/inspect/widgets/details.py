"""The text beside a picture: sentences, and tables of arrays, windows or contributions, also to copy."""

import math
from collections.abc import Iterator

import numpy as np
from rich.console import Group, RenderableType
from rich.table import Table

from lstm_forecasting.inspect.arithmetic import cell_arithmetic
from lstm_forecasting.inspect.batches import clipping, gradient_agreement
from lstm_forecasting.inspect.comparing import Comparison
from lstm_forecasting.inspect.contributions import step_contributions
from lstm_forecasting.inspect.flow import gradient_flow, in_words
from lstm_forecasting.inspect.quantities import QUANTITIES
from lstm_forecasting.inspect.results import InspectedBatch, InspectedWindow, Values
from lstm_forecasting.inspect.weights import weight_facts
from lstm_tui.inspect.look import Look
from lstm_tui.inspect.seeing import Seen
from lstm_tui.inspect.widgets.facts import Frame
from lstm_tui.inspect.widgets.rows import Row
from lstm_tui.inspect.words import WITHOUT_DROPOUT, agreement, clipped, closeness
from lstm_tui.kit.copying import CopyTable
from lstm_tui.kit.numbers import fixed, in_one_form


def sentence(seen: Seen, look: Look, frame: Frame) -> RenderableType:
    """The sentences of a view; "" if it has none."""
    match look.view:
        case "gradients":
            return Group(*_gradients(seen.inspected, look, frame))
        case "batch" if seen.batch is not None:
            return _of_batch(seen.batch, look.array_of(seen.inspected), look.member, frame)
        case "backends" if seen.comparison is not None:
            return _of_backends(seen.comparison, frame)
        case "weights":
            return _of_array(seen, look)
        case "gates" | "unit":
            return _of_attention(seen.inspected, look)
    return ""


def array_rows(seen: Seen, look: Look, frame: Frame) -> list[Row]:
    """Share, norm and change of every array, by layer; the chosen array has a mark."""
    inspected = seen.inspected
    found = weight_facts(inspected.subject.model.weights)
    norms = in_one_form([one.norm for one in found], 3)
    changes = {} if seen.earlier is None else {one.name: one for one in seen.earlier.changes}
    rows = [Row("  array", ("share", "norm", *(["changed"] if changes else [])), frame.quiet)]
    group = ""
    for place, (one, norm) in enumerate(zip(found, norms, strict=True)):
        owner, _, kind = one.name.rpartition(".")
        if owner != group:
            rows.append(Row(owner, name_style=frame.quiet))
            group = owner
        changed = []
        if changes:
            relative = changes[one.name].relative
            changed = [f"{100 * relative:.1f} %" if math.isfinite(relative) else "from 0"]
        cells = (f"{100 * one.share:.1f} %", norm, *changed)
        rows.append(_row(kind, cells, place == look.array, f"choose_array({place})", frame))
    return rows


def window_rows(batch: InspectedBatch, array: str, member: int, frame: Frame) -> list[Row]:
    """Loss, norms, and cosine in one array, of every window of a batch; the chosen window has a mark."""
    times, numbers, cosines = _of_windows(batch, array)
    columns = [in_one_form(column.tolist(), 2) for column in numbers]
    columns.append([fixed(float(cosine), 2) for cosine in cosines])
    rows = [Row("  forecast", ("loss", "|g|", "|a|", "cos"), frame.quiet)]
    for number, (when, *cells) in enumerate(zip(times, *columns, strict=True)):
        rows.append(_row(when, tuple(cells), number == member, f"choose_member({number})", frame))
    return rows


def copies(seen: Seen, look: Look) -> list[CopyTable]:
    """The tables of a view."""
    if look.view == "weights":
        return [_arrays(seen)]
    if look.view == "batch":
        return [] if seen.batch is None else [_windows(seen.batch, look.array_of(seen.inspected))]
    return [_unit(seen, look), _cell(seen, look)]


def _unit(seen: Seen, look: Look) -> CopyTable:
    layer, unit = look.layer_of(seen.inspected), look.unit(seen.inspected)
    columns = [getattr(layer, quantity.name)[:, unit].tolist() for quantity in QUANTITIES]
    rows = [(step, *numbers) for step, numbers in enumerate(zip(*columns, strict=True), 1)]
    names = ("step", *(quantity.title for quantity in QUANTITIES))
    return CopyTable(f"unit {unit} at every step", names, rows)


def _cell(seen: Seen, look: Look) -> CopyTable:
    inspected = seen.inspected
    found = cell_arithmetic(inspected, look.layer_of(inspected), look.unit(inspected), look.step)
    rows: list[tuple[object, ...]] = []
    for line in found.lines:
        for product in line.products:
            terms = (product.left, product.left_value, product.right, product.right_value, product.value)
            rows.append((line.name, *terms))
        if line.bias is not None:
            rows.append((line.name, "bias", None, None, None, line.bias))
        rows.append((line.name, "value", None, None, None, line.value))
    columns = ("equation", "left", "left value", "right", "right value", "result")
    return CopyTable(f"unit {found.unit} at step {found.step + 1}, computed", columns, rows)


def _of_windows(batch: InspectedBatch, array: str) -> tuple[list[str], list[Values], Values]:
    """For each window: the time of its forecast; its loss, norm, and norm in one array; its cosine there."""
    table, look_back = batch.subject.experiment.table, batch.subject.config.look_back
    own = gradient_agreement(batch, array)
    times = [table.row_text(int(start) + look_back) for start in batch.starts]
    return times, [batch.losses, gradient_agreement(batch).norms, own.norms], own.cosines


def _windows(batch: InspectedBatch, array: str) -> CopyTable:
    times, numbers, cosines = _of_windows(batch, array)
    rows = list(zip(times, *(column.tolist() for column in (*numbers, cosines)), strict=True))
    columns = ("forecast", "loss", "gradient norm", f"norm in {array}", f"cosine in {array}")
    return CopyTable("the windows of the batch", columns, rows)


def _arrays(seen: Seen) -> CopyTable:
    changes = {} if seen.earlier is None else {one.name: one.norm for one in seen.earlier.changes}
    rows = [
        (one.name, one.parameters, one.share, one.norm, changes.get(one.name))
        for one in weight_facts(seen.inspected.subject.model.weights)
    ]
    since = "" if seen.earlier is None else f" since epoch {seen.earlier.epoch}"
    return CopyTable("the weight arrays", ("array", "parameters", "share", "norm", f"change{since}"), rows)


def _row(name: str, cells: tuple[str, ...], chosen: bool, action: str, frame: Frame) -> Row:
    style = f"bold {frame.strong}" if chosen else ""
    return Row(f"{'▸' if chosen else ' '} {name}", cells, style, action=f"screen.{action}")


def _gradients(inspected: InspectedWindow, look: Look, frame: Frame) -> Iterator[RenderableType]:
    """Where the gradient vanishes, and what the chosen step contributes to each array."""
    layer = look.layer_of(inspected)
    yield in_words(gradient_flow(layer)) + "\n"
    found = step_contributions(inspected, layer)
    table = Table.grid(padding=(0, 1))
    table.add_column()
    for _ in range(3):
        table.add_column(justify="right")
    table.add_row("gradient of", f"step {look.step + 1}", "share", "all steps")
    here, whole = (
        in_one_form(numbers, 3)
        for numbers in ([float(one.norms[look.step]) for one in found], [one.norm for one in found])
    )
    for one, norm, total in zip(found, here, whole, strict=True):
        share = f"{fixed(100 * float(one.shares[look.step]), 1)} %"
        table.add_row(one.name.rpartition(".")[2], norm, share, total)
    yield table
    apart = max(one.apart for one in found)
    title = frame.titles[inspected.backend]
    yield f"\nThe sum of all steps differs from {title}'s gradients by {closeness(apart)}."


def _of_batch(batch: InspectedBatch, name: str, member: int, frame: Frame) -> str:
    series, config = batch.subject.experiment.table, batch.subject.config
    own, title = gradient_agreement(batch, name), frame.titles[batch.backend]
    when = series.row_text(int(batch.starts[member]) + config.look_back)
    lines = [
        f"Window {member + 1}, forecast from {when}: the norm in {name} is {own.norms[member]:.3g}.",
        agreement(own, title, batch.loss),
        clipped(clipping(batch)),
    ]
    if config.dropout:
        lines.append(WITHOUT_DROPOUT)
    return "\n".join(lines)


def _of_backends(comparison: Comparison, frame: Frame) -> str:
    one, other = (frame.titles[side.backend] for side in (comparison.one, comparison.other))
    hidden = max(layer.largest("hidden") for layer in comparison.layers)
    gradient = max(comparison.gradients.values())
    return f"1 {one}, 2 {other}: h differs by at most {hidden:.1e}, gradients by at most {gradient:.1e}."


def _of_array(seen: Seen, look: Look) -> str:
    name = look.array_of(seen.inspected)
    one = next(found for found in weight_facts(seen.inspected.subject.model.weights) if found.name == name)
    several = len(one.shape) > 1
    shape = f"{' × '.join(map(str, one.shape))} = " if several else ""
    words = f"{name} has {shape}{one.parameters:,} entries from {one.smallest:.3g} to {one.largest:.3g}."
    if seen.earlier is not None:
        change = next(found for found in seen.earlier.changes if found.name == name)
        epoch = seen.inspected.subject.model.header.epoch
        words += f" Its change from epoch {seen.earlier.epoch} to {epoch} has the norm {change.norm:.3g}."
    return words.replace("-", "−")


def _of_attention(inspected: InspectedWindow, look: Look) -> str:
    if inspected.attention is None:
        return ""
    most = int(np.argmax(inspected.attention))
    here, there = float(inspected.attention[look.step]), float(inspected.attention[most])
    return (
        f"Attention gives step {look.step + 1} the weight {here:.3f}; the largest is {there:.3f}, for step "
        f"{most + 1}."
    )
