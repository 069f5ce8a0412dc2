"""Measures whether a deviation is caught and named, and whether its final error would reveal it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lstm_conformance.checks import judge_level
from lstm_conformance.deviations import Deviation
from lstm_conformance.diagnosis import diagnose
from lstm_conformance.explaining import Explainer
from lstm_conformance.levels import LEVELS, Level
from lstm_conformance.planting import Answers, Planted, collect_answers, make_planted
from lstm_conformance.probe import Probe
from lstm_plugins.records import Finished, SeriesSet

EPOCHS = 10
SHARE = 0.05
"""Largest relative difference of final errors that still count as equal."""

BY_NAME = {level.name: level for level in LEVELS}


@dataclass(frozen=True)
class Row:
    """The result of one deviation.

    Attributes:
        name: name of the deviation.
        level: the level at which it must be caught.
        probe: the smallest probe that shows it; "" for none.
        caught_at: the first level that failed; "" for none.
        named: the deviations that explain it, after further probes.
        error_ratio: its final error divided by the reference's; NaN if its fit failed.
    """

    name: str
    level: str
    probe: str
    caught_at: str
    named: tuple[str, ...]
    error_ratio: float

    @property
    def caught(self) -> bool:
        return self.caught_at == self.level

    @property
    def named_alone(self) -> bool:
        return self.named == (self.name,)

    @property
    def seen_in_final_error(self) -> bool:
        return not abs(self.error_ratio - 1.0) <= SHARE


class Bench:
    """Measures deviations one by one; their common values are computed once."""

    def __init__(self, probes: Sequence[Probe]) -> None:
        self._probes = probes
        self._explainer = Explainer()
        self._right_errors: dict[Probe, float] = {}

    def measure(self, deviation: Deviation) -> Row:
        level = BY_NAME[deviation.level]
        probe = self._smallest_probe(deviation, level)
        if probe is None:
            return Row(deviation.name, level.name, "", "", (), float("nan"))
        answers = answers_to((deviation,), probe, level)
        failed = [name for name, result in answers.results.items() if result.state == "failed"]
        diagnosis = diagnose(
            [answers],
            further=self._probes,
            ask=lambda asked, at: (
                answers_to((deviation,), asked, at, deviation.remembers).results[at.name].observation
            ),
            explainer=self._explainer,
        )
        explanations = diagnosis.findings[0].explanations if diagnosis.findings else ()
        if probe not in self._right_errors:
            self._right_errors[probe] = final_error((), probe)
        wrong, right = final_error((deviation,), probe), self._right_errors[probe]
        ratio = wrong / right if right else (float("inf") if wrong else 1.0)
        named = tuple(" + ".join(names) for names in explanations)
        return Row(deviation.name, level.name, probe.name, failed[0] if failed else "", named, ratio)

    def _smallest_probe(self, deviation: Deviation, level: Level) -> Probe | None:
        for probe in self._probes:
            if deviation.applies(probe):
                observation = self._explainer.plantings.answer((deviation,), probe, level)
                if judge_level(probe, level, observation).state == "failed":
                    return probe
        return None


def final_error(planted: Planted, probe: Probe) -> float:
    """Root mean squared error on validation windows after a fit from the planted network's initial weights.

    The config is the probe's with a more effective training; the series is longer and less noisy.
    """
    config = replace(
        probe.config,
        epochs=EPOCHS,
        patience=0,
        learning_rate=0.02,
        clip_norm=1.0,
        batch_size=17,
        stride=1,
        hidden_units=8,
        dropout=min(probe.config.dropout, 0.1),
    )
    fitted = replace(probe, config=config, series=learnable(probe))
    fitted = replace(fitted, training=((0, 120), (0, 60)), validation=((120, 160), (60, 90)))
    forecaster = make_planted(planted, fitted)
    right = make_planted((), fitted)
    for one in (forecaster, right):
        one.load_series(fitted.series)
    starts = right.evaluated_starts(fitted.validation)
    try:
        with np.errstate(all="ignore"):
            finished = [
                isinstance(record, Finished) for record in forecaster.fit(fitted.training, fitted.validation)
            ]
            forecast = forecaster.predict(starts)[..., config.point_quantile]
    except Exception:  # noqa: BLE001 - a deviation may fail in any way, which a user would notice
        return float("nan")
    if not any(finished):
        return float("nan")
    windows = right.raw_windows(starts)
    return float(np.sqrt(np.mean(np.square(forecast - windows.targets)[windows.observed])))


def learnable(probe: Probe) -> SeriesSet:
    """Two series of waves with little noise, with the columns and targets of the probe's series.

    Where the probe has missing values, a third is missing and the last value stands in its place. Where it
    has known columns, the first moves all targets of its row.
    """
    generator = np.random.Generator(np.random.Philox(key=5))
    time = np.arange(250.0)[:, None]
    waves = np.sin(time / (2.0 + 1.5 * np.arange(probe.features))) + 0.5 * np.sin(time / 17.0)
    values, targets = waves + 0.05 * generator.standard_normal(waves.shape), list(probe.series.targets)
    series = SeriesSet(values, probe.series.targets, (160, 90))
    if probe.series.known is not None:
        ahead = probe.series.ahead
        known = generator.standard_normal((250 + 2 * ahead, probe.series.known_columns))
        series = replace(series, known=known, own_known=probe.series.own_known)
        values[:, targets] += 0.3 * known[series.known_rows(np.arange(250)), :1]
    if probe.series.observed is None:
        return series
    observed = generator.random((250, len(targets))) < 2 / 3
    observed[60:80] = observed[200:210] = False
    observed[[0, 160]] = True
    last = np.maximum.accumulate(np.where(observed, np.arange(250)[:, None], 0), axis=0)
    values[:, targets] = np.take_along_axis(values[:, targets], last, axis=0)
    if probe.indicators:
        values[:, -probe.indicators :] = observed[:, : probe.indicators]
    return replace(series, values=values, observed=observed)


def answers_to(planted: Planted, probe: Probe, level: Level, all_before: bool = True) -> Answers:
    """The judged answers of the reference with planted deviations, up to a level or for it only."""
    levels = LEVELS[: LEVELS.index(level) + 1] if all_before else (level,)
    return collect_answers(lambda asked: make_planted(planted, asked), probe, levels)
