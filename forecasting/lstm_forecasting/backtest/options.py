"""What a user can set about a backtest."""

from typing import Literal, get_args

from lstm_forecasting.evaluation.baselines.kinds import KINDS, Offered
from lstm_plugins.options import Option, Range

Window = Literal["expanding", "sliding"]
Entrant = Offered | Literal["best"]
"""`lstm`, the kind of a baseline, or `best`: the model that each fold chooses by its validation part."""

WINDOWS: tuple[Window, ...] = get_args(Window)
ENTRANTS: tuple[Entrant, ...] = ("lstm", *KINDS, "best")
DEFAULT_ENTRANTS: tuple[Entrant, ...] = ("lstm", "ridge", "seasonal-naive", "last-value")

_NEVER, _ALWAYS = "never", "always"


def refit_every(text: str) -> int:
    """After how many origins models are fitted again; 0 for never.

    Raises:
        ValueError: it is neither `never`, `always` nor a positive number.
    """
    if text in (_NEVER, _ALWAYS):
        return int(text == _ALWAYS)
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _refit(text: str) -> str:
    try:
        refit_every(text)
    except ValueError:
        # Without a message, so that the option says what it expects.
        raise ValueError from None
    return text


MODELS = Option(
    name="models",
    kind=str,
    several=True,
    choices=ENTRANTS,
    default=DEFAULT_ENTRANTS,
    group="Backtest",
    help="Models to compare, separated by commas; best: the model that each fold chooses by its validation "
    "part",
    metavar="MODEL,...",
)
ORIGINS = Option(
    name="origins",
    kind=int,
    default=None,
    range=Range(1),
    group="Backtest",
    help="Number of origins, the last ones of the series; by default, all origins of the test part",
)
EVERY = Option(
    name="every",
    kind=int,
    default=1,
    range=Range(1),
    group="Backtest",
    help="Rows from one origin to the next",
)
WINDOW = Option(
    name="window",
    kind=str,
    choices=WINDOWS,
    default="expanding",
    group="Backtest",
    help="Rows that models are fitted to: expanding, all rows before the origin; sliding, as many as before "
    "the first origin",
)
REFIT = Option(
    name="refit",
    kind=str,
    default=_NEVER,
    expects=f"{_NEVER}, {_ALWAYS}, or a whole number of origins",
    clean=_refit,
    group="Backtest",
    help="When models are fitted again: never, always, or after this many origins",
    metavar="never|always|N",
)
WORKERS = Option(
    name="workers",
    kind=int,
    default=None,
    range=Range(1),
    group="Backtest",
    help="Folds that are computed at the same time; by default, as many as there are cores for",
)
OPTIONS = (MODELS, ORIGINS, EVERY, WINDOW, REFIT, WORKERS)
"""All of them, in the order of a form."""
