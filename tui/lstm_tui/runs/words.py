"""How a run is doing, in the words of the command line and of the app."""

from lstm_forecasting.runs.listing import BackendStanding, RunStanding
from lstm_plugins.counting import counted

SIGNS = {"finished": "✓", "running": "●", "stopped": "~", "interrupted": "~", "new": "~", "damaged": "✗"}
"""By state."""
COLOURS = {"✓": "success", "~": "warning", "✗": "error", "●": "primary"}
"""Names of the theme's colours, by sign."""


def progress_of(one: BackendStanding) -> str:
    """How far a backend is: "31 epochs, loss 0.0213"."""
    if not one.epochs:
        return "not trained yet"
    epochs = counted(one.epochs, "epoch")
    return epochs if one.best_loss is None else f"{epochs}, loss {one.best_loss:.4g}"


def started(standing: RunStanding) -> str:
    """When a run was begun, in local time; "" where that is not known."""
    created = standing.created
    return created.astimezone().strftime("%Y-%m-%d %H:%M") if created else ""


def size_in_words(count: int) -> str:
    """Bytes as people read them."""
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{count / 1e3:.0f} kB"
