from dataclasses import replace

import numpy as np
import pytest

from lstm_forecasting.data.series.splits import split_by_count
from lstm_forecasting.inspect.windows import (
    window_by_error,
    window_by_number,
    window_by_time,
)
from lstm_plugins.errors import InputError


@pytest.fixture
def experiment(laboratory):
    return laboratory.subject("plain").experiment


@pytest.mark.parametrize("part", ["train", "validation", "test"])
def test_windows_are_those_that_a_backend_finds(laboratory, experiment, part):
    rows = experiment.split.part(part)
    reference = laboratory.reference(laboratory.subject("plain"))
    stride = experiment.config.stride if part == "train" else 1
    found = experiment.window_starts(part)
    np.testing.assert_array_equal(found, reference.window_starts(((rows.start, rows.stop),), stride))
    last = window_by_number(experiment, part, len(found) - 1)
    assert (last.inputs.start, last.count) == (found[-1], len(found))
    assert last.inputs.stop == last.targets.start
    assert (len(last.inputs), len(last.targets)) == (8, 3)


def test_by_date_it_is_the_one_whose_forecast_begins_there(experiment):
    for number in (0, 4, 30):
        window = window_by_number(experiment, "test", number)
        date = str(experiment.table.times[window.targets.start].astype("datetime64[D]"))
        assert window_by_time(experiment, "test", date) == window
    with pytest.raises(InputError, match="No forecast of the validation part is at 2030-01-01"):
        window_by_time(experiment, "validation", "2030-01-01")
    with pytest.raises(InputError, match="is not a date"):
        window_by_time(experiment, "test", "yesterday")


def test_by_error_the_worst_comes_first(experiment):
    count = len(experiment.window_starts("test"))
    errors = np.zeros(count)
    errors[[3, 7, 9]] = 2.0, 5.0, 2.0
    ranked = [window_by_error(experiment, "test", errors, rank).number for rank in range(4)]
    assert ranked == [7, 3, 9, 0]
    with pytest.raises(InputError, match=f"has {count} windows; there is no number {count + 1} by error"):
        window_by_error(experiment, "test", errors, count)


def test_a_window_that_is_not_there_is_said(experiment):
    count = len(experiment.window_starts("test"))
    for number in (-1, count):
        with pytest.raises(InputError, match=f"windows 1 to {count}; there is no window {number + 1}"):
            window_by_number(experiment, "test", number)
    short = replace(experiment, split=split_by_count(200, 190, 2, 8))
    with pytest.raises(InputError, match="The validation part of shop has no window"):
        window_by_number(short, "validation", 0)
