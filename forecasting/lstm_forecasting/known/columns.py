"""Columns whose values are known for the rows of a series and for rows after its end."""

from dataclasses import dataclass

from lstm_forecasting.data.arrays import Array
from lstm_forecasting.data.series.scaling import Scaler, fit_scaler
from lstm_forecasting.data.series.splits import RowRange


@dataclass(frozen=True, eq=False)
class KnownColumns:
    """The known columns of a series, in their own units (docs/specification.md section 1).

    Attributes:
        names: of the columns, the user's own first.
        values: float64 `[rows + ahead, columns]`, finite: the rows of the series, then those to be forecast.
        own: number of columns that are the user's own; the others were found by the program.
    """

    names: tuple[str, ...]
    values: Array
    own: int = 0

    def scaler(self, training_rows: int) -> Scaler:
        """What standardises the columns: means and population deviations of the training rows."""
        return fit_scaler(self.values, self.names, RowRange(0, training_rows))

    def standardised(self, training_rows: int) -> Array:
        """The values as a network reads them, `[rows + ahead, columns]`; a zero deviation counts as 1."""
        return self.scaler(training_rows).transform(self.values)
