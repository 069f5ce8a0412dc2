import dataclasses

import numpy as np
import pytest

from lstm_conformance.added_probes import ADDED, EVERY_ADDITION
from lstm_conformance.checks import make_reference
from lstm_conformance.levels import LEVELS
from lstm_conformance.probes import SWITCHES
from lstm_forecasting.crosscheck.bounded import LARGEST_BATCH, default_probe, own_probe
from lstm_forecasting.crosscheck.plan import plan_crosscheck
from lstm_plugins import ADDITIONS, ForecasterConfig
from lstm_plugins.errors import InputError

DRIFTING = {level.name for level in LEVELS if not level.judged_in_float32}


def names(check):
    return {(request.precision, request.probe.name) for request in check.requests}


def test_each_depth_asks_all_that_the_one_before_asks():
    quick, full, switches = (
        names(plan_crosscheck(["numpy"], depth=depth, precisions=["float64"]))
        for depth in ("quick", "full", "switches")
    )
    assert quick < full < switches
    assert {("float64", switch) for switch in SWITCHES} <= switches
    assert ("float64", "800 steps") in full


def test_float64_is_asked_everything_and_float32_no_training_that_it_would_not_judge():
    check = plan_crosscheck(["numpy"])
    by_precision = {request.precision: request.levels for request in check.requests}
    assert by_precision["float64"] == LEVELS
    assert {level.name for level in LEVELS} - {level.name for level in by_precision["float32"]} == DRIFTING


def test_one_pass_alone_asks_the_same_network_as_the_other():
    one, other = (
        plan_crosscheck(["numpy"], precisions=[precision]).requests for precision in ("float32", "float64")
    )
    assert [request.probe.name for request in one] == [request.probe.name for request in other]


def test_missing_values_are_asked_at_every_depth_on_a_network_that_is_compiled_already():
    for depth in ("quick", "full", "switches"):
        check = plan_crosscheck(["numpy"], depth=depth)
        assert check.requests_of("numpy") == check.requests
        missing = [one for one in check.requests if one.probe.additions == ("masks",)]
        assert {one.precision for one in missing} >= {"float64"}
        plain = {one.network for one in check.requests if not one.probe.additions}
        # Only indicators and the Huber loss without dropout have a network of their own.
        assert len({one.network for one in missing} - plain) <= (0 if depth == "quick" else 6)


def test_a_backend_gets_no_request_that_needs_what_it_lacks():
    check = plan_crosscheck(["numpy", "old"], additions={"numpy": ADDITIONS, "old": ()})
    assert check.requests_of("numpy") == check.requests
    assert {one.probe.additions for one in check.requests_of("old")} == {()}
    assert check.levels_of("old") < check.levels_of("numpy")
    assert check.level_count == check.levels_of("old") + check.levels_of("numpy")
    assert (check.lacking("numpy"), check.lacking("old")) == ((), ADDITIONS)


def test_every_addition_is_asked_at_every_depth_and_each_alone_at_the_deepest():
    for depth in ("quick", "full"):
        added = [
            one.probe
            for one in plan_crosscheck(["a"], depth=depth).requests
            if one.probe.series.known is not None
        ]
        assert {probe.name for probe in added} == {EVERY_ADDITION}
        assert {probe.additions for probe in added} == {ADDITIONS}
    switches = names(plan_crosscheck(["a"], depth="switches"))
    assert {(precision, name) for precision in ("float64", "float32") for name in ADDED} <= switches


def test_every_level_is_reached_at_every_depth():
    for depth in ("quick", "full", "switches"):
        levels = {
            level for request in plan_crosscheck(["a"], depth=depth).requests for level in request.levels
        }
        assert levels == set(LEVELS)


def test_the_default_probe_is_the_default_config_on_few_windows():
    probe, config = default_probe("float32"), ForecasterConfig()
    network = (
        "look_back",
        "horizon",
        "hidden_units",
        "layers",
        "attention",
        "normalisation",
        "loss",
        "patch",
    )
    assert {name: getattr(probe.config, name) for name in network} == {
        name: getattr(config, name) for name in network
    }
    assert len(probe.batch) == LARGEST_BATCH
    assert 0 < len(probe.partial_batch) < LARGEST_BATCH


def test_own_data_keeps_the_shapes_of_the_network_and_is_scaled(make_experiment):
    experiment = make_experiment("numpy", look_back=9, hidden_units=6, batch_size=4, epochs=50, dropout=0.3)
    probe = own_probe(experiment, "float64")
    assert (probe.config.look_back, probe.config.hidden_units, probe.config.batch_size) == (9, 6, 4)
    assert probe.config.dropout == 0.3
    assert probe.config.epochs <= 2
    assert probe.config.precision == "float64"
    assert (len(probe.batch), len(probe.partial_batch)) == (4, 2)
    assert probe.series.values.shape[0] < 40
    stop = experiment.split.train.stop
    scaled = experiment.scaler.transform(experiment.table.values)
    row = probe.training[0][1]
    assert (probe.series.values[row] == scaled[stop]).all()
    assert (probe.series.values[0] == scaled[stop - row]).all()


@pytest.mark.parametrize("windows", [2, 3, 4, 70])
def test_few_windows_still_make_a_full_and_a_partial_batch(make_experiment, windows):
    training = 168
    experiment = make_experiment("numpy", look_back=training - windows - 2, horizon=3, batch_size=64)
    assert len(experiment.split.train) == training
    probe = own_probe(experiment, "float32")
    assert 0 < len(probe.partial_batch) <= len(probe.batch) == probe.config.batch_size


@pytest.fixture
def holed(make_experiment):
    """Makes an experiment in which rows of both columns are missing, and the network knows where."""

    def make(*rows, **settings):
        experiment = make_experiment("numpy", **settings)
        filled = np.zeros(experiment.table.values.shape, dtype=bool)
        for first, end in rows:
            filled[first:end] = True
        table = dataclasses.replace(experiment.table, filled=filled)
        return dataclasses.replace(experiment, table=table, indicators=("sales",))

    return make


def test_the_own_probe_has_whole_batches_of_observed_windows_in_spite_of_outages(holed):
    experiment = holed((120, 160), (168, 180), batch_size=16)
    assert len(experiment.split.train) == 168
    probe = own_probe(experiment, "float64")
    reference = make_reference(probe)
    assert (len(probe.batch), probe.indicators, probe.additions) == (16, 1, ("masks",))
    assert 0 < len(probe.partial_batch) < 16
    training = reference.window_starts(probe.training, probe.config.stride)
    assert len(training) == len(probe.starts)
    assert reference.raw_windows(training).observed.any(axis=(1, 2)).all()
    # The 11 rows after the first observed one of the validation part, three at a time.
    assert len(reference.evaluated_starts(probe.validation)) == 9


def test_the_own_probe_keeps_lags_and_leaves_out_windows_that_training_leaves_out(make_experiment):
    settings = {"lags": (7, 30), "normalisation": "standard", "loss_scale": "window", "linear": "ridge"}
    experiment = make_experiment("numpy", look_back=7, batch_size=4, windows_per_epoch=6, **settings)
    values = experiment.table.values.copy()
    values[150:160] = values[150]
    table = dataclasses.replace(experiment.table, values=values)
    probe = own_probe(dataclasses.replace(experiment, table=table), "float64")
    reference = make_reference(probe)
    assert probe.additions == ("known columns", "linear part", "loss scale")
    every = reference.window_starts(probe.training, probe.config.stride)
    # The windows that start at rows 150 to 153 are constant.
    assert len(every) - len(reference.training_starts(probe.training)) == 4
    starts = reference.training_starts(probe.training)
    assert len(starts) == len(probe.starts)
    # The longest lag of the first window is the first row.
    assert starts[0] + 7 - 30 == 0
    assert len(reference.epoch_starts(starts, 0)) == 6


def test_an_outage_through_all_of_the_training_rows_is_told(holed):
    with pytest.raises(InputError, match=r"two training windows, but look_back 7, .* leave 1 in 168"):
        own_probe(holed((0, 167)), "float64")


def test_one_window_is_not_enough(make_experiment):
    experiment = make_experiment("numpy", look_back=165, horizon=3)
    with pytest.raises(InputError, match="two training windows"):
        plan_crosscheck(["numpy"], experiment=experiment)


def test_own_data_comes_first_and_is_asked_in_both_passes(make_experiment):
    check = plan_crosscheck(["numpy"], experiment=make_experiment("numpy"))
    assert check.series == "shop"
    assert check.requests[0].probe.name == "own data"
    assert {("float64", "own data"), ("float32", "own data")} <= names(check)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"backends": []}, "at least one backend"),
        ({"backends": ["numpy"], "depth": "deep"}, "'deep'"),
        ({"backends": ["numpy"], "precisions": ["float16"]}, "float16"),
        ({"backends": ["numpy"], "precisions": []}, "precision"),
        ({"backends": ["numpy"], "threads": 0}, "threads"),
    ],
)
def test_what_cannot_be_asked_is_said(arguments, named):
    with pytest.raises(InputError, match=named):
        plan_crosscheck(**arguments)
