import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_plugins import Epoch
from lstm_tui.train.history import History

NUMBERS = st.floats(allow_nan=False, width=32)
EPOCHS = st.lists(
    st.builds(
        Epoch,
        training_loss=NUMBERS,
        validation_loss=NUMBERS,
        learning_rate=NUMBERS,
        gradient_norm=NUMBERS,
    ),
    max_size=150,
)


def columns(history):
    return np.stack(
        [history.training, history.validation, history.learning_rates, history.gradient_norms], axis=1
    ).tolist()


def rows(epochs):
    return [[one.training_loss, one.validation_loss, one.learning_rate, one.gradient_norm] for one in epochs]


def with_loss(validation_loss):
    return Epoch(0, 1.0, validation_loss, 0.1, 1.0, False)


@given(first=EPOCHS, others=st.lists(EPOCHS, max_size=3))
def test_a_history_never_changes_whatever_grows_out_of_it(first, others):
    root = History.of(first)
    grown = []
    for epochs in others:
        history = root
        for epoch in epochs:
            history = history.after(epoch)
        grown.append(history)
    assert root.epochs == len(first)
    assert columns(root) == rows(first)
    for epochs, history in zip(others, grown, strict=True):
        assert columns(history) == rows([*first, *epochs])


def test_columns_cannot_be_written():
    with pytest.raises(ValueError, match="read-only"):
        History.of([with_loss(2.0)]).training[0] = 0.0


def test_without_an_epoch_nothing_is_best():
    history = History()
    assert (history.loss, history.best_epoch, history.validated) == (None, None, False)


def test_of_equal_losses_the_first_is_best():
    history = History.of([with_loss(loss) for loss in (0.5, 0.3, math.inf, None, 0.3)])
    assert (history.loss, history.best_epoch) == (0.3, 1)
