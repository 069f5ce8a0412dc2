import numpy as np
import pytest

from lstm_forecasting.evaluation.intervals.scores import Coverage
from lstm_forecasting.evaluation.intervals.wording import disagreement, how_often, how_sure


def coverage(level=80.0, measured=79.3, error=2.0):
    return Coverage(level, measured, np.array([measured]), error, 146, 1.0, 2.0)


def test_an_interval_in_words():
    assert how_sure("sales", "week", "310", "420", coverage()) == (
        "In 8 of 10 weeks, expect sales between 310 and 420; measured on 146 test weeks: 79 %."
    )
    assert "19 of 20 cases" in how_sure("sales", "15 minutes", "310", "420", coverage(95.0))
    assert "too few errors" in how_sure("sales", "row", "310", "420", coverage(measured=float("nan")))


@pytest.mark.parametrize(("level", "words"), [(90, "9 of 10"), (95, "19 of 20"), (87.5, "87.5 of 100")])
def test_a_level_as_a_number_of_cases(level, words):
    assert how_often(level) == words


def test_only_coverage_that_chance_does_not_explain_is_warned_of():
    assert disagreement(coverage()) == ""
    assert disagreement(coverage(error=float("nan"))) == ""
    assert "too narrow" in disagreement(coverage(measured=60.0))
    assert "too wide" in disagreement(coverage(measured=99.0))
