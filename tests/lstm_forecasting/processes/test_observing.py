import dataclasses
from pathlib import Path

import numpy as np
import pytest

from lstm_conformance.checks import Observation, judge_level
from lstm_conformance.levels import LEVELS
from lstm_conformance.probes import switch_probe
from lstm_forecasting.processes.arrays import read_arrays, write_array, write_arrays
from lstm_forecasting.processes.events import BackendAnswers
from lstm_forecasting.processes.messages import AllObserved, Observe
from lstm_forecasting.processes.observing import answers
from lstm_plugins import ForecasterError
from lstm_plugins.discovery import find_backend

LEVELS_BY_NAME = {level.name: level for level in LEVELS}
PROBE = switch_probe("plain", "float64")


@pytest.fixture
def request_of(tmp_path):
    """Makes the request to answer levels of the probe."""

    def make(*levels, device="cpu"):
        write_array(tmp_path / "series.npy", PROBE.series.values)
        write_arrays(tmp_path / "weights.npz", PROBE.weights)
        write_array(tmp_path / "starts.npy", PROBE.starts)
        return Observe(
            probe=PROBE.name,
            config=PROBE.config.to_dict(),
            series=str(tmp_path / "series.npy"),
            targets=PROBE.series.targets,
            lengths=PROBE.series.lengths,
            training=PROBE.training,
            validation=PROBE.validation,
            weights=str(tmp_path / "weights.npz"),
            starts=str(tmp_path / "starts.npy"),
            levels=levels,
            device=device,
            results=str(tmp_path),
        )

    return make


def test_a_backend_is_asked_level_by_level_and_its_answers_can_be_judged(request_of):
    wanted = ("windows", "gates", "gradients")
    first, *found, last = answers(find_backend("numpy"), request_of(*wanted), 1)
    assert isinstance(first, BackendAnswers)
    assert (first.device, first.threads) == ("cpu", 1)
    assert first.framework == f"numpy {np.__version__}"
    assert isinstance(last, AllObserved)
    assert [answer.level for answer in found] == list(wanted)
    for answer in found:
        observation = Observation(read_arrays(Path(answer.arrays)), answer.unsupported, answer.error)
        assert judge_level(PROBE, LEVELS_BY_NAME[answer.level], observation).state == "passed"


def test_a_device_that_is_not_there_is_the_answer_to_every_level(request_of):
    request = request_of("windows", "loss", device="no such device")
    _, *found, last = answers(find_backend("numpy"), request, 1)
    assert isinstance(last, AllObserved)
    assert all("no such device" in answer.unsupported for answer in found)


def test_levels_are_those_of_the_conformance_kit(request_of):
    with pytest.raises((ForecasterError, KeyError)):
        list(answers(find_backend("numpy"), request_of("x"), 1))


def test_a_backend_that_knows_no_gaps_is_asked_nothing_about_a_series_with_gaps(request_of, tmp_path):
    observed = np.ones((len(PROBE.series.values), len(PROBE.series.targets)), dtype=bool)
    observed[5:9] = False
    write_array(tmp_path / "observed.npy", observed)
    request = dataclasses.replace(request_of("windows", "loss"), observed=str(tmp_path / "observed.npy"))
    plain = dataclasses.replace(find_backend("numpy"), additions=())
    _, *found, _ = answers(plain, request, 1)
    assert [answer.level for answer in found] == ["windows", "loss"]
    assert all(answer.unsupported.startswith("it cannot tell filled values from") for answer in found)
    _, *found, _ = answers(find_backend("numpy"), request, 1)
    assert all(answer.arrays for answer in found)
