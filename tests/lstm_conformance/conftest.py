import pytest

from lstm_conformance.checks import observe
from lstm_conformance.explaining import Explainer
from lstm_conformance.levels import LEVELS
from lstm_conformance.planting import collect_answers, make_planted
from lstm_conformance.probes import full_probes


@pytest.fixture(scope="session")
def probes():
    return tuple(full_probes("float64"))


@pytest.fixture(scope="session")
def explainer():
    return Explainer()


@pytest.fixture(scope="session")
def answers_of():
    """What a mutant answers to a probe, through the public interface, judged."""

    def answers(planted, probe, until=LEVELS[-1].name):
        names = [level.name for level in LEVELS]
        levels = LEVELS[: names.index(until) + 1]
        return collect_answers(lambda asked: make_planted(tuple(planted), asked), probe, levels)

    return answers


@pytest.fixture(scope="session")
def ask_of():
    """Puts one level to a mutant; what it was asked before comes first, since some remember."""

    def ask(planted):
        def put(probe, level):
            make = lambda asked: make_planted(tuple(planted), asked)  # noqa: E731
            remembers = any(one.remembers for one in planted)
            before = LEVELS[: LEVELS.index(level)] if remembers else ()
            *_, (_, observation) = observe(make, probe, (*before, level))
            return observation

        return put

    return ask
