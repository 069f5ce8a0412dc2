"""What a preset tried on the validation part, as plans show it and runs keep it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tried:
    """One of the alternatives that a preset compared.

    Attributes:
        what: the alternative in words, such as "ridge regressions with the calendar".
        error: its error on the validation part, relative to that of the first one, which has 1.
        chosen: whether it is used.
    """

    what: str
    error: float
    chosen: bool
