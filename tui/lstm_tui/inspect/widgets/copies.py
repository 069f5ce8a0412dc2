"""The tables of the Inspect screen with all digits, to copy."""

from lstm_forecasting.inspect.arithmetic import cell_arithmetic
from lstm_forecasting.inspect.batches import gradient_agreement
from lstm_forecasting.inspect.quantities import QUANTITIES
from lstm_forecasting.inspect.results import InspectedBatch
from lstm_forecasting.inspect.weights import weight_facts
from lstm_tui.inspect.look import Look
from lstm_tui.inspect.seeing import Seen
from lstm_tui.kit.copying import CopyTable


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


def _windows(batch: InspectedBatch, array: str) -> CopyTable:
    table, look_back = batch.subject.experiment.table, batch.subject.config.look_back
    own = gradient_agreement(batch, array)
    numbers = (batch.losses, gradient_agreement(batch).norms, own.norms, own.cosines)
    rows = [
        (table.row_text(int(start) + look_back), *values)
        for start, *values in zip(batch.starts, *(column.tolist() for column in numbers), strict=True)
    ]
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
