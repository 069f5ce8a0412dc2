"""Which known columns a model reads, as its checkpoints keep it; imports nothing that is slow to import."""

from dataclasses import dataclass

import numpy as np

from lstm_forecasting.data.series.scaling import Scaler


@dataclass(frozen=True)
class KnownChoice:
    """The known columns of a model, and what standardises them.

    Attributes:
        own: the user's columns, by their titles.
        categories: for each of them, the texts that have a column; empty for a column of numbers.
        calendar: the columns that the program found, by the names of `calendar_columns`.
        country: whose holidays they are; empty for none.
        mean: of each column over the training rows, the user's own first; like deviation.
        deviation: of the population; positive.
    """

    own: tuple[str, ...] = ()
    categories: tuple[tuple[str, ...], ...] = ()
    calendar: tuple[str, ...] = ()
    country: str = ""
    mean: tuple[float, ...] = ()
    deviation: tuple[float, ...] = ()

    @property
    def own_names(self) -> tuple[str, ...]:
        """Names of the user's columns as a network reads them, such as "promotion TV" for a category."""
        return tuple(
            name
            for title, texts in zip(self.own, self.categories, strict=True)
            for name in ([f"{title} {text}" for text in texts] or [title])
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all columns, the user's own first."""
        return (*self.own_names, *self.calendar)

    @property
    def scaler(self) -> Scaler:
        """What standardises the columns."""
        return Scaler("standard", self.names, np.array(self.mean), np.array(self.deviation))


NOTHING_KNOWN = KnownChoice()
