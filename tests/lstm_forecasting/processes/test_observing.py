import numpy as np
import pytest

from lstm_conformance.checks import judge_level
from lstm_conformance.levels import LEVELS
from lstm_conformance.probes import switch_probe
from lstm_forecasting.processes.messages import AllObserved, Observing
from lstm_forecasting.processes.observing import Answer, answers
from lstm_plugins import ForecasterError, ForecasterOptions
from lstm_plugins.discovery import find_backend

LEVELS_BY_NAME = {level.name: level for level in LEVELS}


def test_a_backend_is_asked_level_by_level_and_its_answers_can_be_judged():
    probe = switch_probe("plain", "float64")
    wanted = ("windows", "gates", "gradients")
    first, *found, last = answers(find_backend("numpy"), probe, wanted, ForecasterOptions("cpu", 1))
    assert isinstance(first, Observing)
    assert (first.device, first.threads) == ("cpu", 1)
    assert first.framework == f"numpy {np.__version__}"
    assert isinstance(last, AllObserved)
    assert [answer.level for answer in found] == list(wanted)
    for answer in found:
        assert isinstance(answer, Answer)
        assert judge_level(probe, LEVELS_BY_NAME[answer.level], answer.observation).state == "passed"


def test_a_device_that_is_not_there_is_the_answer_to_every_level():
    probe = switch_probe("plain", "float64")
    options = ForecasterOptions("no such device", 1)
    _, *found, last = answers(find_backend("numpy"), probe, ("windows", "loss"), options)
    assert isinstance(last, AllObserved)
    assert all("no such device" in answer.observation.unsupported for answer in found)


def test_levels_are_those_of_the_conformance_kit():
    with pytest.raises((ForecasterError, KeyError)):
        list(answers(find_backend("numpy"), switch_probe("plain", "float64"), ("x",), ForecasterOptions()))
