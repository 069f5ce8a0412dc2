import dataclasses

import numpy as np
import pytest

from lstm_forecasting.experiment.abilities import common_additions, with_able_backends
from lstm_forecasting.experiment.plan import plan_experiment
from lstm_plugins import ADDITIONS, needed_additions
from lstm_plugins.discovery import find_backend
from lstm_plugins.errors import InputError

NUMPY = find_backend("numpy")
PLAIN = dataclasses.replace(NUMPY, name="plain", title="Plain", additions=())


@pytest.fixture
def holed(make_experiment):
    """Makes an experiment with missing values."""

    def make(*backends):
        experiment = make_experiment(*backends)
        filled = np.zeros(experiment.table.values.shape, dtype=bool)
        filled[10:12, 0] = True
        return dataclasses.replace(experiment, table=dataclasses.replace(experiment.table, filled=filled))

    return make


def test_a_backend_that_knows_no_gaps_is_left_out_of_an_experiment_with_gaps(holed):
    experiment = holed("numpy", "plain")
    able = with_able_backends(experiment, [NUMPY, PLAIN])
    assert able.backends == ("numpy",)
    assert able.decisions == (
        *experiment.decisions,
        "Plain cannot tell filled values from observed ones, but values of the series are missing, so it is "
        "left out.",
    )


def test_if_no_backend_is_left_the_data_are_refused(holed):
    with pytest.raises(InputError, match=r"Plain cannot tell .* are missing: choose another backend"):
        with_able_backends(holed("plain"), [PLAIN])


def test_a_backend_without_a_linear_part_is_left_out_if_the_settings_have_one(make_experiment):
    experiment = make_experiment("numpy", "plain")
    linear = dataclasses.replace(experiment, config=dataclasses.replace(experiment.config, linear="ridge"))
    full = dataclasses.replace(NUMPY, additions=ADDITIONS)
    able = with_able_backends(linear, [full, PLAIN])
    assert able.backends == ("numpy",)
    assert able.decisions[-1] == "Plain has no linear part, but linear is ridge, so it is left out."


def test_an_indicator_needs_an_able_backend_too(make_experiment):
    experiment = dataclasses.replace(make_experiment("numpy", "plain"), indicators=("sales",))
    assert with_able_backends(experiment, [NUMPY, PLAIN]).backends == ("numpy",)


def test_without_gaps_every_backend_may_train(make_experiment):
    experiment = make_experiment("numpy", "plain")
    assert with_able_backends(experiment, [NUMPY, PLAIN]) is experiment


def test_a_preset_may_use_what_one_backend_has_all_of_or_what_all_have():
    some = dataclasses.replace(PLAIN, additions=("masks", "linear part"))
    other = dataclasses.replace(PLAIN, additions=("linear part",))
    assert common_additions([NUMPY, PLAIN]) == ADDITIONS
    assert common_additions([some, other]) == ("linear part",)
    assert common_additions([PLAIN]) == ()


def test_a_preset_for_a_backend_without_additions_needs_none(make_experiment):
    table = make_experiment("plain").table
    experiment = plan_experiment(table, ["plain"], preset="best", additions=())
    assert all(needed_additions(config, experiment.series) == () for config in experiment.networks)
    assert with_able_backends(experiment, [PLAIN]).backends == ("plain",)
