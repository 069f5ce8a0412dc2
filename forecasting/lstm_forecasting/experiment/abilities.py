"""Leaves out the backends that lack what the data of an experiment need."""

from collections.abc import Iterable
from dataclasses import replace

from lstm_forecasting.experiment.plan import Experiment
from lstm_plugins import Backend
from lstm_plugins.additions import ADDITIONS, LACKS, needed_additions
from lstm_plugins.errors import InputError

_ALL = set(ADDITIONS)


def common_additions(backends: Iterable[Backend]) -> tuple[str, ...]:
    """The additions that a preset may use: all if one of these backends has them, or else those of every one.

    So an experiment with a single backend that lacks additions still has a plan, and one such backend beside
    others does not make theirs worse.
    """
    known = [set(one.additions) for one in backends]
    if any(one >= _ALL for one in known):
        return ADDITIONS
    return tuple(name for name in ADDITIONS if all(name in one for one in known))


def with_able_backends(experiment: Experiment, backends: Iterable[Backend]) -> Experiment:
    """The experiment without the backends that lack an addition which its data or settings need.

    `backends` describes those of the experiment. A decision names each one that is left out.

    Raises:
        InputError: no backend is left.
    """
    unable = [one for one in backends if one.name in experiment.backends and not set(one.additions) >= _ALL]
    if not unable:
        return experiment
    needed = needed_additions(experiment.config, experiment.series, len(experiment.indicators))
    lacking = {one: next((name for name in needed if name not in one.additions), "") for one in unable}
    reasons = {one.name: f"{one.title} {LACKS[lacks]}" for one, lacks in lacking.items() if lacks}
    if not reasons:
        return experiment
    able = tuple(name for name in experiment.backends if name not in reasons)
    if not able:
        raise InputError(
            f"{'; '.join(reasons.values())}: choose another backend, other settings or other data."
        )
    sentences = tuple(f"{reason}, so it is left out." for reason in reasons.values())
    return replace(experiment, backends=able, decisions=(*experiment.decisions, *sentences))
