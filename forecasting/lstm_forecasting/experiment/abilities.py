"""Leaves out the backends that lack what the data of an experiment need."""

from collections.abc import Iterable
from dataclasses import replace

from lstm_forecasting.experiment.plan import Experiment
from lstm_plugins import Backend
from lstm_plugins.additions import needed_additions
from lstm_plugins.errors import InputError


def with_able_backends(experiment: Experiment, backends: Iterable[Backend]) -> Experiment:
    """The experiment without the backends that cannot tell filled values from observed ones, if it has gaps.

    `backends` describes those of the experiment. A decision names each one that is left out.

    Raises:
        InputError: no backend is left.
    """
    needed = set(needed_additions(experiment.series, len(experiment.indicators)))
    unable = [one for one in backends if one.name in experiment.backends and not needed <= set(one.additions)]
    if not unable:
        return experiment
    missing = (
        f"{experiment.table.name} has missing values, but {{}} cannot tell filled values from observed ones"
    )
    left = {one.name for one in unable}
    able = tuple(name for name in experiment.backends if name not in left)
    if not able:
        titles = " and ".join(one.title for one in unable)
        raise InputError(f"{missing.format(titles)}; choose another backend, or give a file without gaps.")
    sentences = tuple(f"{missing.format(one.title)}, so it is left out." for one in unable)
    return replace(experiment, backends=able, decisions=(*experiment.decisions, *sentences))
