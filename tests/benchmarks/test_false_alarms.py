from collections import Counter

import numpy as np
import pytest
from benchmarks.false_alarms.__main__ import report
from benchmarks.false_alarms.drawing import draw_probe
from benchmarks.false_alarms.running import PART, additions_of, maker, run, run_in_parts

from lstm_conformance.deviations import CATALOGUE
from lstm_conformance.levels import LEVELS
from lstm_conformance.planting import make_planted
from lstm_plugins import ADDITIONS
from lstm_plugins.config import SETTINGS
from lstm_plugins.reference.windows import window_starts


@pytest.fixture(scope="module")
def probes():
    return [draw_probe(index) for index in range(200)]


@pytest.mark.parametrize(
    "backend",
    ["numpy", *(pytest.param(name, marks=pytest.mark.exhaustive) for name in ("reference", "torch"))],
)
def test_a_backend_without_a_mutant_raises_no_alarm(backend):
    additions = additions_of(backend)
    tally = run(maker(backend), backend, range(4), additions)
    asked = [probe for probe in map(draw_probe, range(4)) if set(probe.additions) <= set(additions)]
    assert tally.alarms == ()
    assert tally.named == tally.failed == 0
    assert tally.configurations == len(asked) >= 2
    assert sum(tally.states.values()) == len(asked) * len(LEVELS)
    drifting = sum(not level.judged_in_float32 for level in LEVELS)
    assert tally.states["shown"] == drifting * sum(one.config.precision == "float32" for one in asked)
    assert tally.judged == tally.states["passed"]


@pytest.mark.exhaustive
def test_parts_in_processes_of_their_own_add_up():
    first, both = run_in_parts("reference", range(2, 3 + PART), 2)
    assert (first.configurations, both.configurations) == (PART, PART + 1)
    assert sum(both.states.values()) == (PART + 1) * len(LEVELS)
    assert both.seconds > first.seconds


def test_a_mutant_is_an_alarm_and_named():
    deviation = next(one for one in CATALOGUE if one.name == "gradient ascent")
    tally = run(lambda probe: make_planted((deviation,), probe), "a mutant", [0])
    assert tally.failed > 0
    assert tally.named == 1
    head, *rows = report([tally]).splitlines()
    assert "failed" in head
    assert "a mutant, configuration 0 (look_back=" in rows[1]
    assert "is off by" in rows[2]
    assert rows[-1].strip().startswith("diagnosis: fails first at level two steps: ")
    assert "Cause: " in rows[-1]


def test_a_number_draws_the_same_configuration_again(probes):
    for index in (0, 17, 199):
        again, drawn = draw_probe(index), probes[index]
        assert again.config == drawn.config
        assert again.series.lengths == drawn.series.lengths
        assert (again.training, again.validation) == (drawn.training, drawn.validation)
        np.testing.assert_array_equal(again.series.values, drawn.series.values)
        np.testing.assert_array_equal(again.starts, drawn.starts)
    assert len({probe.config for probe in probes}) == len(probes)


def test_200_configurations_hold_every_choice_of_every_switch(probes):
    configs = [probe.config for probe in probes]
    for setting in SETTINGS:
        drawn = Counter(getattr(config, setting.name) for config in configs)
        assert set(setting.choices) <= set(drawn), setting.name
        assert len(drawn) > 1, setting.name
    assert {config.layers for config in configs} == {1, 2, 3}
    assert {config.patch for config in configs} == {1, 2, 3, 4}
    assert Counter(config.precision for config in configs) == {"float32": 100, "float64": 100}
    for name in ("dropout", "momentum", "weight_decay", "clip_norm", "warmup", "patience"):
        assert 0 < sum(getattr(config, name) == 0 for config in configs) < len(configs), name
    assert {len(config.quantiles) for config in configs if config.loss == "quantile"} >= {1, 2, 3, 4}
    assert any(config.steps == 1 for config in configs)
    assert any(config.hidden_units == 1 for config in configs)
    # Two switches that act on one another: every pair of choices is among them.
    for first, second in (
        ("attention", "bidirectional"),
        ("loss", "normalisation"),
        ("schedule", "optimizer"),
    ):
        pairs = {(getattr(config, first), getattr(config, second)) for config in configs}
        assert len(pairs) == len({a for a, _ in pairs}) * len({b for _, b in pairs})


def test_200_configurations_hold_every_addition(probes):
    counts = Counter(name for probe in probes for name in probe.additions)
    assert min(counts[name] for name in ADDITIONS) >= 20
    assert max(len(probe.additions) for probe in probes) >= 4
    known = [probe for probe in probes if probe.series.known is not None]
    assert {probe.series.own_known for probe in known} == {0, 1, 2, 3}
    assert {probe.series.known_columns - probe.series.own_known for probe in known} == {0, 1, 2, 3}
    assert {np.sign(probe.series.ahead - probe.config.horizon) for probe in known} == {-1, 0, 1}
    assert any(probe.config.rows_before > probe.config.look_back for probe in probes)
    assert any(probe.config.look_back % probe.config.season for probe in probes)


def test_200_configurations_hold_every_shape_of_series(probes):
    assert {len(probe.series.lengths) for probe in probes} == {1, 2, 3}
    assert {probe.features - probe.indicators for probe in probes} == {1, 2, 3, 4}
    assert {probe.indicators for probe in probes} == {0, 1, 2}
    masked = [probe for probe in probes if probe.series.observed is not None]
    assert 60 <= len(masked) <= 67
    assert sum(len(probe.unobserved) > 0 for probe in masked) > 20
    assert {probe.config.loss for probe in masked} == {"mse", "mae", "huber", "quantile"}
    assert {len(probe.series.targets) for probe in probes} == {1, 2, 3, 4}
    assert any(list(probe.series.targets) != sorted(probe.series.targets) for probe in probes)
    assert any(not probe.validation for probe in probes)
    assert {probe.config.stride > 1 for probe in probes} == {True, False}
    windows = [window_starts(one.series, one.config, one.training, one.config.stride) for one in probes]
    left_over = [len(all_) % one.config.batch_size for all_, one in zip(windows, probes, strict=True)]
    assert 0 < sum(number > 0 for number in left_over) < len(probes)
    ranges = [np.ptp(probe.series.values[: probe.series.lengths[0]], axis=0) for probe in probes]
    assert any(part.min() == 0 for part in ranges)
