"""Draws a random configuration from a number: all settings, the series, its missing values, target rows.

Half of the configurations have some of the additions to the specification.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_conformance.probe import Probe, probe_of
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.fitting import varying_starts
from lstm_plugins.records import SeriesSet, TargetRows
from lstm_plugins.reference.windows import kept_starts, window_starts

ADDED = (1, 2)
"""Remainders by 4 of the numbers of configurations with additions, in both precisions."""
KINDS = ("noise", "waves", "walk", "trend", "steps", "constant")
"""Kinds of columns; in steps and constants some windows have no spread."""


def draw_probe(index: int) -> Probe:
    """The configuration with this number; the same on every machine."""
    generator = np.random.Generator(np.random.Philox(key=index))
    config = draw_config(generator, "float32" if index % 2 else "float64")
    series, training, validation = draw_series(generator, config)
    indicators = 0
    if index % 3 == 0:
        series, indicators = with_missing_values(generator, config, series)
    if index % 4 in ADDED:
        config = with_additions(generator, config)
        series = with_known_columns(generator, config, series)
    possible = kept_starts(series, config, window_starts(series, config, training, config.stride), False)
    if not len(varying_starts(config, series, possible)):
        # In every window a target is constant, so nothing would be left to train on.
        config = replace(config, loss_scale="series")
    return probe_of(f"configuration {index}", config, series, training, validation, indicators)


def draw_config(generator: np.random.Generator, precision: str) -> ForecasterConfig:
    """Draws each setting from all its values, with sizes for which a fit takes moments."""
    draw = generator.integers
    patch = int(generator.choice([1, 1, 2, 3, 4]))
    optimizer = _one_of(generator, "adamw", "sgd")
    settings: dict[str, Any] = {
        "look_back": patch * int(draw(1, 17)),
        "horizon": int(draw(1, 6)),
        "hidden_units": int(draw(1, 9)),
        "layers": int(draw(1, 4)),
        "bidirectional": bool(draw(2)),
        "attention": _one_of(generator, "none", "dot", "general"),
        "patch": patch,
        "normalisation": _one_of(generator, "none", "last", "standard"),
        "dropout": float(draw(2) * generator.uniform(0.05, 0.7)),
        "loss": _one_of(generator, "mse", "mae", "huber", "quantile"),
        "quantiles": _levels(generator),
        "optimizer": optimizer,
        "learning_rate": float(10.0 ** generator.uniform(-4.0, -1.3)),
        "momentum": float(draw(2) * generator.uniform(0.1, 0.95)),
        "weight_decay": float(draw(2) * generator.uniform(0.001, 0.1)) if optimizer == "adamw" else 0.0,
        "schedule": _one_of(generator, "constant", "cosine", "plateau"),
        "warmup": int(draw(0, 7)),
        "plateau": int(draw(1, 3)),
        "clip_norm": float(draw(2) * 10.0 ** generator.uniform(-2.0, 1.0)),
        "batch_size": int(draw(1, 13)),
        "epochs": int(draw(1, 5)),
        "patience": int(draw(0, 3)),
        "stride": int(draw(1, 5)),
        "seed": int(draw(2**63)),
        "precision": precision,
    }
    return ForecasterConfig(**settings)


def with_additions(generator: np.random.Generator, config: ForecasterConfig) -> ForecasterConfig:
    """The config with each setting of an addition drawn from all its values."""
    draw = generator.integers
    # A longer lag would leave some of the series without a window.
    lags = draw(config.horizon, config.horizon + config.look_back + 1, size=draw(0, 3))
    return replace(
        config,
        normalisation=_one_of(generator, "none", "last", "standard", "last-deviation", "seasonal"),
        season=int(draw(1, config.look_back + 1)),
        lags=tuple(
            sorted({int(lag) for lag in np.minimum(lags, config.look_back + 4) if lag >= config.horizon})
        ),
        linear=_one_of(generator, "none", "ridge"),
        loss_scale=_one_of(generator, "series", "window"),
        windows_per_epoch=int(draw(2) * draw(1, 25)),
    )


def with_known_columns(
    generator: np.random.Generator, config: ForecasterConfig, series: SeriesSet
) -> SeriesSet:
    """The series with up to three columns known ahead of time, some of them the user's own."""
    columns, ahead = int(generator.integers(4)), int(generator.integers(config.horizon + 3))
    rows = len(series.values) + ahead * len(series.lengths)
    known, own = generator.standard_normal((rows, columns)), int(generator.integers(columns + 1))
    return replace(series, known=known, own_known=own) if columns else series


def draw_series(
    generator: np.random.Generator, config: ForecasterConfig
) -> tuple[SeriesSet, TargetRows, TargetRows]:
    """One or more series, and the target rows of training and validation.

    The first series is long enough for windows of both; others may be too short for any. Sometimes there is
    no validation.
    """
    draw = generator.integers
    window = config.look_back + config.horizon
    lengths = [window + int(draw(16, 36))]
    lengths += [config.look_back + int(draw(0, 30)) for _ in range(draw(0, 3))]
    features = int(draw(1, 5))
    targets = generator.permutation(features)[: draw(1, features + 1)]
    values = np.concatenate(
        [np.stack([draw_column(generator, length) for _ in range(features)], axis=1) for length in lengths]
    )
    ends = [max(length - config.horizon - int(draw(0, 6)), 0) for length in lengths]
    training = tuple((0, end) for end in ends)
    validation = tuple(zip(ends, lengths, strict=True)) if draw(8) else ()
    return SeriesSet(values, tuple(int(column) for column in targets), tuple(lengths)), training, validation


def with_missing_values(
    generator: np.random.Generator, config: ForecasterConfig, series: SeriesSet
) -> tuple[SeriesSet, int]:
    """The series with single missing target values and an outage, and up to two indicators."""
    rows, targets = len(series.values), len(series.targets)
    observed = generator.random((rows, targets)) < generator.uniform(0.2, 0.95)
    first, length = generator.integers(rows), generator.integers(2 * (config.look_back + config.horizon))
    observed[first : first + length] = False
    # One window at least has a target.
    observed[config.look_back] = True
    indicators = int(generator.integers(3))
    columns = (generator.random((rows, indicators)) < 0.7).astype(np.float64)
    values = np.concatenate([series.values, columns], axis=1)
    return replace(series, values=values, observed=observed), indicators


def draw_column(generator: np.random.Generator, rows: int) -> NDArray[np.float64]:
    """One column of one series, with its own kind, size and offset."""
    time, noise = np.arange(rows), generator.standard_normal(rows)
    columns = {
        "noise": noise,
        "waves": np.sin(time / generator.uniform(0.5, 6.0)) + 0.1 * noise,
        "walk": 0.3 * np.cumsum(noise),
        "trend": 0.1 * time + 0.3 * noise,
        "steps": np.floor(time / generator.uniform(2.0, 20.0)) % 3,
        "constant": np.ones(rows),
    }
    size, level = 10.0 ** generator.uniform(-1.0, 0.7), generator.uniform(-2.0, 2.0)
    return np.asarray(size * columns[_one_of(generator, *KINDS)] + level, np.float64)


def _levels(generator: np.random.Generator) -> tuple[float, ...]:
    """One to four quantiles in rising order."""
    hundredths = generator.choice(np.arange(5, 96, 5), generator.integers(1, 5), replace=False)
    return tuple(sorted(int(level) / 100 for level in hundredths))


def _one_of(generator: np.random.Generator, *words: str) -> str:
    return words[generator.integers(len(words))]
