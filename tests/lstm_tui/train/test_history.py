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
        epoch=st.integers(0, 1000),
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


def test_the_linear_part_alone_comes_before_the_first_epoch():
    start = Epoch(-1, None, 2.0, 0.0, 0.0, True)
    history = History.of([start])
    assert (history.epochs, history.start, history.loss, history.best_epoch) == (0, 2.0, 2.0, -1)
    worse = history.after(with_loss(3.0))
    assert (worse.epochs, worse.loss, worse.best_epoch) == (1, 2.0, -1)
    better = worse.after(with_loss(1.5))
    assert (better.epochs, better.loss, better.best_epoch) == (2, 1.5, 1)


def test_columns_cannot_be_written():
    with pytest.raises(ValueError, match="read-only"):
        History.of([with_loss(2.0)]).training[0] = 0.0


def test_without_an_epoch_nothing_is_best():
    history = History()
    assert (history.loss, history.best_epoch, history.validated) == (None, None, False)


def test_of_equal_losses_the_first_is_best():
    history = History.of([with_loss(loss) for loss in (0.5, 0.3, math.inf, None, 0.3)])
    assert (history.loss, history.best_epoch) == (0.3, 1)
