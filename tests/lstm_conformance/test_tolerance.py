import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from lstm_conformance.tolerance import allowed_error, compare, epsilon, judge, measure_changes

EPS = 2.0**-52


def test_epsilon_is_that_of_the_precision():
    assert epsilon("float64") == EPS
    assert epsilon("float32") == 2.0**-23


def test_well_conditioned_tensor_gets_the_fixed_part():
    reference = np.array([[1.0, -4.0], [0.5, 2.0]])
    assert allowed_error(reference, change=0.0, steps=24, precision="float64") == (64 + 24) * EPS * 4.0


def test_ill_conditioned_tensor_gets_sixteen_times_its_change():
    assert allowed_error([1.0], change=1e-9, steps=24, precision="float64") == pytest.approx(1.6e-8)


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_error_at_the_tolerance_passes_and_beyond_it_fails(precision):
    reference = {"gate": np.array([0.25, 1.0, -0.5])}
    allowed = (64 + 10) * epsilon(precision)
    for factor, passed in ((0.95, True), (1.05, False)):
        actual = {"gate": reference["gate"] + [0.0, 0.0, factor * allowed]}
        (verdict,) = compare(actual, reference, {"gate": 0.0}, 10, precision)
        assert verdict.passed is passed
        assert verdict.where == (2,)
        assert verdict.error_eps == pytest.approx(factor * 74, abs=1)
        assert verdict.allowed_eps == pytest.approx(74)
        assert verdict.relative_error == pytest.approx(factor * allowed / 0.5, rel=0.02)


def test_zero_tolerance_asks_for_zero():
    reference = {"gradient": np.zeros((2, 3))}
    (exact,) = compare({"gradient": np.zeros((2, 3))}, reference, {"gradient": 0.0}, 1, "float64")
    assert exact.passed
    assert exact.error_eps == 0.0
    tiny = np.zeros((2, 3))
    tiny[1, 2] = 5e-324
    (off,) = compare({"gradient": tiny}, reference, {"gradient": 0.0}, 1, "float64")
    assert not off.passed
    assert off.where == (1, 2)
    assert off.error_eps == math.inf


@pytest.mark.parametrize(
    ("actual", "problem"),
    [
        ({}, "missing"),
        ({"h": np.zeros((3, 2))}, "has shape (3, 2), not (2, 3)"),
        ({"h": np.zeros(6)}, "has shape (6,), not (2, 3)"),
        ({"h": np.zeros((2, 3), complex)}, "holds complex128, not real numbers"),
        ({"h": np.zeros((2, 3), object)}, "holds object, not real numbers"),
        ({"h": np.array([[0, 0, 0], [0, np.nan, 0]])}, "holds a value that is not finite"),
        ({"h": np.array([[0, 0, 0], [0, -np.inf, 0]])}, "holds a value that is not finite"),
    ],
)
def test_what_cannot_be_compared_fails(actual, problem):
    (verdict,) = compare(actual, {"h": np.zeros((2, 3))}, {"h": 1.0}, 4, "float64")
    assert not verdict.passed
    assert verdict.problem == problem
    assert math.isnan(verdict.error)
    assert verdict.where == ((1, 1) if "finite" in problem else None)


def test_reference_or_tolerance_that_is_not_finite_proves_nothing():
    assert not judge("h", [1.0], [np.inf], 1.0, "float64").passed
    assert not judge("h", [1.0], [1.0], math.inf, "float64").passed
    assert not judge("h", [1.0], [1.0], math.nan, "float64").passed


def test_tensor_that_the_reference_lacks_fails():
    verdicts = compare({"h": 1.0, "extra": 1.0}, {"h": 1.0}, {"h": 0.0}, 1, "float64")
    assert [(verdict.tensor, verdict.passed) for verdict in verdicts] == [("h", True), ("extra", False)]


def test_scalar_is_a_tensor_too():
    (verdict,) = compare({"loss": 1.5}, {"loss": 1.0}, {"loss": 0.0}, 1, "float64")
    assert (verdict.passed, verdict.error, verdict.where) == (False, 0.5, ())


def test_measured_change_follows_the_condition_of_the_function():
    weights = {"a": np.array([1.0, 2.0]), "b": np.array([3.0])}
    values = np.array([[1000.0], [1000.5]])

    def evaluate(weights, values):
        return {
            "sum": weights["a"] + weights["b"],
            "difference": np.diff(values[:, 0]),
            "constant": np.ones(2),
        }

    changes = measure_changes(evaluate, weights, values, "float64")
    assert changes["constant"] == 0.0
    assert 0 < changes["sum"] <= 6 * EPS
    assert changes["difference"] == pytest.approx(2000 * EPS, rel=0.05)
    assert changes == measure_changes(evaluate, weights, values, "float64")
    coarse = measure_changes(evaluate, weights, values, "float32")
    assert coarse["difference"] == pytest.approx(changes["difference"] * 2**29, rel=0.05)


def test_perturbation_reaches_float32_weights_as_float32():
    seen = []

    def evaluate(weights, values):
        seen.append(weights["a"])
        assert values.dtype == np.float64
        return {"a": weights["a"]}

    exact = np.array([1.0, 1.5, -1.99, 0.0, 1e-3], np.float32)
    changes = measure_changes(evaluate, {"a": exact}, np.ones((1, 1)), "float32")
    assert len(seen) == 5
    for moved in seen[1:]:
        assert moved.dtype == np.float32
        assert np.array_equal(moved == exact, exact == 0)
    assert changes["a"] <= 2 * 2.0**-22


def test_kink_where_rounding_decides_raises_no_alarm():
    # The sign of an error that is exactly zero is decided by rounding: the floor has to see that.
    values = np.full((8, 1), 0.1)

    def evaluate(weights, values):
        return {"gradient": np.sign(values - weights["target"]).mean(keepdims=True)}

    reference = evaluate({"target": np.array([0.1])}, values)
    changes = measure_changes(evaluate, {"target": np.array([0.1])}, values, "float64")
    assert reference["gradient"].item() == 0.0
    (verdict,) = compare({"gradient": np.array([[0.5]])}, reference, changes, 1, "float64")
    assert verdict.passed


@given(
    hnp.arrays(
        np.float64,
        hnp.array_shapes(min_dims=1, max_dims=3, max_side=4),
        elements=st.floats(-1e6, 1e6, allow_subnormal=False),
    ),
    st.data(),
)
def test_worst_entry_is_found_wherever_it_is(reference, data):
    index = tuple(data.draw(st.integers(0, side - 1)) for side in reference.shape)
    actual = reference.copy()
    actual[index] += 1.0 + np.abs(reference).max()
    (verdict,) = compare({"x": actual}, {"x": reference}, {"x": 0.0}, 1000, "float64")
    assert not verdict.passed
    assert verdict.where == index
    (same,) = compare({"x": reference}, {"x": reference}, {"x": 0.0}, 1, "float64")
    assert same.passed
    assert same.error == same.relative_error == 0.0
