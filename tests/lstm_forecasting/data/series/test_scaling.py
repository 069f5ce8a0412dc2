import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lstm_forecasting.data.series.scaling import fit_scaler
from lstm_forecasting.data.series.splits import RowRange

VALUES = np.array([[1.0, 10.0, 0.1], [2.0, 20.0, 0.1], [4.0, 60.0, 0.1], [1000.0, -5.0, 7.0]])
NAMES = ("a", "b", "c")


def test_fixed_values_of_the_training_rows_alone() -> None:
    scaler = fit_scaler(VALUES, NAMES, RowRange(0, 3))
    np.testing.assert_allclose(scaler.mean, [7 / 3, 30.0, 0.1], rtol=1e-15)
    np.testing.assert_allclose(scaler.deviation, [np.sqrt(14) / 3, np.sqrt(1400 / 3), 1.0], rtol=1e-15)
    expected = [2993 / np.sqrt(14), -35 / np.sqrt(1400 / 3), 6.9]
    np.testing.assert_allclose(scaler.transform(VALUES)[3], expected, rtol=1e-14)


@pytest.mark.parametrize("constant", [0.0, 0.1, 1e-300, -123.456, 1e15 + 0.3])
def test_a_constant_column_has_deviation_1_and_becomes_exactly_0(constant: float) -> None:
    scaler = fit_scaler(np.full((7, 1), constant), ("a",), RowRange(0, 7))
    assert scaler.deviation[0] == 1.0
    assert (scaler.transform(np.full((2, 1), constant)) == 0.0).all()


def test_none_changes_nothing() -> None:
    scaler = fit_scaler(VALUES, NAMES, RowRange(0, 3), "none")
    assert (scaler.transform(VALUES) == VALUES).all()
    assert (scaler.inverse(VALUES[..., 1:2], [1]) == VALUES[..., 1:2]).all()


@given(
    values=arrays(np.float64, (12, 3), elements=st.floats(-1e6, 1e6, allow_subnormal=False)),
    columns=st.lists(st.integers(0, 2), min_size=1, max_size=3, unique=True),
)
def test_inverse_undoes_transform_for_any_choice_of_columns(values: np.ndarray, columns: list[int]) -> None:
    scaler = fit_scaler(values, NAMES, RowRange(0, 9))
    scaled = scaler.transform(values)[:, columns].reshape(3, 4, len(columns))
    original = values[:, columns].reshape(3, 4, len(columns))
    np.testing.assert_allclose(scaler.inverse(scaled, columns), original, rtol=1e-12, atol=1e-8)


@given(values=arrays(np.float64, (20, 2), elements=st.integers(-1000, 1000).map(float)))
def test_scaled_training_rows_have_mean_0_and_population_deviation_1(values: np.ndarray) -> None:
    scaled = fit_scaler(values, ("a", "b"), RowRange(0, 15)).transform(values[:15])
    np.testing.assert_allclose(scaled.mean(axis=0), 0.0, atol=1e-12)
    for column in range(2):
        spread = np.ptp(values[:15, column]) > 0
        assert scaled[:, column].std() == pytest.approx(1.0 if spread else 0.0)


def test_float32_input_is_scaled_in_float64() -> None:
    scaler = fit_scaler(VALUES, NAMES, RowRange(0, 3))
    assert scaler.transform(VALUES.astype(np.float32)).dtype == np.float64
    assert scaler.inverse(np.zeros((2, 1), dtype=np.float32), [0]).dtype == np.float64


def test_the_fitted_numbers_cannot_be_changed() -> None:
    scaler = fit_scaler(VALUES, NAMES, RowRange(0, 3))
    with pytest.raises(ValueError, match="read-only"):
        scaler.mean[0] = 0.0


def test_wrong_calls_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one training row"):
        fit_scaler(VALUES, NAMES, RowRange(2, 2))
    with pytest.raises(ValueError, match="do not match"):
        fit_scaler(VALUES, ("a",), RowRange(0, 3))


def test_filled_values_count_in_no_statistic() -> None:
    values = np.array([[1.0, 5.0], [1e9, 5.0], [3.0, -1e9], [5.0, 5.0], [7.0, 7.0]])
    observed = np.array([[1, 1], [0, 1], [1, 0], [1, 1], [1, 1]], dtype=bool)
    scaler = fit_scaler(values, ("a", "b"), RowRange(0, 4), observed=observed)
    np.testing.assert_allclose(scaler.mean, [3.0, 5.0], rtol=1e-15)
    # The second column is constant where it was observed.
    np.testing.assert_allclose(scaler.deviation, [np.sqrt(8 / 3), 1.0], rtol=1e-15)


def test_a_mask_of_ones_changes_no_bit() -> None:
    values = np.random.default_rng(0).normal(size=(50, 3))
    one, other = (
        fit_scaler(values, NAMES, RowRange(0, 40), observed=observed)
        for observed in (None, np.ones(values.shape, dtype=bool))
    )
    assert (one.mean == other.mean).all()
    assert (one.deviation == other.deviation).all()
