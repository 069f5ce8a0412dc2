"""A run of a small network with two layers and directions, as the screen sees it."""

import numpy as np
import pytest

from lstm_forecasting import fit, open_data, plan_experiment
from lstm_forecasting.processes.pool import BackendProcesses
from lstm_tui.inspect.seeing import Asked, see

SMALL = {
    "look_back": 8,
    "horizon": 2,
    "hidden_units": 5,
    "epochs": 3,
    "precision": "float64",
    "batch_size": 12,
}


@pytest.fixture(scope="session")
def processes():
    with BackendProcesses() as pool:
        yield pool


@pytest.fixture(scope="session")
def run(tmp_path_factory):
    settings = {**SMALL, "layers": 2, "bidirectional": True, "attention": "general"}
    experiment = plan_experiment(open_data("sunspots"), ["numpy"], settings)
    return fit(experiment, "mine", tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="session")
def seen(run, processes):
    return see(Asked(run, ("numpy", "torch")), "gates", processes)


@pytest.fixture(scope="session")
def compared(seen, processes):
    return see(seen.asked, "backends", processes, seen)


@pytest.fixture(scope="session")
def gathered(seen, processes):
    return see(seen.asked, "batch", processes, seen)


@pytest.fixture
def inspected(seen):
    assert np.isfinite(seen.inspected.loss)
    return seen.inspected
