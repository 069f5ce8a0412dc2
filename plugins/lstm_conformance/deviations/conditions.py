"""What a deviation needs of a probe's settings to show at all; joined with `&`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lstm_conformance.probe import Probe
from lstm_plugins.config import Loss, Precision, Schedule


@dataclass(frozen=True)
class Condition:
    """A test of a probe."""

    test: Callable[[Probe], bool]

    def __call__(self, probe: Probe) -> bool:
        """Whether the probe meets it."""
        return self.test(probe)

    def __and__(self, other: Condition) -> Condition:
        return Condition(lambda probe: self(probe) and other(probe))

    def __invert__(self) -> Condition:
        return Condition(lambda probe: not self(probe))

    def __or__(self, other: Condition) -> Condition:
        return Condition(lambda probe: self(probe) or other(probe))


def loss_is(*names: Loss) -> Condition:
    """One of these losses."""
    return Condition(lambda probe: probe.config.loss in names)


def schedule_is(name: Schedule) -> Condition:
    """This schedule of the learning rate."""
    return Condition(lambda probe: probe.config.schedule == name)


def precision_is(name: Precision) -> Condition:
    """This precision."""
    return Condition(lambda probe: probe.config.precision == name)


always = Condition(lambda probe: True)
in_float64 = precision_is("float64")
seeded = Condition(lambda probe: probe.config.seed != 0)

several_series = Condition(lambda probe: len(probe.series.lengths) > 1)
several_features = Condition(lambda probe: probe.features > 1)
several_targets = Condition(lambda probe: len(probe.series.targets) > 1)
unsorted_targets = Condition(lambda probe: list(probe.series.targets) != sorted(probe.series.targets))
targets_not_first = Condition(lambda probe: probe.series.targets != tuple(range(len(probe.series.targets))))
validated = Condition(lambda probe: any(last > first for first, last in probe.validation))

masked = Condition(lambda probe: probe.series.observed is not None)
known = Condition(lambda probe: probe.series.known is not None)
known_ahead = known & Condition(lambda probe: probe.series.ahead > 0)
several_own_known = Condition(lambda probe: probe.series.own_known > 1)
own_known = Condition(lambda probe: probe.series.own_known > 0)
indicating = Condition(lambda probe: probe.indicators > 0)
several_indicators = Condition(lambda probe: probe.indicators > 1)

long_look_back = Condition(lambda probe: probe.config.look_back > 1)
long_horizon = Condition(lambda probe: probe.config.horizon > 1)
several_quantiles = Condition(lambda probe: len(probe.config.output_quantiles) > 1)
strided = Condition(lambda probe: probe.config.stride > 1)
patched = Condition(lambda probe: probe.config.patch > 1)
normalised = Condition(lambda probe: probe.config.normalisation != "none")
standard = Condition(lambda probe: probe.config.normalisation == "standard")
last_deviation = Condition(lambda probe: probe.config.normalisation == "last-deviation")
scaled = standard | last_deviation
seasonal = Condition(lambda probe: probe.config.normalisation == "seasonal")
out_of_phase = seasonal & Condition(lambda probe: probe.config.look_back % probe.config.season > 0)
short_season = seasonal & Condition(lambda probe: probe.config.season < probe.config.horizon)
minus_last = last_deviation | Condition(lambda probe: probe.config.normalisation == "last")

lagged = Condition(lambda probe: bool(probe.config.lags))
several_lags = Condition(lambda probe: len(probe.config.lags) > 1)
long_lags = Condition(lambda probe: probe.config.rows_before > probe.config.look_back)
stepping = known | lagged
linear = Condition(lambda probe: probe.config.linear != "none")
in_window = Condition(lambda probe: probe.config.measured_in_window)
drawing_windows = Condition(lambda probe: probe.config.windows_per_epoch > 0)

several_steps = Condition(lambda probe: probe.config.steps > 1)
several_inputs = Condition(lambda probe: probe.config.patch * probe.features > 1)
several_units = Condition(lambda probe: probe.config.hidden_units > 1)
several_layers = Condition(lambda probe: probe.config.layers > 1)
one_layer = Condition(lambda probe: probe.config.layers == 1)
bidirectional = Condition(lambda probe: probe.config.bidirectional)
attentive = Condition(lambda probe: probe.config.attention != "none")
general_attention = Condition(lambda probe: probe.config.attention == "general")
dropping = Condition(lambda probe: probe.config.dropout > 0)

several_windows = Condition(lambda probe: probe.config.batch_size > 1)
several_batches = Condition(lambda probe: len(probe.partial_batch) > 0)
partial_batch = Condition(lambda probe: 0 < len(probe.partial_batch) < probe.config.batch_size)
clipping = Condition(lambda probe: probe.config.clip_norm > 0)
adamw = Condition(lambda probe: probe.config.optimizer == "adamw")
decaying = adamw & Condition(lambda probe: probe.config.weight_decay > 0)
momentum = Condition(lambda probe: probe.config.optimizer == "sgd" and probe.config.momentum > 0)

several_epochs = Condition(lambda probe: probe.config.epochs > 1)
patient = Condition(lambda probe: probe.config.patience > 0)
plateau = several_epochs & schedule_is("plateau")
warming = Condition(lambda probe: probe.config.schedule == "cosine" and probe.config.warmup > 0)
