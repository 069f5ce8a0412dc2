"""GIFT-Eval on ETTm1 and US births: eleven configurations, relative to seasonal naive.

Protocol: Aksu et al., "GIFT-Eval: a benchmark for general time series forecasting model evaluation", 2024.
Test windows are at the end of a series and do not overlap. Every column is forecast on its own; the score
of a configuration is the mean of MASE over windows and columns. Models are fitted once, on rows before the
first test window; the last of these rows are the validation part.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from benchmarks.accuracy.product import Task, held_out, naive
from benchmarks.accuracy.product import measure as measure_product
from benchmarks.accuracy.published import GIFT, check_naive
from benchmarks.accuracy.reading import Columns, open_columns, read_columns
from benchmarks.accuracy.scoring import geometric_mean, mase
from benchmarks.accuracy.settings import Settings
from benchmarks.accuracy.special_days import COUNTED, counted_days
from benchmarks.accuracy.tables import NAIVE, Line, Recorder, Table, published_lines

from lstm_forecasting.data.arrays import Array, Integers
from lstm_forecasting.data.options import DEFAULT_OPTIONS, ReadOptions
from lstm_forecasting.data.times.frequency_text import parse_frequency

_ALL = "all"
_MOST_WINDOWS = 20
_TEST_SHARE = 0.1
_DAYS_AFTER = 400
"""Days after the births whose holidays are known, enough for the longest horizon."""
HOLIDAYS = ", holidays"
_THURSDAY, _TUESDAY = 3, 1
"""The weekdays, counted from Monday, on which the weeks of ETTm1 and of the births end."""


@dataclass(frozen=True, eq=False)
class Variant:
    """What is known ahead in a configuration.

    Attributes:
        suffix: added to the names of models.
        options: of reading.
        known: columns that are known ahead, for all rows and those after the end; None for none.
    """

    suffix: str = ""
    options: ReadOptions = DEFAULT_OPTIONS
    known: Columns | None = None


@dataclass(frozen=True, eq=False)
class Configuration:
    """One row of GIFT-Eval: a data set at one frequency and term.

    Attributes:
        name: as published, such as `ett1/15T short`.
        columns: the series.
        horizon: steps to forecast.
        season: rows of the season that scales the error and that seasonal naive repeats.
        variants: what is known ahead, the least first.
        networks: whether networks are trained.
    """

    name: str
    columns: Columns
    horizon: int
    season: int
    variants: tuple[Variant, ...] = (Variant(),)
    networks: bool = False

    @property
    def first_rows(self) -> Integers:
        """The first row of each test window."""
        rows = len(self.columns.values)
        windows = min(max(1, math.ceil(_TEST_SHARE * rows / self.horizon)), _MOST_WINDOWS)
        return rows - self.horizon * np.arange(windows, 0, -1, dtype=np.int64)

    def tasks(self, variant: Variant) -> Iterator[Task]:
        """One task for each column; validation has as many rows as the test part."""
        rows = len(self.columns.values)
        test = rows - int(self.first_rows[0])
        validation = min(max(test, self.horizon), (rows - test) // 4)
        split = held_out(rows, test, validation)
        for number in range(self.columns.values.shape[1]):
            table = open_columns(self.columns.column(number), variant.options, variant.known)
            yield Task(self.name, table, split, self.horizon, networks=self.networks)

    def score(self, values: Array, forecasts: Array) -> float:
        """The mean MASE of the test windows of a column `[rows]`; forecasts are `[windows, horizon]`."""
        found = (
            mase(values[:row], values[row : row + self.horizon], forecast, self.season)
            for row, forecast in zip(self.first_rows, forecasts, strict=True)
        )
        return float(np.mean(list(found)))


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
            yield Configuration(f"ett1/{name} {term}", read, horizon * times, season)
    days = means(quarters, 96, "daily")
    yield Configuration("ett1/D short", days, 30, 1)
    yield Configuration("ett1/W short", weeks(days, _THURSDAY, mean=True), 8, 1)
    births = read_columns(folder / "us_births.csv")
    later = births.frequency.times(births.times[-1], 1, _DAYS_AFTER)
    every_day = np.concatenate([births.times, later])
    counts = Columns(counted_days(every_day), every_day, births.frequency)
    calendar = Variant(options=ReadOptions(calendar="always"))
    country = Variant(HOLIDAYS, ReadOptions(country="US"))
    yield Configuration("us_births/D short", births, 30, 1, (calendar, country), networks=True)
    for name, made, horizon, season, known in (
        ("W", weeks(births, _TUESDAY, mean=False), 8, 1, weeks(counts, _TUESDAY, mean=False)),
        ("M", months(births), 12, 12, months(counts)),
    ):
        informed = Variant(HOLIDAYS, ReadOptions(known=COUNTED), known)
        variants = (calendar, informed)
        yield Configuration(f"us_births/{name} short", made, horizon, season, variants, networks=True)


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
    recorder, notes, names = Recorder(), dict[str, None](), []
    for one in configurations(folder):
        names.append(one.name)
        _add_naive(recorder, one)
        for variant in one.variants:
            notes |= _add_program(recorder, one, variant, settings)
    for line in recorder.lines:
        scores = _scores_everywhere(recorder, line, names)
        if scores is not None:
            relative_scores = relative(scores, recorder.scores(NAIVE), names)
            recorder.add(line.model, line.kind, _ALL, relative_scores)
    return Table(
        "ETTm1 and US births (GIFT-Eval)",
        settings.command,
        "Mean absolute scaled error (MASE) by configuration, all columns each on its own; `all` is the "
        "geometric mean over configurations relative to seasonal naive.",
        (_ALL, *names),
        (*recorder.lines, *published_lines(GIFT.models, GIFT.limits)),
        notes=(
            "On ETTm1 the program plans no networks here: they added nothing there in a study, and 56 series "
            "and horizons would need half an hour a seed. The baseline with the least validation error is "
            "offered, or the last value where chance explains the gain, as the program does.",
            "With holidays, five counts of days are known of weeks and months.",
            *notes,
        ),
    )


def _add_naive(recorder: Recorder, one: Configuration) -> None:
    rows = one.first_rows
    scores = [
        one.score(column, naive(column, one.season, rows, one.horizon)) for column in one.columns.values.T
    ]
    recorder.add(NAIVE, "baseline", one.name, [float(np.mean(scores))])
    expected = GIFT.naive[NAIVE]
    if one.name in expected:
        check_naive(NAIVE, {one.name: expected[one.name]}, {one.name: recorder.scores(NAIVE)[one.name][0]})


def _add_program(
    recorder: Recorder, one: Configuration, variant: Variant, settings: Settings
) -> dict[str, None]:
    """Adds the mean scores over columns of the program's models; returns what was chosen."""
    scores: dict[str, list[list[float]]] = {}
    kinds, seconds, notes, absent = {}, dict[str, float](), dict[str, None](), dict[str, None]()
    for task in one.tasks(variant):
        outcome = measure_product(task, settings, one.first_rows)
        for model in outcome.models:
            by_seed = [one.score(task.values, forecasts) for forecasts in model.forecasts]
            scores.setdefault(model.model, []).append(by_seed)
            kinds[model.model] = model.kind
            seconds[model.model] = seconds.get(model.model, 0.0) + model.seconds
        if one.networks:
            notes[f"{one.name}{variant.suffix}: {outcome.note}"] = None
        absent |= dict.fromkeys(outcome.absent)
    columns = one.columns.values.shape[1]
    for name, of_columns in scores.items():
        # A baseline that not every column has enough history for is left out.
        if len(of_columns) == columns:
            means_of_seeds = [float(mean) for mean in np.mean(of_columns, axis=0)]
            recorder.add(name + variant.suffix, kinds[name], one.name, means_of_seeds, seconds[name])
    return notes | absent


def _scores_everywhere(
    recorder: Recorder, line: Line, names: Sequence[str]
) -> Mapping[str, Sequence[float]] | None:
    """A model's scores in all configurations, without holidays where there are none; None if some lack."""
    plain = recorder.scores(line.model.removesuffix(HOLIDAYS))
    scores = {**plain, **line.scores}
    return scores if all(name in scores for name in names) else None


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
