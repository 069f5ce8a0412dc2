import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.known.editing import value_text, with_value
from lstm_forecasting.known.own_columns import NO_WORD, OwnColumns
from lstm_plugins.errors import InputError

OWN = OwnColumns(
    ("price", "promotion"),
    np.array([[9.5, 1.0], [10.0, NO_WORD], [np.nan, np.nan]]),
    ((), ("TV", "leaflet")),
)


def test_values_as_users_write_them():
    shown = [[value_text(OWN, row, column) for column in (0, 1)] for row in range(3)]
    assert shown == [["9.5", "leaflet"], ["10", ""], ["", ""]]


@given(st.integers(-9999, 9999).map(lambda number: number / 100))
def test_a_number_comes_back_as_it_was_written(number):
    changed = with_value(OWN, [2], 0, f"{number:.10g}")
    assert changed.values[2, 0] == number
    assert value_text(changed, 2, 0) == f"{number:.10g}"


def test_some_rows_of_one_column_change():
    changed = with_value(with_value(OWN, [1, 2], 0, "9,99"), [0, 2], 1, "TV")
    assert changed.values.tolist() == [[9.5, 0.0], [9.99, NO_WORD], [9.99, 0.0]]
    assert with_value(OWN, [0], 1, "").values[0, 1] == NO_WORD
    assert OWN.values[1, 0] == 10.0


@pytest.mark.parametrize(
    ("column", "text", "message"),
    [
        (0, "cheap", "price needs a number such as 9.99, not 'cheap'"),
        (0, "", "price needs a number such as 9.99, not ''"),
        (0, "inf", "price needs a number"),
        (1, "leaflets", "promotion has no text 'leaflets' in the data; did you mean leaflet"),
    ],
)
def test_what_is_no_value_is_refused(column, text, message):
    with pytest.raises(InputError, match=message):
        with_value(OWN, [0], column, text)
