"""The fit of the linear part against a plain one, output by output, that shares no code with it but u."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_conformance.deviations.linear_fit import RidgeFit
from lstm_plugins import ForecasterConfig, SeriesSet
from lstm_plugins.linear import LinearInputs, fit_linear, linear_inputs

SERIES = SeriesSet(np.arange(22.0).reshape(11, 2), (1,), (6, 5))


def test_inputs_are_the_window_then_known_columns_of_its_last_row_then_own_ones_of_the_target_rows():
    # Two rows ahead of each series: the second begins at row 8 of its known columns.
    known = np.arange(15.0)[:, None] * [1, 10, 100]
    series = dataclasses.replace(SERIES, known=known, own_known=2)
    config = ForecasterConfig(look_back=3, horizon=2, normalisation="last", linear="ridge")
    first, second = linear_inputs(LinearInputs(config, series, 0), np.array([0, 8]))
    window = [-4, -4, -2, -2, 0, 0]
    assert first.tolist() == [*window, 2, 20, 200, 3, 30, 4, 40]
    # The window that starts at row 8 of the stack ends with the last row of the second series.
    assert second.tolist() == [*window, 12, 120, 1200, 13, 130, 14, 140]


def test_indicators_of_missing_values_are_not_normalised():
    config = ForecasterConfig(look_back=3, normalisation="standard", linear="ridge")
    values = np.array([[5.0, 1.0], [6.0, 0.0], [8.0, 1.0], [9.0, 1.0]])
    (u,) = linear_inputs(LinearInputs(config, SeriesSet(values, (0,), (4,)), 1), np.array([0]))
    assert u[1::2].tolist() == [1, 0, 1]


def make(seed, normalisation, loss_scale, missing, columns):
    generator = np.random.default_rng(seed)
    values = generator.normal(size=(80, 2)).cumsum(axis=0) * 0.4
    observed = generator.random((80, 2)) < 0.8 if missing else None
    known = generator.normal(size=(84, columns)) if columns else None
    series = SeriesSet(values, (1, 0), (50, 30), observed, known, min(columns, 1))
    config = ForecasterConfig(
        look_back=4,
        horizon=2,
        normalisation=normalisation,
        season=3,
        loss_scale=loss_scale,
        linear="ridge",
        precision="float64",
    )
    return LinearInputs(config, series, 0)


TRAINING, VALIDATION = np.arange(0, 30, 2), np.array([*range(31, 45), *range(50, 70)])


@given(
    seed=st.integers(0, 1000),
    normalisation=st.sampled_from(["none", "last", "standard", "last-deviation", "seasonal"]),
    loss_scale=st.sampled_from(["series", "window"]),
    missing=st.booleans(),
    columns=st.integers(0, 2),
    validated=st.booleans(),
)
def test_the_fit_is_that_of_the_normal_equations_of_each_output(validated, **given):
    inputs, validation = make(**given), VALIDATION if validated else VALIDATION[:0]
    found = fit_linear(inputs, TRAINING, validation)
    plain = RidgeFit().fit_linear(inputs, TRAINING, validation)
    assert list(found) == ["linear.kernel", "linear.bias"]
    for name, array in plain.items():
        np.testing.assert_allclose(found[name], array, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("normalisation", ["standard", "last-deviation"])
def test_windows_weigh_by_the_square_of_their_scale_only_if_errors_are_not_measured_in_them(normalisation):
    for loss_scale, power in (("series", 2), ("window", 0)):
        inputs = make(3, normalisation, loss_scale, missing=False, columns=0)
        found = fit_linear(inputs, TRAINING, VALIDATION)
        # Written out without weights, in units in which they are 1.
        config = dataclasses.replace(inputs.config, loss_scale="series")
        plain = RidgeFit(power=power, validation_power=power)
        wanted = plain.fit_linear(LinearInputs(config, inputs.series, 0), TRAINING, VALIDATION)
        np.testing.assert_allclose(found["linear.kernel"], wanted["linear.kernel"], rtol=1e-6, atol=1e-8)


def test_it_forecasts_what_is_linear():
    values = np.empty((60, 1))
    values[:2, 0] = 1.0, 0.3
    for row in range(2, 60):
        values[row] = 1.7 * values[row - 1] - 0.98 * values[row - 2] + 0.1
    config = ForecasterConfig(
        look_back=4, horizon=3, normalisation="none", linear="ridge", precision="float64"
    )
    given = LinearInputs(config, SeriesSet(values, (0,), (60,)), 0)
    found = fit_linear(given, np.arange(40), np.arange(40, 53))
    ahead = linear_inputs(given, np.array([53])) @ found["linear.kernel"] + found["linear.bias"]
    np.testing.assert_allclose(ahead[0], values[57:, 0], atol=1e-3)


def test_the_arrays_have_the_precision_of_the_network_and_are_found_in_float64():
    inputs = make(4, "last", "series", missing=True, columns=2)
    single = LinearInputs(dataclasses.replace(inputs.config, precision="float32"), inputs.series, 0)
    exact, rounded = (fit_linear(one, TRAINING, VALIDATION) for one in (inputs, single))
    for name, array in exact.items():
        assert rounded[name].dtype == np.float32
        assert np.array_equal(rounded[name], array.astype(np.float32))
