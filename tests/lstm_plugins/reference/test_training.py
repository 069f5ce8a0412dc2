"""The plain fit against the contract's own, bit for bit, and resuming."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from lstm_plugins import Epoch, Finished, NotFiniteError, SeriesError, SeriesSet
from lstm_plugins.randomness import epoch_order
from lstm_plugins.reference import ReferenceForecaster, Steps, fit_plainly

TRAINING = ((0, 20), (0, 22))
VALIDATION = ((20, 25), (22, 35))

FITS = {
    "constant": {},
    "sgd": {"optimizer": "sgd", "learning_rate": 0.05},
    "cosine": {"schedule": "cosine", "warmup": 4},
    "warm-up longer than the fit": {"schedule": "cosine", "warmup": 1000},
    "plateau": {"schedule": "plateau", "plateau": 1, "learning_rate": 0.2, "epochs": 12, "patience": 0},
    "patience": {"patience": 2, "learning_rate": 0.3, "epochs": 30},
    "dropout": {"dropout": 0.3, "layers": 2},
    "decay and stride": {"weight_decay": 0.05, "stride": 3},
    "everything in one batch": {"batch_size": 1000},
    "float32": {"precision": "float32", "dropout": 0.2},
    "windows per epoch": {"windows_per_epoch": 13, "schedule": "cosine", "warmup": 2},
    "errors in the window": {"normalisation": "standard", "loss_scale": "window"},
    "linear part": {"linear": "ridge", "normalisation": "standard", "lags": (3, 7)},
    "linear part, patience": {"linear": "ridge", "patience": 2, "learning_rate": 0.3, "epochs": 30},
    "linear part, plateau": {
        "linear": "ridge",
        "schedule": "plateau",
        "plateau": 1,
        "learning_rate": 0.2,
        "patience": 0,
    },
}


def same(first, second):
    return list(first) == list(second) and all(np.array_equal(first[name], second[name]) for name in first)


def epochs_of(records):
    return [record for record in records if isinstance(record, Epoch | Finished)]


@pytest.mark.parametrize(
    "validation", [VALIDATION, (), ((0, 0), (0, 0))], ids=["validation", "none", "empty"]
)
@pytest.mark.parametrize("settings", FITS.values(), ids=FITS.keys())
def test_both_fits_have_the_same_bits(make, settings, validation):
    settings = {"epochs": 4, "learning_rate": 0.02} | settings
    chunked, plain = make(**settings), make(**settings)
    assert epochs_of(chunked.fit(TRAINING, validation)) == list(
        fit_plainly(plain, TRAINING, validation, Steps())
    )
    assert same(chunked.weights(), plain.weights())
    # The optimizer of the plain fit is that of the last epoch, which both have run.
    assert same(chunked.optimizer_state().first, plain.optimizer_state().first)


@pytest.mark.parametrize("settings", FITS.values(), ids=FITS.keys())
def test_both_fits_have_the_same_bits_where_values_are_missing(make, settings):
    settings = {"epochs": 4, "learning_rate": 0.02} | settings
    chunked, plain = masked(make, **settings), masked(make, **settings)
    records = epochs_of(chunked.fit(TRAINING, VALIDATION))
    assert records == list(fit_plainly(plain, TRAINING, VALIDATION, Steps()))
    assert same(chunked.weights(), plain.weights())
    # The mask matters.
    assert records[0] != epochs_of(make(**settings).fit(TRAINING, VALIDATION))[0]


def masked(make, **settings) -> ReferenceForecaster:
    """The forecaster with half of the target values missing, scattered and in an outage."""
    forecaster = make(**settings)
    observed = np.random.default_rng(5).random((60, 2)) < 0.5
    observed[8:18] = observed[48:52] = False
    forecaster.load_series(SeriesSet(forecaster._loaded().values, (1, 0), (25, 35), observed))
    return forecaster


def test_an_epochs_loss_is_the_mean_over_all_observed_values(make):
    """At a learning rate that changes nothing, so that every batch has the same weights."""
    forecaster = masked(make, learning_rate=1e-300, epochs=1)
    starts = forecaster.window_starts(TRAINING, 1)
    _, targets, observed = forecaster.raw_windows(starts)
    errors = (forecaster.predict(starts)[..., 0] - targets)[observed]
    (epoch, _) = epochs_of(forecaster.fit(TRAINING, VALIDATION))
    assert epoch.training_loss == pytest.approx(np.mean(errors**2), rel=1e-12)
    assert forecaster.mean_loss(starts) == pytest.approx(np.mean(errors**2), rel=1e-12)
    validated = forecaster.window_starts(VALIDATION, 1, evaluated=True)
    assert 0 < len(validated) < len(forecaster.window_starts(VALIDATION, 1))
    assert epoch.validation_loss == pytest.approx(forecaster.mean_loss(validated), rel=1e-12)


def test_a_part_without_an_observed_target_is_told(make):
    forecaster = make()
    observed = np.zeros((60, 2), np.bool_)
    observed[30:] = True
    forecaster.load_series(SeriesSet(forecaster._loaded().values, (1, 0), (25, 35), observed))
    with pytest.raises(SeriesError, match="horizon 2 with an observed target value; lower them"):
        list(forecaster.fit(((0, 20), (0, 0)), ()))


def test_the_schedules_do_what_they_are_for(make):
    """Otherwise the comparison above would compare fits in which nothing happens."""
    plateau = epochs_of(make(**FITS["plateau"]).fit(TRAINING, VALIDATION))
    assert len({record.learning_rate for record in plateau[:-1]}) > 2
    patience = epochs_of(make(**FITS["patience"]).fit(TRAINING, VALIDATION))
    assert patience[-1].reason == "patience"
    assert patience[-1].best_epoch == patience[-1].epochs - 3
    assert patience[patience[-1].best_epoch].best
    cosine = epochs_of(make(**FITS["cosine"], epochs=3).fit(TRAINING, VALIDATION))
    assert cosine[-2].learning_rate == 0.0


@pytest.mark.parametrize("settings", FITS.values(), ids=FITS.keys())
def test_resuming_after_any_epoch_gives_the_bits_of_an_uninterrupted_fit(make, settings):
    settings = {"epochs": 5, "learning_rate": 0.02} | settings
    whole = make(**settings)
    records = epochs_of(whole.fit(TRAINING, VALIDATION))
    for stop in (1, 3):
        first = make(**settings)
        running = first.fit(TRAINING, VALIDATION)
        seen = list(itertools.islice((record for record in running if isinstance(record, Epoch)), stop))
        running.close()
        second = make(**settings)
        assert seen + epochs_of(second.fit(TRAINING, VALIDATION, first.training_state)) == records
        assert same(second.weights(), whole.weights())
        assert same(second.optimizer_state().first, whole.optimizer_state().first)
        assert second.training_state.epochs_without_gain == whole.training_state.epochs_without_gain


def test_stopping_inside_an_epoch_gives_the_state_after_the_last_complete_one(make):
    forecaster = make(epochs=5)
    running = forecaster.fit(TRAINING, VALIDATION)
    while not isinstance(next(running), Epoch):
        pass
    after_epoch = forecaster.training_state
    next(running)
    assert not same(forecaster.weights(), after_epoch.weights)
    running.close()
    assert forecaster.training_state is after_epoch
    assert after_epoch.epoch == 1
    assert same(forecaster.weights(), after_epoch.best_weights)
    assert same(forecaster.optimizer_state().second, after_epoch.optimizer.second)


def test_no_training_window_is_an_error(make):
    for fit in (
        lambda f: f.fit(((0, 7), (0, 0)), ()),
        lambda f: fit_plainly(f, ((0, 7), (0, 0)), (), Steps()),
    ):
        with pytest.raises(SeriesError, match=r"no (training )?window"):
            list(fit(make()))


def exploding(make, **settings) -> ReferenceForecaster:
    """A series whose last training rows overflow float32 once squared; windows in order reach them late."""
    forecaster = make(precision="float32", normalisation="none", **settings)
    rows = np.ones((60, 2))
    rows[57:] = 1e30
    forecaster.load_series(SeriesSet(rows, (1, 0), (60,)))
    return forecaster


@pytest.mark.parametrize("plain", [True, False], ids=["plain", "chunked"])
def test_a_loss_that_is_not_finite_names_epoch_and_step_and_keeps_the_weights(make, plain):
    forecaster = exploding(make, epochs=3)
    start = forecaster.weights()
    with pytest.raises(NotFiniteError) as raised:
        list(fit_plainly(forecaster, ((0, 60),), (), Steps()) if plain else forecaster.fit(((0, 60),), ()))
    # The first batch that holds a window with a target of 1e30.
    order = epoch_order(forecaster.config.seed, 0, 53)
    assert (raised.value.quantity, raised.value.epoch) == ("loss", 0)
    assert raised.value.step == int(np.argmax(order > 57 - 8)) // 5
    if not plain:
        assert same(forecaster.weights(), start)


def test_a_validation_loss_that_is_not_finite_ends_the_fit_with_the_last_good_weights(make):
    forecaster = exploding(make, epochs=3)
    start = forecaster.weights()
    with pytest.raises(NotFiniteError, match="validation"):
        list(forecaster.fit(((0, 57),), ((57, 60),)))
    assert same(forecaster.weights(), start)


def test_the_first_step_that_is_not_finite_is_the_one_that_is_named(make):
    """A norm that overflows before any loss does."""

    def huge_norm(config, gradients):
        return gradients, float("inf")

    forecaster = make(steps=Steps(clip=huge_norm))
    with pytest.raises(NotFiniteError) as raised:
        list(forecaster.fit(TRAINING, VALIDATION))
    assert (raised.value.quantity, raised.value.epoch, raised.value.step) == ("gradient norm", 0, 0)
