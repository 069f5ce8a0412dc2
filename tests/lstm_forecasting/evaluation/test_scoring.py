import math
from dataclasses import replace

import numpy as np
import pytest

from lstm_forecasting.data.options import ReadOptions
from lstm_forecasting.data.series.bounds import Bounds
from lstm_forecasting.evaluation.ensemble import evaluate_backend, read_member
from lstm_forecasting.evaluation.scoring import (
    agreement,
    conclude,
    evaluate,
    evaluate_baselines,
    evaluate_ridge,
    find_test_part,
)
from lstm_forecasting.experiment.plan import plan_experiment
from lstm_forecasting.processes.arrays import Forecasts
from lstm_forecasting.processes.events import BackendTrained

TRAINED = BackendTrained("any", "patience", 9, 4, 1.5)


def forecasts_of(experiment, part, values=None, future=None, validation=None):
    """Forecasts in scaled units that mean `values` (the truth by default) in the series' own."""
    scaler, config = experiment.scaler, experiment.config
    scaled = scaler.transform(part.truth if values is None else values).astype(np.float32)
    if future is None:
        future = np.zeros((experiment.steps, 2, len(config.output_quantiles)), np.float32)
    validation = part.validation.truth if validation is None else validation
    return Forecasts(
        part.first_rows - config.look_back,
        scaled,
        future,
        part.validation.first_rows - config.look_back,
        scaler.transform(validation).astype(np.float32),
    )


def evaluated(experiment, part, title, trained, forecasts):
    """The result of a backend with a single network."""
    member = read_member(experiment, part, trained, forecasts)
    return evaluate_backend(experiment, part, trained.backend, title, [member])


def test_the_test_part_is_all_windows_whose_targets_are_test_rows(make_experiment):
    experiment = make_experiment("any")
    part = find_test_part(experiment)
    test, values = experiment.split.test, experiment.table.values
    assert part.first_rows[0] == test.start
    assert part.first_rows[-1] + experiment.config.horizon == test.stop == len(values)
    for window, row in enumerate(part.first_rows):
        assert np.array_equal(part.truth[window], values[row : row + 3])


def test_forecasts_come_back_in_the_units_of_the_series(make_experiment):
    experiment = make_experiment("any", loss="quantile")
    part = find_test_part(experiment)
    mean, deviation = experiment.scaler.mean, experiment.scaler.deviation
    future = np.random.default_rng(0).normal(size=(5, 2, 3)).astype(np.float32)
    result = evaluated(experiment, part, "Any", TRAINED, forecasts_of(experiment, part, future=future))
    assert np.allclose(result.evaluation.forecasts, part.truth, rtol=1e-6)
    assert result.evaluation.scores[0].r2 == pytest.approx(1.0)
    for target in range(2):
        expected = future[:, target].astype(np.float64) * deviation[target] + mean[target]
        assert np.array_equal(result.future_quantiles[:, target], expected)
    assert np.array_equal(result.future, result.future_quantiles[:, :, 1])
    assert (result.epochs, result.best_epoch, result.seconds) == (9, 4, 1.5)


def test_forecasts_of_a_transformed_target_come_back_in_its_units(make_experiment):
    plain = make_experiment("any", loss="quantile")
    reading = replace(plain.table.reading, options=ReadOptions(transform="log"))
    settings = {**plain.config.to_dict(), "quantiles": plain.config.quantiles}
    experiment = plan_experiment(replace(plain.table, reading=reading), ["any"], settings, steps=5)
    part = find_test_part(experiment)
    mean, deviation = experiment.scaler.mean, experiment.scaler.deviation
    training = np.log(plain.table.values[plain.split.train.slice])
    np.testing.assert_allclose([mean, deviation], [training.mean(axis=0), training.std(axis=0)])
    future = np.random.default_rng(0).normal(size=(5, 2, 3)).astype(np.float32)
    result = evaluated(experiment, part, "Any", TRAINED, forecasts_of(experiment, part, future=future))
    np.testing.assert_allclose(result.evaluation.forecasts, part.truth, rtol=1e-6)
    for target in range(2):
        expected = np.exp(future[:, target].astype(np.float64) * deviation[target] + mean[target])
        np.testing.assert_allclose(result.future_quantiles[:, target], expected)
    # Apart by one deviation of the values themselves, not of their logarithms.
    own = plain.table.values[plain.split.train.slice].std(axis=0)
    one, other = (evaluate("it", part.truth + shift, part) for shift in (np.zeros(2), own))
    assert agreement(experiment, [one, other]).largest == pytest.approx(1.0)


def test_every_forecast_is_held_to_the_bounds(make_experiment):
    experiment = replace(make_experiment("any", loss="quantile"), bounds=Bounds((905.0, 0.0), (False, True)))
    part = find_test_part(experiment)
    future = np.random.default_rng(0).normal(size=(5, 2, 3)).astype(np.float32)
    forecasts = forecasts_of(experiment, part, part.truth - 900, future)
    result = conclude(experiment, part, [evaluated(experiment, part, "Any", TRAINED, forecasts)], failures={})
    backend = result.backends[0]
    for values in (backend.future, *(one.forecasts for one in result.models)):
        assert (values >= (905.0, 0.0)).all()
        assert (values[..., 1] == np.rint(values[..., 1])).all()
    assert (backend.future_quantiles[:, 1] == np.rint(backend.future_quantiles[:, 1])).all()
    assert (backend.evaluation.forecasts[:, :, 1] == 0).all()


def test_forecasts_of_other_windows_are_refused(make_experiment):
    experiment = make_experiment("any")
    part = find_test_part(experiment)
    good = forecasts_of(experiment, part)
    for bad, reason in (
        (replace(good, starts=good.starts + 1), "windows are not those of the test part"),
        (replace(good, starts=good.starts[1:], test=good.test[1:]), "windows are not those of the test part"),
        (replace(good, test=good.test[:, :2]), "shape"),
        (replace(good, future=good.future[:4]), "shape"),
        (replace(good, validation_starts=good.validation_starts[1:]), "those of the validation part"),
    ):
        with pytest.raises(ValueError, match=reason):
            evaluated(experiment, part, "Any", TRAINED, bad)


def test_agreement_is_in_deviations_of_the_training_rows(make_experiment):
    experiment = make_experiment("any")
    part = find_test_part(experiment)
    deviations = experiment.table.values[experiment.split.train.slice].std(axis=0)
    shifted = part.truth.copy()
    shifted[3, 1, 1] += 2 * deviations[1]
    shifted[4, 1, 0] -= 0.5 * deviations[0]
    models = [evaluate("a", part.truth + 1.0, part), evaluate("b", shifted + 1.0, part)]
    found = agreement(experiment, models)
    assert found.largest == pytest.approx(2.0)
    maes = [[scores.mae for scores in model.scores] for model in models]
    assert found.error == pytest.approx(max(abs(a - b) / min(a, b) for a, b in zip(*maes, strict=True)))
    assert agreement(experiment, models[:1] * 3).largest == 0.0


def test_agreement_with_a_perfect_model(make_experiment):
    experiment = make_experiment("any")
    part = find_test_part(experiment)
    perfect, other = evaluate("a", part.truth, part), evaluate("b", part.truth + 1.0, part)
    assert agreement(experiment, [perfect, perfect]).error == 0.0
    assert agreement(experiment, [perfect, other]).error == math.inf


def test_ridge_regressions_are_fitted_once_for_all_who_need_them(make_experiment):
    experiment = make_experiment("any")
    part = find_test_part(experiment)
    ridge = evaluate_ridge(experiment, part)
    every = evaluate_baselines(experiment, part, ("last-value", "ridge", "drift")).evaluated
    assert [one.kind for one in every] == ["last-value", "drift", "ridge"]
    assert ridge is every[-1]


def test_the_conclusion_names_the_best_of_several(make_experiment):
    experiment = make_experiment("good", "bad")
    part = find_test_part(experiment)
    results = [
        evaluated(
            experiment,
            part,
            name.capitalize(),
            replace(TRAINED, backend=name),
            forecasts_of(experiment, part, part.truth + off),
        )
        for name, off in (("bad", 3.0), ("good", 0.01))
    ]
    result = conclude(experiment, part, results, {"third": "it broke"})
    assert result.baselines[0].name == "last value"
    assert all(baseline.forecasts.shape == part.truth.shape for baseline in result.baselines)
    assert len(result.verdicts) == len(result.comparisons) == len(result.offers) == 2
    assert result.verdicts[1].startswith("sales: the LSTM (Good) beats")
    assert result.comparisons[1].outcome == "beats"
    assert result.verdicts[1].endswith(result.offers[1].sentence)
    assert result.failures == {"third": "it broke"}
    assert result.agreement.largest > 0.1


def test_without_a_backend_the_baselines_remain(make_experiment):
    experiment = make_experiment("none")
    result = conclude(experiment, find_test_part(experiment), [], {"none": "it broke"})
    assert result.baselines
    assert (result.backends, result.agreement, result.verdicts, result.offers) == ((), None, (), ())
