"""Why the training of every backend ended, in sentences."""

from collections.abc import Mapping

from lstm_forecasting.experiment.events import BackendTrained
from lstm_plugins.counting import counted
from lstm_tui.train.training import BackendState, TrainingState


def endings(training: TrainingState, titles: Mapping[str, str]) -> tuple[str, ...]:
    """One sentence for each way of ending, with a sign and the backends that ended so before it.

    Why one failed stands beside its name already.

    Args:
        training: under way or over.
        titles: of the backends, for people.
    """
    groups: dict[str, list[str]] = {}
    for state in training.backends.values():
        ending = _ending(state, training.experiment.config.patience)
        if ending:
            groups.setdefault(ending, []).append(titles[state.backend])
    return tuple(f"{ending[0]} {_joined(names)}{ending[1:]}" for ending, names in groups.items())


def _joined(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def _ending(state: BackendState, patience: int) -> str:
    """Sign and sentence without its subject; empty while it trains."""
    if state.phase == "stopped":
        return "– stopped before the first epoch was complete, so there is nothing to forecast with."
    if state.trained is None:
        return ""
    done, planned, best = state.trained.epochs, counted(state.epochs, "epoch"), _best(state, state.trained)
    match state.trained.reason:
        case "epochs":
            return f"✓ trained all {counted(done, 'epoch')}; {best}"
        case "patience":
            why = f"no better validation loss in {patience} (patience)"
            return f"✓ ended after {done} of {planned}: {why}; {best}"
        case "stopped":
            return f"~ stopped by you after {done} of {planned}; {best}"


def _best(state: BackendState, trained: BackendTrained) -> str:
    best, done = trained.best_epoch + 1, trained.epochs
    if not state.history.validated:
        return "the last one forecasts, as nothing was validated."
    if best == done:
        more = ", and more may be better still" if trained.reason != "patience" else ""
        return f"the last one was the best{more}."
    return f"epoch {best}, the best, forecasts."
