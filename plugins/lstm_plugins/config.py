"""The settings of a forecaster, each declared once."""

import dataclasses
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, Self

from lstm_plugins.counting import counted
from lstm_plugins.errors import OptionError
from lstm_plugins.options import Option, Range, by_name, declare, options_of, refuse_unknown

Attention = Literal["none", "dot", "general"]
Normalisation = Literal["none", "last", "standard", "last-deviation", "seasonal"]
Loss = Literal["mse", "mae", "huber", "quantile"]
LossScale = Literal["series", "window"]
Linear = Literal["none", "ridge"]
Optimizer = Literal["adamw", "sgd"]
Schedule = Literal["constant", "cosine", "plateau"]
Precision = Literal["float32", "float64"]


def _rising(values: tuple[float, ...]) -> tuple[float, ...]:
    if not values:
        raise ValueError
    return _rising_or_none(values)


def _rising_or_none(values: tuple[float, ...]) -> tuple[float, ...]:
    if any(low >= high for low, high in itertools.pairwise(values)):
        raise ValueError
    return values


_window = partial(declare, group="Window")
_network = partial(declare, group="Network")
_training = partial(declare, group="Training")
_optimizer = partial(declare, group="Optimizer")
_arithmetic = partial(declare, group="Arithmetic")


@dataclass(frozen=True, kw_only=True)
class ForecasterConfig:
    """The settings of the network and its training; docs/specification.md defines each of them.

    Raises:
        OptionError: a value has the wrong type, is out of range, or conflicts with another one.
    """

    look_back: int = _window(
        24, "Time steps of history that each forecast sees", range=Range(1), inferred=True
    )
    horizon: int = _window(1, "Time steps forecast at once", range=Range(1), inferred=True)
    patch: int = _window(
        1,
        "Neighbouring time steps joined into one input; must divide look_back",
        range=Range(1),
        inferred=True,
    )
    stride: int = _window(1, "Time steps from one training window to the next", range=Range(1))
    normalisation: Normalisation = _window(
        "last", "How each window is normalised; this is undone on its forecast", inferred=True
    )
    season: int = _window(
        1,
        "Time steps of a season, whose last one is subtracted from the window",
        range=Range(1),
        matters_when=("normalisation", ("seasonal",)),
    )
    lags: tuple[int, ...] = _window(
        (),
        "Time steps back of target values that each forecast step also sees, each at least the horizon",
        range=Range(1),
        expects="a rising list of whole numbers of at least 1, such as 364, 371",
        clean=_rising_or_none,
        inferred=False,
        metavar="NUMBERS",
    )
    hidden_units: int = _network(32, "Units of the hidden state, per layer and direction", range=Range(1))
    layers: int = _network(1, "Stacked LSTM layers", range=Range(1, 16))
    bidirectional: bool = _network(False, "Also read each window backwards, with separate weights")
    attention: Attention = _network(
        "none", "How the head weighs all hidden states; none: it sees only the final one", inferred=True
    )
    linear: Linear = _network(
        "none",
        "Linear forecast that the LSTM corrects; ridge: fitted in closed form, then kept",
    )
    dropout: float = _network(
        0.0, "Share of units dropped in training, between layers and before the head", range=Range(0, 0.99)
    )
    epochs: int = _training(50, "Passes over the training windows", range=Range(1), inferred=True)
    patience: int = _training(
        8, "Epochs without a better validation loss before training stops; 0 disables this", range=Range(0)
    )
    batch_size: int = _training(64, "Windows per update", range=Range(1), inferred=True)
    windows_per_epoch: int = _training(0, "Windows drawn in each epoch; 0 for all of them", range=Range(0))
    loss: Loss = _training("mse", "Loss that training minimises")
    loss_scale: LossScale = _training(
        "series",
        "What errors are measured in; window: divided by what its window was divided by",
        matters_when=("normalisation", ("standard", "last-deviation")),
    )
    quantiles: tuple[float, ...] = _training(
        (0.1, 0.5, 0.9),
        "Quantiles to forecast",
        range=Range(0, 1, above=True, below=True),
        expects="a rising list of numbers between 0 and 1, such as 0.1, 0.5, 0.9",
        clean=_rising,
        matters_when=("loss", ("quantile",)),
        metavar="NUMBERS",
    )
    optimizer: Optimizer = _optimizer("adamw", "Algorithm that updates the weights")
    learning_rate: float = _optimizer(
        0.001, "Step size of an update", range=Range(0, above=True), inferred=True
    )
    momentum: float = _optimizer(
        0.9,
        "Share of the previous update that is added to the next one",
        range=Range(0, 1, below=True),
        matters_when=("optimizer", ("sgd",)),
    )
    weight_decay: float = _optimizer(
        0.0,
        "Decoupled weight decay of the kernels",
        range=Range(0),
        matters_when=("optimizer", ("adamw",)),
    )
    schedule: Schedule = _optimizer("constant", "How the learning rate changes during training")
    warmup: int = _optimizer(
        0,
        "Updates in which the learning rate rises to its full size",
        range=Range(0),
        matters_when=("schedule", ("cosine",)),
    )
    plateau: int = _optimizer(
        3,
        "Epochs without a better validation loss before the learning rate is halved",
        range=Range(1),
        matters_when=("schedule", ("plateau",)),
    )
    clip_norm: float = _optimizer(
        1.0, "Largest global norm of a gradient; 0 disables clipping", range=Range(0)
    )
    seed: int = _arithmetic(0, "Seed of all random numbers", range=Range(0, 2**63, below=True))
    precision: Precision = _arithmetic("float32", "Floating-point precision of all arithmetic")

    def __post_init__(self) -> None:
        for setting in SETTINGS:
            object.__setattr__(self, setting.name, setting.check(getattr(self, setting.name)))
        if self.look_back % self.patch:
            raise OptionError(
                "patch",
                f"look_back {self.look_back} is not a multiple of patch {self.patch}; change one of them",
            )
        if self.normalisation == "seasonal" and self.season > self.look_back:
            raise OptionError(
                "season",
                f"a window of look_back {self.look_back} has no season of {self.season}; raise look_back, or "
                "lower season",
            )
        if self.lags and self.lags[0] < self.horizon:
            raise OptionError(
                "lags",
                f"the value {counted(self.lags[0], 'step')} back is not known when horizon {self.horizon} is "
                "forecast; give lags of at least the horizon",
            )
        if self.optimizer == "sgd" and self.weight_decay:
            raise OptionError("weight_decay", "goes with optimizer adamw only; set it to 0 or choose adamw")

    @property
    def steps(self) -> int:
        """T, the number of steps that the LSTM sees: look_back / patch."""
        return self.look_back // self.patch

    @property
    def rows_before(self) -> int:
        """Rows that a forecast needs before it: the look_back, or the longest lag if that is longer."""
        return max((self.look_back, *self.lags))

    def windows_in_epoch(self, windows: int) -> int:
        """How many of so many training windows an epoch trains on."""
        return min(windows, self.windows_per_epoch or windows)

    @property
    def measured_in_window(self) -> bool:
        """True if errors are divided by the scale of their window."""
        return self.loss_scale == "window"

    @property
    def directions(self) -> int:
        """S: 2 if bidirectional, else 1."""
        return 2 if self.bidirectional else 1

    @property
    def hidden_width(self) -> int:
        """S·H, the width of the final hidden state and of each layer's joined outputs."""
        return self.directions * self.hidden_units

    @property
    def head_input_width(self) -> int:
        """R, the width of the head input: the final hidden state, preceded by the context with attention."""
        return self.hidden_width * (1 if self.attention == "none" else 2)

    @property
    def output_quantiles(self) -> tuple[float, ...]:
        """The quantiles of the output's last axis; (0.5,) for a point forecast."""
        return self.quantiles if self.loss == "quantile" else (0.5,)

    @property
    def point_quantile(self) -> int:
        """Index of the point forecast on the output's last axis: the quantile nearest to the median."""
        outputs = self.output_quantiles
        return min(range(len(outputs)), key=lambda index: abs(outputs[index] - 0.5))

    def to_dict(self) -> dict[str, Any]:
        """All settings as JSON-ready values, in the order of declaration."""
        values = dataclasses.asdict(self)
        values |= {"quantiles": list(self.quantiles), "lags": list(self.lags)}
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The config with these settings, defaults for the rest.

        Raises:
            OptionError: a name is not a setting, or a value is not allowed.
        """
        refuse_unknown(values, SETTINGS_BY_NAME, "setting")
        return cls(**values)


SETTINGS: tuple[Option, ...] = options_of(ForecasterConfig)
SETTINGS_BY_NAME = by_name(SETTINGS)


def checked_settings(values: Mapping[str, Any]) -> dict[str, Any]:
    """Returns settings in their own types, each checked on its own.

    Raises:
        OptionError: a name is not a setting, or a value is not allowed.
    """
    refuse_unknown(values, SETTINGS_BY_NAME, "setting")
    return {name: SETTINGS_BY_NAME[name].check(value) for name, value in values.items()}
