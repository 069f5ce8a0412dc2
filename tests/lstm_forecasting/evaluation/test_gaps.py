"""Nothing that was filled is scored; no forecast sees the future, in its inputs or in their fill."""

from collections.abc import Collection
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_forecasting.data.arrays import Array, Truths
from lstm_forecasting.data.options import Missing, ReadOptions
from lstm_forecasting.data.reading import read_table
from lstm_forecasting.evaluation.baselines.kinds import KINDS, Kind
from lstm_forecasting.evaluation.scoring import conclude, evaluate_baselines, find_test_part
from lstm_forecasting.experiment.plan import Experiment, plan_experiment
from lstm_forecasting.experiment.results import ExperimentResult
from lstm_forecasting.experiment.running import run_experiment

WAYS: tuple[Missing, ...] = ("carry", "season", "interpolate")
SETTINGS = {"look_back": 14, "horizon": 3, "patch": 1}


def planned(
    folder: Path, columns: dict[str, Array], missing: Missing = "carry", targets: int = 1, **fixed: int
) -> Experiment:
    """The plan for a file with daily rows; NaN is an empty cell."""
    rows = len(next(iter(columns.values())))
    days = np.datetime64("2001-01-01") + np.arange(rows)
    path = folder / "series.csv"
    pl.DataFrame({"day": days, **columns}, nan_to_null=True).write_csv(path)
    names = list(columns)
    options = ReadOptions(missing=missing, missing_mark=("none",), minimum="none")
    table = read_table(path, names[:targets], names[targets:], options)
    return plan_experiment(table, ["numpy"], {**SETTINGS, **fixed})


def baselines(
    experiment: Experiment, kinds: Collection[Kind] = ("last-value", "seasonal-naive")
) -> ExperimentResult:
    part = find_test_part(experiment)
    return conclude(experiment, part, [], {}, evaluate_baselines(experiment, part, kinds))


def lost(rows: int, share: float, length: int, seed: int = 1) -> Truths:
    """Rows that are lost in outages of a length, so many that their share is as asked."""
    generator = np.random.default_rng(seed)
    gone = np.zeros(rows, dtype=bool)
    while gone.mean() < share:
        start = generator.integers(1, rows - length)
        gone[start : start + length] = True
    return gone


def walk(rows: int) -> Array:
    return 500 + np.random.default_rng(0).normal(size=rows).cumsum()


@pytest.mark.parametrize("missing", WAYS)
@pytest.mark.parametrize("length", [1, 10])
@pytest.mark.parametrize(
    "share", [*(pytest.param(one, marks=pytest.mark.exhaustive) for one in (0.0, 0.1)), 0.25, 0.5]
)
def test_the_last_value_of_a_random_walk_errs_by_the_same_whatever_is_lost(
    tmp_path: Path, share: float, length: int, missing: Missing
) -> None:
    """The mean absolute value of N(0, 1) is √(2/π) = 0.80."""
    values = walk(30_000)
    values[lost(len(values), share, length)] = np.nan
    found = baselines(planned(tmp_path, {"price": values}, missing))
    last = next(one for one in found.baselines if one.name == "last value")
    assert last.scores_by_step[0][0].mae == pytest.approx(0.80, abs=0.03)
    assert found.counted[:, 0, 0].sum() > 1000


@pytest.mark.parametrize("missing", WAYS)
@pytest.mark.parametrize(("share", "length"), [(0.1, 1), (0.3, 7), (0.5, 1), (0.5, 20)])
def test_no_baseline_is_scored_better_with_rows_lost_than_without(
    tmp_path: Path, share: float, length: int, missing: Missing
) -> None:
    rows = 12_000
    noise = np.random.default_rng(5).normal(size=rows)
    values = 10 * np.sin(np.arange(rows) * 2 * np.pi / 7) + noise + 0.3 * noise.cumsum()
    complete = baselines(planned(tmp_path, {"load": values.copy()}))
    values[lost(rows, share, length)] = np.nan
    holed = baselines(planned(tmp_path, {"load": values}, missing))
    for one, other in zip(complete.baselines, holed.baselines, strict=True):
        assert one.name == other.name
        assert other.scores[0].mae > 0.95 * one.scores[0].mae


def test_only_observed_values_after_an_observed_one_are_scored(tmp_path: Path) -> None:
    values = walk(200)
    experiment = planned(tmp_path, {"price": np.where(lost(200, 0.3, 4), np.nan, values)})
    found = baselines(experiment)
    observed = ~experiment.table.filled[:, 0]
    for window, row in enumerate(found.first_rows.tolist()):
        assert observed[row - 1]
        assert found.counted[window, :, 0].tolist() == observed[row : row + 3].tolist()
    last = next(one for one in found.baselines if one.name == "last value")
    errors = [
        abs(values[row + step] - values[row - 1])
        for row in range(experiment.split.test.start, experiment.split.test.stop - 2)
        if observed[row - 1]
        for step in range(3)
        if observed[row + step]
    ]
    assert last.scores[0].mae == pytest.approx(np.mean(errors), rel=1e-12)


@pytest.mark.exhaustive
@settings(max_examples=12)
@given(data=st.data(), missing=st.sampled_from(WAYS), seed=st.integers(0, 10_000), share=st.floats(0.02, 0.6))
def test_a_changed_future_changes_nothing_that_a_forecast_or_its_fill_saw(
    tmp_path: Path, data: st.DataObject, missing: Missing, seed: int, share: float
) -> None:
    rows = 250
    generator = np.random.default_rng(seed)
    columns = {
        name: 50 + 5 * np.sin(np.arange(rows) * 2 * np.pi / 7) + generator.normal(size=rows)
        for name in ("a", "b", "wind")
    }
    for number, values in enumerate(columns.values()):
        values[lost(rows, share, int(generator.integers(1, 12)), seed + number)] = np.nan
        values[-1] = 50.0  # the last row stays the last
    columns["wind"][:5] = np.nan
    before = planned(tmp_path, columns, missing, targets=2)
    found = baselines(before, KINDS)
    window = data.draw(st.integers(0, len(found.first_rows) - 1))
    origin = int(found.first_rows[window]) - 1
    shift = len(next(iter(columns.values()))) - before.table.rows
    planted = {name: values.copy() for name, values in columns.items()}
    for values in planted.values():
        values[origin + 1 + shift :] *= 1000.0
    after = planned(tmp_path, planted, missing, targets=2)
    seen = slice(0, origin + 1)
    np.testing.assert_array_equal(after.table.filled, before.table.filled)
    np.testing.assert_array_equal(after.table.values[seen], before.table.values[seen])
    np.testing.assert_array_equal(after.series.values[seen], before.series.values[seen])
    assert after.season == before.season
    again = baselines(after, KINDS)
    for one, other in zip(found.baselines, again.baselines, strict=True):
        np.testing.assert_array_equal(one.forecasts[window], other.forecasts[window])


@pytest.mark.exhaustive
@pytest.mark.parametrize("length", [1, 12])
def test_no_trained_network_is_scored_better_with_rows_lost_than_without(tmp_path: Path, length: int) -> None:
    rows = 1500
    noise = np.random.default_rng(8).normal(size=rows)
    values = 50 + 10 * np.sin(np.arange(rows) * 2 * np.pi / 7) + noise + 0.2 * noise.cumsum()
    fixed = {"hidden_units": 8, "epochs": 4, "batch_size": 32}
    (complete,) = run_experiment(planned(tmp_path, {"load": values.copy()}, **fixed)).backends
    values[lost(rows, 0.3, length)] = np.nan
    result = run_experiment(planned(tmp_path, {"load": values}, **fixed))
    assert result.experiment.indicators == ("load",)
    assert result.backends[0].evaluation.scores[0].mae > 0.95 * complete.evaluation.scores[0].mae


def test_a_seasonal_naive_forecast_steps_back_further_where_a_season_is_missing(tmp_path: Path) -> None:
    values = 50 + 10 * np.sin(np.arange(300) * 2 * np.pi / 7)
    values[lost(300, 0.3, 5)] = np.nan
    naive = next(
        one for one in baselines(planned(tmp_path, {"load": values})).baselines if "naive" in one.name
    )
    assert naive.name == "seasonal naive (7)"
    assert naive.scores[0].mae < 1e-5
