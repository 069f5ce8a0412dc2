from dataclasses import replace

import pytest

from lstm_forecasting.experiment.plan import plan_experiment
from lstm_forecasting.runs.description import read_experiment
from lstm_forecasting.runs.recording import create_run
from lstm_plugins.errors import OptionError


def planned(experiment, *levels):
    settings = {name: getattr(experiment.config, name) for name in ("look_back", "horizon", "hidden_units")}
    return plan_experiment(experiment.table, ["any"], settings, steps=5, levels=levels)


def test_a_level_that_the_errors_cannot_support_is_refused_with_the_number_needed(make_experiment):
    experiment = make_experiment("any")
    errors = len(experiment.window_starts("validation")) + len(experiment.window_starts("test"))
    assert planned(experiment, 80.0, 97.0).levels == (80.0, 97.0)
    with pytest.raises(OptionError) as refused:
        planned(experiment, 80.0, 99.5)
    assert refused.value.option == "level"
    assert f"needs 199 errors at each step, but only {errors} errors can be measured" in str(refused.value)
    assert f"ask for at most {100 * errors // (errors + 1)} %" in str(refused.value)


def test_a_run_keeps_the_levels(make_experiment, tmp_path):
    experiment = replace(make_experiment("numpy"), levels=(50.0, 90.0))
    assert read_experiment(create_run(experiment, tmp_path / "runs")).levels == (50.0, 90.0)
