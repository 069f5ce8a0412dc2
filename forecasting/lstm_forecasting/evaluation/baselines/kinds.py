"""The models whose forecast a user can ask for, by name; imports nothing, so that listing them is fast."""

from typing import Literal, get_args

Kind = Literal["last-value", "drift", "seasonal-naive", "last-year", "ridge", "ets", "theta"]
"""The kinds of baselines."""
Offered = Literal["lstm", Kind]
Wanted = Literal["best", Offered]
"""`best` is the one with the least error on the validation part."""

KINDS: tuple[Kind, ...] = get_args(Kind)
WANTED: tuple[Wanted, ...] = get_args(Wanted)
