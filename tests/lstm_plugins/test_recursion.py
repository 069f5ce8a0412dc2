import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_plugins import ForecasterConfig, ForecasterError, SeriesError, SeriesSet
from lstm_plugins.recursion import check_steps, forecast_steps
from lstm_plugins.reference import ReferenceForecaster


def made(values, targets, **chosen):
    config = ForecasterConfig(
        **{"look_back": 6, "horizon": 3, "hidden_units": 4, "precision": "float64", **chosen}
    )
    series = SeriesSet(values, targets, (len(values),))
    forecaster = ReferenceForecaster(config, values.shape[1], targets)
    forecaster.load_series(series)
    return forecaster, series


def directly(forecaster, series, steps):
    """The same in one go: every forecast is appended to the whole series, one predict call per horizon."""
    config = forecaster.config
    values, forecasts = series.values, []
    while len(forecasts) < steps:
        grown = ReferenceForecaster(config, values.shape[1], series.targets)
        grown.load_weights(forecaster.weights())
        grown.load_series(SeriesSet(values, series.targets, (len(values),)))
        block = grown.predict(np.array([len(values) - config.look_back]))[0]
        forecasts.extend(block)
        rows = np.zeros((len(block), values.shape[1]))
        for place, column in enumerate(series.targets):
            rows[:, column] = block[:, place, config.point_quantile]
        values = np.concatenate([values, rows])
    return np.array(forecasts[:steps])


@settings(max_examples=30 * settings.default.max_examples // 100)
@given(
    steps=st.integers(1, 20),
    rows=st.integers(6, 12),
    targets=st.permutations([0, 1]),
    normalisation=st.sampled_from(["none", "last", "standard"]),
    loss=st.sampled_from(["mse", "quantile"]),
    patch=st.sampled_from([1, 2]),
    seed=st.integers(0, 1000),
)
def test_feeding_back_is_forecasting_from_what_was_forecast(
    steps, rows, targets, normalisation, loss, patch, seed
):
    values = np.random.default_rng(seed).normal(size=(rows, 2))
    forecaster, series = made(
        values, tuple(targets), normalisation=normalisation, loss=loss, patch=patch, seed=seed
    )
    forecasts = forecast_steps(forecaster, series, steps)
    assert forecasts.shape == (steps, 2, 3 if loss == "quantile" else 1)
    assert np.array_equal(forecasts, directly(forecaster, series, steps))


def test_an_indicator_is_1_in_rows_that_are_fed_back():
    rows = np.random.default_rng(2).normal(size=(12, 3))
    rows[:, 2] = rows[:, 2] > 0
    config = ForecasterConfig(look_back=6, horizon=2, hidden_units=4, normalisation="standard")
    forecaster = ReferenceForecaster(config, 3, (1, 0), indicators=1)
    series = SeriesSet(rows, (1, 0), (12,))
    found = forecast_steps(forecaster, series, 4)
    ahead = np.ones((2, 3))
    ahead[:, [1, 0]] = found[:2, :, 0]
    forecaster.load_series(SeriesSet(np.concatenate([rows, ahead]), (1, 0), (14,)))
    assert np.array_equal(found[2:], forecaster.predict(np.array([8]))[0])
    with pytest.raises(SeriesError, match="4 steps go beyond the horizon of 2"):
        check_steps(2, 4, 3, (1, 0))
    with pytest.raises(SeriesError, match="4 steps go beyond the horizon of 2"):
        check_steps(2, 4, 3, (1,), 1)


def test_within_the_horizon_it_is_the_prediction_after_the_last_row():
    values = np.random.default_rng(1).normal(size=(20, 3))
    forecaster, series = made(values, (2,))
    prediction = forecaster.predict(np.array([14]))[0]
    assert np.array_equal(forecast_steps(forecaster, series, 3), prediction)
    assert np.array_equal(forecast_steps(forecaster, series, 1), prediction[:1])


def test_the_series_is_the_loaded_one_afterwards():
    values = np.random.default_rng(1).normal(size=(20, 1))
    forecaster, series = made(values, (0,))
    before = forecaster.predict(np.array([3, 11]))
    forecast_steps(forecaster, series, 50)
    assert np.array_equal(forecaster.predict(np.array([3, 11])), before)


@pytest.mark.parametrize("targets", [(0,), (1,), (2, 0)])
def test_an_input_that_is_no_target_is_not_known_beyond_the_horizon(targets):
    forecaster, series = made(np.random.default_rng(1).normal(size=(20, 3)), targets)
    assert forecast_steps(forecaster, series, 3).shape == (3, len(targets), 1)
    with pytest.raises(SeriesError, match=r"4 steps go beyond the horizon of 3.*make every input a target"):
        forecast_steps(forecaster, series, 4)


def test_what_cannot_be_forecast_is_refused_in_a_sentence():
    forecaster, series = made(np.random.default_rng(1).normal(size=(20, 1)), (0,))
    with pytest.raises(SeriesError, match="at least one step"):
        forecast_steps(forecaster, series, 0)
    with pytest.raises(SeriesError, match="the series has 5"):
        forecast_steps(forecaster, SeriesSet(series.values[:5], (0,), (5,)), 1)
    with pytest.raises(SeriesError, match="one series"):
        forecast_steps(forecaster, SeriesSet(series.values, (0,), (10, 10)), 1)


def test_a_forecast_that_runs_away_is_told():
    values = np.random.default_rng(1).normal(size=(20, 1))
    forecaster, series = made(values, (0,), precision="float32", normalisation="none", horizon=1)
    weights = forecaster.weights()
    weights["head.bias"][:] = np.inf
    forecaster.load_weights(weights)
    before = forecaster.predict(np.array([3]))
    with pytest.raises(ForecasterError, match="not finite after 1 step"):
        forecast_steps(forecaster, series, 3)
    assert np.array_equal(forecaster.predict(np.array([3])), before)


def test_all_columns_may_be_targets_in_any_order():
    check_steps(2, 9, 3, (2, 0, 1))


@settings(max_examples=20 * settings.default.max_examples // 100)
@given(
    steps=st.integers(1, 11),
    lags=st.sampled_from([(), (3,), (4, 9)]),
    known=st.sampled_from([0, 1, 2]),
    seed=st.integers(0, 100),
)
def test_known_columns_and_lags_go_on_beyond_the_horizon(steps, lags, known, seed):
    generator = np.random.default_rng(seed)
    values, columns = generator.normal(size=(12, 1)), generator.normal(size=(12 + 12, known))
    config = ForecasterConfig(look_back=6, horizon=3, hidden_units=4, precision="float64", lags=lags)
    extra = {"known": known, "own_known": min(known, 1)}

    def forecaster():
        return ReferenceForecaster(config, 1, (0,), **extra)

    def series(rows):
        if not known:
            return SeriesSet(rows, (0,), (len(rows),))
        return SeriesSet(rows, (0,), (len(rows),), None, columns, extra["own_known"])

    weights = {name: generator.normal(size=array.shape) for name, array in forecaster().weights().items()}
    made = forecaster()
    made.load_weights(weights)
    found = forecast_steps(made, series(values), steps)
    rows, expected = values, []
    while len(expected) < steps:
        grown = forecaster()
        grown.load_weights(weights)
        grown.load_series(
            SeriesSet(rows, (0,), (len(rows),), None, columns if known else None, extra["own_known"])
        )
        block = grown.predict(np.array([len(rows) - 6]))[0]
        expected.extend(block)
        rows = np.concatenate([rows, block[:, :, 0]])
    np.testing.assert_allclose(found, expected[:steps], rtol=1e-12, atol=1e-12)


def test_what_is_not_known_far_enough_ahead_is_refused_in_a_sentence():
    config = ForecasterConfig(look_back=6, horizon=3, lags=(3, 9))
    forecaster = ReferenceForecaster(config, 1, (0,), known=1)
    values = np.zeros((12, 1))
    for steps, ahead, needed in ((2, 2, 3), (4, 5, 6)):
        series = SeriesSet(values, (0,), (12,), known=np.zeros((12 + ahead, 1)))
        with pytest.raises(SeriesError, match=f"known columns for {needed} rows ahead, .* known for {ahead}"):
            forecast_steps(forecaster, series, steps)
    short = SeriesSet(values[:8], (0,), (8,), known=np.zeros((11, 1)))
    with pytest.raises(SeriesError, match=r"needs 9 rows \(the longest lag\), but the series has 8"):
        forecast_steps(forecaster, short, 3)
