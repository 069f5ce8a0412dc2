from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from lstm_plugins import (
    ForecasterConfig,
    SeriesError,
    SeriesSet,
    TrainingStep,
)
from lstm_plugins.reference import ReferenceForecaster, Steps
from lstm_plugins.reference.cell import cell_step

DEEP = {
    "layers": 2,
    "bidirectional": True,
    "attention": "general",
    "patch": 2,
    "normalisation": "standard",
    "dropout": 0.3,
    "loss": "quantile",
}


def test_forecasts_need_no_targets_and_do_not_depend_on_the_batch(make):
    forecaster = make(**DEEP)
    starts = np.array([0, 19, 25, 54])
    together = forecaster.predict(starts)
    assert together.shape == (4, 2, 2, 3)
    for n, start in enumerate(starts):
        assert np.allclose(forecaster.predict(np.array([start]))[0], together[n], rtol=1e-13)
    assert forecaster.predict(starts[:0]).shape == (0, 2, 2, 3)
    with pytest.raises(SeriesError, match="starts at row 19 needs 8 rows"):
        forecaster.mean_loss(starts)


def test_dropout_acts_in_training_only(make):
    forecaster = make(**DEEP)
    starts = np.array([0, 5, 30])
    plain, _ = forecaster.loss_and_gradients(starts)
    assert plain == pytest.approx(forecaster.mean_loss(starts), rel=1e-15)
    dropped = {forecaster.loss_and_gradients(starts, TrainingStep(0, step))[0] for step in range(3)}
    assert len(dropped | {plain}) == 4


def test_mean_loss_weighs_every_window_the_same(make):
    forecaster = make(batch_size=3)
    starts = np.array([0, 5, 30, 31])
    each = [forecaster.mean_loss(starts[n : n + 1]) for n in range(4)]
    assert forecaster.mean_loss(starts) == pytest.approx(np.mean(each), rel=1e-14)
    with pytest.raises(SeriesError, match="at least one window"):
        forecaster.mean_loss(starts[:0])


def test_a_trace_reproduces_the_forecast_and_obeys_the_equations(make):
    forecaster = make(**DEEP)
    starts = np.array([3, 28])
    trace = forecaster.trace(starts)
    assert np.array_equal(trace.prediction, forecaster.predict(starts))
    assert np.array_equal(trace.windows.inputs, forecaster.normalised_windows(starts).inputs)
    assert [(layer.layer, layer.direction) for layer in trace.layers] == [
        (0, "forward"),
        (0, "backward"),
        (1, "forward"),
        (1, "backward"),
    ]
    for layer in trace.layers:
        assert layer.derivatives is None
        assert np.allclose(layer.hidden, layer.output * np.tanh(layer.cell), rtol=1e-15)
        before = np.zeros_like(layer.cell)
        if layer.direction == "forward":
            before[:, 1:] = layer.cell[:, :-1]
        else:
            before[:, :-1] = layer.cell[:, 1:]
        assert np.allclose(layer.cell, layer.forget * before + layer.input * layer.candidate, rtol=1e-15)
    joined = np.concatenate([trace.layers[0].hidden, trace.layers[1].hidden], axis=2)
    assert np.array_equal(trace.layers[2].inputs, joined)
    final_hidden = np.concatenate([trace.layers[2].hidden[:, -1], trace.layers[3].hidden[:, 0]], axis=1)
    assert np.array_equal(trace.head_input[:, 6:], final_hidden)
    assert np.allclose(trace.attention.sum(axis=1), 1.0, rtol=1e-15)


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_everything_stays_in_the_precision_of_the_config(make, precision):
    for optimizer in ("adamw", "sgd"):
        forecaster = make(precision=precision, optimizer=optimizer, epochs=2, **DEEP)
        list(forecaster.fit(((0, 20), (0, 20)), ((20, 25), (20, 35))))
        starts = np.array([0, 7])
        trace = forecaster.trace(starts, derivatives=True)
        state = forecaster.optimizer_state()
        arrays = [
            forecaster.predict(starts),
            *forecaster.raw_windows(starts)[:2],
            *forecaster.loss_and_gradients(starts, TrainingStep())[1].values(),
            *forecaster.weights().values(),
            *state.first.values(),
            *state.second.values(),
            trace.attention,
            trace.head_input,
            trace.output,
            *(getattr(layer, name) for layer in trace.layers for name in ("inputs", "cell", "hidden")),
            *(array for layer in trace.layers for array in vars(layer.derivatives).values()),
        ]
        assert {array.dtype for array in arrays} == {np.dtype(precision)}
        assert trace.windows.center.dtype == trace.windows.scale.dtype == np.float64


def test_what_is_handed_out_or_in_is_a_copy(make):
    forecaster = make()
    starts = np.array([0])
    before = forecaster.predict(starts)
    weights, state = forecaster.weights(), forecaster.optimizer_state()
    forecaster.load_optimizer_state(state)
    for arrays in (weights, state.first, state.second):
        for array in arrays.values():
            array += 1.0
    assert np.array_equal(forecaster.predict(starts), before)
    assert not any(array.any() for array in forecaster.optimizer_state().first.values())


def test_a_series_with_other_columns_is_refused_and_none_at_all_too(make):
    forecaster = make()
    with pytest.raises(SeriesError, match="3 columns"):
        forecaster.load_series(SeriesSet(np.zeros((20, 3)), (1, 0), (20,)))
    with pytest.raises(SeriesError, match=r"targets \(0, 1\)"):
        forecaster.load_series(SeriesSet(np.zeros((20, 2)), (0, 1), (20,)))
    with pytest.raises(SeriesError, match="no series"):
        ReferenceForecaster(ForecasterConfig(), 1, (0,)).predict(np.array([0]))


def test_a_replaced_step_changes_what_it_should_and_nothing_else(make):
    def coupled(gates, inputs, hidden, cell):
        exact = cell_step(gates, inputs, hidden, cell)
        next_cell = exact.forget * cell + (1 - exact.forget) * exact.candidate
        return dataclasses.replace(exact, cell=next_cell, hidden=exact.output * np.tanh(next_cell))

    exact, deviating = make(), make(steps=Steps(cell_step=coupled))
    starts = np.array([0, 30])
    assert np.array_equal(
        exact.normalised_windows(starts).inputs, deviating.normalised_windows(starts).inputs
    )
    assert not np.allclose(exact.predict(starts), deviating.predict(starts), rtol=1e-3)


def test_the_order_of_an_epoch_is_a_step_too(make):
    straight = make(steps=Steps(epoch_order=lambda seed, epoch, count: np.arange(count)))
    starts = straight.window_starts(((0, 25), (0, 35)), 1)
    assert np.array_equal(straight.epoch_starts(starts, 3), starts)
    assert not np.array_equal(make().epoch_starts(starts, 3), starts)
    assert not np.array_equal(make().epoch_starts(starts, 3), make().epoch_starts(starts, 4))
