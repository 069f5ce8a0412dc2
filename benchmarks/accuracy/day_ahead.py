"""Forecasts of all steps of the next day from earlier days and from what is known of it, such as prices.

A day-ahead market fixes the prices of all hours of a day at once, when forecasts of load and wind are known.
Members are lasso regressions: each step of a day from all steps of earlier days, from the known columns of
the day itself and of earlier ones, and from the weekday. They are fitted again every few days, on calibration
windows of several lengths and on several transforms of the target. A short window adapts, but has too few
days for so many inputs; so it corrects the mean of the longest window's weights rather than starting from
zero. Members are averaged with weights from their own recent errors.

Sources: Lago et al., "Forecasting day-ahead electricity prices", Applied Energy 293 (2021), for LEAR and the
calibration windows; Uniejewski, Weron and Ziel, IEEE Transactions on Power Systems 33 (2018), for asinh.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from benchmarks.accuracy.lasso import Lasso, solve_lasso

from lstm_forecasting.data.arrays import Array, Integers
from lstm_forecasting.data.series.transforms import Transform, fit_asinh

_FIRST_STEPS, _STEPS = 300, 30


@dataclass(frozen=True, eq=False)
class Days:
    """A series by days.

    Attributes:
        target: `[days, steps]`; later days than those to be forecast are not looked at.
        known: `[days, steps, columns]`, known a day ahead.
        weekdays: `[days]`, 0 to 6.
    """

    target: Array
    known: Array
    weekdays: Integers


@dataclass(frozen=True)
class DayAheadSettings:
    """What the members are.

    Attributes:
        target_lags: days before, whose targets are read.
        known_lags: days before, whose known columns are read; 0 is the day itself.
        window: days in the longest calibration window.
        short_windows: days in the others.
        widths: deviations of the target up to which a transform is nearly linear; one asinh for each.
        penalties: of the longest window, relative to the least one that leaves no input.
        correction_penalties: of the short windows' corrections.
        every: days from one fit to the next.
    """

    target_lags: tuple[int, ...] = (1, 2, 3, 7, 14)
    known_lags: tuple[int, ...] = (0, 1, 7)
    window: int = 1456
    short_windows: tuple[int, ...] = (728, 364, 182, 84)
    widths: tuple[float, ...] = (1.0, 2.0)
    penalties: tuple[float, ...] = (0.002, 0.005, 0.01)
    correction_penalties: tuple[float, ...] = (0.05, 0.1)
    every: int = 7

    @property
    def members(self) -> int:
        """Number of members."""
        corrections = len(self.short_windows) * len(self.correction_penalties)
        return len(self.widths) * (len(self.penalties) + corrections)

    @property
    def history(self) -> int:
        """Days that the inputs of a day reach back."""
        return max(*self.target_lags, *self.known_lags)


@dataclass(frozen=True, eq=False)
class DayForecasts:
    """Forecasts between two fits.

    Attributes:
        day: the first day.
        members: `[members, days, steps]`, in the target's units.
    """

    day: int
    members: Array


def forecast_days(days: Days, first: int, settings: DayAheadSettings) -> Iterator[DayForecasts]:
    """Forecasts every day from `first` on, with fits on earlier days only.

    Raises:
        ValueError: there are too few days before `first`.
    """
    if first < settings.history + max(settings.short_windows, default=0):
        raise ValueError(f"{first} days are too few to calibrate a forecast")
    fits = {width: _Calibration(settings) for width in settings.widths}
    for day in range(first, len(days.target), settings.every):
        stop = min(day + settings.every, len(days.target))
        found = [fits[width].forecast(days, day, stop, width) for width in settings.widths]
        yield DayForecasts(day, np.concatenate(found))


def weigh_by_recent_errors(
    members: Array, truth: Array, first: int, *, recent: int = 56, power: float = 20.0, every: int = 7
) -> Array:
    """The weighted mean of members from the day `first` on, `[days − first, steps]`.

    A weight is the member's mean absolute error over the `recent` days before, to the power of −`power`.

    Args:
        members: `[members, days, steps]`.
        truth: `[days, steps]`.
        first: at least `recent`.
        recent: days whose errors count.
        power: a larger one prefers the best members more.
        every: days from one weighting to the next.
    """
    errors = np.abs(members - truth).mean(axis=2)
    mean = np.empty((len(truth) - first, truth.shape[1]))
    for day in range(first, len(truth), every):
        recently = errors[:, day - recent : day].mean(axis=1)
        weights = (recently / recently.min()) ** -power
        ahead = slice(day, min(day + every, len(truth)))
        mean[ahead.start - first : ahead.stop - first] = np.tensordot(
            weights / weights.sum(), members[:, ahead], axes=1
        )
    return mean


class _Calibration:
    """The members of one transform, each fit starting from the one before."""

    def __init__(self, settings: DayAheadSettings) -> None:
        self.settings = settings
        self.earlier: dict[int, Lasso] = {}

    def forecast(self, days: Days, day: int, stop: int, width: float) -> Array:
        """Forecasts `[members, stop − day, steps]` of the days from `day` on."""
        settings = self.settings
        begin = max(settings.history, day - settings.window)
        fitted = fit_asinh(days.target[begin:day].ravel())
        transform = Transform("asinh", centre=fitted.centre, scale=width * fitted.scale)
        target = width * transform.apply(days.target[:stop])
        inputs = _inputs(days, target, begin, stop, settings)
        training, ahead = inputs[: day - begin], inputs[day - begin :]
        scales = training.std(axis=0)
        scales[scales == 0] = 1.0
        training, ahead = training / scales, ahead / scales
        found, longest = [], None
        for window in (settings.window, *settings.short_windows):
            penalties = settings.penalties if longest is None else settings.correction_penalties
            kernels, seen, wanted = self._fit(
                window, training[-window:], target[begin:day][-window:], penalties, longest
            )
            if longest is None:
                longest = np.mean(kernels, axis=0)
            found += [(ahead - seen) @ kernel + wanted for kernel in kernels]
        return transform.undo(np.stack(found) / width)

    def _fit(
        self, window: int, inputs: Array, outputs: Array, penalties: Sequence[float], prior: Array | None
    ) -> tuple[Sequence[Array], Array, Array]:
        """A kernel `[inputs, steps]` for each penalty, and the means of inputs and outputs."""
        seen, wanted = inputs.mean(axis=0), outputs.mean(axis=0)
        centred = inputs - seen
        moments = centred.T @ centred / len(inputs)
        cross = centred.T @ (outputs - wanted) / len(inputs)
        largest = np.abs(cross).max(axis=0)
        unexplained = cross if prior is None else cross - moments @ prior
        start = self.earlier.get(window)
        solved = solve_lasso(
            moments,
            np.tile(unexplained, (1, len(penalties))),
            np.concatenate([penalty * largest for penalty in penalties]),
            _FIRST_STEPS if start is None else _STEPS,
            start,
        )
        self.earlier[window] = solved
        kernels = np.split(solved.kernel, len(penalties), axis=1)
        return [kernel if prior is None else kernel + prior for kernel in kernels], seen, wanted


def _inputs(days: Days, target: Array, begin: int, stop: int, settings: DayAheadSettings) -> Array:
    """The inputs `[stop − begin, inputs]` of the days from `begin` up to but excluding `stop`."""
    rows = np.arange(begin, stop)
    parts = [target[rows - lag] for lag in settings.target_lags]
    parts += [days.known[rows - lag].reshape(len(rows), -1) for lag in settings.known_lags]
    parts.append((days.weekdays[rows][:, np.newaxis] == np.arange(7)).astype(np.float64))
    return np.concatenate(parts, axis=1)
