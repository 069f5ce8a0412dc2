"""What is behind a tensor that was compared, on a reference with one thing planted."""

import dataclasses

import numpy as np
import pytest

from lstm_conformance.checks import Observation, judge_level, observe
from lstm_conformance.deviations import CATALOGUE
from lstm_forecasting.crosscheck.looking import look_into
from lstm_forecasting.crosscheck.plan import plan_crosscheck
from lstm_plugins.reference import ReferenceForecaster

LEVELS_OF_INTEREST = ("windows", "gates", "attention", "prediction", "loss", "derivatives", "gradients")


def results_of(deviation=None):
    check = plan_crosscheck(["numpy"], precisions=["float64"])
    request = check.requests[0]

    def make(probe):
        plain = ReferenceForecaster(probe.config, probe.features, probe.series.targets)
        found = [one for one in CATALOGUE if deviation is not None and one.name.startswith(deviation)]
        return found[0].plant(plain) if found else plain

    levels = [level for level in request.levels if level.name in LEVELS_OF_INTEREST]
    return {
        level.name: judge_level(request.probe, level, observation)
        for level, observation in observe(make, request.probe, levels)
    }


@pytest.fixture(scope="module")
def right():
    return results_of()


@pytest.fixture(scope="module")
def swapped():
    return results_of("gate order i, o, f")


def with_tensors(result, tensors):
    return dataclasses.replace(result, observation=Observation(tensors))


def verdict_on(result, tensor):
    return next(one for one in result.verdicts if one.tensor == tensor)


def test_every_tensor_of_a_right_backend_has_a_picture_within_its_tolerance(right):
    for result in right.values():
        for verdict in result.verdicts:
            picture = look_into(result, verdict)
            assert picture.first is None
            assert picture.errors.ndim == 2
            assert picture.errors.max() <= picture.allowed
            assert len(picture.axes) == len(picture.shape)


def test_worst_entry_is_the_one_of_the_verdict_with_both_numbers(swapped):
    result = swapped["gates"]
    verdict = verdict_on(result, "first run/layer0.forward.forget")
    picture = look_into(result, verdict)
    assert picture.worst.index == verdict.where
    assert abs(picture.worst.given - picture.worst.wanted) == verdict.error
    assert picture.worst.given == result.observation.tensors[verdict.tensor][verdict.where]
    assert picture.worst.error_eps == verdict.error_eps == picture.errors.max()


def test_time_goes_across_and_units_down_and_of_windows_the_worst_is_drawn(swapped):
    result = swapped["gates"]
    picture = look_into(result, verdict_on(result, "first run/layer0.forward.forget"))
    windows, steps, units = picture.shape
    assert picture.errors.shape == (units, steps)
    assert (picture.rows, picture.columns, picture.over) == ("unit", "time step", ("window",))
    assert windows > 1


def test_first_is_where_computation_begins_in_each_direction(swapped):
    result = swapped["gates"]
    forward = look_into(result, verdict_on(result, "first run/layer0.forward.forget"))
    backward = look_into(result, verdict_on(result, "first run/layer0.backward.forget"))
    assert forward.first.index[1] == 0
    assert backward.first.index[1] == backward.shape[1] - 1
    derivatives = look_into(
        swapped["derivatives"], verdict_on(swapped["derivatives"], "layer0.forward.hidden")
    )
    assert derivatives.first.index[1] > 0


def test_axes_have_the_names_of_what_they_count(right):
    def axes(level, tensor):
        return look_into(right[level], verdict_on(right[level], tensor)).axes

    assert axes("attention", "attention weights") == ("window", "time step")
    assert axes("gradients", "full batch/layer0.forward.kernel") == ("input", "gate and unit")
    assert axes("gradients", "full batch/head.kernel") == ("head input", "output")
    assert axes("gradients", "full batch/attention.kernel") == ("unit", "unit of the state")
    assert axes("prediction", "prediction") == ("window", "horizon step", "target", "quantile")
    assert axes("windows", "targets") == ("window", "horizon step", "target")
    assert axes("loss", "full batch") == ()


def test_what_is_not_finite_is_infinitely_far_off(right):
    result = right["gates"]
    tensor = "second run/layer0.forward.hidden"
    broken = {**result.observation.tensors, tensor: result.observation.tensors[tensor].copy()}
    broken[tensor][1, 2, 3] = np.nan
    picture = look_into(with_tensors(result, broken), verdict_on(result, tensor))
    assert picture.worst.index == picture.first.index == (1, 2, 3)
    assert np.isinf(picture.errors[3, 2])


def test_a_tensor_that_cannot_be_compared_says_why(right):
    result = right["gates"]
    tensor = "second run/layer0.forward.hidden"
    verdict = verdict_on(result, tensor)
    shorter = {**result.observation.tensors, tensor: result.observation.tensors[tensor][:, :-1]}
    with pytest.raises(ValueError, match="cannot follow"):
        look_into(with_tensors(result, shorter), verdict)
    told = dataclasses.replace(verdict, problem="has shape (7, 11, 5), not (7, 12, 5)")
    with pytest.raises(ValueError, match="has shape"):
        look_into(with_tensors(result, shorter), told)
    with pytest.raises(ValueError, match="missing"):
        look_into(with_tensors(result, {}), verdict)
