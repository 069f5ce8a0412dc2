"""The probes of missing values and of the other additions have all that makes a wrong backend show."""

import numpy as np
import pytest

from lstm_conformance.added_probes import ADDED, EVERY_ADDITION, added_probe, added_probes
from lstm_conformance.checks import check_forecaster, judge_level, make_reference
from lstm_conformance.deviations import CATALOGUE
from lstm_conformance.levels import LEVELS
from lstm_conformance.planting import Plantings
from lstm_conformance.probes import full_probes, missing_probe, missing_probes, quick_probes, switch_probe
from lstm_plugins import ADDITIONS
from lstm_plugins.records import Finished, Progress
from lstm_plugins.reference import ReferenceForecaster


def make(probe):
    return ReferenceForecaster(probe.config, probe.features, probe.series.targets, **probe.extra_columns)


MISSING = {probe.name: probe for probe in missing_probes("float64")}
ADDED_PROBES = {probe.name: probe for probe in added_probes("float64")}


def test_only_probes_of_missing_values_and_of_additions_need_an_addition():
    needed = {probe.name: probe.additions for probe in full_probes("float64")}
    assert {name for name, additions in needed.items() if additions} == MISSING.keys() | ADDED.keys()
    assert all(needed[name] == ("masks",) for name in MISSING)
    assert needed[EVERY_ADDITION] == ADDITIONS
    assert all(not probe.additions for probe in quick_probes("float64"))


def test_each_addition_is_also_asked_alone():
    assert {(name,) for name in ADDITIONS} <= {probe.additions for probe in full_probes("float64")}


@pytest.mark.parametrize(
    ("precision", "name"),
    [
        pytest.param(precision, name, marks=[] if name == EVERY_ADDITION else [pytest.mark.exhaustive])
        for precision in ("float64", "float32")
        for name in ADDED
    ],
)
def test_the_reference_agrees_with_itself_on_additions(precision, name):
    results = list(check_forecaster(make, [added_probe(name, precision)]))
    assert {result.state for result in results} <= {"passed", "shown"}
    assert len(results) == len(LEVELS)


def fitted(name):
    probe = ADDED_PROBES[name]
    forecaster = make_reference(probe)
    records = [
        one for one in forecaster.fit(probe.training, probe.validation) if not isinstance(one, Progress)
    ]
    return probe, forecaster, records


def test_a_fit_replaces_the_linear_part_and_keeps_it():
    probe, forecaster, (first, *_, finished) = fitted("linear part")
    again = make_reference(probe)
    found = again.fit_linear(again.training_starts(probe.training), again.evaluated_starts(probe.validation))
    for name in ("linear.kernel", "linear.bias"):
        assert not np.allclose(found[name], probe.weights[name])
        assert np.array_equal(forecaster.weights()[name], found[name])
    assert (first.epoch, first.training_loss) == (-1, None)
    assert finished.best_epoch >= 0


def test_training_makes_the_linear_part_alone_worse_on_its_probes():
    _, _, records = fitted("linear part alone is best")
    assert records[-1] == Finished("patience", epochs=2, best_epoch=-1)
    # The first two losses are those of the epochs -1 and 0. Without the first, a plateau would end later.
    _, _, (before, first, second, third, *_) = fitted("linear part, plateau")
    assert before.validation_loss < second.validation_loss < first.validation_loss
    assert third.learning_rate == first.learning_rate / 2


def test_constant_windows_are_left_out_of_training_alone():
    probe = ADDED_PROBES["errors in the window, constant windows"]
    reference = make_reference(probe)
    every = reference.window_starts(probe.training, probe.config.stride)
    left_out = np.setdiff1d(every, reference.training_starts(probe.training))
    scale = reference.normalised_windows(every).scale
    targets, others = scale[:, list(probe.series.targets)], scale[:, 1]
    assert left_out.tolist() == [10, 12, 64, 66]
    # Of each target some, of both together one; an input that is constant does not matter.
    assert (targets[np.isin(every, left_out)] < 0.005).sum(axis=1).tolist() == [1, 2, 1, 1]
    assert (others[~np.isin(every, left_out)] < 0.005).sum() == 2
    validation = reference.normalised_windows(reference.evaluated_starts(probe.validation)).scale
    assert (validation[:, 0] < 0.005).any()


def test_an_epoch_of_some_windows_has_a_partial_batch_and_fewer_steps_than_all():
    probe = switch_probe("windows per epoch", "float64")
    reference = make_reference(probe)
    windows = len(reference.training_starts(probe.training))
    chosen, size = probe.config.windows_per_epoch, probe.config.batch_size
    assert chosen % size > 0
    assert -(-chosen // size) < -(-windows // size)


@pytest.mark.parametrize("probe", MISSING.values(), ids=MISSING.keys())
def test_windows_differ_in_what_was_observed(probe):
    reference, config = make_reference(probe), probe.config
    observed = reference.raw_windows(probe.starts).observed
    assert observed.any(axis=(1, 2)).all()
    assert not observed.all(axis=(1, 2)).all()
    in_batch = reference.raw_windows(probe.batch).observed.mean()
    in_partial = reference.raw_windows(probe.partial_batch).observed.mean()
    assert in_batch != in_partial
    every = reference.window_starts(probe.validation, 1)
    assert 0 < len(reference.evaluated_starts(probe.validation)) <= len(every)
    assert len(reference.window_starts(probe.training, config.stride))


def test_together_they_have_every_kind_of_hole():
    plain, one_target = MISSING["missing values, mse"], MISSING["missing values of one target"]
    one_series = MISSING["a series without observed targets"]
    length = plain.config.look_back + plain.config.horizon
    missing = "".join("x" if gone else "." for gone in ~plain.series.observed.any(axis=1))
    assert "x" * length in missing
    assert ".x." in missing
    reference = make_reference(plain)
    assert len(reference.evaluated_starts(plain.validation)) < len(
        reference.window_starts(plain.validation, 1)
    )
    assert len(plain.unobserved) == plain.config.batch_size
    assert one_target.series.observed[:, 0].all()
    assert not one_target.series.observed[:, 1].all()
    assert not len(one_target.unobserved)
    assert not one_series.series.observed[one_series.series.lengths[0] :].any()
    assert {probe.config.loss for probe in MISSING.values()} == {"mse", "mae", "huber", "quantile"}
    indicated = {probe.config.normalisation for probe in MISSING.values() if probe.indicators}
    assert indicated == {"standard", "last"}


@pytest.mark.parametrize("probe", MISSING.values(), ids=MISSING.keys())
def test_the_reference_agrees_with_itself(probe):
    results = list(check_forecaster(make, [probe]))
    assert {result.state for result in results} == {"passed"}
    assert len(results) == len(LEVELS)


def test_a_backend_that_divides_by_zero_fails_on_windows_without_targets():
    class Dividing(ReferenceForecaster):
        def mean_loss(self, starts):
            return super().mean_loss(starts) if self._observed(starts).any() else float("nan")

    probe = MISSING["missing values, mse"]
    make = lambda asked: Dividing(asked.config, asked.features, asked.series.targets)  # noqa: E731
    failed = [one for one in check_forecaster(make, [probe]) if one.state != "passed"]
    assert [one.level.name for one in failed] == ["loss"]
    assert failed[0].worst.tensor == "mean, nothing observed"


OF_MASKS = [one for one in CATALOGUE if one.applies(MISSING["missing values, mse"])]
OF_MASKS = [one for one in OF_MASKS if not any(one.applies(probe) for probe in quick_probes("float64"))]


def test_the_quick_depth_sees_every_deviation_of_masks():
    """Its probe has the network of another one, so that it costs little."""
    probe = missing_probe("quick", {"bidirectional": True, "attention": "general"}, "float64")
    plantings, levels = Plantings(), {level.name: level for level in LEVELS}
    assert len(OF_MASKS) > 20
    for deviation in OF_MASKS:
        level = levels[deviation.level]
        with np.errstate(all="ignore"):
            observation = plantings.answer((deviation,), probe, level)
        assert judge_level(probe, level, observation).state == "failed", deviation.name
