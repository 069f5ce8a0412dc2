"""`lstm-tui inspect --show weights`: each array in numbers and shades, and how training changed it."""

import math
from collections.abc import Sequence

import numpy as np
from rich.console import Console
from rich.text import Text

from lstm_forecasting.inspect.array_figures import weights_figure
from lstm_forecasting.inspect.saving import weight_arrays
from lstm_forecasting.inspect.subject import Subject, open_snapshot
from lstm_forecasting.inspect.weights import ArrayChange, ArrayFacts, weight_changes, weight_facts
from lstm_tui.cli import console
from lstm_tui.cli.tables import table_of_numbers
from lstm_tui.inspect.printed.asking import Outcome, in_words
from lstm_tui.inspect.printed.fields import weights_fields
from lstm_tui.inspect.printed.window_report import SHADES
from lstm_tui.kit.charts.shades import shaded
from lstm_tui.kit.numbers import in_one_form

_WIDEST = 120


def show_weights(subject: Subject, since: int, outcome: Outcome) -> None:
    """Prints and saves the report of the weights and their change since the snapshot of an epoch.

    Raises:
        InputError: there is no such snapshot, or a file cannot be written.
    """
    weights = subject.model.weights
    before = open_snapshot(subject.run, subject.trained_by, since, subject.member).weights
    facts, changes = weight_facts(weights), weight_changes(before, weights)
    if outcome.as_json:
        console.print_json(weights_fields(subject, facts, since, changes))
    else:
        _print(console.results(), subject, facts, since, changes, outcome.rows)
    title = f"{subject.run.name} · weights after epoch {subject.model.header.epoch}, change since {since}"
    outcome.save(weight_arrays(weights, changes), lambda form: weights_figure(weights, changes, title, form))


def _print(
    out: Console,
    subject: Subject,
    facts: Sequence[ArrayFacts],
    since: int,
    changes: Sequence[ArrayChange],
    rows: int,
) -> None:
    total = sum(one.parameters for one in facts)
    out.print(Text(f"{subject.run.name} · {total:,} parameters in {len(facts)} arrays", style="bold"))
    out.print(f"  {in_words(subject)}")
    table = table_of_numbers(
        "array", "shape", "parameters", "share", "norm", "smallest", "largest", f"since {since}"
    )
    norms, smallest, largest = (
        in_one_form([getattr(one, name) for one in facts]) for name in ("norm", "smallest", "largest")
    )
    for number, (one, change) in enumerate(zip(facts, changes, strict=True)):
        grown = (
            f"{100 * change.relative:.1f} %"
            if math.isfinite(change.relative)
            else f"{change.norm:.3g}, from zeros"
        )
        shape = " × ".join(map(str, one.shape))
        share = f"{100 * one.share:.1f} %"
        row = (f"{one.parameters:,}", share, norms[number], smallest[number], largest[number], grown)
        table.add_row(one.name, shape, *row)
    out.print(table)
    out.print(f"The last column is the norm of the change since epoch {since}, relative to the norm then.")
    out.print()
    for name, array in subject.model.weights.items():
        shown = np.atleast_2d(array.astype(np.float64))
        size = float(np.abs(shown).max()) or 1.0
        more = f", the first {rows} of {len(shown)} rows" if len(shown) > rows else ""
        out.print(Text(f"{name} · darkest {size:.3g}{more}", style="bold"))
        for line in shaded(shown[:rows], size, min(out.width, _WIDEST)):
            out.print(line.rstrip())
    out.print()
    out.print(SHADES)
