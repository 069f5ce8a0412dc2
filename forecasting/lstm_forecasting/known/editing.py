"""Other values for rows after the end of a series: what if the price is 9.99?"""

import math
from collections.abc import Sequence
from dataclasses import replace

from lstm_forecasting.data.close_names import hint_at
from lstm_forecasting.known.own_columns import NO_WORD, OwnColumns
from lstm_plugins.errors import InputError


def value_text(own: OwnColumns, row: int, column: int) -> str:
    """A value as users write it; empty for a missing one and for no text."""
    value, words = float(own.values[row, column]), own.words[column]
    if math.isnan(value) or (words and value == NO_WORD):
        return ""
    return words[int(value)] if words else f"{value:.10g}"


def with_value(own: OwnColumns, rows: Sequence[int], column: int, text: str) -> OwnColumns:
    """The columns with another value in some rows of one column.

    Raises:
        InputError: the text is not a number, or none of the column's texts.
    """
    values = own.values.copy()
    values[list(rows), column] = _value(own.names[column], own.words[column], text.strip())
    values.setflags(write=False)
    return replace(own, values=values)


def _value(name: str, words: Sequence[str], text: str) -> float:
    if words:
        if not text:
            return NO_WORD
        if text not in words:
            raise InputError(f"{name} has no text {text!r} in the data; {hint_at(text, words)}")
        return float(words.index(text))
    try:
        # A comma is a decimal mark here: nobody writes thousands separators into a cell.
        value = float(text.replace("−", "-").replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(f"{name} needs a number such as 9.99, not {text!r}.")
    return value
