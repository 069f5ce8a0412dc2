"""What the Data screen shows and copies of a series with missing values."""

import numpy as np
import pytest

from lstm_forecasting.data.catalogue import open_data
from lstm_tui.app.app import WorkbenchApp
from lstm_tui.cli.app_options import AppOptions
from lstm_tui.data.picture import series_picture
from lstm_tui.data.rows import rows_copy
from lstm_tui.kit.palette import Palette


@pytest.fixture
def table(tmp_path):
    """Ten rows; one column lacks three values, the other none."""
    path = tmp_path / "holed.csv"
    lines = ["sales,visits", *(f"{'' if row in (4, 5, 8) else row},{10 * row}" for row in range(10))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return open_data(path, ["sales"], ["visits"])


def test_filled_values_are_gaps_of_the_line(table):
    palette = Palette(WorkbenchApp(AppOptions("sunspots", plugins=False)), ["numpy"])
    for name, gaps in (("sales", [4, 5, 8]), ("visits", [])):
        picture = series_picture(table, None, palette, name)
        (line,) = picture.lines
        assert np.flatnonzero(np.isnan(line.y)).tolist() == gaps
        assert picture.y[0] < np.nanmin(line.y) < np.nanmax(line.y) < picture.y[1]


def test_copied_rows_say_which_values_were_filled(table):
    copied = rows_copy(table)
    assert copied.columns == ("row", "sales", "visits", "sales filled")
    assert copied.rows[3:6] == [("3", 3.0, 30.0, 0), ("4", 3.0, 40.0, 1), ("5", 3.0, 50.0, 1)]
