import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from benchmarks.accuracy import any_file, epf, ltsf
from benchmarks.accuracy.gift import Configuration, Variant, means, months, relative, weeks
from benchmarks.accuracy.machine import machine
from benchmarks.accuracy.product import LSTM, OFFERED, Task, held_out, measure, naive
from benchmarks.accuracy.published import ProtocolError, check_naive
from benchmarks.accuracy.reading import Columns, open_columns, read_columns
from benchmarks.accuracy.scoring import geometric_mean, mase, seasonal_error
from benchmarks.accuracy.settings import Settings
from benchmarks.accuracy.special_days import COUNTED, counted_days
from benchmarks.accuracy.tables import Line, Table, markdown, over_limit, published_lines, score_text

from lstm_forecasting.data.options import ReadOptions
from lstm_forecasting.data.times.frequency_text import parse_frequency
from lstm_plugins.errors import InputError

ROOT = Path(__file__).parents[2]
DAILY = parse_frequency("daily")


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.accuracy", *map(str, arguments)],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=600,
    )


def days(start, count):
    return np.datetime64(start, "us") + np.arange(count) * np.timedelta64(1, "D")


def births(folder, end="1972-01-10"):
    """A weekly pattern with a dip on Thanksgiving, the Thursday from the 22nd to the 28th of November."""
    times = np.arange(np.datetime64("1969-01-01"), np.datetime64(end) + 1)
    values = 9000 + 500 * np.sin(np.arange(len(times)) * 2 * np.pi / 7)
    values += 20 * np.random.default_rng(0).normal(size=len(times))
    thursday = (times.astype(int) + 3) % 7 == 3
    values[thursday & [str(time)[5:] in {f"11-{day}" for day in range(22, 29)} for time in times]] -= 2000
    lines = ["ds,y", *(f"{time},{value:.1f}" for time, value in zip(times, values, strict=True))]
    (folder / "us_births.csv").write_text("\n".join(lines) + "\n")
    return folder


def columns(*values):
    return Columns(np.column_stack(values), days("2000-01-01", len(values[0])), DAILY)


def quick(seeds=1, preset="quick"):
    return Settings(seeds, "x", lambda text: None, preset)


def prices(folder, market, count=16 * 7):
    times = np.datetime64("2013-01-01T00:00", "us") + np.arange(24 * count) * np.timedelta64(1, "h")
    lines = ["date, load,OT"]
    lines += [f"{str(time)[:16].replace('T', ' ')},{row % 24},{row}" for row, time in enumerate(times)]
    (folder / f"epf_{market}.csv").write_text("\n".join(lines) + "\n")


def test_mase_divides_by_the_error_of_the_season_before():
    history = np.array([0.0, 1, 0, 3, 0, 5])
    assert seasonal_error(history, 2) == (0 + 2 + 0 + 2) / 4
    assert mase(history, np.array([1.0, 2]), np.array([2.0, 4]), 2) == 1.5


def test_geometric_means_of_relative_scores():
    assert geometric_mean([0.5, 2.0]) == pytest.approx(1.0)
    scores = {"a": (1.0, 2.0), "b": (4.0,)}
    assert relative(scores, {"a": (2.0,), "b": (1.0,)}, ["a", "b"]) == pytest.approx((2**0.5, 2.0))


@pytest.mark.parametrize(
    ("rows", "horizon", "windows"), [(7305, 30, 20), (725, 30, 3), (103, 8, 2), (240, 12, 2), (50, 40, 1)]
)
def test_test_windows_are_a_tenth_of_the_rows_at_the_end_at_most_twenty(rows, horizon, windows):
    one = Configuration("x", columns(np.zeros(rows)), horizon, 1)
    first_rows = one.first_rows
    assert len(first_rows) == windows
    assert first_rows[-1] + horizon == rows
    assert (np.diff(first_rows) == horizon).all()


def test_a_configuration_scores_each_column_on_its_windows():
    one = Configuration("x", columns(np.arange(100.0), np.tile([0.0, 4.0], 50)), 5, 2)
    rising, jumping = one.tasks(Variant())
    assert rising.split.test.start == jumping.split.test.start == 90
    # The last season of a rising line is 2, 2, 4, 4 and 6 too low; its seasonal error is 2.
    forecasts = naive(rising.values, 2, one.first_rows, 5)
    assert one.score(rising.values, forecasts) == pytest.approx((2 + 2 + 4 + 4 + 6) / 5 / 2)
    assert len(rising.split.validation) > 0
    assert rising.split.validation.stop == 90


def test_means_weeks_and_months():
    # 1969-01-01 was a Wednesday: a week that ends on a Tuesday is complete.
    read = Columns(np.arange(33.0)[:, np.newaxis], days("1969-01-01", 33), DAILY)
    assert means(read, 4, "hourly").values[:, 0].tolist() == [1.5 + 4 * n for n in range(8)]
    sums = weeks(read, 1, mean=False)
    assert sums.values[:, 0].tolist() == [sum(range(7 * n, 7 * n + 7)) for n in range(4)]
    assert weeks(read, 1, mean=True).values[:, 0].tolist() == [3, 10, 17, 24]
    assert str(sums.times[0])[:10] == "1969-01-07"
    by_month = months(read)
    assert by_month.values[:, 0].tolist() == [sum(range(31)), 31 + 32]
    assert by_month.frequency.name == "monthly"


def test_special_days_are_holidays_their_neighbours_and_weekends():
    times = days("1988-12-20", 10)
    counted = dict(zip(COUNTED, counted_days(times).T, strict=True))
    # Christmas 1988 was a Sunday, so that Monday the 26th was a holiday too.
    assert counted["holidays"].nonzero()[0].tolist() == [6]
    assert counted["days after"].nonzero()[0].tolist() == [7]
    assert counted["weekend days"].nonzero()[0].tolist() == [4, 5]
    assert (counted["days"] == 1).all()


def test_a_series_is_opened_with_what_is_known_ahead():
    values, later = np.arange(30.0) / 7, columns(np.arange(35.0))
    table = open_columns(columns(values), ReadOptions(known=("price",)), later)
    assert (table.values[:, 0] == values).all()
    assert table.known.names == ("price",)
    assert table.known.known_rows(table.rows) == 5


def test_ltsf_windows_end_with_the_test_part():
    values = np.random.default_rng(0).normal(size=200)
    task = Task("x", open_columns(columns(values)), held_out(200, 40, 40), 12)
    rows = ltsf.scored_rows(task, 12)
    assert rows[0] == 160
    assert rows[-1] + 12 == 200
    deviation = values[:120].std()
    assert ltsf.score(task, rows, task.truth(rows, 12) + 2.0 * deviation) == pytest.approx(4.0)


def test_days_of_prices_and_their_naive_forecasts(tmp_path):
    prices(tmp_path, "NP")
    market = epf.read_days(tmp_path / "epf_NP.csv")
    assert market.target.shape == (112, 24)
    assert market.known.shape == (112, 24, 1)
    assert market.weekdays[0] == 1
    assert (market.target[100:] - epf.naive(market, 7, 100) == 7 * 24).all()


def test_naive_forecasts_must_score_as_published():
    check_naive("naive week", {"NP": 4.125}, {"NP": 4.1248})
    with pytest.raises(ProtocolError, match=r"naive week scores 4\.2000 on NP, but 4\.125 is published"):
        check_naive("naive week", {"NP": 4.125}, {"NP": 4.2})


def test_tables_show_means_spreads_and_missed_limits():
    lines = (
        Line("ours", "ours", {"a": (0.2, 0.4), "b": (0.5,)}, 12.3),
        *published_lines({"theirs": {"a": 0.25}}, {"a": 0.31, "b": 0.4}),
    )
    table = Table("T", "python -m x", "Error.", ("a", "b"), lines, decimals=2, notes=("Chosen.",))
    text = markdown(table)
    assert "| **ours** | ours | 0.30 (spread 0.20) | 0.50 | 12 |" in text
    assert "| theirs | published | 0.25 | – | – |" in text
    assert text.endswith("- Chosen.\n")
    assert over_limit(table) == ["b"]
    assert score_text((), 3) == "–"


def test_the_machine_is_described_without_its_name():
    text = machine()
    assert f"Python {sys.version_info.major}.{sys.version_info.minor}" in text
    assert os.uname().nodename not in text


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"There is no file .*us_births\.csv"):
        read_columns(tmp_path / "us_births.csv")


def weekly(count=300):
    noise = np.random.default_rng(0).normal(size=count)
    return columns(100 + 10 * np.sin(np.arange(count) * 2 * np.pi / 7) + noise)


@pytest.mark.exhaustive
def test_the_program_forecasts_a_task_with_each_base_seed():
    task = Task("x", open_columns(weekly()), held_out(300, 42, 42), 7)
    rows = np.array([258, 265])
    # A network that does not improve on its regression would forecast the same with every seed.
    outcome = measure(task, quick(2, "classic"), rows)
    found = {one.model: one for one in outcome.models}
    assert [forecasts.shape for forecasts in found[LSTM].forecasts] == [(2, 7)] * 2
    assert (found[LSTM].forecasts[0] != found[LSTM].forecasts[1]).any()
    assert found[LSTM].seconds > 0
    assert len(found[OFFERED].forecasts) == 2
    assert found["mean of ridges"].errors[0] < found["last value"].errors[0]
    assert outcome.note.startswith("1 network of look-back")


def test_without_networks_the_best_baseline_of_validation_is_offered():
    task = Task("x", open_columns(weekly()), held_out(300, 42, 42), 7, networks=False)
    outcome = measure(task, quick())
    found = {one.model: one for one in outcome.models}
    assert LSTM not in found
    assert found[OFFERED].errors[0] == found["mean of ridges"].errors[0]
    assert outcome.note == "linear (ridge) is offered."


def test_without_networks_the_last_value_is_offered_where_chance_explains_the_gain():
    walk = np.random.default_rng(4).normal(size=300).cumsum()
    outcome = measure(
        Task("x", open_columns(columns(walk)), held_out(300, 42, 42), 7, networks=False), quick()
    )
    found = {one.model: one for one in outcome.models}
    assert found[OFFERED].errors == found["last value"].errors
    assert found["drift"].errors[0] < found["last value"].errors[0]
    assert outcome.note == "last value is offered."


@pytest.mark.exhaustive
def test_other_files_are_split_by_fractions_and_offered_what_validation_chooses(tmp_path):
    births(tmp_path, "1970-12-05")
    table = any_file.measure([tmp_path / "us_births.csv"], (0.6, 0.2, 0.2), quick())
    (line,) = table.lines
    scores = {model: line.scores[model][0] for model in table.columns}
    baselines = [score for model, score in scores.items() if model not in (LSTM, OFFERED)]
    assert min(baselines) == 1.0
    assert scores[OFFERED] in (*baselines, scores[LSTM])
    assert "| us_births.csv |  |" in markdown(table)
    assert any(note.startswith("What is offered: median") for note in table.notes)
    assert "last 20%" in table.metric


@pytest.mark.exhaustive
def test_the_command_measures_a_protocol_and_writes_it_down(tmp_path):
    file = tmp_path / "results.md"
    births(tmp_path, "1971-12-05")
    done = run(
        "--data", tmp_path, "--protocol", "monash", "--preset", "quick", "--seeds", "1", "--markdown", file
    )
    assert "## US births (Monash)" in done.stdout, done.stderr
    (lstm,) = (line for line in done.stdout.splitlines() if line.startswith(f"| **{LSTM}**"))
    plain, informed = (float(cell) for cell in lstm.split("|")[3:5])
    assert informed != plain
    assert "cores" in file.read_text()
    assert done.returncode == 0


def test_the_command_stops_where_naive_forecasts_differ(tmp_path):
    prices(tmp_path, "NP", 742)
    done = run("--data", tmp_path, "--protocol", "epf")
    assert done.returncode == 2
    assert done.stderr.strip().splitlines()[-1].strip().startswith("naive week scores 168.0000 on NP")
    assert "Traceback" not in done.stderr
