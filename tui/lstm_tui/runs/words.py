"""The state of a run in words, the same on the command line and in the app."""

from lstm_forecasting.runs.listing import BackendStanding, RunStanding
from lstm_plugins.counting import counted

SIGNS = {"finished": "✓", "running": "●", "stopped": "~", "interrupted": "~", "new": "~", "damaged": "✗"}
COLOURS = {"✓": "success", "~": "warning", "✗": "error", "●": "primary"}
"""Theme colours, by sign."""


def progress_of(one: BackendStanding) -> str:
    """The progress of a backend, such as "31 epochs, loss 0.0213"."""
    if not one.epochs:
        return "not trained yet"
    epochs = counted(one.epochs, "epoch")
    return epochs if one.best_loss is None else f"{epochs}, loss {one.best_loss:.4g}"


def started(standing: RunStanding) -> str:
    """The start of a run in local time; "" if it is unknown."""
    created = standing.created
    return created.astimezone().strftime("%Y-%m-%d %H:%M") if created else ""


def size_in_words(count: int) -> str:
    """A number of bytes in MB or kB."""
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{count / 1e3:.0f} kB"
