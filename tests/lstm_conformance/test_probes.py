"""The probes of missing values have every hole in which a wrong backend shows."""

import numpy as np
import pytest

from lstm_conformance.checks import check_forecaster, judge_level, make_reference
from lstm_conformance.deviations import CATALOGUE
from lstm_conformance.levels import LEVELS
from lstm_conformance.planting import Plantings
from lstm_conformance.probes import full_probes, missing_probe, missing_probes, quick_probes
from lstm_plugins.reference import ReferenceForecaster

MISSING = {probe.name: probe for probe in missing_probes("float64")}


def test_only_probes_of_missing_values_need_an_addition():
    needed = {probe.name: probe.additions for probe in full_probes("float64")}
    assert {name for name, additions in needed.items() if additions} == MISSING.keys()
    assert set(needed.values()) == {(), ("masks",)}
    assert all(not probe.additions for probe in quick_probes("float64"))


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
    def make(asked):
        return ReferenceForecaster(
            asked.config, asked.features, asked.series.targets, indicators=asked.indicators
        )

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
