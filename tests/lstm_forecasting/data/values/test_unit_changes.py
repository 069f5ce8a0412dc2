import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.data.catalogue import data_sets, open_data
from lstm_forecasting.data.values.unit_changes import SCALES, find_level_changes, with_one_unit

from .test_counters import KINDS, series


def load(rows: int, seed: int = 0) -> np.ndarray:
    """An hourly load with a daily shape."""
    generator = np.random.default_rng(seed)
    return (3 + np.sin(np.arange(rows) / 24 * 2 * np.pi)) * generator.uniform(0.9, 1.1, rows)


def weights(rows: int, seed: int = 0) -> np.ndarray:
    return 80 + 0.2 * np.random.default_rng(seed).normal(size=rows).cumsum()


@given(
    st.sampled_from([1000.0, 0.001, 60.0, 100.0, 3600.0, 24.0, 1 / 60]),
    st.integers(0, 2**32 - 1),
    st.integers(300, 900),
)
def test_a_large_factor_is_found_with_its_row(factor: float, seed: int, at: int) -> None:
    values = load(1200, seed)
    values[at:] *= factor
    (change,) = find_level_changes(values)
    assert change.row == at
    assert change.factor == pytest.approx(factor, rel=1e-12)
    assert change.units
    assert change.after / change.before == pytest.approx(factor, rel=0.2)


def test_kilograms_after_pounds_are_told_from_a_diet() -> None:
    values = weights(400)
    values[250:] /= 2.20462
    (change,) = find_level_changes(values)
    assert (change.row, change.units) == (250, "kilograms and pounds")
    assert find_level_changes(weights(400) * np.linspace(1, 1 / 2.20462, 400)) == ()


@pytest.mark.parametrize("scale", SCALES, ids=SCALES.values())
def test_temperatures_of_another_scale_are_found_and_converted(scale: tuple[float, float]) -> None:
    factor, offset = scale
    celsius = 4 + 6 * np.sin(np.arange(600) / 24 * 2 * np.pi) + np.random.default_rng(0).normal(size=600)
    after = celsius if SCALES[scale].endswith("°C") else celsius * factor + offset
    before = (after - offset) / factor
    values = np.append(before[:350], after[350:])
    (change,) = find_level_changes(values)
    assert (change.row, change.factor, change.offset, change.units) == (350, *scale, SCALES[scale])
    converted, said = with_one_unit(values[:, np.newaxis], ["t"], "convert")
    np.testing.assert_allclose(converted[:, 0], after)
    assert said[0].evidence.startswith("The first 350 values of t are multiplied by ")
    assert said[0].evidence.endswith(" is added, as requested.")


def test_an_unknown_factor_is_told_if_it_is_large() -> None:
    values = load(600)
    values[300:] *= 7.7
    (change,) = find_level_changes(values)
    assert change.units == ""
    assert change.factor == pytest.approx(7.7, rel=0.05)


def test_a_part_in_another_unit_has_two_changes() -> None:
    values = load(900)
    values[300:600] *= 1000
    assert [(one.row, one.factor) for one in find_level_changes(values)] == [(300, 1000.0), (600, 0.001)]


def test_gaps_zeros_and_outliers_do_not_hide_a_change() -> None:
    values = load(900)
    values[450:] *= 1000
    values[::10] = 0.0
    values[3::17] = np.nan
    values[[20, 700]] = [5e4, 1.0]
    (change,) = find_level_changes(values)
    assert abs(change.row - 450) <= 1


@given(st.sampled_from(KINDS), st.integers(0, 2**32 - 1), st.integers(2, 600))
def test_series_without_a_change_have_none(kind: str, seed: int, rows: int) -> None:
    values = series(kind, seed, rows)
    if kind != "random walk above 0":  # Near 0, a step may be a thousandfold.
        assert find_level_changes(values) == ()
    assert find_level_changes(values + 100) == ()


def test_negative_values_have_no_factor() -> None:
    values = np.random.default_rng(0).normal(size=400)
    values[200:] *= 1000
    assert find_level_changes(values) == ()


def test_a_series_that_often_switches_between_levels_is_left_alone() -> None:
    switched = np.where(np.arange(2000) // 150 % 2 == 0, 1.0, 1000.0)
    assert find_level_changes(load(2000) * switched) == ()


@pytest.mark.parametrize("one", data_sets(), ids=lambda one: one.name)
def test_no_bundled_column_changes_its_unit(one) -> None:
    table = open_data(one.name, one.columns)
    assert [find_level_changes(column) for column in table.values.T] == [()] * len(table.columns)


def test_earlier_values_are_converted_to_the_last_unit_if_asked() -> None:
    values = load(900)
    changed = values.copy()
    changed[:300] *= 1000
    changed[300:600] *= 60
    kept, nothing = with_one_unit(changed[:, np.newaxis], ["load"], "keep")
    assert (kept[:, 0] == changed).all()
    assert nothing == ()
    converted, said = with_one_unit(changed[:, np.newaxis], ["load"], "convert")
    np.testing.assert_allclose(converted[300:, 0], values[300:])
    np.testing.assert_allclose(converted[:300, 0], values[:300], rtol=0.1)
    assert len(said) == 2
