"""The subject of an inspection: weights of a run, the best ones or a snapshot, and its rows."""

from dataclasses import dataclass, replace
from pathlib import Path

from lstm_forecasting.checkpoints.recorder import snapshot_files
from lstm_forecasting.data.series.network_series import indicator_names, network_series
from lstm_forecasting.experiment.plan import Experiment
from lstm_forecasting.runs.description import read_experiment
from lstm_forecasting.runs.folder import RunFolder, find_run, runs_folder
from lstm_forecasting.runs.predicting import TrainedModel, open_model
from lstm_plugins import ForecasterConfig, SeriesSet
from lstm_plugins.config import Precision
from lstm_plugins.counting import counted
from lstm_plugins.errors import InputError


@dataclass(frozen=True, eq=False)
class Subject:
    """Trained weights of a run, and its experiment with the rows.

    `config` is the network's, with the precision of the computation; `experiment` has this network alone, and
    `member` is its number in the run's ensemble, from 0, of `members` networks.
    """

    run: RunFolder
    experiment: Experiment
    model: TrainedModel
    config: ForecasterConfig
    member: int = 0
    members: int = 1

    @property
    def trained_by(self) -> str:
        """Short name of the backend that trained the weights."""
        return self.model.header.maker.backend

    @property
    def series(self) -> SeriesSet:
        """The rows in scaled units, with indicators of missing values, and which targets were observed."""
        model, experiment = self.model.model, self.experiment
        return network_series(
            experiment.table,
            model.scaler,
            model.indicators,
            experiment.observed,
            experiment.known,
            model.known.scaler,
        )

    @property
    def features(self) -> tuple[str, ...]:
        """The names of the network's inputs in each row."""
        return (*self.experiment.table.columns, *indicator_names(self.model.model.indicators))


def open_subject(
    run: str | Path,
    parent: Path | None = None,
    *,
    trained_by: str | None = None,
    epoch: int | None = None,
    precision: Precision | None = None,
    member: int = 0,
) -> Subject:
    """Opens weights of a run and its rows.

    Args:
        run: its name or folder.
        parent: folder of the runs; None for the default.
        trained_by: backend that trained the weights; None for the lowest validation loss.
        epoch: of a snapshot, 0 for the initial weights; None for the best weights.
        precision: of the computation; None for that of the run.
        member: number of the network in the run's ensemble, from 0.

    Raises:
        InputError: there is no such run, it is damaged, or it has no such weights.
    """
    folder = find_run(run, parent or runs_folder())
    model, experiment = open_model(folder.path, backend=trained_by), read_experiment(folder)
    backend, members = model.header.maker.backend, len(experiment.networks)
    if not 0 <= member < members:
        raise InputError(f"Run {folder.name} has {counted(members, 'network')}; there is no {member + 1}.")
    if epoch is not None:
        model = open_snapshot(folder, backend, epoch, member)
    elif member:
        model = TrainedModel.at(folder.best(backend, member))
    config = model.model.config
    return Subject(
        run=folder,
        experiment=experiment.of_member(member),
        model=model,
        config=replace(config, precision=precision or config.precision),
        member=member,
        members=members,
    )


def snapshot_epochs(run: RunFolder, backend: str, member: int = 0) -> tuple[int, ...]:
    """The epochs of a network's saved weights, in ascending order; 0 for the initial weights."""
    return tuple(snapshot_files(run.network(backend, member)))


def open_snapshot(run: RunFolder, backend: str, epoch: int, member: int = 0) -> TrainedModel:
    """Opens the snapshot of a network's weights after an epoch.

    Raises:
        InputError: they were not saved, or the file is damaged.
    """
    files = snapshot_files(run.network(backend, member))
    if epoch not in files:
        kept = ", ".join(map(str, files))
        have = f"it has those of {kept}" if files else "it has none"
        raise InputError(f"Run {run.name} has no snapshot of {backend} after epoch {epoch}; {have}.")
    return TrainedModel.at(files[epoch])
