"""The training curves of saved runs."""

from lstm_forecasting.checkpoints.checkpoint import read_training
from lstm_forecasting.runs.description import read_description
from lstm_forecasting.runs.folder import RunFolder
from lstm_tui.train.curves import KeptCurve
from lstm_tui.train.history import History


def kept_curves(run: RunFolder) -> tuple[KeptCurve, ...]:
    """The curves of every backend that has a checkpoint.

    Raises:
        InputError: a file of the run is damaged.
    """
    curves = []
    for backend in read_description(run).backends:
        path = run.training(backend)
        if path.exists():
            _, _, epochs = read_training(path)
            curves.append(KeptCurve(run.name, backend, History.of(epochs)))
    return tuple(curves)
