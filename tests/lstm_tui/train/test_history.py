import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_tui.train.history import History

NUMBERS = st.floats(allow_nan=False, width=32)
ROWS = st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS), max_size=150)


def columns(history):
    return np.stack(
        [history.training, history.validation, history.learning_rates, history.gradient_norms], axis=1
    )


@given(first=ROWS, others=st.lists(ROWS, max_size=3))
def test_a_history_never_changes_whatever_grows_out_of_it(first, others):
    root = History.of(first)
    grown = []
    for rows in others:
        history = root
        for row in rows:
            history = history.after(*row)
        grown.append(history)
    assert root.epochs == len(first)
    assert columns(root).tolist() == [list(row) for row in first]
    for rows, history in zip(others, grown, strict=True):
        assert columns(history).tolist() == [list(row) for row in [*first, *rows]]


def test_columns_cannot_be_written():
    with pytest.raises(ValueError, match="read-only"):
        History.of([(1.0, 2.0, 3.0, 4.0)]).training[0] = 0.0


def test_without_an_epoch_nothing_is_best():
    history = History()
    assert (history.loss, history.best_epoch, history.validated) == (None, None, False)


def test_of_equal_losses_the_first_is_best():
    history = History.of([(1.0, loss, 0.1, 1.0) for loss in (0.5, 0.3, math.inf, math.nan, 0.3)])
    assert (history.loss, history.best_epoch) == (0.3, 1)
