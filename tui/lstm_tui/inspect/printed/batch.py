"""`lstm-tui inspect --show batch`: the gradient of each window, and their mean, which gives the update."""

from rich.console import Console
from rich.text import Text

from lstm_forecasting.inspect.array_figures import batch_figure
from lstm_forecasting.inspect.asking import inspect_batch
from lstm_forecasting.inspect.batches import clipping, gradient_agreement, next_batch
from lstm_forecasting.inspect.results import InspectedBatch
from lstm_forecasting.inspect.saving import batch_arrays
from lstm_forecasting.inspect.weights import largest_array
from lstm_plugins.errors import InputError
from lstm_plugins.weights import Weights
from lstm_tui.cli import console
from lstm_tui.cli.tables import table_of_numbers
from lstm_tui.inspect.printed.asking import Asking, Outcome, in_words, title_of
from lstm_tui.inspect.printed.fields import batch_fields
from lstm_tui.inspect.words import WITHOUT_DROPOUT, agreement, clipped
from lstm_tui.kit.numbers import fixed, in_one_form


def show_batch(asking: Asking, number: int, array: str | None, outcome: Outcome) -> None:
    """Prints and saves the report of a batch of the next epoch and of one weight array, or the largest one.

    Raises:
        InputError: there is no such batch or array, the backend failed, or a file cannot be written.
    """
    name = _array(asking.subject.model.weights, array)
    starts = next_batch(asking.subject, number)
    batch = inspect_batch(asking.subject, starts, asking.backend, **asking.how)
    if outcome.as_json:
        console.print_json(batch_fields(batch, name))
    else:
        _print(console.results(), batch, name, number)
    outcome.save(batch_arrays(batch), lambda form: batch_figure(batch, name, form))


def _array(weights: Weights, name: str | None) -> str:
    if name is None:
        return largest_array(weights)
    if name not in weights:
        raise InputError(f"The network has no weight array {name!r}; there are {', '.join(weights)}.")
    return name


def _print(out: Console, batch: InspectedBatch, name: str, number: int) -> None:
    subject, found, own = batch.subject, gradient_agreement(batch), gradient_agreement(batch, name)
    table, config = subject.experiment.table, subject.config
    epoch = subject.model.header.epoch + 1
    title = f"{table.name} · batch {number + 1} of epoch {epoch} · {len(batch.starts)} windows"
    out.print(Text(title, style="bold"))
    out.print(f"  {in_words(subject, batch.backend)}")
    columns = ("forecast from", "loss", "gradient norm", "cosine with the mean", f"norm in {name}")
    shown = table_of_numbers(*columns)
    losses, norms, own_norms = (
        in_one_form(numbers.tolist()) for numbers in (batch.losses, found.norms, own.norms)
    )
    cosines = [fixed(float(cosine), 3) for cosine in found.cosines]
    for start, *numbers in zip(batch.starts, losses, norms, cosines, own_norms, strict=True):
        shown.add_row(table.row_text(int(start) + config.look_back), *numbers)
    out.print(shown)
    out.print(agreement(found, title_of(batch.backend), batch.loss))
    out.print(clipped(clipping(batch)))
    if config.dropout:
        out.print(WITHOUT_DROPOUT)
