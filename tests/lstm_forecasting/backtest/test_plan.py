import numpy as np
import pytest

from lstm_forecasting.backtest.cutting import cut
from lstm_forecasting.experiment.plan import plan_experiment
from lstm_plugins.errors import InputError, OptionError

from .conftest import SMALL


def test_without_refits_the_only_fold_has_the_parts_of_an_experiment(series, plan):
    for rows in (97, 100, 119, 120):
        table = series(rows)
        backtest = plan(table)
        experiment = plan_experiment(table, ["numpy"], SMALL)
        assert backtest.first.split == experiment.split
        assert backtest.first.config == experiment.config
        starts = experiment.window_starts("test") + experiment.config.look_back
        assert backtest.origins.tolist() == starts.tolist()


def test_a_fold_has_no_row_after_its_last_forecast(series, plan):
    backtest = plan(series(), origins=20, refit=6, every=2)
    for fold in backtest.folds:
        task = backtest.task(fold)
        assert task.table.rows == backtest.origins[fold.slice][-1] + backtest.horizon
        assert task.experiment().split.test.start == task.origins[0]


def test_a_sliding_window_has_the_same_length_in_every_fold(series, plan):
    backtest = plan(series(), origins=20, refit=6, window="sliding")
    splits = [backtest.task(fold).experiment().split for fold in backtest.folds]
    assert {len(split.train) for split in splits} == {len(splits[0].train)}
    assert {len(split.validation) for split in splits} == {len(splits[0].validation)}
    assert splits[0].test.start == backtest.origins[0]


def test_a_cut_table_is_the_table_of_a_file_with_these_rows(series):
    table = series(holes={3, 50})
    part = cut(table, 10, 60)
    assert part.rows == 50
    assert part.row_text(0) == table.row_text(10)
    assert part.row_text(50) == table.row_text(60)
    assert part.missing_values == (1,)
    assert part.earlier == (table.values[9, 0],)
    assert cut(table, 4, 60).earlier == (table.values[2, 0],)


def test_decisions_tell_the_origins_and_the_fits(series, plan):
    told = " ".join(plan(series(), origins=20, refit=6, window="sliding").decisions)
    assert "20 origins from 2021-04-09 to 2021-04-28." in told
    assert "Models are fitted 4 times, every 6 origins, each time to the 98 rows before it." in told
    assert "Models are fitted once, to the 96 rows" in " ".join(plan(series()).decisions)


def test_too_early_origins_are_refused(series, plan):
    with pytest.raises(InputError, match=r"has 8 training rows for forecasts from .* need at least 10"):
        plan(series(), origins=109)
    with pytest.raises(OptionError, match="origins: 200 is too many"):
        plan(series(), origins=200)


def test_truth_and_counted_values_are_those_of_the_rows(series, plan):
    table = series(holes={110})
    backtest = plan(table)
    assert 111 not in backtest.origins
    place = backtest.origins.tolist().index(109)
    assert backtest.counted[place, :, 0].tolist() == [True, False, True]
    np.testing.assert_array_equal(backtest.truth[place, 2], table.values[111])
