"""GIFT-Eval on ETTm1 and US births: eleven configurations, relative to seasonal naive.

Protocol: Aksu et al., "GIFT-Eval: a benchmark for general time series forecasting model evaluation", 2024.
Test windows are at the end of a series and do not overlap. Every column is forecast on its own; the score
of a configuration is the mean of MASE over windows and columns. Models are fitted once, on the rows before
the first test window.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from benchmarks.accuracy.models import NAIVE, WITHOUT_KNOWN, Fitted, Settings, fit_models
from benchmarks.accuracy.published import GIFT, check_naive
from benchmarks.accuracy.reading import Columns, read_columns
from benchmarks.accuracy.scoring import geometric_mean, mase
from benchmarks.accuracy.special_days import counted_days, named_holidays
from benchmarks.accuracy.tables import Recorder, Table, published_lines
from benchmarks.accuracy.tasks import Forecast, Task, held_out, truths

from lstm_forecasting.data.arrays import Array, Integers, Times
from lstm_forecasting.data.times.calendar import Frequency
from lstm_forecasting.data.times.frequency_text import parse_frequency

_ALL = "all"
_MOST_WINDOWS = 20
_TEST_SHARE = 0.1
_DAY = np.timedelta64(1, "D")
_THURSDAY, _TUESDAY = 3, 1
"""The weekdays, counted from Monday, on which the weeks of ETTm1 and of the births end."""


@dataclass(frozen=True, eq=False)
class Configuration:
    """One row of GIFT-Eval: a data set at one frequency and term.

    Attributes:
        name: as published, such as `ett1/15T short`.
        columns: the series, `[rows, columns]`.
        times: the time of each row.
        frequency: the distance between rows.
        horizon: steps to forecast.
        season: rows of the season that scales the error and that seasonal naive repeats.
        known: `[rows, columns]`, known ahead, such as holidays; None for none.
    """

    name: str
    columns: Array
    times: Times
    frequency: Frequency
    horizon: int
    season: int
    known: Array | None = None

    @property
    def first_rows(self) -> Integers:
        """The first row of each test window."""
        rows = len(self.columns)
        windows = min(max(1, math.ceil(_TEST_SHARE * rows / self.horizon)), _MOST_WINDOWS)
        return rows - self.horizon * np.arange(windows, 0, -1, dtype=np.int64)

    def tasks(self) -> Iterator[Task]:
        """One task for each column; validation has as many rows as the test part."""
        rows = len(self.columns)
        test = rows - int(self.first_rows[0])
        validation = min(max(test, self.horizon), (rows - test) // 4)
        for column in self.columns.T:
            yield Task(
                self.name,
                column,
                held_out(rows, test, validation),
                self.horizon,
                self.season,
                self.frequency,
                self.times,
                self.known,
            )

    def score(self, task: Task, forecast: Forecast) -> float:
        """The mean MASE of a task's test windows."""
        first_rows = self.first_rows
        return float(
            np.mean(
                [
                    mase(task.values[:row], truth, found, self.season)
                    for row, truth, found in zip(
                        first_rows, truths(task, first_rows), forecast(first_rows), strict=True
                    )
                ]
            )
        )


def configurations(folder: Path) -> Iterator[Configuration]:
    """The eleven configurations, in the order of GIFT-Eval's tables.

    Raises:
        InputError: a file is missing or cannot be read.
    """
    quarters = read_columns(folder / "ETTm1.csv")
    for name, read, horizon, season in (
        ("15T", quarters, 48, 96),
        ("H", means(quarters, 4, "hourly"), 48, 24),
    ):
        for term, times in (("short", 1), ("medium", 10), ("long", 15)):
            yield _configuration(f"ett1/{name} {term}", read, horizon * times, season)
    days = means(quarters, 96, "daily")
    yield _configuration("ett1/D short", days, 30, 1)
    yield _configuration("ett1/W short", weeks(days, _THURSDAY, mean=True), 8, 1)
    births = read_columns(folder / "us_births.csv")
    counts = Columns(counted_days(births.times), births.times, births.frequency)
    by_week, by_month = weeks(counts, _TUESDAY, mean=False).values, months(counts).values
    yield _configuration("us_births/D short", births, 30, 1, named_holidays(births.times))
    yield _configuration("us_births/W short", weeks(births, _TUESDAY, mean=False), 8, 1, by_week)
    yield _configuration("us_births/M short", months(births), 12, 12, by_month)


def _configuration(
    name: str, read: Columns, horizon: int, season: int, known: Array | None = None
) -> Configuration:
    return Configuration(name, read.values, read.times, read.frequency, horizon, season, known)


def means(read: Columns, rows: int, frequency: str) -> Columns:
    """Means of `rows` rows each, from the first row on; an incomplete last one is dropped."""
    whole = len(read.values) // rows
    values = read.values[: whole * rows].reshape(whole, rows, -1).mean(axis=1)
    return Columns(values, read.times[: whole * rows : rows], parse_frequency(frequency))


def weeks(days: Columns, last_weekday: int, *, mean: bool) -> Columns:
    """Means or sums of weeks that end on a weekday (0: Monday), each at its last day.

    The first week may be incomplete, as it is published; an incomplete last one is dropped.
    """
    dates = days.times.astype("datetime64[D]")
    # 1970-01-01 was a Thursday.
    weekdays = (dates.astype(np.int64) + 3) % 7
    ends = np.flatnonzero(weekdays == last_weekday)
    sums = np.diff(np.cumsum(days.values, axis=0)[ends], axis=0, prepend=0.0)
    lengths = np.diff(ends, prepend=-1)
    values = sums / lengths[:, np.newaxis] if mean else sums
    return Columns(values, days.times[ends], parse_frequency("weekly"))


def months(days: Columns) -> Columns:
    """Sums of calendar months, each at its first day."""
    firsts = days.times.astype("datetime64[M]")
    distinct, places = np.unique(firsts, return_inverse=True)
    sums = np.zeros((len(distinct), days.values.shape[1]))
    np.add.at(sums, places, days.values)
    return Columns(sums, distinct.astype("datetime64[us]"), parse_frequency("monthly"))


def measure(folder: Path, settings: Settings) -> Table:
    """The table of all configurations.

    Raises:
        InputError: a file is missing, or seasonal naive does not score as published.
    """
    recorder, notes, names = Recorder(), [], []
    for one in configurations(folder):
        names.append(one.name)
        by_model: dict[str, list[Fitted]] = {}
        for task in one.tasks():
            for fitted in fit_models(task, replace(settings, networks=one.columns.shape[1] == 1)):
                by_model.setdefault(fitted.model, []).append(fitted)
                if fitted.note and one.columns.shape[1] == 1:
                    notes.append(f"{one.name}, {fitted.model}: {fitted.note}.")
        tasks = list(one.tasks())
        for model, columns in by_model.items():
            scores = [
                float(
                    np.mean([one.score(task, forecast) for task, forecast in zip(tasks, seed, strict=True)])
                )
                for seed in zip(*(fitted.forecasts for fitted in columns), strict=True)
            ]
            seconds = sum(fitted.seconds for fitted in columns)
            recorder.add(model, columns[0].kind, one.name, scores, seconds)
        expected = GIFT.naive[NAIVE]
        if one.name in expected and NAIVE in by_model:
            check_naive(
                NAIVE, {one.name: expected[one.name]}, {one.name: recorder.scores(NAIVE)[one.name][0]}
            )
    for line in recorder.lines if NAIVE in settings.models else ():
        for name in names:
            # Without holidays to know, a model that reads them is the one that does not.
            if name not in line.scores and line.model in WITHOUT_KNOWN:
                instead = recorder.scores(WITHOUT_KNOWN[line.model])
                if name in instead:
                    recorder.add(line.model, line.kind, name, instead[name])
        scores = recorder.scores(line.model)
        if all(name in scores for name in names):
            recorder.add(line.model, line.kind, _ALL, relative(scores, recorder.scores(NAIVE), names))
    return Table(
        "ETTm1 and US births (GIFT-Eval)",
        settings.command,
        "Mean absolute scaled error (MASE) by configuration, all columns each on its own; `all` is the "
        "geometric mean over configurations relative to seasonal naive.",
        (_ALL, *names),
        (*recorder.lines, *published_lines(GIFT.models, GIFT.limits)),
        notes=(
            "On ETTm1 the recipe is the mean of ridges: LSTMs added nothing there in a study, and 56 series "
            "and horizons would need half an hour a seed.",
            "For weeks and months of births, five counts of days are known. They had the least validation "
            "error on weeks among five sets with at most thirteen columns; larger sets were set aside, as "
            "months have 192 training rows only.",
            *notes,
        ),
    )


def relative(
    scores: Mapping[str, Sequence[float]], naive_scores: Mapping[str, Sequence[float]], names: Sequence[str]
) -> tuple[float, ...]:
    """For each seed, the geometric mean over configurations of scores relative to seasonal naive."""
    seeds = max(len(scores[name]) for name in names)
    return tuple(
        geometric_mean(
            scores[name][min(seed, len(scores[name]) - 1)] / naive_scores[name][0] for name in names
        )
        for seed in range(seeds)
    )
