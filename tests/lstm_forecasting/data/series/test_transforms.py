import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lstm_forecasting.data.options import ReadOptions
from lstm_forecasting.data.reading import read_table
from lstm_forecasting.data.series.scaling import fit_scaler
from lstm_forecasting.data.series.splits import RowRange
from lstm_forecasting.data.series.transforms import (
    Transform,
    fit_asinh,
    fit_logarithm,
    fit_transforms,
    transforms_in_words,
)
from lstm_plugins import OptionError

NAN = float("nan")


@pytest.fixture
def read(tmp_path):
    def opened(values, transform, inputs=None):
        """A daily table with the target y, and the input x if it has values; "" is a missing value."""
        inputs = inputs or [1] * len(values)
        days = np.datetime64("2024-01-01") + np.arange(len(values))
        lines = [f"{day},{y},{x}" for day, y, x in zip(days, values, inputs, strict=True)]
        path = tmp_path / "shop.csv"
        path.write_text("\n".join(["day,y,x", *lines]) + "\n", encoding="utf-8")
        return read_table(path, ["y"], ["x"], ReadOptions(transform=transform))

    return opened


def test_the_logarithm_raises_smaller_values_to_the_smallest_positive_training_value() -> None:
    transform = fit_logarithm(np.array([8.0, NAN, 2.0, 4.0]))
    assert transform == Transform("log", least=2.0)
    np.testing.assert_allclose(transform.apply(np.array([4.0, 1.0, 0.0, -3.0])), np.log([4.0, 2.0, 2.0, 2.0]))


def test_with_zeros_it_is_log_of_one_plus_x() -> None:
    transform = fit_logarithm(np.array([0.0, NAN, 3.0]))
    np.testing.assert_allclose(transform.apply(np.array([0.0, 3.0, -5.0])), [0.0, np.log(4.0), 0.0])
    np.testing.assert_allclose(transform.undo(np.log([1.0, 4.0])), [0.0, 3.0], atol=1e-15)


def test_asinh_has_the_median_and_the_scaled_deviation_of_observed_values() -> None:
    transform = fit_asinh(np.array([1.0, 2.0, 4.0, 8.0, 100.0, NAN]))
    # The median is 4, and the absolute deviations are 3, 2, 0, 4, 96.
    assert transform == Transform("asinh", centre=4.0, scale=1.4826 * 3.0)
    assert transform.apply(np.array([4.0]))[0] == 0.0
    assert fit_asinh(np.full(9, 7.0)).scale == 1.0


@given(
    values=arrays(np.float64, 30, elements=st.floats(0.0, 1e9, allow_subnormal=False)),
    kind=st.sampled_from(["log", "asinh"]),
    shift=st.floats(-1e6, 1e6),
)
def test_undoing_gives_the_values_back(values: np.ndarray, kind: str, shift: float) -> None:
    values = values if kind == "log" else values + shift
    transform = fit_logarithm(values) if kind == "log" else fit_asinh(values)
    size = np.abs(values).max() + abs(transform.centre)
    np.testing.assert_allclose(transform.undo(transform.apply(values)), values, rtol=1e-9, atol=1e-12 * size)


@given(
    values=arrays(np.float64, 12, elements=st.floats(0.5, 1e4)),
    forecasts=arrays(np.float64, (3, 2), elements=st.floats(-50, 50)),
    kind=st.sampled_from(["log", "asinh"]),
)
def test_quantiles_keep_their_order(values: np.ndarray, forecasts: np.ndarray, kind: str) -> None:
    transform = fit_logarithm(values) if kind == "log" else fit_asinh(values)
    scaler = fit_scaler(values[:, np.newaxis], ["y"], RowRange(0, 12), transforms=(transform,))
    rising = np.sort(forecasts, axis=-1)[:, np.newaxis, :]
    quantiles = scaler.inverse_quantiles(rising, (0,))
    assert quantiles.shape == (3, 1, 2)
    assert (np.diff(quantiles, axis=-1) >= 0).all()


@pytest.mark.parametrize(
    "transform", [Transform("log", least=1.0), Transform("log1p", least=0.0), Transform("asinh")]
)
def test_forecasts_of_a_diverged_network_stay_numbers(transform: Transform) -> None:
    assert np.isfinite(transform.undo(np.array([1e6, -1e6]))).all()


def test_targets_are_transformed_then_scaled_and_inputs_only_scaled(read) -> None:
    table = read([1, 10, 100, 5], "log", inputs=[3, 5, 7, 9])
    training = RowRange(0, 3)
    transforms = fit_transforms(table, training)
    scaler = fit_scaler(table.values, table.columns, training, transforms=transforms)
    np.testing.assert_allclose(scaler.mean, [np.log(10.0), 5.0])
    np.testing.assert_allclose(scaler.transform(table.values)[1], [0.0, 0.0], atol=1e-15)
    np.testing.assert_allclose(scaler.inverse(scaler.transform(table.values), (0, 1)), table.values)
    np.testing.assert_allclose(scaler.inverse([[1.0, 0.0]], (1, 0)), [[5.0 + np.sqrt(8 / 3), 10.0]])


def test_missing_and_later_values_do_not_count(read) -> None:
    table = read([4, "", 2, 8, 0, -7], "log")
    assert fit_transforms(table, RowRange(0, 4)) == (Transform("log", least=2.0),)
    assert fit_transforms(table, RowRange(0, 5)) == (Transform("log1p", least=0.0),)


def test_no_transform_is_empty(read) -> None:
    assert fit_transforms(read([1, 2, 3], "none"), RowRange(0, 2)) == ()


def test_the_logarithm_of_negative_training_values_is_refused(read) -> None:
    with pytest.raises(OptionError) as caught:
        fit_transforms(read([4, 2, -7.5, 1], "log"), RowRange(0, 4))
    assert caught.value.message == (
        "log needs values of at least 0, but y is -7.5 at 2024-01-03; choose asinh or none"
    )


def test_the_plan_says_what_is_learned(read) -> None:
    assert transforms_in_words(read([1, 2], "log"), (Transform("log", least=1.0),)) == (
        "The LSTM learns the logarithm of y; forecasts are converted back.",
    )
    assert transforms_in_words(read([1, 2], "none"), ()) == ()
