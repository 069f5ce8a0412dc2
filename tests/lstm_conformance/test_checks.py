from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_conformance.checks import check_forecaster, judge_level, make_reference, observe
from lstm_conformance.levels import LEVELS
from lstm_conformance.observing import prepare
from lstm_conformance.probe import probe_of
from lstm_conformance.probes import awkward_probes, switch_probe
from lstm_conformance.wavy import wavy_series
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.errors import SeriesError, UnsupportedError
from lstm_plugins.records import SeriesSet
from lstm_plugins.reference import ReferenceForecaster

BY_NAME = {level.name: level for level in LEVELS}


def make(probe):
    return ReferenceForecaster(probe.config, probe.features, probe.series.targets, **probe.extra_columns)


def answers(probe, level):
    ((_, observation),) = observe(make, probe, [BY_NAME[level]])
    assert judge_level(probe, BY_NAME[level], observation).state == "passed"
    return observation


@pytest.mark.exhaustive
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_awkward_probes_raise_no_alarm(precision):
    results = list(check_forecaster(make, awkward_probes(precision)))
    assert {result.state for result in results} <= {"passed", "shown"}
    assert len(results) > 100


configs = st.builds(
    ForecasterConfig,
    look_back=st.sampled_from([1, 4, 12]),
    patch=st.sampled_from([1]),
    horizon=st.integers(1, 3),
    hidden_units=st.integers(1, 5),
    layers=st.integers(1, 3),
    bidirectional=st.booleans(),
    attention=st.sampled_from(["none", "dot", "general"]),
    normalisation=st.sampled_from(["none", "last", "standard"]),
    dropout=st.sampled_from([0.0, 0.3]),
    loss=st.sampled_from(["mse", "mae", "huber", "quantile"]),
    optimizer=st.just("adamw"),
    learning_rate=st.sampled_from([0.001, 0.01]),
    weight_decay=st.sampled_from([0.0, 0.1]),
    schedule=st.sampled_from(["constant", "cosine", "plateau"]),
    warmup=st.integers(0, 3),
    plateau=st.integers(1, 2),
    clip_norm=st.sampled_from([0.0, 0.1, 1.0]),
    batch_size=st.integers(1, 16),
    epochs=st.integers(1, 2),
    patience=st.integers(0, 1),
    stride=st.integers(1, 3),
    seed=st.integers(0, 2**40),
    precision=st.sampled_from(["float64", "float32"]),
)


def _patched(config):
    return replace(config, patch=4) if config.look_back % 4 == 0 and config.seed % 2 else config


@settings(max_examples=15 * settings.default.max_examples // 100)
@given(config=configs.map(_patched))
def test_no_false_alarm_over_random_configs_and_seeds(config):
    probe = probe_of("random", config, wavy_series(), ((0, 30), (0, 20)), ((30, 45), (20, 30)))
    results = list(check_forecaster(make, [probe]))
    assert {result.state for result in results} <= {"passed", "shown"}


def test_not_supported_is_its_own_verdict_and_never_a_pass():
    class WithoutTrace(ReferenceForecaster):
        def trace(self, starts, *, derivatives=False):
            raise UnsupportedError("this backend keeps no gates")

    probe = switch_probe("plain", "float64")
    results = {
        result.level.name: result
        for result in check_forecaster(
            lambda p: WithoutTrace(p.config, p.features, p.series.targets),
            [probe],
            [BY_NAME[name] for name in ("gates", "loss", "derivatives")],
        )
    }
    assert results["gates"].state == "unsupported"
    assert results["gates"].problem == "this backend keeps no gates"
    assert results["gates"].verdicts == ()
    assert results["loss"].state == "passed"
    assert results["derivatives"].state == "unsupported"


def test_a_forecaster_that_cannot_be_made_fails_every_level():
    def unmade(probe):
        raise RuntimeError("no such device")

    results = list(check_forecaster(unmade, [switch_probe("plain", "float64")]))
    assert len(results) == len(LEVELS)
    assert {result.state for result in results} == {"failed", "follows"}
    assert results[0].problem == "RuntimeError: no such device"


@pytest.mark.parametrize("level", [level.name for level in LEVELS])
@pytest.mark.parametrize("harm", ["missing", "shape", "nan", "extra"])
def test_missing_misshapen_not_finite_and_unknown_tensors_fail(level, harm):
    probe = switch_probe("bidirectional attention", "float64")
    observation = answers(probe, level)
    name = list(observation.tensors)[-1]
    tensors = dict(observation.tensors)
    if harm == "missing":
        del tensors[name]
    elif harm == "shape":
        tensors[name] = tensors[name][..., None]
    elif harm == "nan":
        tensors[name] = np.full(tensors[name].shape, np.nan)
    else:
        tensors["something else"] = np.zeros(3)
    result = judge_level(probe, BY_NAME[level], replace(observation, tensors=tensors))
    assert result.state == "failed"


def test_a_series_that_is_left_from_before_is_seen():
    class Keeping(ReferenceForecaster):
        def load_series(self, series):
            if self.series_kept is None:
                self.series_kept = series
            super().load_series(self.series_kept)

        series_kept = None

    probe = switch_probe("plain", "float64")
    kept = lambda asked: Keeping(asked.config, asked.features, asked.series.targets)  # noqa: E731
    (found,) = check_forecaster(kept, [probe], [BY_NAME["windows"]])
    assert found.state == "failed"
    assert {one.tensor for one in found.verdicts if not one.passed} == {"inputs", "targets"}


def test_later_failures_follow_from_the_first():
    class Twice(ReferenceForecaster):
        def normalised_windows(self, starts):
            windows = super().normalised_windows(starts)
            return replace(windows, inputs=2.0 * windows.inputs)

    probe = switch_probe("plain", "float64")
    states = [
        result.state
        for result in check_forecaster(
            lambda p: Twice(p.config, p.features, p.series.targets), [probe], LEVELS[:9]
        )
    ]
    assert states.index("failed") == 1
    assert "failed" not in states[2:]
    assert "follows" in states[2:]


def test_float32_trajectories_are_shown_and_not_judged():
    probe = switch_probe("plain", "float32")
    results = list(check_forecaster(make, [probe], [BY_NAME["trajectory"], BY_NAME["gradients"]]))
    assert [result.state for result in results] == ["shown", "passed"]


def test_a_series_without_a_training_window_is_refused():
    short = SeriesSet(np.zeros((5, 1)), (0,), (5,))
    with pytest.raises(SeriesError, match="no training window"):
        probe_of("short", ForecasterConfig(look_back=4, horizon=3), short, ((0, 5),), ())


@pytest.mark.parametrize("shortest", [4, 6, 9])
def test_a_series_too_short_for_a_lag_or_without_known_rows_ahead_raises_no_alarm(shortest):
    values = np.sin(np.arange(30.0 + shortest))[:, None]
    known = np.cos(np.arange(30.0 + shortest))[:, None]
    series = SeriesSet(values, (0,), (30, shortest), known=known)
    settings = {"look_back": 4, "horizon": 3, "lags": (3, 6), "hidden_units": 3, "batch_size": 4}
    config = ForecasterConfig(**settings, epochs=1, precision="float64")
    probe = probe_of("short", config, series, ((0, 20), (0, shortest)), ((20, 30), (0, 0)))
    ((_, observation),) = observe(make, probe, [BY_NAME["forecast"]])
    assert len(observation.tensors["forecast"]) == (2 if shortest == 9 else 1)
    assert judge_level(probe, BY_NAME["forecast"], observation).state == "passed"


def test_few_windows_are_a_probe_too():
    series = SeriesSet(np.sin(np.arange(12.0))[:, None], (0,), (12,))
    config = ForecasterConfig(look_back=4, hidden_units=3, epochs=2, batch_size=64, precision="float64")
    for validation in (((9, 12),), ()):
        probe = probe_of("few", config, series, ((0, 9),), validation)
        assert 0 < len(probe.partial_batch) < len(probe.batch)
        assert {result.state for result in check_forecaster(make, [probe])} == {"passed"}


def test_the_reference_of_a_probe_has_its_weights():
    probe = switch_probe("plain", "float32")
    weights = make_reference(probe).weights()
    assert all(np.array_equal(weights[name], array) for name, array in probe.weights.items())


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize(
    ("level", "first_pass", "second_pass"),
    [
        ("prediction", "traced prediction", ("prediction", "prediction, asked again")),
        ("loss", "predictions", ("full batch", "partial batch", "mean over batches")),
    ],
)
def test_two_passes_through_an_ill_conditioned_network_may_each_round_on_its_own(
    level, first_pass, second_pass, precision
):
    # A constant column has a scale of sqrt(1e-5): its rounding reaches the network 300 times larger.
    values = wavy_series().values.copy()
    values[:, 1] = 20.0
    series = replace(wavy_series(), values=values)
    config = replace(switch_probe("standard normalisation", precision).config, dropout=0.0, loss="mse")
    probe = probe_of("a constant column", config, series, ((0, 45), (0, 30)), ((45, 60), (30, 41)))
    rounded = make(probe)
    generator = np.random.Generator(np.random.Philox(key=3))
    eps = np.finfo(precision).eps
    signs = generator.choice([-1.0, 1.0], values.shape)
    prepare(rounded, replace(probe, series=replace(series, values=values * (1.0 + eps * signs))))
    passes = BY_NAME[level].observe(rounded, probe)

    observation = answers(probe, level)
    tensors = dict(observation.tensors)
    for name in second_pass:
        tensors[name] = passes[name]
    result = judge_level(probe, BY_NAME[level], replace(observation, tensors=tensors))
    assert result.state == "passed"
    assert max(verdict.error_eps for verdict in result.verdicts) > 100

    for name in second_pass:
        off = observation.tensors[name] + 1000 * (passes[name] - observation.tensors[name])
        wrong = replace(observation, tensors={**observation.tensors, name: off})
        assert judge_level(probe, BY_NAME[level], wrong).state == "failed", name
