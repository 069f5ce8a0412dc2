from __future__ import annotations

import functools
import math
from itertools import islice, pairwise

import numpy as np
import pytest

from lstm_backends.tensorflow.training import gradient_config
from lstm_plugins import Epoch, Finished, ForecasterConfig, NotFiniteError, SeriesError, TrainingStep

seldom = functools.partial(pytest.param, marks=pytest.mark.exhaustive)

TRAINING, VALIDATION = ((0, 22), (0, 30)), ((22, 31), (30, 40))
RATES = np.array([0.01, 0.003, 0.02, 0.01])


def test_predictions_losses_and_gradients_agree_with_the_reference(pair_of, compiled):
    """A full batch, a smaller one and one with dropout, through what `fit` compiles."""
    pair = pair_of(**compiled)
    steps = {"full": (5, None), "partial": (3, None), "in training": (4, TrainingStep(3, 8))}

    def compute(forecaster):
        tensors = {"prediction": forecaster.predict(pair.starts)}
        tensors["mean loss"] = forecaster.mean_loss(pair.starts)
        for label, (count, step) in steps.items():
            loss, gradients = forecaster.loss_and_gradients(pair.starts[:count], step)
            tensors[f"{label} loss"] = loss
            tensors |= {f"{label} {name}": array for name, array in gradients.items()}
        return tensors

    pair.hold(compute)


@pytest.mark.parametrize("name", [seldom("plain"), "rich", seldom("quantiles"), "double precision by XLA"])
def test_updates_in_a_row_agree_with_the_reference(pair_of, combinations, name):
    """In float64: AdamW's first steps make large changes of what rounding left in small gradients."""
    pair = pair_of(**combinations[name])
    results = [
        forecaster.train_batches(pair.starts[:18], RATES, TrainingStep(2, 4))
        for forecaster in (pair.tensorflow, pair.reference)
    ]
    np.testing.assert_allclose(results[0].losses, results[1].losses, rtol=1e-11)
    np.testing.assert_allclose(results[0].norms, results[1].norms, rtol=1e-11)
    ours, reference = pair.tensorflow.optimizer_state(), pair.reference.optimizer_state()
    assert ours.step == reference.step == 4
    for one, other in (
        (pair.tensorflow.weights(), pair.reference.weights()),
        (ours.first, reference.first),
        (ours.second, reference.second),
    ):
        assert list(one) == list(other)
        for name, array in other.items():
            np.testing.assert_allclose(one[name], array, rtol=0, atol=1e-10 * np.abs(array).max())


def test_updates_are_gradient_clip_and_update_one_after_the_other(pair_of, compiled):
    """What is compiled into one function is what the checks of single steps look at."""
    together, apart = pair_of(**compiled), pair_of(**compiled).tensorflow
    results = together.tensorflow.train_batches(together.starts[:13], RATES[:3], TrainingStep(1, 6))
    close = 1e-4 if together.config.precision == "float32" else 1e-11
    for n in range(3):
        batch = together.starts[:13][5 * n : 5 * n + 5]
        loss, gradients = apart.loss_and_gradients(batch, TrainingStep(1, 6 + n))
        clipped, norm = apart.clip(gradients)
        apart.update(clipped, RATES[n])
        assert (loss, norm) == pytest.approx((results.losses[n], results.norms[n]), rel=close)
    if together.config.precision == "float64":
        for name, array in apart.weights().items():
            np.testing.assert_allclose(together.tensorflow.weights()[name], array, rtol=0, atol=1e-11)


def test_how_batches_are_cut_into_calls_changes_no_bit(pair_of, compiled):
    ends = []
    for cuts in ((0, 4), (0, 1, 4), (0, 1, 2, 3, 4)):
        pair = pair_of(**compiled)
        losses, norms = [], []
        for begin, end in pairwise(cuts):
            results = pair.tensorflow.train_batches(
                pair.starts[:18][5 * begin : 5 * end], RATES[begin:end], TrainingStep(0, begin)
            )
            losses += results.losses.tolist()
            norms += results.norms.tolist()
        ends.append((losses, norms, pair.tensorflow.weights()))
    for losses, norms, weights in ends[1:]:
        assert (losses, norms) == ends[0][:2]
        for name, array in weights.items():
            np.testing.assert_array_equal(array, ends[0][2][name])


@pytest.mark.parametrize("schedule", [{}, {"schedule": "cosine", "warmup": 7}], ids=["constant", "cosine"])
@pytest.mark.parametrize("name", [seldom("plain"), "rich"])
def test_a_short_fit_ends_where_the_reference_ends(pair_of, combinations, name, schedule):
    pair = pair_of(**combinations[name], **schedule, learning_rate=0.01, epochs=10, patience=0)
    ours, reference = (
        list(forecaster.fit(TRAINING, VALIDATION)) for forecaster in (pair.tensorflow, pair.reference)
    )
    epochs, expected = ([r for r in records if isinstance(r, Epoch)] for records in (ours, reference))
    assert len(epochs) == len(expected) == 10
    assert pair.tensorflow.training_state.optimizer.step == 80
    for one, other in zip(epochs, expected, strict=True):
        allowed = 1e-10 * max(other.training_loss, expected[0].training_loss)
        assert one.training_loss == pytest.approx(other.training_loss, rel=0, abs=allowed)
        assert one.validation_loss == pytest.approx(other.validation_loss, rel=0, abs=allowed)
        assert (one.best, one.learning_rate) == (other.best, other.learning_rate)
    assert ours[-1] == reference[-1]
    assert isinstance(ours[-1], Finished)
    deviation = pair.series.values[:, [2, 0]].std()
    prediction = pair.reference.predict(pair.starts)
    np.testing.assert_allclose(
        pair.tensorflow.predict(pair.starts), prediction, rtol=0, atol=1e-9 * deviation
    )


def test_a_resumed_fit_has_the_bits_of_an_uninterrupted_one(pair_of, combinations):
    settings = combinations["single precision"]
    whole, first, second = (pair_of(**settings, epochs=4).tensorflow for _ in range(3))
    list(whole.fit(TRAINING, VALIDATION))
    two_epochs = (record for record in first.fit(TRAINING, VALIDATION) if isinstance(record, Epoch))
    list(islice(two_epochs, 2))
    list(second.fit(TRAINING, VALIDATION, first.training_state))
    for name, array in whole.weights().items():
        np.testing.assert_array_equal(array, second.weights()[name])


def test_a_fit_that_leaves_the_finite_numbers_says_where(pair_of):
    pair = pair_of(learning_rate=1e200, epochs=3)
    with pytest.raises(NotFiniteError, match="epoch 1, step"):
        list(pair.tensorflow.fit(TRAINING, VALIDATION))
    assert all(np.isfinite(array).all() for array in pair.tensorflow.weights().values())


@pytest.mark.exhaustive
def test_a_batch_larger_than_the_configs_has_gradients_too(pair_of):
    pair = pair_of()
    pair.hold(lambda forecaster: forecaster.loss_and_gradients(pair.starts[:11])[1])


def test_predictions_do_not_depend_on_how_many_are_asked_for(pair_of):
    pair = pair_of()
    many = np.resize(pair.starts, 600)
    prediction = pair.tensorflow.predict(many)
    assert prediction.shape == (600, 2, 2, 1)
    for count in (0, 1, 256, 257):
        np.testing.assert_array_equal(pair.tensorflow.predict(many[:count]), prediction[:count])
    assert pair.tensorflow.mean_loss(many) == pytest.approx(pair.reference.mean_loss(many), rel=1e-13)


def test_no_windows_have_no_mean_loss(pair_of):
    with pytest.raises(SeriesError, match="at least one window"):
        pair_of().tensorflow.mean_loss(np.empty(0, np.int64))


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"batch_size": 300_000},
        {"dropout": 0.5, "layers": 3, "bidirectional": True, "hidden_units": 256, "look_back": 168},
    ],
)
def test_calls_stay_small(pair_of, settings):
    """Starts and dropout masks of a call, both sent for its whole capacity, take at most 64 MB."""
    config = ForecasterConfig(**settings)
    forecaster = type(pair_of().tensorflow)(config, 1, (0,))
    mask_numbers = config.batch_size * (2 * config.steps * config.hidden_width + config.head_input_width)
    sent = 8 * config.batch_size + 4 * mask_numbers * math.ceil(config.dropout)
    assert forecaster.batches_per_call == 1 or forecaster.batches_per_call * sent <= 64e6


def test_compiled_functions_are_shared_between_configs_that_compute_the_same():
    config = ForecasterConfig()
    for same in ({"windows_per_epoch": 9}, {"season": 3}, {"learning_rate": 0.1}, {"dropout": 0.5}):
        assert gradient_config(ForecasterConfig(**same)) == gradient_config(config)
    seasonal = {"normalisation": "seasonal", "season": 3}
    for other in (seasonal, {"lags": (4,)}, {"linear": "ridge"}, {"loss_scale": "window"}):
        assert gradient_config(ForecasterConfig(**other)) != gradient_config(config)
    assert gradient_config(ForecasterConfig(**seasonal)).season == 3
