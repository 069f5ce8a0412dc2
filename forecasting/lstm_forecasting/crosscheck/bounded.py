"""Fast probes of any config and series: the whole network, but few windows and epochs."""

import dataclasses

import numpy as np

from lstm_conformance.probe import Probe, probe_of
from lstm_forecasting.experiment.plan import Experiment
from lstm_plugins import ForecasterConfig, SeriesSet, TargetRows
from lstm_plugins.config import Precision
from lstm_plugins.errors import InputError
from lstm_plugins.fitting import varying_starts
from lstm_plugins.reference.windows import kept_starts, window_starts

LARGEST_BATCH = 32
MOST_STATES = 1 << 20
"""The most hidden states of a batch over all steps and layers; it bounds the size of a trace."""
EPOCHS = 2

DEFAULT_CONFIG = "default config"
OWN_DATA = "own data"


def own_probe(experiment: Experiment, precision: Precision) -> Probe:
    """The probe of an experiment's data and settings: the last training rows and the rows after them.

    Raises:
        InputError: the training split has fewer than two windows.
    """
    split, series = experiment.split, experiment.series
    config = dataclasses.replace(experiment.config, precision=precision)
    training, validation = ((part.start, part.stop) for part in (split.train, split.validation))
    return _bounded(OWN_DATA, config, series, training, validation, len(experiment.indicators))


def default_probe(precision: Precision) -> Probe:
    """The probe of the default config on one noisy column."""
    generator = np.random.Generator(np.random.Philox(key=5))
    rows = np.arange(240)
    values = np.sin(rows / 4.0) + 0.4 * generator.standard_normal(240)
    series = SeriesSet(values[:, None], (0,), (240,))
    return _bounded(DEFAULT_CONFIG, ForecasterConfig(precision=precision), series, (0, 190), (190, 240))


def _bounded(
    name: str,
    config: ForecasterConfig,
    series: SeriesSet,
    training: tuple[int, int],
    validation: tuple[int, int],
    indicators: int = 0,
) -> Probe:
    horizon, look_back, rows_before = config.horizon, config.look_back, config.rows_before
    first = max(training[0], rows_before)
    # At the stride, with the last training row as the last target.
    possible = np.arange(training[1] - horizon - look_back, first - look_back - 1, -config.stride)[::-1]
    usable = varying_starts(config, series, kept_starts(series, config, possible, False))
    available = len(usable)
    if available < 2:
        raise InputError(
            f"A cross-check on a series needs at least two training windows, but look_back {look_back}, "
            f"horizon {horizon} and stride {config.stride} leave {available} in {training[1]} "
            "training rows; lower them, or use a longer series."
        )
    states = config.steps * config.hidden_units * config.directions * config.layers
    # Two full batches and a partial one, even if there are few windows.
    batch = min(config.batch_size, LARGEST_BATCH, max(MOST_STATES // states, 2), max((available - 1) // 2, 1))
    windows = min(available, 2 * batch + max(batch // 2, 1))
    from_row = int(usable[-windows]) - (rows_before - look_back)
    later_starts = window_starts(series, config, ((validation[0], validation[1]),), 1)
    evaluated = kept_starts(series, config, later_starts, True)[:batch]
    stop = int(evaluated[-1]) + look_back + horizon if len(evaluated) else validation[0]
    rows: TargetRows = ((rows_before, training[1] - from_row),)
    later: TargetRows = ((training[1] - from_row, stop - from_row),)
    observed = None if series.observed is None else series.observed[from_row:stop].copy()
    known = None if series.known is None else series.known[from_row : stop + series.ahead].copy()
    columns = (series.targets, (stop - from_row,), observed, known, series.own_known)
    part = SeriesSet(series.values[from_row:stop].copy(), *columns)
    config = dataclasses.replace(config, batch_size=batch, epochs=min(config.epochs, EPOCHS))
    return probe_of(name, config, part, rows, later, indicators)
