"""Columns and rows of the Data screen, without an app."""

import numpy as np
import pytest

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.data.options import ReadOptions
from lstm_tui.data.picture import series_picture
from lstm_tui.data.rows import rows_copy
from lstm_tui.data.shown import names_in_use, shown_columns


class Palette:
    truth = quiet = "#ffffff"

    def named(self, name):
        return "#aaaaaa"


@pytest.fixture
def table(tmp_path):
    """Ten weeks of a shop; the last promotion after the end is not known, and the first price is missing."""
    days = np.datetime64("2023-01-01") + np.arange(74)
    words = ["flyer", "", "a television spot"]
    rows = [
        f"{day},{'' if n == 0 else 9 + n % 4 / 4},{words[n % 3]},{n % 7 if n < 70 else ''}"
        for n, day in enumerate(days)
    ]
    path = tmp_path / "shop.csv"
    path.write_text("\n".join(["day,price,promotion,sales", *rows]) + "\n", encoding="utf-8")
    return open_data(path, ["sales"], options=ReadOptions(known=("price", "promotion")))


def test_known_columns_go_on_after_the_end(table):
    assert names_in_use(table) == ("sales", "price", "promotion")
    sales, price, promotion = shown_columns(table)
    assert (sales.text(69), sales.text(70)) == ("6", "")
    assert (price.text(0), price.text(3), price.text(73)) == ("", "9.75", "9.25")
    assert [promotion.text(row) for row in (70, 71, 72)] == ["–", "a television spot", "flyer"]
    assert (sales.width, price.width, promotion.width) == (1, 4, 17)


def test_the_copy_has_the_rows_after_the_end_with_all_digits(table):
    copied = rows_copy(table)
    assert copied.columns == ("time", "sales", "price", "promotion")
    assert copied.rows[0] == ("2023-01-01", 0.0, None, "flyer")
    assert copied.rows[-1] == ("2023-03-15", None, 9.25, "–")


def test_a_column_of_texts_has_them_on_its_axis(table):
    picture = series_picture(table, None, Palette(), "promotion")
    ticks = picture.y_ticks(*picture.y, 12)
    assert [(tick.at, tick.label) for tick in ticks] == [(-1.0, "–"), (0.0, "flyer"), (1.0, "a telev…")]
    few = picture.y_ticks(*picture.y, 2)
    assert len(few) == 2
    assert picture.x[0] == 0.0


def test_a_long_series_shows_its_end_so_that_the_future_is_seen(table, tmp_path):
    days = np.datetime64("2020-01-01") + np.arange(1000)
    lines = [f"{day},{n % 5},{n % 7 if n < 993 else ''}" for n, day in enumerate(days)]
    path = tmp_path / "long.csv"
    path.write_text("\n".join(["day,price,sales", *lines]) + "\n", encoding="utf-8")
    long = open_data(path, ["sales"], options=ReadOptions(known=("price",)))
    picture = series_picture(long, None, Palette(), "price")
    assert picture.x == (993 - 12 * 7, 999.5)
    assert series_picture(long, None, Palette(), "sales").x == (0.0, 992.0)
