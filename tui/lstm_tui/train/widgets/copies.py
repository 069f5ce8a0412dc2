"""The tables of a training with all digits, to copy."""

from collections.abc import Mapping
from itertools import zip_longest

from lstm_tui.kit.copying import CopyTable
from lstm_tui.train.training import TrainingState


def progress_copy(training: TrainingState, titles: Mapping[str, str]) -> CopyTable:
    """The progress of each backend."""
    rows = [
        (
            titles[state.backend],
            state.phase,
            state.history.epochs,
            state.epochs,
            state.progress and state.progress.windows_per_second,
            state.history.loss,
            None if state.history.best_epoch is None else state.history.best_epoch + 1,
            state.progress and state.progress.memory,
        )
        for state in training.backends.values()
    ]
    columns = ("backend", "state", "epochs", "of", "windows/s", "best loss", "best epoch", "memory in bytes")
    return CopyTable("the progress", columns, rows)


def epochs_copy(training: TrainingState, titles: Mapping[str, str]) -> CopyTable:
    """Losses, learning rate and gradient norm of each backend by epoch."""
    columns, values = ["epoch"], []
    for state in training.backends.values():
        history, title = state.history, titles[state.backend]
        columns += [
            f"{title} {what}" for what in ("training loss", "validation loss", "rate", "gradient norm")
        ]
        shown = history.training, history.validation, history.learning_rates, history.gradient_norms
        values += [column.tolist() for column in shown]
    rows = [(epoch, *row) for epoch, row in enumerate(zip_longest(*values), 1)]
    return CopyTable("the epochs", columns, rows)
