"""Leaves out the backends that lack what the data of an experiment need."""

from collections.abc import Iterable
from dataclasses import replace

from lstm_forecasting.experiment.plan import Experiment
from lstm_plugins import Backend
from lstm_plugins.additions import ADDITIONS, needed_additions
from lstm_plugins.errors import InputError

_ALL = set(ADDITIONS)


def with_able_backends(experiment: Experiment, backends: Iterable[Backend]) -> Experiment:
    """The experiment without the backends that cannot tell filled values from observed ones, if it has gaps.

    `backends` describes those of the experiment. A decision names each one that is left out.

    Raises:
        InputError: no backend is left.
    """
    unable = [one for one in backends if one.name in experiment.backends and not set(one.additions) >= _ALL]
    if unable:
        needed = set(needed_additions(experiment.series, len(experiment.indicators)))
        unable = [one for one in unable if not needed <= set(one.additions)]
    if not unable:
        return experiment
    gaps, cannot = (
        f"{experiment.table.name} has missing values",
        "cannot tell filled values from observed ones",
    )
    left = {one.name for one in unable}
    able = tuple(name for name in experiment.backends if name not in left)
    if not able:
        titles = " and ".join(one.title for one in unable)
        raise InputError(
            f"{gaps}, but {titles} {cannot}; choose another backend, or give a file without gaps."
        )
    sentences = tuple(f"{gaps}, but {one.title} {cannot}, so it is left out." for one in unable)
    return replace(experiment, backends=able, decisions=(*experiment.decisions, *sentences))
