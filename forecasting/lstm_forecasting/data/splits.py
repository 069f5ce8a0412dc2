"""Chronological parts of a series: train, then validation, then test (docs/specification.md section 1)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from lstm_plugins.errors import InputError

Part = Literal["train", "validation", "test"]

DEFAULT_FRACTIONS = (0.7, 0.1, 0.2)


@dataclass(frozen=True)
class RowRange:
    """The rows `start` to `stop`, without `stop`."""

    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start

    @property
    def slice(self) -> slice:
        """For indexing the rows of an array."""
        return slice(self.start, self.stop)


@dataclass(frozen=True)
class Split:
    """The target rows of each part; they follow each other without a gap, from row 0.

    A window belongs to the part that holds all of its target rows; its inputs may reach back into the part
    before.
    """

    train: RowRange
    validation: RowRange
    test: RowRange

    @property
    def rows(self) -> int:
        """Rows in use; later ones of the series, if there are any, belong to no part."""
        return self.test.stop

    def part(self, name: Part) -> RowRange:
        """The rows of a part by its name."""
        return {"train": self.train, "validation": self.validation, "test": self.test}[name]


def split_by_fraction(rows: int, train: float = 0.7, validation: float = 0.1, test: float = 0.2) -> Split:
    """Cuts all `rows` by fractions that add up to 1.

    Train and test are rounded down, and validation takes the rest, as the published tables of this field do.

    Raises:
        InputError: a fraction is negative or not a number, train is 0, or they do not add up to 1.
    """
    fractions = {"train": train, "validation": validation, "test": test}
    for name, fraction in fractions.items():
        if not 0.0 <= fraction <= 1.0:
            raise InputError(f"The {name} fraction must lie between 0 and 1, but is {fraction:g}.")
    if abs(sum(fractions.values()) - 1.0) > 1e-9:
        listed = ", ".join(f"{name} {fraction:g}" for name, fraction in fractions.items())
        raise InputError(
            f"The fractions of a split must add up to 1, but {listed} give {sum(fractions.values()):g}."
        )
    # A product such as 0.29 * 100 lies a rounding error below the whole number that is meant.
    train_rows = math.floor(rows * train + 1e-9)
    test_rows = math.floor(rows * test + 1e-9)
    return split_by_count(rows, train_rows, rows - train_rows - test_rows, test_rows)


def split_by_count(rows: int, train: int, validation: int, test: int) -> Split:
    """Cuts by numbers of rows from the first row on; rows after the three parts are left unused.

    Raises:
        InputError: a count is negative, train is 0, or there are not so many rows.
    """
    for name, count in (("train", train), ("validation", validation), ("test", test)):
        if count < 0:
            raise InputError(f"The number of {name} rows cannot be negative, but is {count}.")
    if train == 0:
        raise InputError(f"The train part of a split needs at least one row, but gets none of the {rows}.")
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


def window_starts(part: RowRange, look_back: int, horizon: int, stride: int = 1) -> range:
    """First input rows of the windows whose target rows all lie in `part`.

    Window n has inputs `[n, n + look_back)` and targets `[n + look_back, n + look_back + horizon)`. Empty if
    the part is too short for one.
    """
    return range(max(0, part.start - look_back), part.stop - look_back - horizon + 1, stride)
