"""The gates and states of a cell, in the order of the specification's equations."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Quantity:
    """A value of every unit at every step; `low` and `high` are its limits, None for no limit."""

    name: str
    title: str
    symbol: str
    low: float | None
    high: float | None

    @property
    def signed(self) -> bool:
        """True when it can be negative."""
        return self.low != 0.0


QUANTITIES = (
    Quantity("forget", "forget gate", "f", 0.0, 1.0),
    Quantity("input", "input gate", "i", 0.0, 1.0),
    Quantity("candidate", "candidate", "C̃", -1.0, 1.0),
    Quantity("cell", "cell state", "C", None, None),
    Quantity("output", "output gate", "o", 0.0, 1.0),
    Quantity("hidden", "hidden state", "h", -1.0, 1.0),
)
