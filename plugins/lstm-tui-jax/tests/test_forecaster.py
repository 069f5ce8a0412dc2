"""What the conformance kit does not ask: dtypes, compilations, bits, and refusals."""

from __future__ import annotations

import logging
from dataclasses import replace

import jax
import numpy as np
import pytest
from lstm_plugins import (
    Epoch,
    ForecasterConfig,
    ForecasterOptions,
    SeriesError,
    SeriesSet,
    TrainingStep,
    UnsupportedError,
)

from lstm_tui_jax.forecaster import JaxForecaster

CONFIG = ForecasterConfig(look_back=6, horizon=2, hidden_units=4, batch_size=5, epochs=2, dropout=0.2)
TRAINING, VALIDATION = ((0, 40),), ((40, 50),)


def make(config: ForecasterConfig = CONFIG, rows: int = 50) -> JaxForecaster:
    forecaster = JaxForecaster(config, 2, (1,))
    walk = np.cumsum(np.random.default_rng(3).standard_normal((rows, 2)), axis=0)
    forecaster.load_series(SeriesSet(0.3 * walk, (1,), (rows,)))
    return forecaster


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_keeps_the_precision_of_the_config_everywhere(precision):
    forecaster = make(replace(CONFIG, precision=precision))
    starts = forecaster.window_starts(TRAINING, 1)
    forecaster.train_batches(starts[:8], np.array([0.01, 0.01]), TrainingStep())
    state = forecaster.optimizer_state()
    trace = forecaster.trace(starts[:3], derivatives=True)
    arrays = [*forecaster.weights().values(), *state.first.values(), *state.second.values()]
    arrays += [
        forecaster.predict(starts),
        *forecaster.raw_windows(starts)[:2],
        trace.head_input,
        trace.prediction,
    ]
    arrays += [trace.layers[0].cell, trace.layers[0].derivatives.preactivation, trace.windows.inputs]
    assert {array.dtype.name for array in arrays} == {precision}
    assert {trace.windows.center.dtype.name, trace.windows.scale.dtype.name} == {"float64"}


def test_nothing_is_compiled_twice(caplog):
    """Not for a partial batch, nor another series, seed, schedule or restored state."""
    list(make().fit(TRAINING, VALIDATION))
    config = replace(CONFIG, seed=9, learning_rate=0.02, schedule="cosine", epochs=3, stride=2)
    with caplog.at_level(logging.DEBUG), jax.log_compiles():
        forecaster = make(config, rows=70)
        records = forecaster.fit(((0, 57),), ((57, 70),))
        next(record for record in records if isinstance(record, Epoch))
        records.close()
        list(forecaster.fit(((0, 57),), ((57, 70),), forecaster.training_state))
    compiled = [record.getMessage() for record in caplog.records]
    assert [message for message in compiled if message.startswith("Finished XLA compilation")] == []


def test_compilations_are_seen_when_there_are_any(caplog):
    with caplog.at_level(logging.DEBUG), jax.log_compiles():
        forecaster = make(replace(CONFIG, hidden_units=3))
        forecaster.predict(forecaster.window_starts(TRAINING, 1))
    assert any(record.getMessage().startswith("Finished XLA compilation") for record in caplog.records)


def test_resumed_fit_has_the_bits_of_one_that_never_stopped():
    whole = make()
    list(whole.fit(TRAINING, VALIDATION))
    stopped = make()
    records = stopped.fit(TRAINING, VALIDATION)
    next(record for record in records if isinstance(record, Epoch))
    records.close()
    resumed = make()
    list(resumed.fit(TRAINING, VALIDATION, stopped.training_state))
    for name, array in whole.weights().items():
        np.testing.assert_array_equal(array, resumed.weights()[name])


@pytest.mark.parametrize("loss", ["mae", "quantile"])
def test_loss_has_no_slope_where_there_is_no_error(loss):
    forecaster = make(replace(CONFIG, loss=loss, normalisation="none", dropout=0.0))
    forecaster.load_series(SeriesSet(np.zeros((50, 2)), (1,), (50,)))
    forecaster.load_weights({name: np.zeros_like(array) for name, array in forecaster.weights().items()})
    value, gradients = forecaster.loss_and_gradients(np.arange(4))
    assert value == 0.0
    assert all((gradient == 0.0).all() for gradient in gradients.values())


def test_handed_out_arrays_are_copies():
    forecaster = make()
    before = forecaster.weights()
    for array in forecaster.weights().values():
        array[:] = 7.0
    forecaster.trace(np.arange(3)).prediction[:] = 7.0
    for name, array in forecaster.weights().items():
        np.testing.assert_array_equal(array, before[name])


def test_no_windows_have_no_forecast():
    assert make().predict(np.empty(0, np.int64)).shape == (0, 2, 1, 1)


def test_refuses_what_it_does_not_have():
    with pytest.raises(UnsupportedError, match="cuda:0"):
        JaxForecaster(CONFIG, 2, (1,), ForecasterOptions(device="cuda:0"))
    make()
    with pytest.raises(UnsupportedError, match="1 threads"):
        JaxForecaster(CONFIG, 2, (1,), ForecasterOptions(threads=2))


def test_refuses_series_and_windows_that_do_not_fit():
    forecaster = JaxForecaster(CONFIG, 2, (1,))
    with pytest.raises(SeriesError, match="no series"):
        forecaster.predict(np.zeros(1, np.int64))
    with pytest.raises(SeriesError, match="columns"):
        forecaster.load_series(SeriesSet(np.zeros((20, 3)), (1,), (20,)))
    forecaster.load_series(SeriesSet(np.zeros((40, 2)), (1,), (20, 20)))
    assert forecaster.predict(np.array([14, 34])).shape == (2, 2, 1, 1)
    for start in (-1, 15, 35, 40):
        with pytest.raises(SeriesError, match=f"row {start} needs 6 rows"):
            forecaster.predict(np.array([0, start]))
    with pytest.raises(SeriesError, match="row 14 needs 8 rows"):
        forecaster.mean_loss(np.array([0, 14]))
    with pytest.raises(SeriesError, match="1 series, but 2"):
        forecaster.window_starts(((0, 20),), 1)
    with pytest.raises(SeriesError, match="at least one window"):
        forecaster.mean_loss(np.empty(0, np.int64))
