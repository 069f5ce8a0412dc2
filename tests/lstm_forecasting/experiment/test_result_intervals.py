from dataclasses import replace

import numpy as np
import pytest

from lstm_forecasting.evaluation.scoring import conclude, evaluate_baselines, find_test_part


@pytest.fixture
def make_result(make_experiment):
    """The result of a seasonal naive forecast without backends."""

    def make(**changes):
        experiment = replace(make_experiment("any"), **changes)
        part = find_test_part(experiment)
        baselines = evaluate_baselines(experiment, part, ["seasonal-naive", "ridge"])
        return conclude(experiment, part, [], {}, baselines)

    return make


def test_every_baseline_has_intervals_of_test_and_future(make_result):
    result = make_result()
    for model in result.baselines:
        for target in range(2):
            found = result.intervals.of(model.name, target)
            assert found.levels == (80.0, 95.0)
            assert found.test.low.shape == (*result.truth.shape[:2], 2)
            assert np.isfinite(found.test.low).all()
            assert found.future.low.shape == (5, 2)
            # Steps beyond the horizon of 3 have none.
            assert np.isfinite(found.future.low).all(axis=1).tolist() == [True] * 3 + [False] * 2
            inside = (found.future.low <= model.future[:, [target]]) | np.isnan(found.future.low)
            assert inside.all()
            assert 60 < found.coverage[0].measured <= found.coverage[1].measured <= 100
            assert 0 < found.crps < 2 * model.scores[target].mae


def test_intervals_are_computed_once_and_at_the_levels_of_the_experiment(make_result):
    result = make_result(levels=(50.0,))
    name = result.baselines[0].name
    assert result.intervals.of(name, 0) is result.intervals.of(name, 0)
    assert result.intervals.of(name, 0).levels == (50.0,)
    with pytest.raises(KeyError):
        result.intervals.of("no such model", 0)
