import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.data.arrays import Times
from lstm_forecasting.data.times.calendar import Frequency
from lstm_forecasting.data.times.durations import HOUR, MINUTE, SECOND
from lstm_forecasting.data.times.snapping import USUAL_STEPS, Snapped, snap_times

MIDNIGHT = np.datetime64("2024-01-01", "us")


def snap(times: Times, asked: Frequency | None = None, codes: list[int] | None = None) -> Snapped:
    numbers = np.array(codes or [0] * len(times), dtype=np.int64)
    return snap_times(times, numbers, asked, lambda row: f"line {row + 2}")


def steps(step: int, count: int) -> Times:
    return MIDNIGHT + (np.arange(count) * step).astype("timedelta64[us]")


@given(
    step=st.sampled_from(USUAL_STEPS),
    phase=st.integers(0, 9),
    wobbles=st.lists(st.floats(-0.04, 0.04), min_size=30, max_size=60),
    left_out=st.sets(st.integers(1, 28), max_size=6),
)
def test_what_clearly_wobbles_around_a_step_is_moved_to_it(
    step: int, phase: int, wobbles: list[float], left_out: set[int]
) -> None:
    exact = steps(step, len(wobbles)) + np.timedelta64(phase * step // 10, "us")
    kept = [row for row in range(len(wobbles)) if row not in left_out]
    shifts = np.array([int(wobble * step) for wobble in wobbles])
    snapped = snap((exact + shifts.astype("timedelta64[us]"))[kept])
    rests = np.diff(snapped.times).astype(np.int64)
    if snapped.decisions:
        assert not (rests % step).any()
        assert (rests // step).tolist() == np.diff(kept).tolist()
        moved = (snapped.times - (exact + shifts.astype("timedelta64[us]"))[kept]).astype(np.int64)
        assert np.abs(moved).max() <= 0.15 * step


def test_the_largest_shift_is_told_with_its_row() -> None:
    times = steps(10 * MINUTE, 20)
    times[[3, 7]] += np.array([2, -4], dtype="timedelta64[s]")
    snapped = snap(times)
    assert snapped.times.tolist() == steps(10 * MINUTE, 20).tolist()
    assert snapped.decisions == (
        "Times are snapped to steps of 10 minutes: 2 times moved, by at most 4 seconds "
        "(2024-01-01 01:09:56 in line 9).",
    )


def test_steps_start_at_a_round_time() -> None:
    times = steps(HOUR, 40) + np.timedelta64(7 * MINUTE + 3 * SECOND, "us")
    times[::3] += np.timedelta64(-9, "s")
    assert set((snap(times).times.astype(np.int64) % HOUR).tolist()) == {7 * MINUTE}


def test_what_does_not_clearly_wobble_stays() -> None:
    generator = np.random.default_rng(0)
    anywhere = np.sort(MIDNIGHT + generator.integers(0, 40 * HOUR, 40).astype("timedelta64[us]"))
    drifting = steps(HOUR + 40 * SECOND, 100)
    few = steps(HOUR, 5) + np.array([0, 1, 0, -1, 0], dtype="timedelta64[s]")
    for times in (anywhere, drifting, few, steps(HOUR, 40)):
        snapped = snap(times)
        assert snapped.decisions == ()
        assert snapped.times is times


def test_every_series_wobbles_by_itself() -> None:
    times = np.concatenate([steps(HOUR, 20), steps(HOUR, 20)])
    times += np.tile(np.array([5, -5, 0, 1], dtype="timedelta64[s]"), 10)
    snapped = snap(times, codes=[0] * 20 + [1] * 20)
    assert snapped.times.tolist() == [*steps(HOUR, 20).tolist(), *steps(HOUR, 20).tolist()]


def test_a_step_that_is_asked_for_is_always_taken() -> None:
    times = steps(HOUR, 6) + np.array([0, 20, -25, 10, 0, 0], dtype="timedelta64[m]")
    snapped = snap(times, Frequency("fixed", HOUR))
    assert snapped.times.tolist() == steps(HOUR, 6).tolist()
    assert (
        "as requested: 3 times moved, by at most 25 minutes (2024-01-01 01:35 in line 4)."
        in snapped.decisions[0]
    )
    assert snap(times, Frequency("months")).times is times
