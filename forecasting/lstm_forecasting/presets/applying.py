"""Applies a preset to a series: what is tried on the validation part, what is chosen, and why."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lstm_forecasting.data.series.seasons import season_candidates
from lstm_forecasting.data.series.splits import Split
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.data.times.durations import DAY
from lstm_forecasting.known.choosing import choose_known, known_columns
from lstm_forecasting.known.columns import KnownColumns
from lstm_forecasting.linear.look_backs import affordable_look_backs
from lstm_forecasting.presets.networks import Networks, choose_networks
from lstm_forecasting.presets.options import Preset
from lstm_forecasting.presets.trials import Trial, TriedSeries, choose_trial, try_choices
from lstm_forecasting.presets.tried import Tried
from lstm_plugins.additions import ADDITIONS, KNOWN, LINEAR
from lstm_plugins.counting import joined

_YEAR_OF_DAYS = 365


@dataclass(frozen=True, eq=False)
class Applied:
    """A preset applied to a series.

    Attributes:
        table: the series, whose options say whether the logarithm and the calendar are used.
        networks: the networks of the forecast.
        decisions: what was tried and what was chosen, one sentence each.
        tried: the alternatives with their errors; empty if nothing was compared.
    """

    table: SeriesTable
    networks: Networks
    decisions: tuple[str, ...]
    tried: tuple[Tried, ...]


def apply_preset(
    preset: Preset,
    table: SeriesTable,
    split: Split,
    season: int,
    settings: Mapping[str, Any],
    fixed: Mapping[str, Any],
    additions: Collection[str] = ADDITIONS,
) -> Applied:
    """Tries the logarithm and the calendar with ridge regressions, and chooses the networks of a preset.

    Args:
        preset: `quick` or `best`.
        table: the series, filled.
        split: training rows are fitted, validation rows choose; test rows are not looked at.
        season: rows of the season; 1 for none.
        settings: of the experiment, inferred and fixed ones.
        fixed: those that the user has fixed.
        additions: those of the contract that may be used, because the backends implement them.
    """
    rows = len(split.train)
    look_backs = ridge_look_backs(table, season, settings["horizon"], rows)
    corrected = {KNOWN, LINEAR} <= set(additions)
    known = _columns(table, split, settings["horizon"])
    trials = _try(table, split, settings["horizon"], look_backs, known, calendars=corrected)
    best = choose_trial(trials)
    chosen = table
    if best is not None:
        own: dict[str, Any] = {"transform": "log"} if best.log else {}
        own |= {"calendar": "always"} if best.calendar else {}
        chosen = table.with_options(**own)
    corrects = 0
    if best is not None and corrected:
        corrects = _corrected_look_back(best, chosen, reads=known is not None or best.calendar)
    # Unlike regressions, networks gain from windows that are shorter than the horizon.
    of_networks = ridge_look_backs(table, season, 1, rows)
    if "look_back" in fixed:
        of_networks = (fixed["look_back"],)
        corrects = fixed["look_back"] if corrects else 0
    networks = choose_networks(
        preset,
        settings,
        fixed,
        look_backs=of_networks,
        corrects=corrects,
        linear=LINEAR in additions,
        columns=len(table.columns),
        own=0 if known is None else known.own,
        training_rows=rows,
        frequency=table.frequency,
        patch=settings["patch"],
    )
    decisions = (*_in_words(trials, best), *networks.decisions)
    return Applied(chosen, networks, decisions, _tried(trials, best))


def ridge_look_backs(table: SeriesTable, season: int, horizon: int, training_rows: int) -> tuple[int, ...]:
    """The look-back windows of ridge regressions on a series, in rows, shortest first."""
    shorter = [one for one in season_candidates(table.frequency) if season % one == 0]
    return affordable_look_backs(sorted([*shorter, season]), horizon, training_rows, table.frequency)


def _try(
    table: SeriesTable,
    split: Split,
    horizon: int,
    look_backs: tuple[int, ...],
    known: KnownColumns | None,
    *,
    calendars: bool,
) -> tuple[Trial, ...]:
    targets, options = list(table.target_indices), table.reading.options
    filled = table.filled[:, targets]
    series = TriedSeries(
        table.values[:, targets], ~filled if filled.any() else None, split, horizon, look_backs
    )
    training = series.values[split.train.slice]
    positive = bool((training > 0).all())
    logs = (False, True) if options.transform == "none" and positive else (options.transform == "log",)
    calendar = None
    if calendars and options.calendar == "auto" and table.times is not None:
        with_calendar = _columns(table.with_options(calendar="always"), split, horizon)
        # Beside columns of the user's own, the calendar is known in any case.
        if with_calendar is not None and set(with_calendar.names) - set(known.names if known else ()):
            calendar = with_calendar
    return try_choices(series, known, calendar, logs)


def _columns(table: SeriesTable, split: Split, horizon: int) -> KnownColumns | None:
    choice, _ = choose_known(table, len(split.train))
    return known_columns(choice, table, horizon)


def _corrected_look_back(best: Trial, table: SeriesTable, *, reads: bool) -> int:
    """The look_back of the ridge regression that all networks correct; 0 if no one stands out.

    One does where regressions read what is known ahead, or where the window of a year is among the best.
    """
    members = [member for mean in best.means for member in mean.members]
    chosen = min(members, key=lambda member: member.validation_error).look_back
    daily = table.frequency.kind == "fixed" and table.frequency.size == DAY
    year = daily and any(member.look_back > _YEAR_OF_DAYS for member in members)
    if year:
        chosen = max(member.look_back for member in members)
    return chosen if year or reads else 0


def _in_words(trials: Sequence[Trial], best: Trial | None) -> Iterator[str]:
    if best is None or len(trials) < 2:
        return
    # What some trials had and others had not.
    having = [_additions(trial) for trial in trials]
    names = [one for one in having[-1] if not all(one in own for own in having)]
    used = [one for one in names if one in _additions(best)]
    if len(names) == 1:
        chosen = "it is used" if used else "it is not used"
    else:
        chosen = "both are used" if len(used) == 2 else f"{used[0]} is used" if used else "neither is used"
    yield f"Ridge regressions tried {joined(names)} on the validation part; {chosen}."


def _tried(trials: Sequence[Trial], best: Trial | None) -> tuple[Tried, ...]:
    if len(trials) < 2:
        return ()
    return tuple(Tried(_name(trial), trial.error, trial is best) for trial in trials)


def _name(trial: Trial) -> str:
    additions = _additions(trial)
    return f"ridge regressions with {joined(additions)}" if additions else "ridge regressions"


def _additions(trial: Trial) -> list[str]:
    """What the ridge regressions of a trial had beside what all of them have."""
    additions = {"the logarithm": trial.log, "the calendar": trial.calendar}
    return [name for name, has in additions.items() if has]
