import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_plugins.ridge import (
    PENALTIES,
    PENALTY_WITHOUT_VALIDATION,
    Batch,
    choose_penalty,
    regress,
)


def drawn(seed, windows=40, inputs=5, outputs=3):
    generator = np.random.Generator(np.random.Philox(seed))
    u = 50.0 + generator.standard_normal((windows, inputs))
    y = u @ generator.standard_normal((inputs, outputs)) + 0.3 * generator.standard_normal((windows, outputs))
    return u, y, generator


def cut(batch, at):
    return [
        Batch(*(None if part is None else part[rows] for part in batch))
        for rows in (slice(at), slice(at, None))
    ]


def test_penalties_are_half_decades():
    assert len(PENALTIES) == 17
    assert PENALTIES[0] == pytest.approx(1e-6)
    assert PENALTIES[-1] == pytest.approx(100.0)
    assert np.diff(np.log10(PENALTIES)) == pytest.approx(0.5)


@given(st.integers(0, 1000), st.integers(1, 39), st.sampled_from((1e-6, 1e-2, 10.0)))
@settings(max_examples=20, deadline=None)
def test_the_solution_is_that_of_the_normal_equations(seed, at, penalty):
    u, y, generator = drawn(seed)
    weights = generator.uniform(0.1, 2.0, len(u))
    found = regress(cut(Batch(u, y, weights), at)).solve(penalty)

    root = np.sqrt(weights)[:, None]
    centred = u - np.average(u, axis=0, weights=weights)
    products = (root * centred).T @ (root * centred) / weights.sum()
    shrunk = products + penalty * np.trace(products) / 5 * np.eye(5)
    kernel = np.linalg.solve(shrunk, (root * centred).T @ (root * y) / weights.sum())
    np.testing.assert_allclose(found.kernel, kernel, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(
        found.bias, np.average(y - u @ kernel, axis=0, weights=weights), rtol=1e-8, atol=1e-7
    )


def test_outputs_that_were_not_observed_have_no_part():
    u, y, generator = drawn(3)
    observed = generator.random(y.shape) < 0.6
    found = regress(cut(Batch(u, y, None, observed), 17)).solve(1e-3)
    wrong = np.where(observed, y, 1e6)
    again = regress(cut(Batch(u, wrong, None, observed), 17)).solve(1e-3)
    np.testing.assert_allclose(again.kernel, found.kernel, rtol=1e-5, atol=1e-6)
    # The specification takes the products of the inputs from all windows, the rest from an output's own.
    centred, rows = u - u.mean(axis=0), observed[:, 0]
    products = centred.T @ centred / len(u)
    own = centred[rows].T @ (y[rows, 0] - y[rows, 0].mean()) / rows.sum()
    kernel = np.linalg.solve(products + 1e-3 * np.trace(products) / 5 * np.eye(5), own)
    np.testing.assert_allclose(found.kernel[:, 0], kernel, rtol=1e-8)
    assert found.bias[0] == pytest.approx(y[rows, 0].mean() - u.mean(axis=0) @ kernel)


def test_validation_chooses_the_penalty():
    u, y, generator = drawn(5, windows=12, inputs=8)
    regression = regress([Batch(u, y)])
    more, _, _ = drawn(6, windows=200, inputs=8)
    for truth in (y, generator.standard_normal(y.shape)):
        regression = regress([Batch(u, truth)])
        noise = generator.standard_normal((200, 3))
        validation = [Batch(more[:70], noise[:70]), Batch(more[70:], noise[70:])]
        chosen = choose_penalty(regression, validation)
        errors = {
            penalty: float(np.square(more @ solution.kernel + solution.bias - noise).sum())
            for penalty in PENALTIES
            for solution in [regression.solve(penalty)]
        }
        assert chosen == min(errors, key=errors.__getitem__)


def test_equal_errors_choose_the_larger_penalty():
    u = np.ones((6, 2))
    regression = regress([Batch(u, np.arange(6.0)[:, None])])
    assert (regression.solve(1e-6).kernel == 0).all()
    assert choose_penalty(regression, [Batch(u, np.zeros((6, 1)))]) == PENALTIES[-1]


def test_without_validation_the_penalty_is_fixed():
    u, y, _ = drawn(1)
    assert choose_penalty(regress([Batch(u, y)]), []) == PENALTY_WITHOUT_VALIDATION


def test_nothing_to_regress_on_is_an_error():
    u, y, _ = drawn(1)
    for nothing in ([], [Batch(u, y, np.zeros(len(u)))]):
        with pytest.raises(ValueError, match="weight above 0"):
            regress(nothing)
