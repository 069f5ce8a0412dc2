"""Splits a series in time order: train, validation, test (docs/specification.md section 1)."""

import math
from dataclasses import dataclass
from typing import Literal

from lstm_plugins.errors import InputError

Part = Literal["train", "validation", "test"]

DEFAULT_FRACTIONS = (0.7, 0.1, 0.2)


@dataclass(frozen=True)
class RowRange:
    """The rows from `start` up to but excluding `stop`."""

    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start

    @property
    def slice(self) -> slice:
        """The same range as a slice."""
        return slice(self.start, self.stop)


@dataclass(frozen=True)
class Split:
    """The target rows of each part; parts are contiguous and start at row 0.

    A window belongs to the part that contains all of its target rows; its inputs may reach back into the
    previous part.
    """

    train: RowRange
    validation: RowRange
    test: RowRange

    @property
    def rows(self) -> int:
        """Number of rows in use; later rows of the series belong to no part."""
        return self.test.stop

    def part(self, name: Part) -> RowRange:
        """The rows of a part."""
        return {"train": self.train, "validation": self.validation, "test": self.test}[name]


def split_by_fraction(rows: int, train: float = 0.7, validation: float = 0.1, test: float = 0.2) -> Split:
    """Splits `rows` by fractions that add up to 1.

    Train and test are rounded down and validation takes the rest, as in the published benchmarks.

    Raises:
        InputError: a fraction is negative or not a number, train is 0, or they do not add up to 1.
    """
    fractions = {"train": train, "validation": validation, "test": test}
    for name, fraction in fractions.items():
        if not 0.0 <= fraction <= 1.0:
            raise InputError(f"The {name} fraction must be between 0 and 1, but is {fraction:g}.")
    if abs(sum(fractions.values()) - 1.0) > 1e-9:
        listed = ", ".join(f"{name} {fraction:g}" for name, fraction in fractions.items())
        raise InputError(
            f"The fractions of a split must add up to 1, but {listed} add up to {sum(fractions.values()):g}."
        )
    # A product such as 0.29 * 100 is a rounding error below the intended whole number.
    train_rows = math.floor(rows * train + 1e-9)
    test_rows = math.floor(rows * test + 1e-9)
    return split_by_count(rows, train_rows, rows - train_rows - test_rows, test_rows)


def split_by_count(rows: int, train: int, validation: int, test: int) -> Split:
    """Splits by numbers of rows, from the first row on; rows after the three parts are unused.

    Raises:
        InputError: a count is negative, train is 0, or the series is too short.
    """
    for name, count in (("train", train), ("validation", validation), ("test", test)):
        if count < 0:
            raise InputError(f"The number of {name} rows cannot be negative, but is {count}.")
    if train == 0:
        raise InputError(
            f"The train part of a split needs at least one row, but gets none of the {rows} rows."
        )
    if train + validation + test > rows:
        raise InputError(
            f"A split into {train} train, {validation} validation and {test} test rows needs "
            f"{train + validation + test} rows, but the series has {rows}; choose smaller parts."
        )
    return Split(
        RowRange(0, train),
        RowRange(train, train + validation),
        RowRange(train + validation, train + validation + test),
    )
