"""What a backend's process answers is what the reference computes from the same weights and rows."""

import numpy as np
import pytest

from lstm_forecasting.inspect.arithmetic import cell_arithmetic
from lstm_forecasting.inspect.asking import inspect_batch, inspect_window, part_errors
from lstm_forecasting.inspect.quantities import QUANTITIES
from lstm_forecasting.inspect.windows import window_by_number
from lstm_forecasting.runs.watching import read_run
from lstm_plugins.errors import InputError

BACKENDS = ("numpy", "torch")
CLOSE = {"rtol": 0, "atol": 1e-12}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("network", ["plain", "everything"])
def test_every_gate_state_and_derivative_is_that_of_the_reference(laboratory, network, backend):
    inspected = laboratory.window(network, backend)
    reference = laboratory.reference(inspected.subject)
    starts = np.array([inspected.window.inputs.start])
    trace = reference.trace(starts, derivatives=True)
    assert [(layer.layer, layer.direction) for layer in inspected.layers] == [
        (layer.layer, layer.direction) for layer in trace.layers
    ]
    for found, wanted in zip(inspected.layers, trace.layers, strict=True):
        for name in ("inputs", *(quantity.name for quantity in QUANTITIES)):
            np.testing.assert_allclose(getattr(found, name), getattr(wanted, name)[0], **CLOSE)
        for name in ("preactivation", "hidden", "cell"):
            derivative = getattr(wanted.derivatives, name)[0]
            np.testing.assert_allclose(getattr(found, f"{name}_derivatives"), derivative, **CLOSE)
    if trace.attention is None:
        assert inspected.attention is None
    else:
        np.testing.assert_allclose(inspected.attention, trace.attention[0], **CLOSE)
        assert inspected.attention.sum() == pytest.approx(1, abs=1e-12)
    np.testing.assert_allclose(inspected.head_input, trace.head_input[0], **CLOSE)
    np.testing.assert_allclose(inspected.output, trace.output[0], **CLOSE)
    np.testing.assert_allclose(inspected.scaled_prediction, reference.predict(starts)[0], **CLOSE)
    loss, gradients = reference.loss_and_gradients(starts)
    assert inspected.loss == pytest.approx(loss, abs=1e-12)
    assert list(inspected.gradients) == list(gradients)
    for name, gradient in gradients.items():
        np.testing.assert_allclose(inspected.gradients[name], gradient, **CLOSE)


@pytest.mark.parametrize("network", ["plain", "everything"])
def test_values_are_in_the_series_own_units_too(laboratory, network):
    inspected = laboratory.window(network)
    table, window = inspected.subject.experiment.table, inspected.window
    np.testing.assert_array_equal(inspected.inputs, table.values[window.inputs.slice])
    np.testing.assert_array_equal(inspected.truth, table.values[window.targets.slice, :2])
    scaler = inspected.subject.experiment.scaler
    np.testing.assert_allclose(scaler.transform(inspected.inputs), inspected.scaled_inputs, **CLOSE)
    own = inspected.scaled_prediction * scaler.deviation[:2, None] + scaler.mean[:2, None]
    np.testing.assert_allclose(inspected.prediction, own, rtol=1e-14)
    level = inspected.subject.config.point_quantile
    np.testing.assert_array_equal(inspected.point, inspected.prediction[:, :, level])
    normalised = (inspected.scaled_inputs - inspected.center) / inspected.scale
    steps = inspected.subject.config.steps
    np.testing.assert_allclose(inspected.layers[0].inputs, normalised.reshape(steps, -1), **CLOSE)


def test_the_forecast_is_the_one_that_the_run_has_kept(laboratory):
    inspected = laboratory.window("plain")
    kept = read_run(inspected.subject.run).backends[0].evaluation.forecasts[inspected.window.number]
    np.testing.assert_array_equal(inspected.point, kept)


def test_a_step_knows_its_rows_and_the_target_at_its_end(laboratory):
    inspected = laboratory.window("everything")
    values = inspected.subject.experiment.table.values
    for step in range(inspected.subject.config.steps):
        rows = inspected.step_rows(step)
        assert len(rows) == 2
        assert inspected.target_by_step(1)[step] == values[rows[-1], 1]
    assert inspected.step_rows(0).start == inspected.window.inputs.start
    assert inspected.step_rows(3).stop == inspected.window.inputs.stop


@pytest.mark.parametrize("network", ["plain", "everything"])
@pytest.mark.parametrize("part", ["train", "validation", "test"])
def test_errors_of_a_part_are_those_of_its_windows(laboratory, network, part):
    subject = laboratory.subject(network)
    starts = subject.experiment.window_starts(part)
    forecasts = laboratory.reference(subject).predict(starts)[..., subject.config.point_quantile]
    own = subject.experiment.scaler.inverse(forecasts, (0, 1))
    ahead = starts[:, None] + 8 + np.arange(3)
    wanted = np.abs(own - subject.experiment.table.values[ahead, :2]).mean(axis=1)
    for target in (0, 1):
        found = part_errors(subject, part, target, processes=laboratory.processes)
        np.testing.assert_allclose(found, wanted[:, target], rtol=1e-9)


def test_a_batch_is_differentiated_window_by_window(laboratory):
    subject = laboratory.subject("everything")
    starts = subject.experiment.window_starts("train")[:5]
    reference = laboratory.reference(subject)
    for backend in BACKENDS:
        batch = inspect_batch(subject, starts, backend, processes=laboratory.processes)
        loss, gradients = reference.loss_and_gradients(starts)
        assert batch.loss == pytest.approx(loss, abs=1e-12)
        assert list(batch.gradients) == list(batch.window_gradients) == list(gradients)
        for name, gradient in gradients.items():
            np.testing.assert_allclose(batch.gradients[name], gradient, **CLOSE)
        for window, start in enumerate(starts):
            loss, alone = reference.loss_and_gradients(np.array([start]))
            assert batch.losses[window] == pytest.approx(loss, abs=1e-12)
            for name, gradient in alone.items():
                np.testing.assert_allclose(batch.window_gradients[name][window], gradient, **CLOSE)


def test_a_run_of_single_precision_can_be_computed_in_double(laboratory):
    window = window_by_number(laboratory.subject("single").experiment, "test", 0)
    exact = laboratory.subject("single", precision="float64")
    double = inspect_window(exact, window, processes=laboratory.processes)
    single = inspect_window(laboratory.subject("single"), window, processes=laboratory.processes)
    trace = laboratory.reference(exact).trace(np.array([window.inputs.start]))
    np.testing.assert_allclose(double.layers[0].hidden, trace.layers[0].hidden[0], **CLOSE)
    apart = np.abs(single.layers[0].hidden - double.layers[0].hidden).max()
    assert 0 < apart < 1e-6


def test_a_backend_that_is_not_there_is_said(laboratory):
    subject = laboratory.subject("plain")
    window = window_by_number(subject.experiment, "test", 0)
    with pytest.raises(InputError, match="nosuch failed"):
        inspect_window(subject, window, "nosuch", processes=laboratory.processes)
    with pytest.raises(InputError, match=r"numpy failed: the window that starts at row 197 needs 11 rows"):
        inspect_batch(subject, [197], processes=laboratory.processes)


@pytest.mark.parametrize("part", ["train", "validation", "test"])
def test_errors_are_those_of_the_values_that_count(laboratory, part):
    subject = laboratory.subject("gaps")
    experiment = subject.experiment
    errors = part_errors(subject, part, 0, processes=laboratory.processes)
    starts, counted = experiment.window_starts(part), experiment.counted(part)[:, :, 0]
    scaled = laboratory.reference(subject).predict(starts)[:, :, :1, 0]
    forecasts = subject.model.model.scaler.inverse(scaled, (0,))[:, :, 0]
    truth = experiment.table.values[starts[:, None] + 8 + np.arange(3), 0]
    for window, error in enumerate(errors):
        kept = counted[window]
        own = np.abs(forecasts - truth)[window, kept]
        assert np.isnan(error) if not kept.any() else error == pytest.approx(own.mean(), rel=1e-9)
    assert not counted.all()


def test_indicators_have_names_and_filled_values_are_told(laboratory):
    window = laboratory.window("gaps", number=0)
    assert window.subject.features == ("sales", "visits", "wind", "sales observed")
    assert window.scaled_inputs.shape == (8, 4)
    assert set(window.scaled_inputs[:, 3].tolist()) == {0.0, 1.0}
    assert window.inputs.shape == (8, 3)
    filled = window.subject.experiment.table.filled[window.window.targets.slice, :2]
    np.testing.assert_array_equal(window.filled_truth, filled)
    found = cell_arithmetic(window, window.layers[0], 0, 2)
    names = [product.right for product in found.line("forget").products]
    assert names[:4] == ["sales", "visits", "wind", "sales observed"]
    assert found.apart < 1e-12
