"""Every known deviation, planted behind the public interface, is caught at its level and named."""

import pytest

from lstm_conformance.checks import judge_level
from lstm_conformance.deviations import CATALOGUE
from lstm_conformance.diagnosis import diagnose
from lstm_conformance.levels import LEVELS

BY_LEVEL = {level.name: level for level in LEVELS}


def smallest_probe(deviation, probes, explainer):
    """The first probe on which the deviation shows at its level."""
    level = BY_LEVEL[deviation.level]
    for probe in probes:
        if deviation.applies(probe):
            observation = explainer.plantings.answer((deviation,), probe, level)
            if judge_level(probe, level, observation).state == "failed":
                return probe
    raise AssertionError(f"no probe shows {deviation.name!r} at level {level.name}")


def test_names_are_unique_and_levels_exist():
    assert len({deviation.name for deviation in CATALOGUE}) == len(CATALOGUE)
    assert {deviation.level for deviation in CATALOGUE} <= BY_LEVEL.keys()
    assert {deviation.name for deviation in CATALOGUE} >= QUICK
    assert all(deviation.sentence for deviation in CATALOGUE)


def test_every_level_has_a_deviation_that_shows_there():
    assert {deviation.level for deviation in CATALOGUE} == BY_LEVEL.keys()


QUICK = {
    "epoch loss as mean of batches",
    "moments not saved",
}
"""Of the levels at which each deviation takes many trainings; the others of these levels are exhaustive."""


EVERY = 12
"""Of the other levels, every twelfth deviation is quick."""


def parameter(number, deviation):
    dear = deviation.level in ("trajectory", "checkpoint")
    quick = deviation.name in QUICK if dear else number % EVERY == 0
    return pytest.param(deviation, id=deviation.name, marks=[] if quick else [pytest.mark.exhaustive])


@pytest.mark.parametrize("deviation", [parameter(*numbered) for numbered in enumerate(CATALOGUE)])
def test_caught_at_its_level_and_named(deviation, probes, explainer, answers_of, ask_of):
    probe = smallest_probe(deviation, probes, explainer)
    answers = answers_of((deviation,), probe, until=deviation.level)

    states = {name: result.state for name, result in answers.results.items()}
    assert states.pop(deviation.level) == "failed"
    assert set(states.values()) <= {"passed"}

    diagnosis = diagnose([answers], further=probes, ask=ask_of((deviation,)), explainer=explainer)
    assert [finding.explanations for finding in diagnosis.findings] == [((deviation.name,),)]
    assert deviation.sentence in diagnosis.sentence
