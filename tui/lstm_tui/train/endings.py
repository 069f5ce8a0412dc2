"""Sentences that say why the training of each backend ended."""

from collections.abc import Mapping

from lstm_forecasting.experiment.events import BackendTrained
from lstm_forecasting.experiment.results import BackendResult
from lstm_plugins.counting import counted
from lstm_tui.train.training import BackendState, TrainingState


def endings(training: TrainingState, titles: Mapping[str, str]) -> tuple[str, ...]:
    """One sentence for each reason, with a sign and the backends that ended for it.

    Reasons of failures are left out: they stand beside the names of the backends.
    """
    groups: dict[str, list[str]] = {}
    for state in training.backends.values():
        ending = _ending(state, training.experiment.config.patience)
        if ending:
            groups.setdefault(ending, []).append(titles[state.backend])
    return tuple(
        f"{ending[0]} {' and '.join(filter(None, (', '.join(names[:-1]), names[-1])))}{ending[1:]}"
        for ending, names in groups.items()
    )


def _ending(state: BackendState, patience: int) -> str:
    """The sign and the sentence without its subject; empty during training."""
    if state.phase == "stopped":
        return "– stopped before completing an epoch, so there is no forecast."
    if state.members > 1:
        return _of_ensemble(state.result, state.members) if state.result is not None else ""
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
            return f"~ stopped on request after {done} of {planned}; {best}"


def _of_ensemble(result: BackendResult, planned: int) -> str:
    """How many networks are averaged, and why not all of them."""
    kept = [member for member in result.members if member.kept]
    stopped = result.reason == "stopped"
    which = counted(planned, "network") if len(kept) == planned else f"{len(kept)} of {planned} networks"
    sentence = f"~ stopped on request; averaged {which}" if stopped else f"✓ averaged {which}"
    sentence += f", {counted(result.epochs, 'epoch')} in all"
    if all(member.best_epoch < 0 for member in kept):
        return f"{sentence}; no epoch improved on the linear part."
    if len(kept) < len(result.members):
        return f"{sentence}; the others have larger errors on the validation part."
    return f"{sentence}; each forecasts with its best epoch."


def _best(state: BackendState, trained: BackendTrained) -> str:
    best, done = trained.best_epoch + 1, trained.epochs
    if not state.history.validated:
        return "forecasts use the last one, because there is no validation part."
    if best == 0:
        return "forecasts use the linear part alone, since no epoch improved on it."
    if best == done:
        more = ", so more epochs may help" if trained.reason != "patience" else ""
        return f"the last one was the best{more}."
    return f"forecasts use epoch {best}, the best."
