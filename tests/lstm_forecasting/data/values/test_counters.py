import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.data.values.counters import WRAPS, changes_of_counters, find_counter
from lstm_plugins.errors import InputError


def readings(used: np.ndarray, wraps: float, begins: float = 0.0) -> np.ndarray:
    return (begins + np.append(0.0, np.cumsum(used))) % wraps


@given(st.integers(0, 2**32 - 1), st.sampled_from([wrap for wrap in WRAPS if wrap < 1e7]))
def test_changes_are_exact_wherever_a_counter_wraps(seed: int, wraps: float) -> None:
    used = np.random.default_rng(seed).gamma(2.0, wraps / 300, 400)
    counted = readings(used, wraps)
    assert find_counter(counted) is not None
    (changes, said) = changes_of_counters(counted[:, np.newaxis], ["kwh"], "counter")
    assert np.isnan(changes[0, 0])
    np.testing.assert_allclose(changes[1:, 0], used, atol=1e-9 * wraps)
    assert said[0].evidence.startswith(
        "kwh is a counter and is replaced by its changes from row to row, as requested"
    )


def test_a_reset_to_0_leaves_one_change_unknown() -> None:
    used = np.random.default_rng(0).gamma(2.0, 1.0, 300)
    counted = np.concatenate([np.cumsum(used[:150]), [0.0], np.cumsum(used[150:])])
    found = find_counter(counted)
    assert found is not None
    assert (found.falls.tolist(), found.after.tolist()) == ([150], [0.0])
    changes, said = changes_of_counters(counted[:, np.newaxis], ["kwh"], "counter")
    assert np.flatnonzero(np.isnan(changes[:, 0])).tolist() == [0, 150]
    assert (said[0].column, said[0].flag) == ("kwh", "--difference none")
    assert said[0].evidence == (
        "kwh is a counter and is replaced by its changes from row to row, as requested; it begins at 0 again "
        "once, and 1 change there is unknown."
    )


def test_a_meter_that_was_exchanged_leaves_one_change_unknown() -> None:
    used = np.random.default_rng(0).gamma(2.0, 1.0, 300)
    counted = np.concatenate([48000 + np.cumsum(used[:150]), 120 + np.cumsum(used[150:])])
    found = find_counter(counted)
    assert found is not None
    assert found.falls.tolist() == [150]
    changes, _ = changes_of_counters(counted[:, np.newaxis], ["kwh"], "counter")
    assert np.flatnonzero(np.isnan(changes[:, 0])).tolist() == [0, 150]


def test_a_day_that_begins_at_0_counts_from_0() -> None:
    hourly = np.random.default_rng(0).gamma(2.0, 1.0, (30, 24))
    daily = np.cumsum(hourly, axis=1)
    changes, _ = changes_of_counters(daily.reshape(-1, 1), ["kwh"], "counter")
    np.testing.assert_allclose(changes[1:, 0], hourly.reshape(-1)[1:])


def test_changes_beside_a_gap_are_missing() -> None:
    counted = np.arange(100.0) ** 1.1
    counted[40] = np.nan
    changes, _ = changes_of_counters(counted[:, np.newaxis], ["kwh"], "counter")
    assert np.flatnonzero(np.isnan(changes[:, 0])).tolist() == [0, 40, 41]


def test_only_counters_among_the_columns_are_replaced() -> None:
    generator = np.random.default_rng(0)
    values = np.column_stack([np.cumsum(generator.gamma(2.0, 1.0, 100)), generator.normal(size=100)])
    changes, said = changes_of_counters(values, ["kwh", "celsius"], "counter")
    np.testing.assert_array_equal(changes[:, 1], values[:, 1])
    assert len(said) == 1
    assert changes_of_counters(values, ["kwh", "celsius"], "none") == (values, ())
    with pytest.raises(InputError, match="difference is set to counter, but celsius often falls"):
        changes_of_counters(values[:, 1:], ["celsius"], "counter")


def series(kind: str, seed: int, rows: int) -> np.ndarray:
    """A series that is no counter."""
    generator, row = np.random.default_rng(seed), np.arange(rows)
    noise = generator.normal(size=rows)
    return {
        "random walk": noise.cumsum(),
        "random walk above 0": np.abs(noise.cumsum()),
        "prices": np.exp(0.05 * noise.cumsum()),
        "growth": np.exp(0.01 * row) * (1 + 0.01 * noise),
        "season": 10 + 5 * np.sin(row / 4) + 0.1 * noise,
        "hours": row % 24.0,
        "counts": generator.poisson(0.3, rows).astype(np.float64),
        "rain": np.where(generator.random(rows) < 0.2, generator.gamma(1.0, 5.0, rows), 0.0),
    }[kind]


KINDS = ("random walk", "random walk above 0", "prices", "growth", "season", "hours", "counts", "rain")


@given(st.sampled_from(KINDS), st.integers(0, 2**32 - 1), st.integers(2, 600))
def test_other_series_are_no_counters(kind: str, seed: int, rows: int) -> None:
    assert find_counter(series(kind, seed, rows)) is None
