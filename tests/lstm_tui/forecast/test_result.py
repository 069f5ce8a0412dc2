"""What the Forecast screen makes of a result, without a screen."""

import dataclasses
import re

import numpy as np
import pytest

from lstm_forecasting.evaluation.scoring import with_offer
from lstm_forecasting.experiment.lines import first_row, fitting_reach
from lstm_tui.cli.experiment.printed import agreement_in_words
from lstm_tui.forecast.widgets.pictures import forecast_picture
from lstm_tui.forecast.widgets.tables import future_table, score_table
from lstm_tui.forecast.widgets.verdict import verdict_line

BACKENDS = ("numpy", "torch", "tensorflow")


def test_scores_are_sorted_and_have_all_measures_where_there_is_room(make_result, palette, lines_of, known):
    result = make_result()
    lines = lines_of(score_table(result, 0, palette, 80, known(result)))
    assert lines[0].split() == ["model", "MAE", "MASE", "RMSE", "R²", "sMAPE"]
    assert len(lines) == 1 + 3 + 4
    errors = [float(line.split("%")[0].split()[-5]) for line in lines[1:]]
    assert errors == sorted(errors)


def test_scores_have_the_coverage_and_crps_of_models_whose_intervals_are_known(
    make_result, palette, lines_of, known
):
    result = make_result()
    lines = lines_of(score_table(result, 0, palette, 100, known(result, "NumPy", "drift")), 100)
    assert lines[0].split()[:9] == ["model", "MAE", "MASE", "in", "80", "%", "in", "95", "%"]
    numpy, *_ = [line.split() for line in lines if "NumPy" in line]
    narrow, wide, crps = map(float, numpy[4:7])
    assert 70 < narrow < 90
    assert 90 < wide <= 100
    assert 0 < crps < float(numpy[2])
    others = [line for line in lines[1:] if "NumPy" not in line and "drift" not in line]
    assert all(line.count("…") == 3 for line in others)


def test_scores_drop_measures_before_they_cut_names(make_result, palette, lines_of, known):
    result = make_result()
    lines = lines_of(score_table(result, 0, palette, 46, known(result)), 46)
    assert "MAE" in lines[0]
    assert "sMAPE" not in lines[0]
    assert any("seasonal naive (52)" in line for line in lines)


def test_equal_scores_are_best_together(make_result, palette, known):
    result = make_result()
    table = score_table(result, 0, palette, 80, known(result))
    best = table.columns[4]._cells[1:]
    assert sum("bold" in str(cell.style) for cell in best) == 3


def test_the_future_has_dates_and_all_backends(make_result, palette, lines_of):
    result = make_result()
    lines = lines_of(future_table(result, 0, palette))
    assert lines[0].split() == ["week", "NumPy", "PyTorch", "TensorFlow"]
    assert lines[1].startswith("2002-01-05")
    assert len(lines) == 1 + result.experiment.steps


def test_dates_are_never_cut(make_result, tmp_path, palette, lines_of):
    stamps = np.datetime64("2021-01-01T00:00") + np.arange(300) * np.timedelta64(1, "h")
    rows = "\n".join(f"{stamp},{number % 24}" for number, stamp in enumerate(stamps))
    path = tmp_path / "hourly.csv"
    path.write_text(f"time,load\n{rows}\n", encoding="utf-8")
    lines = lines_of(future_table(make_result(path, settings={"horizon": 4}), 0, palette), 50)
    assert lines[1].startswith("2021-01-13 12:00 ")


def test_the_future_has_the_intervals_that_fit_beside_the_offered_forecast(
    make_result, palette, lines_of, known
):
    result = make_result()
    intervals = known(result, "NumPy").offered(result, 0)
    lines = lines_of(future_table(result, 0, palette, 80, intervals))
    assert lines[0].split() == [
        *("week", "NumPy", "lo-80", "hi-80", "lo-95", "hi-95"),
        *("PyTorch", "TensorFlow"),
    ]
    for line in lines[1:]:
        point, low, high, lowest, highest = map(float, line.split()[1:6])
        assert lowest <= low <= point <= high <= highest
    heads = lines_of(future_table(result, 0, palette, 60, intervals), 60)[0]
    assert heads.split() == ["week", "NumPy", "lo-80", "hi-80", "PyTorch", "TensorFlow"]


def test_the_future_beyond_the_horizon_has_no_intervals(make_result, palette, lines_of, known):
    result = make_result(settings={"horizon": 4}, backends=("numpy",), steps=6)
    lines = lines_of(future_table(result, 0, palette, 80, known(result, "NumPy").offered(result, 0)))
    assert [line.count("–") for line in lines[1:]] == [0] * 4 + [4] * 2


def test_agreement_in_words(make_result):
    assert list(agreement_in_words(make_result())) == [
        "The backends agree: their MAEs differ by less than 0.01 %, and their forecasts by at most 1.9e-07 "
        "of the target's standard deviation."
    ]
    assert list(agreement_in_words(make_result(backends=("numpy",)))) == []


def test_backends_that_ended_at_different_epochs_are_told(make_result):
    result = make_result()
    first, *others = result.backends
    uneven = dataclasses.replace(result, backends=(dataclasses.replace(first, epochs=3), *others))
    assert next(agreement_in_words(uneven)).startswith(
        "The backends ended at different epochs (NumPy after 3, PyTorch after 24, TensorFlow after 24)"
    )


def test_the_picture_splits_test_and_future_and_has_every_backend(make_result, palette):
    result = make_result()
    picture = forecast_picture(result, 0, 0.0, palette)
    rows, steps = result.experiment.table.rows, result.experiment.steps
    assert picture.x == (0.0, rows - 1 + steps)
    assert [rule.x for rule in picture.rules] == [result.experiment.split.test.start, rows - 0.5]
    truth, *others = picture.lines
    assert len(truth.x) == rows
    assert {line.pattern for line in others} == {"solid", "dashed", "dotted"}
    futures = [line for line in others if line.x[-1] == rows - 1 + steps]
    assert len(futures) == 3
    assert all(line.y[0] == result.experiment.table.values[-1, 0] for line in futures)


def test_test_forecasts_follow_each_other_without_overlap(make_result, palette):
    result = make_result()
    line = next(line for line in forecast_picture(result, 0, 0.0, palette).lines[1:])
    assert (np.diff(line.x) == 1).all()
    assert line.x[-1] == result.experiment.split.test.stop - 1
    horizon = result.experiment.config.horizon
    last = result.backends[0].evaluation.forecasts[-1, :, 0]
    assert (line.y[-horizon:] == last).all()


@pytest.mark.parametrize("reach", ["end", "test", "all"])
def test_every_reach_ends_with_the_future(make_result, reach, palette):
    result = make_result("sunspots")
    picture = forecast_picture(result, 0, first_row(result, reach, 60), palette)
    assert picture.x[1] == result.experiment.table.rows - 1 + result.experiment.steps
    assert picture.x[0] < result.experiment.table.rows - result.experiment.steps
    shown = [line.y[(line.x >= picture.x[0])] for line in picture.lines]
    assert picture.y[0] < min(values.min() for values in shown)
    assert picture.y[1] > max(values.max() for values in shown)


def test_a_long_test_part_begins_with_its_end(make_result):
    assert fitting_reach(make_result("sunspots"), 80) == "test"
    assert fitting_reach(make_result("co2"), 80) == "end"


def test_intervals_are_bands_over_test_and_future_the_widest_below(make_result, palette, known):
    result = make_result()
    intervals = known(result, "NumPy").offered(result, 0)
    picture = forecast_picture(result, 0, 2000.0, palette, intervals)
    wide, narrow, wide_ahead, narrow_ahead = picture.bands
    assert wide.x[-1] == result.experiment.table.rows - 1 == wide_ahead.x[0]
    assert narrow_ahead.x[-1] == picture.x[1]
    assert narrow_ahead.low[0] == narrow_ahead.high[0] == result.experiment.table.values[-1, 0]
    for outer, inner in ((wide, narrow), (wide_ahead, narrow_ahead)):
        assert ((outer.low <= inner.low) & (inner.high <= outer.high)).all()
    (line,) = [
        one for one in picture.lines if one.pattern == "solid" and one.x[-1] == wide.x[-1] and not one.thick
    ]
    assert ((narrow.low <= line.y) & (line.y <= narrow.high)).all()
    assert "80 %" in picture.legend.plain
    assert forecast_picture(result, 0, 2000.0, palette).bands == ()


def test_a_short_verdict_fits_in_two_lines_of_a_small_terminal(make_result, palette, known):
    result = make_result()
    intervals = known(result, "NumPy").offered(result, 0)
    first, second = verdict_line(result, 0, palette, intervals, short=True).plain.splitlines()
    assert first.startswith("✓ co2: the LSTM beats linear (ridge) by ")
    assert re.fullmatch(
        r"Offered: NumPy\. 2002-01-05: [\d.]+ to [\d.]+ in 8 of 10 cases \(test: \d\d %\)\.", second
    )
    assert max(len(first), len(second)) <= 76
    full = verdict_line(result, 0, palette, intervals).plain
    assert "2002-01-05: In 8 of 10 weeks, expect co2 between " in full
    assert result.verdicts[0] in full


def test_best_backend_is_that_with_the_lowest_error(make_result):
    result = make_result()
    assert result.best_backend(0).evaluation.scores[0].mae == min(
        one.evaluation.scores[0].mae for one in result.backends
    )
    assert make_result(fail=BACKENDS).best_backend(0) is None


@pytest.mark.parametrize(("outcome", "sign"), [("beats", "✓"), ("loses to", "✗"), ("ties with", "~")])
def test_the_verdict_has_the_sign_of_its_outcome(make_result, outcome, sign, palette):
    result = make_result()
    (comparison,) = result.comparisons
    judged = dataclasses.replace(result, comparisons=(dataclasses.replace(comparison, outcome=outcome),))
    assert str(verdict_line(judged, 0, palette)) == f"{sign} {result.verdicts[0]}"


def test_a_verdict_that_may_be_luck_is_open(make_result, palette):
    result = make_result()
    (comparison,) = result.comparisons
    unsure = dataclasses.replace(result, comparisons=(dataclasses.replace(comparison, interval=None),))
    assert str(verdict_line(unsure, 0, palette)).startswith("~ ")


def test_an_offered_baseline_is_drawn_named_and_first_in_the_table(make_result, palette, lines_of):
    result = with_offer(make_result(), "drift")
    assert lines_of(future_table(result, 0, palette))[0].split() == [
        "week",
        "drift",
        "NumPy",
        "PyTorch",
        "TensorFlow",
    ]
    picture = forecast_picture(result, 0, 0.0, palette)
    assert str(picture.legend).endswith("━╸·━ drift")
    drawn = [line for line in picture.lines if line.pattern == "dash-dotted"]
    assert len(drawn) == 2
    (baseline,) = (one for one in result.baselines if one.kind == "drift")
    np.testing.assert_array_equal(drawn[1].y[1:], baseline.future[:, 0])
    band = make_result(settings={"loss": "quantile"})
    heads = lines_of(future_table(with_offer(band, "drift"), 0, palette))[0].split()
    assert heads[:3] == ["week", "drift", "NumPy"]


def test_the_offered_backend_is_the_first_of_several(make_result, palette, lines_of):
    result = make_result()
    (offer,) = result.offers
    other = dataclasses.replace(result, offers=(dataclasses.replace(offer, backend="torch"),))
    assert lines_of(future_table(other, 0, palette))[0].split() == ["week", "PyTorch", "NumPy", "TensorFlow"]


def test_failures_stand_under_the_verdict(make_result, palette):
    told = str(verdict_line(make_result(fail=("torch",)), 0, palette))
    assert told.splitlines()[-1] == "✗ torch: ended with code 1."
