"""Plans an experiment: decides and checks everything before any backend starts."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lstm_forecasting.data.arrays import Integers, Truths
from lstm_forecasting.data.series.bounds import NO_BOUNDS, Bounds, find_bounds
from lstm_forecasting.data.series.filling import fill_for_training
from lstm_forecasting.data.series.network_series import choose_indicators, network_series
from lstm_forecasting.data.series.scaling import Scaler, fit_scaler
from lstm_forecasting.data.series.splits import DEFAULT_FRACTIONS, Part, Split, split_by_fraction
from lstm_forecasting.data.series.transforms import fit_transforms, transforms_in_words
from lstm_forecasting.data.series.windows import counted_values, has_windows, window_starts
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.evaluation.baselines.kinds import Wanted
from lstm_forecasting.experiment.defaults import choose_settings
from lstm_forecasting.experiment.error_counts import check_levels
from lstm_forecasting.known.choice import NOTHING_KNOWN, KnownChoice
from lstm_forecasting.known.choosing import choose_known, known_columns, rows_ahead
from lstm_forecasting.known.columns import KnownColumns
from lstm_forecasting.presets.applying import apply_preset
from lstm_forecasting.presets.options import Preset
from lstm_forecasting.presets.tried import Tried
from lstm_plugins import ADDITIONS, ForecasterConfig, SeriesSet
from lstm_plugins.config import checked_settings
from lstm_plugins.counting import counted
from lstm_plugins.errors import InputError
from lstm_plugins.fitting import varying_starts

_MOST_ROWS = 1 << 62
"""More than any series has."""


@dataclass(frozen=True)
class Experiment:
    """A table, its split and scaler, and one config for all backends.

    Attributes:
        table: the series with its targets and inputs.
        split: its training, validation and test rows.
        scaler: fitted on the training rows.
        config: the complete settings.
        season: season length in rows for seasonal naive and MASE; 1 for none.
        backends: short names, in display order.
        steps: number of rows to forecast after the last one.
        threads: threads of each backend.
        fixed: names of the settings that the user fixed.
        decisions: one sentence for everything that was inferred about data and settings.
        bounds: what forecasts of the targets are held to.
        indicators: columns with an input that tells the network whether they were observed.
        counts_filled: True for a run of an earlier version, which trained on filled values and scored them.
        known: the columns known ahead, in the rows of the table and those to forecast; None for none.
        known_choice: which columns these are, to find them in a later file too.
        offer: the model whose forecast comes first, as the user asked.
        ensemble: the settings of each network whose forecasts are averaged, `config` first; empty for one.
        ridge_share: share of ridge regressions in the forecast; the networks have the rest.
        budget: seconds after which a backend trains no further network; None for no limit.
        preset: which rules chose the networks.
        tried: what the preset compared on the validation part to choose; empty for nothing.
        levels: nominal coverage of the intervals that the user asked for, in percent; empty for the default.
    """

    table: SeriesTable
    split: Split
    scaler: Scaler
    config: ForecasterConfig
    season: int
    backends: tuple[str, ...]
    steps: int
    threads: int
    fixed: frozenset[str]
    decisions: tuple[str, ...]
    bounds: Bounds = NO_BOUNDS
    indicators: tuple[str, ...] = ()
    counts_filled: bool = False
    known: KnownColumns | None = None
    known_choice: KnownChoice = NOTHING_KNOWN
    offer: Wanted = "best"
    ensemble: tuple[ForecasterConfig, ...] = ()
    ridge_share: float = 0.0
    budget: float | None = None
    preset: Preset = "classic"
    tried: tuple[Tried, ...] = ()
    levels: tuple[float, ...] = ()

    @property
    def networks(self) -> tuple[ForecasterConfig, ...]:
        """The settings of every network, the members of the ensemble or the only one."""
        return self.ensemble or (self.config,)

    def of_member(self, number: int) -> Experiment:
        """The experiment with one network of the ensemble alone, counted from 0."""
        return replace(self, config=self.networks[number], ensemble=(), ridge_share=0.0)

    @property
    def rows_before(self) -> int:
        """Rows that a forecast of every network needs before it."""
        return max(config.rows_before for config in self.networks)

    @property
    def observed(self) -> Truths | None:
        """Which target values were observed, `[rows, targets]`; None if all values count."""
        observed = ~self.table.filled[:, : len(self.table.targets)]
        return None if self.counts_filled or observed.all() else observed

    @property
    def features(self) -> int:
        """Number of inputs of the network in each row."""
        return len(self.table.columns) + len(self.indicators)

    @property
    def series(self) -> SeriesSet:
        """The series as the backends read it."""
        return network_series(
            self.table, self.scaler, self.indicators, self.observed, self.known, self.known_choice.scaler
        )

    def window_starts(self, part: Part) -> Integers:
        """First rows of a part's windows: at the stride of training, or of all validation or test windows.

        They are those of `Forecaster.window_starts`; with an ensemble, those that every network can forecast,
        as windows of the first one.
        """
        config, trains = self.config, part == "train"
        return window_starts(
            self.split.part(part),
            config.look_back,
            config.horizon,
            config.stride if trains else 1,
            self.observed,
            evaluated=not trains,
            rows_before=self.rows_before,
        )

    @property
    def training_starts(self) -> Integers:
        """First rows of the windows that an epoch trains on; those of `Forecaster.training_starts`."""
        starts = self.window_starts("train")
        return varying_starts(self.config, self.series, starts) if self.config.measured_in_window else starts

    def counted(self, part: Part) -> Truths:
        """Which target values of a part's windows count, `[windows, horizon, targets]`."""
        first_rows = self.window_starts(part) + self.config.look_back
        return counted_values(
            self.observed,
            first_rows,
            self.config.horizon,
            len(self.table.targets),
            evaluated=part != "train",
        )

    @property
    def data_decisions(self) -> tuple[str, ...]:
        """The decisions about the data: how they were read, their season, and the bounds of forecasts."""
        return self.decisions[: len(self.table.decisions) + 1 + len(self.bounds.decisions)]


def plan_experiment(
    table: SeriesTable,
    backends: Sequence[str],
    settings: Mapping[str, Any] | None = None,
    *,
    fractions: tuple[float, float, float] = DEFAULT_FRACTIONS,
    split: Split | None = None,
    steps: int | None = None,
    threads: int = 1,
    offer: Wanted = "best",
    preset: Preset = "classic",
    budget: float | None = None,
    additions: Collection[str] = ADDITIONS,
    levels: tuple[float, ...] = (),
) -> Experiment:
    """Infers missing settings and checks that everything fits together.

    Args:
        table: the series.
        backends: short names.
        settings: `ForecasterConfig` fields that the user fixes; the others are inferred from the data.
        fractions: shares of rows for training, validation and test.
        split: the same parts by rows, in place of `fractions`; the test part may be so short that it has no
            observed value of some target.
        steps: rows to forecast after the last one; None for the horizon. Beyond the horizon, forecasts are
            fed back as inputs, so every input column has to be a target.
        threads: threads of each backend.
        offer: the model whose forecast comes first; `best` is that with the least validation error.
        preset: which rules choose the networks; `classic` is a single one.
        budget: seconds after which a backend trains no further network; None for no limit.
        additions: those of the contract that a preset may use; see `abilities.common_additions`.
        levels: nominal coverage of the prediction intervals, in percent; empty for 80 and 95, where there are
            enough errors to measure them.

    Raises:
        InputError: the series is too short for the settings, or steps cannot be fed back.
        OptionError: a setting is not allowed, or there are too few errors for one of the levels.
    """
    if not backends:
        raise InputError("An experiment needs at least one backend; name one.")
    if threads < 1:
        raise InputError(f"threads must be at least 1, but is {threads}.")
    if steps is not None and steps < 1:
        raise InputError(f"steps must be at least 1, but is {steps}.")
    fixed = checked_settings(settings or {})
    by_rows = split is not None
    if split is None:
        split = split_by_fraction(table.rows, *fractions)
    table, season = fill_for_training(table, split.train.stop)
    later = [len(part) for part in (split.validation, split.test) if len(part)]
    chosen = choose_settings(
        table.frequency,
        season.length,
        len(split.train),
        min(later, default=1),
        fixed,
        _counting_windows(table, split),
        *_known_ahead(table),
    )
    config = ForecasterConfig.from_dict(chosen.settings)
    _check_length(table, split, config, None if by_rows else fractions)
    _check_columns(table, split)
    ensemble: tuple[ForecasterConfig, ...] = ()
    ridge_share, of_preset, tried = 0.0, chosen.decisions, tuple[Tried, ...]()
    if preset != "classic":
        applied = apply_preset(preset, table, split, season.length, chosen.settings, fixed, additions)
        every = [
            ForecasterConfig.from_dict({**chosen.settings, **member}) for member in applied.networks.members
        ]
        ensemble = tuple(one for one in every if _has_windows(split, one))
        if ensemble:
            table, config, ridge_share = applied.table, ensemble[0], applied.networks.ridge_share
            of_preset = (*_without(chosen.decisions, applied.networks.members), *applied.decisions)
            tried = applied.tried
            if len(set(backends)) > 1 < len(ensemble):
                of_preset += (
                    f"Each backend trains all {len(ensemble)} networks, so that their forecasts can be "
                    "compared; a single backend takes less time.",
                )
    steps = config.horizon if steps is None else steps
    check_feedback(table, config.horizon, steps)
    known_choice, about_known = choose_known(table, split.train.stop)
    bounds = find_bounds(table, split.train)
    transforms = fit_transforms(table, split.train)
    decisions = (
        *(*table.decisions, season.decision, *bounds.decisions, *about_known),
        *(*of_preset, *transforms_in_words(table, transforms)),
    )
    indicators = choose_indicators(table, split.train.stop)
    if indicators:
        named = " and ".join(indicators) if len(indicators) < 4 else f"{len(indicators)} columns"
        decisions += (f"An extra input tells the network whether each value of {named} was observed.",)
    if not has_windows(split.validation, config.rows_before, config.horizon):
        decisions += (
            f"The {len(split.validation)} validation rows are too few for a window of horizon "
            f"{config.horizon}, so training does not stop early and forecasts use the last epoch.",
        )
    if steps > config.horizon:
        decisions += (
            f"Beyond horizon {config.horizon}, forecasts are fed back as inputs, which makes them less "
            "certain.",
        )
    experiment = Experiment(
        table=table,
        split=split,
        scaler=fit_scaler(
            table.values, table.columns, split.train, observed=~table.filled, transforms=transforms
        ),
        config=config,
        season=season.length,
        backends=tuple(dict.fromkeys(backends)),
        steps=steps,
        threads=threads,
        fixed=frozenset(fixed),
        decisions=decisions,
        bounds=bounds,
        indicators=indicators,
        known=known_columns(known_choice, table, rows_ahead(config.horizon, steps)),
        known_choice=known_choice,
        offer=offer,
        ensemble=ensemble if len(ensemble) > 1 else (),
        ridge_share=ridge_share,
        budget=budget,
        preset=preset,
        tried=tried,
        levels=levels,
    )
    _check_windows(experiment)
    if not by_rows:
        _check_scored(experiment)
    check_levels(levels, [experiment.counted(part) for part in ("validation", "test")])
    if has_windows(split.validation, config.rows_before, config.horizon) and not len(
        experiment.window_starts("validation")
    ):
        without = (
            "No window of the validation rows has an observed value that follows an observed one, so "
            "training does not stop early and forecasts use the last epoch."
        )
        return replace(experiment, decisions=(*decisions, without))
    return experiment


def _without(decisions: Sequence[str], members: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The decisions about settings that are not those of the members."""
    names = tuple(f"{name} " for member in members for name in member)
    return tuple(decision for decision in decisions if not decision.startswith(names))


def check_feedback(table: SeriesTable, horizon: int, steps: int) -> None:
    """Checks that this many steps can be forecast; beyond the horizon, forecasts are fed back as inputs.

    Raises:
        InputError: they cannot, because an input is not a target.
    """
    inputs = [column for column in table.columns if column not in table.targets]
    if steps > horizon and inputs:
        raise InputError(
            f"{steps} steps go beyond horizon {horizon}, where forecasts are fed back as inputs, but the "
            f"input {inputs[0]!r} is not forecast; raise horizon to {steps}, make every input a target, or "
            "drop the inputs."
        )


def rows_needed(config: ForecasterConfig, fractions: tuple[float, float, float] = DEFAULT_FRACTIONS) -> int:
    """The fewest rows of a series without gaps for one training and one test window.

    The test fraction is above 0.
    """
    rows = range(1, _MOST_ROWS)
    return rows[bisect_left(rows, True, key=lambda n: _has_windows(split_by_fraction(n, *fractions), config))]


def _known_ahead(table: SeriesTable) -> tuple[int | None, str]:
    """The rows after the end in which the user's columns are known, and the gap that ends them, if any."""
    known = table.known
    if known is None:
        return None, ""
    rows = known.known_rows(table.rows)
    return rows, table.row_text(table.rows + rows) if table.rows + rows < len(known.values) else ""


def _check_length(
    table: SeriesTable, split: Split, config: ForecasterConfig, fractions: tuple[float, float, float] | None
) -> None:
    if _has_windows(split, config):
        return
    have = f"{table.name} has {counted(table.rows, 'row')}"
    settings = f"look_back {config.look_back} and horizon {config.horizon}"
    if fractions is None:
        raise InputError(
            f"{table.name} has {counted(len(split.train), 'training row')} for forecasts from "
            f"{table.row_text(split.test.start)} on, but {settings} need at least "
            f"{config.rows_before + config.horizon}; lower them, forecast from later rows, or give a longer "
            "series."
        )
    if not fractions[2]:
        raise InputError("The test fraction is 0, but experiments are evaluated on test rows; raise it.")
    needed = rows_needed(config, fractions)
    raise InputError(
        f"{have}, but {settings} need at least {needed} for one training and one test window; "
        "lower them, or give a longer series."
    )


def _has_windows(split: Split, config: ForecasterConfig) -> bool:
    parts = (split.train, split.test)
    return all(has_windows(part, config.rows_before, config.horizon) for part in parts)


def _counting_windows(table: SeriesTable, split: Split) -> Callable[[int, int, int], int] | None:
    """Counts the training windows for a look_back, a horizon and a stride; None without missing values."""
    observed = ~table.filled[:, : len(table.targets)]
    if observed.all():
        return None
    return lambda look_back, horizon, stride: len(
        window_starts(split.train, look_back, horizon, stride, observed)
    )


def _check_columns(table: SeriesTable, split: Split) -> None:
    for index, column in enumerate(table.columns):
        if table.filled[split.train.slice, index].all():
            raise InputError(
                f"Column {column!r} has no value in the training rows, which end at "
                f"{table.row_text(split.train.stop - 1)}; choose another column, or a larger training part."
            )


def _check_windows(experiment: Experiment) -> None:
    """Raises InputError if gaps leave no training window."""
    if experiment.observed is not None and not len(experiment.window_starts("train")):
        raise InputError(
            "No window of the training rows has an observed value to forecast; lower look_back or horizon, "
            "or give a series with fewer gaps."
        )


def _check_scored(experiment: Experiment) -> None:
    """Raises InputError if gaps leave a target whose forecasts cannot be scored."""
    if experiment.observed is None:
        return
    table = experiment.table
    counted = experiment.counted("test")
    for index, target in enumerate(table.targets):
        if not counted[:, :, index].any():
            raise InputError(
                f"No forecast of {target!r} can be scored: in the test rows, from "
                f"{table.row_text(experiment.split.test.start)}, no observed value is followed by another "
                f"within horizon {experiment.config.horizon}; choose another target, or a longer horizon."
            )
