import numpy as np
import pytest

from lstm_forecasting.data.reading import read_table
from lstm_forecasting.saving.rounding import decimals_of_target


@pytest.mark.parametrize(
    ("values", "decimals"),
    [
        (np.arange(40) % 7 * 10, 4),  # a deviation of 20
        (np.arange(40) % 7 * 1e7, 0),
        (370 + np.arange(40) % 7 / 10, 6),
        (1e9 + np.arange(40) % 7 / 100, 7),  # the deviation decides, not the size
        (np.arange(40) % 7 * 1e8 + 0.25, 2),  # as in the file
        (np.full(40, 3.5), 1),
    ],
)
def test_forecasts_have_the_decimals_of_the_data_and_six_digits_of_their_deviation(
    tmp_path, values, decimals
):
    path = tmp_path / "values.csv"
    path.write_text("value\n" + "\n".join(repr(float(value)) for value in values) + "\n", encoding="utf-8")
    assert decimals_of_target(read_table(path), 0) == decimals
