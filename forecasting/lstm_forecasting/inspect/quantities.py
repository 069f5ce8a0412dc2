"""The six values of a cell, in the order of the specification's equations."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Quantity:
    """One value that every unit has at every step.

    Attributes:
        name: of the array.
        title: for people.
        symbol: in the equations.
        low: the least it can be; None where there is no limit.
        high: the most it can be; None where there is no limit.
    """

    name: str
    title: str
    symbol: str
    low: float | None
    high: float | None

    @property
    def signed(self) -> bool:
        """Whether it can be negative."""
        return self.low != 0.0


QUANTITIES = (
    Quantity("forget", "forget gate", "f", 0.0, 1.0),
    Quantity("input", "input gate", "i", 0.0, 1.0),
    Quantity("candidate", "candidate", "C̃", -1.0, 1.0),
    Quantity("cell", "cell state", "C", None, None),
    Quantity("output", "output gate", "o", 0.0, 1.0),
    Quantity("hidden", "hidden state", "h", -1.0, 1.0),
)
