import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_plugins import ForecasterConfig
from lstm_plugins.reference import schedule as reference
from lstm_plugins.schedule import learning_rate, learning_rates

COSINE = ForecasterConfig(schedule="cosine", warmup=5, learning_rate=0.2)


def test_constant_stays_and_plateau_follows_its_factor():
    constant = ForecasterConfig(learning_rate=0.01, warmup=7)
    assert set(learning_rates(constant, 0, 20, 20, 0.25)) == {0.01}
    plateau = dataclasses.replace(constant, schedule="plateau")
    assert set(learning_rates(plateau, 0, 20, 20, 0.25)) == {0.0025}


def test_warm_up_is_linear_and_ends_at_the_full_rate():
    np.testing.assert_allclose(learning_rates(COSINE, 0, 5, 50), [0.04, 0.08, 0.12, 0.16, 0.2], rtol=1e-15)


def test_cosine_goes_on_from_the_full_rate_to_zero_at_the_last_step():
    rates = learning_rates(COSINE, 4, 46, 50)
    assert rates[0] == 0.2
    assert rates[-1] == 0.0
    expected = 0.1 * (1 + np.cos(np.pi * np.arange(46) / 45))
    np.testing.assert_allclose(rates, expected, rtol=1e-14, atol=1e-17)


@given(st.integers(1, 60), st.integers(0, 70), st.floats(1e-6, 10))
def test_no_jump_at_the_end_of_warm_up_and_never_above_the_rate(total, warmup, rate):
    config = dataclasses.replace(COSINE, warmup=warmup, learning_rate=rate)
    rates = learning_rates(config, 0, total, total)
    assert rates.dtype == np.float64
    assert (rates >= 0).all()
    assert rates.max() <= rate * (1 + 1e-15)
    if warmup < total:
        assert rates[-1] == 0.0
        steepest = rate * max(1 / max(warmup, 1), np.pi / 2 / (total - warmup))
        assert np.abs(np.diff(rates)).max(initial=0.0) <= steepest * (1 + 1e-12)
        assert (np.diff(rates[max(warmup - 1, 0) :]) <= 0).all()
    else:
        assert rates[-1] == pytest.approx(rate * total / warmup)


@given(st.sampled_from(["constant", "cosine", "plateau"]), st.integers(0, 30), st.integers(1, 40), st.data())
def test_pieces_are_the_whole_and_the_reference_says_the_same(name, warmup, total, data):
    config = dataclasses.replace(COSINE, schedule=name, warmup=warmup)
    whole = learning_rates(config, 0, total, total, 0.5)
    cut = data.draw(st.integers(0, total))
    pieces = [
        learning_rates(config, 0, cut, total, 0.5),
        learning_rates(config, cut, total - cut, total, 0.5),
    ]
    np.testing.assert_array_equal(np.concatenate(pieces), whole)
    plain = [reference.learning_rate(config, step, total, 0.5) for step in range(total)]
    assert whole.tolist() == plain == [learning_rate(config, step, total, 0.5) for step in range(total)]
