"""`lstm-tui inspect --show batch`: each window's gradient and their mean, which is the update."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from lstm_forecasting.inspection.asking import inspect_batch
from lstm_forecasting.inspection.batches import Pull, next_batch, pull
from lstm_forecasting.inspection.results import InspectedBatch
from lstm_forecasting.inspection.saving import batch_arrays
from lstm_tui.cli import console
from lstm_tui.cli.inspecting.asking import Asking, Outcome, in_words, title_of
from lstm_tui.cli.inspecting.fields import batch_fields
from lstm_tui.cli.numbers import fixed, in_one_form
from lstm_tui.cli.tables import table_of_numbers


def show_batch(asking: Asking, number: int, outcome: Outcome) -> None:
    """Shows and saves it.

    Args:
        asking: whom to ask.
        number: of the batch in the epoch that comes next, from 0.
        outcome: what becomes of the answer.

    Raises:
        InputError: there is no such batch, the backend failed, or a file cannot be written.
    """
    starts = next_batch(asking.subject, number)
    batch = inspect_batch(asking.subject, starts, asking.backend, **asking.how)
    found = pull(batch)
    if outcome.as_json:
        outcome.tell(batch_fields(batch, found))
    else:
        _print(console.results(), batch, found, number)
    outcome.save(batch_arrays(batch))


def _print(out: Console, batch: InspectedBatch, found: Pull, number: int) -> None:
    subject = batch.subject
    table, config = subject.experiment.table, subject.config
    epoch = subject.model.header.epoch + 1
    title = f"{table.name} · batch {number + 1} of epoch {epoch} · {len(batch.starts)} windows"
    out.print(Text(title, style="bold"))
    out.print(f"  {in_words(subject, batch.backend)}")
    shown = table_of_numbers("forecast from", "loss", "gradient norm", "cosine with the mean")
    losses, norms = in_one_form(batch.losses.tolist()), in_one_form(found.norms.tolist())
    for start, loss, norm, cosine in zip(batch.starts, losses, norms, found.cosines, strict=True):
        shown.add_row(table.row_text(int(start) + config.look_back), loss, norm, fixed(float(cosine), 3))
    out.print(shown)
    against = int((found.cosines < 0).sum())
    out.print(
        f"The mean has the norm {found.norm:.4g}; {against} of {len(batch.starts)} windows pull against it. "
        f"It is {title_of(batch.backend)}'s gradient of the batch, whose loss is {batch.loss:.4g}, to "
        f"{found.apart:.1e}."
    )
    if config.dropout:
        out.print("The update itself was made under dropout, which is left out here.")
