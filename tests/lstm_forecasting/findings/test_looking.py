import numpy as np
import pytest

from lstm_forecasting.data.options import ReadOptions
from lstm_forecasting.findings.looking import check_data, find_findings

GENERATOR = np.random.default_rng(0)
LOAD = (3 + np.sin(np.arange(400) / 12)) * GENERATOR.uniform(0.9, 1.1, 400)
WALK = GENERATOR.normal(size=400).cumsum()


@pytest.fixture
def check(tmp_path):
    """Checks daily columns with these values; None is a gap."""

    def check_columns(columns, targets=(), **options):
        names = list(columns)
        lines = [",".join(("day", *names))]
        for row in range(len(columns[names[0]])):
            cells = ("" if columns[name][row] is None else f"{columns[name][row]}" for name in names)
            lines.append(",".join((str(np.datetime64("2021-01-01") + row), *cells)))
        path = tmp_path / "data.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return check_data(str(path), targets, options=ReadOptions(**options))

    return check_columns


def of_kind(findings, kind):
    (finding,) = [one for one in findings if one.kind == kind]
    return finding


def test_a_plain_series_has_no_findings(check):
    _, findings = check({"y": WALK})
    assert findings == ()


def test_a_change_of_unit_has_its_date_and_a_suggestion(check):
    found = of_kind(check({"y": np.append(LOAD[:200], 1000 * LOAD[200:])})[1], "unit change")
    assert found.evidence.startswith("From 2021-07-20 on, values of y are about 1000 times larger (median ")
    assert found.evidence.endswith("another unit (kilo and no prefix, such as kWh and Wh)?")
    assert (found.flag, found.suggested, found.when) == ("--unit-change convert", True, ("2021-07-20",))
    _, converted = check({"y": np.append(LOAD[:200], 1000 * LOAD[200:])}, unit_change="convert")
    done = of_kind(converted, "unit change")
    assert done.evidence == "The first 200 values of y are multiplied by 1000, as requested."
    assert (done.flag, done.suggested) == ("--unit-change keep", False)


def test_a_counter_is_told_by_how_it_falls_back(check):
    readings = np.cumsum(LOAD) % 1000
    table, findings = check({"kwh": readings})
    found = of_kind(findings, "counter")
    assert found.evidence.startswith("kwh grows from row to row and falls back once, from ")
    assert found.evidence.endswith(": readings of a meter?")
    assert (found.flag, found.suggested) == ("--difference counter", True)
    (row,) = np.flatnonzero(np.diff(readings) < 0) + 1
    assert found.when == (table.row_text(row),)
    changes, differences = check({"kwh": readings}, difference="counter")
    assert of_kind(differences, "counter").flag == "--difference none"
    np.testing.assert_allclose(changes.values[:, 0], LOAD[1:], rtol=1e-9)
    assert changes.row_text(0) == "2021-01-02"


def test_a_counter_that_only_grows_is_told_by_its_title(check):
    found = of_kind(check({"meter reading": np.cumsum(LOAD)})[1], "counter")
    assert found.evidence == "meter reading never falls, and its title suggests that it counts."
    assert not [one for one in check({"y": np.cumsum(LOAD)})[1] if one.kind == "counter"]


def test_degrees_that_change_to_fahrenheit(check):
    celsius = 5 + 2 * LOAD
    found = of_kind(check({"t": np.append(celsius[:200], 1.8 * celsius[200:] + 32)})[1], "unit change")
    assert found.evidence.startswith("From 2021-07-20 on, values of t are higher (median ")
    assert found.evidence.endswith(": another unit (°C and °F)?")


def test_values_that_are_never_negative(check):
    found = of_kind(check({"y": np.maximum(0.0, WALK)})[1], "never negative")
    assert found.evidence == "y is never negative; its least value is 0."
    assert (found.done, found.flag) == ("Forecasts are at least 0.", "--minimum none")
    assert not [one for one in check({"y": np.abs(WALK)}, minimum="none")[1] if one.kind == "never negative"]


def test_values_that_are_negative_after_the_training_rows(check):
    found = of_kind(check({"y": np.append(LOAD[:300], LOAD[300:] - 3)})[1], "never negative")
    assert found.evidence.startswith("No training value of y is negative. ")
    assert found.evidence.endswith(" values of y after the training rows are negative.")
    assert found.suggested


def test_whole_numbers_are_rounded_or_could_be(check):
    large = of_kind(check({"sales": np.round(100 * LOAD)})[1], "whole numbers")
    assert (large.evidence, large.done) == (
        "All values of sales are whole numbers.",
        "Forecasts are rounded.",
    )
    night = of_kind(
        check({"watt": np.round(np.maximum(0, 900 * np.sin(np.arange(400) / 4)))})[1], "whole numbers"
    )
    assert night.done == "Forecasts are rounded."
    small = of_kind(check({"sales": np.round(LOAD)})[1], "whole numbers")
    assert small.done == "Forecasts are not rounded, because values change by less than 5."
    assert (small.flag, small.suggested) == ("--whole yes", False)


def test_outliers_are_listed_with_their_dates(check):
    values = LOAD.copy()
    values[[50, 300]] = [40.0, 25.5]
    found = of_kind(check({"y": values})[1], "outliers")
    assert found.evidence == (
        "2 values of y are far from the values around: 40 at 2021-02-20, 25.5 at 2021-10-28."
    )
    assert found.when == ("2021-02-20", "2021-10-28")
    assert found.option == ""


def test_an_outlier_stands_out_in_a_steep_series_too(check):
    values = np.round(200 + 150 * np.sin(np.arange(400) / 4) + GENERATOR.normal(0, 10, 400))
    values[150] = 99000
    found = of_kind(check({"y": values})[1], "outliers")
    assert found.evidence == "1 value of y is far from the values around: 99000 at 2021-05-31."


@pytest.mark.parametrize(
    "values", [GENERATOR.pareto(1.0, 400), GENERATOR.poisson(0.05, 400), WALK, np.exp(np.arange(400) / 30)]
)
def test_heavy_tails_and_trends_have_no_outliers(check, values):
    assert not [one for one in check({"y": values})[1] if one.kind == "outliers"]


def test_numbers_of_rows_and_constants_are_told_wherever_they_are(check):
    _, findings = check({"y": WALK, "row": np.arange(400), "plant": np.full(400, 7)})
    assert of_kind(findings, "row number").evidence == "row numbers the rows, from 0 to 399."
    assert of_kind(findings, "constant").evidence == "All values of plant are 7."
    assert not any(one.suggested for one in findings)
    fives = of_kind(check({"y": WALK, "n": np.arange(5, 2005, 5)})[1], "row number")
    assert fives.evidence == "n numbers the rows, from 5 to 2000."
    _, findings = check({"y": WALK, "row": np.arange(400)}, ["row"])
    assert (of_kind(findings, "row number").flag, findings[0].suggested) == ("--target COLUMN", True)


def test_columns_that_are_not_used_are_checked_too(check):
    table, findings = check({"y": WALK, "kwh": np.cumsum(LOAD) % 1000})
    assert table.columns == ("y",)
    assert of_kind(findings, "counter").column == "kwh"
    assert of_kind(findings, "counter").done == "Used as it is."


def test_several_candidates_for_the_target(check):
    table, findings = check({"north": WALK, "south": -WALK, "row": np.arange(400)})
    assert table.candidates == ("north", "south")
    found = of_kind(findings, "target")
    assert found.evidence.startswith("The target is south, the last of 2 numeric columns (row: ")
    assert (found.flag, found.suggested) == ("--target COLUMN", True)


def test_a_target_by_its_title_or_by_name_leaves_no_candidates(check):
    table, findings = check({"north": WALK, "sales": WALK})
    assert table.candidates == ()
    found = of_kind(findings, "target")
    assert found.evidence == "The target is sales, by its title; name another column to forecast it."
    assert not found.suggested
    table, findings = check({"a": WALK, "b": WALK}, ["a"])
    assert table.candidates == ()
    assert not [one for one in findings if one.kind == "target"]


@pytest.mark.parametrize(
    ("titles", "target"),
    [
        (("Close", "Volume"), "Close"),
        (("value", "index"), "value"),
        (("temperature", "PM2.5 (µg/m³)", "wind"), "PM2.5 (µg/m³)"),
        (("Open", "High", "Low", "Close*", "Adj Close**", "Volume"), "Close*"),
        (("y", "price"), "y"),
        (("Store", "Weekly_Sales", "Temperature", "Fuel_Price", "Unemployment"), "Weekly_Sales"),
        (("load_mw", "wind_mw"), "load_mw"),
    ],
)
def test_titles_that_people_forecast(check, titles, target):
    table, _ = check(dict.fromkeys(titles, WALK))
    assert (table.targets, table.candidates) == ((target,), ())


def test_decisions_of_reading_are_findings_too(check):
    values = [None if row % 50 == 7 else -999.0 if row % 60 == 9 else float(WALK[row]) for row in range(400)]
    table, findings = check({"y": values})
    marks = of_kind(findings, "missing marks")
    assert marks.evidence == "7 values of y are -999, far from all others, and count as missing."
    assert (marks.column, marks.flag) == ("y", "--missing-mark none")
    missing = of_kind(findings, "missing values")
    assert missing.flag == "--missing carry|season|interpolate|refuse"
    assert marks.evidence in table.decisions
    assert any(one in missing.evidence for one in table.decisions)


def long_file(tmp_path, lengths, doubled=()):
    lines = ["item,day,y"]
    for name, rows in lengths.items():
        for row in range(rows):
            line = f"{name},{np.datetime64('2021-01-01') + row},{WALK[row]}"
            lines += [line] * (2 if name in doubled else 1)
    path = tmp_path / "long.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def test_series_that_differ_are_short_or_doubled_are_named(tmp_path):
    path = long_file(tmp_path, {"a": 300, "b": 300, "c": 120, "d": 5}, doubled=("b",))
    table, findings = check_data(path)
    assert table.series_rows == {"a": 300, "b": 300, "c": 120, "d": 5}
    assert of_kind(findings, "series lengths").evidence == (
        "2 of 4 series are shorter than the longest: from 5 rows (d) to 300 (a)."
    )
    assert of_kind(findings, "doubled series").evidence.startswith("1 of them has each time twice: b;")
    short = of_kind(findings, "short series").evidence
    assert short.startswith("1 of 4 series has fewer than the ")
    assert short.endswith(" need: d.")


def test_which_of_equally_long_series_is_read(tmp_path):
    found = of_kind(check_data(long_file(tmp_path, {"a": 120, "b": 120}))[1], "series lengths")
    assert found.evidence == "Column item names 2 series: a, b."
    assert (found.done, found.flag) == ("a is read, the first of the longest.", "--series NAME")


def test_a_table_that_cannot_be_trained_on(check):
    found = of_kind(check({"y": WALK[:4]})[1], "not trainable")
    assert "need at least" in found.evidence


def test_what_a_run_keeps_is_found_again(check):
    table, findings = check({"y": np.append(LOAD[:200], 1000 * LOAD[200:])})
    assert find_findings(table) == findings
