"""Every setting of a forecaster, declared once.

The flags of the command line, the form of the app, the file format and the manual are derived from the
fields of `ForecasterConfig`: a field's metadata holds its help text and its range.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from dataclasses import dataclass, field
from typing import Any, Literal, Self, get_args, get_type_hints

from lstm_plugins.errors import ConfigError

Attention = Literal["none", "dot", "general"]
Normalisation = Literal["none", "last", "standard"]
Loss = Literal["mse", "mae", "huber", "quantile"]
Optimizer = Literal["adamw", "sgd"]
Schedule = Literal["constant", "cosine", "plateau"]
Precision = Literal["float32", "float64"]


@dataclass(frozen=True)
class Range:
    """The numbers a setting may take. `above` excludes the minimum itself, `below` the maximum."""

    minimum: float
    maximum: float = math.inf
    above: bool = False
    below: bool = False

    def admits(self, value: float) -> bool:
        """True when `value` is a number inside the range."""
        low = value > self.minimum if self.above else value >= self.minimum
        high = value < self.maximum if self.below else value <= self.maximum
        return low and high

    def __str__(self) -> str:
        low = f"{'above' if self.above else 'at least'} {self.minimum:g}"
        if math.isinf(self.maximum):
            return low
        return f"{low} and {'below' if self.below else 'at most'} {self.maximum:g}"


def _setting(default: Any, help: str, range: Range | None = None) -> Any:  # noqa: A002
    return field(default=default, metadata={"help": help, "range": range})


@dataclass(frozen=True, kw_only=True)
class ForecasterConfig:
    """What is to be built and how it is trained; docs/specification.md says what each setting means.

    Raises:
        ConfigError: a value has the wrong type, is out of its range, or does not go with another one.
    """

    look_back: int = _setting(24, "time steps of history that a forecast sees", Range(1))
    horizon: int = _setting(1, "time steps forecast at once", Range(1))
    hidden_units: int = _setting(32, "units of the hidden state, per layer and direction", Range(1))
    layers: int = _setting(1, "LSTM layers on top of each other", Range(1, 16))
    bidirectional: bool = _setting(False, "read the window backwards too, with weights of its own")
    attention: Attention = _setting("none", "let the readout weigh all hidden states, not the last alone")
    patch: int = _setting(1, "neighbouring time steps fed as one input; divides look_back", Range(1))
    normalisation: Normalisation = _setting(
        "last", "what is removed from each window before the LSTM sees it"
    )
    dropout: float = _setting(
        0.0,
        "share of units silenced in training, between layers and before the head",
        Range(0, 0.99),
    )
    loss: Loss = _setting("mse", "what training minimises")
    quantiles: tuple[float, ...] = _setting((0.1, 0.5, 0.9), "levels forecast with loss quantile, rising")
    optimizer: Optimizer = _setting("adamw", "how a gradient becomes an update")
    learning_rate: float = _setting(0.001, "step size of an update", Range(0, above=True))
    momentum: float = _setting(0.9, "share of the last update that sgd carries on", Range(0, 1, below=True))
    weight_decay: float = _setting(0.0, "decoupled decay of kernels, adamw only", Range(0))
    schedule: Schedule = _setting("constant", "how the learning rate changes while training")
    warmup: int = _setting(0, "steps of linear warm-up before the cosine schedule", Range(0))
    plateau: int = _setting(3, "epochs without gain before schedule plateau halves the rate", Range(1))
    clip_norm: float = _setting(1.0, "largest global norm of a gradient; 0 switches clipping off", Range(0))
    batch_size: int = _setting(64, "windows per update", Range(1))
    epochs: int = _setting(50, "passes over the training windows", Range(1))
    patience: int = _setting(
        8, "epochs without a better validation loss before training stops; 0 never stops", Range(0)
    )
    stride: int = _setting(1, "time steps between the starts of training windows", Range(1))
    seed: int = _setting(0, "where all randomness comes from", Range(0, 2**63, below=True))
    precision: Precision = _setting("float32", "floating point of all arithmetic")

    def __post_init__(self) -> None:
        for setting in SETTINGS:
            object.__setattr__(self, setting.name, setting.checked(getattr(self, setting.name)))
        if self.look_back % self.patch:
            raise ConfigError(
                "patch",
                f"look_back {self.look_back} is not a multiple of patch {self.patch}; change one of them",
            )
        if self.optimizer == "sgd" and self.weight_decay:
            raise ConfigError("weight_decay", "goes with optimizer adamw only; set it to 0 or choose adamw")

    @property
    def steps(self) -> int:
        """T, the steps the LSTM sees: look_back / patch."""
        return self.look_back // self.patch

    @property
    def directions(self) -> int:
        """S: 2 when bidirectional, else 1."""
        return 2 if self.bidirectional else 1

    @property
    def hidden_width(self) -> int:
        """S·H, the width of the final hidden state and of every layer's joined outputs."""
        return self.directions * self.hidden_units

    @property
    def head_input_width(self) -> int:
        """R, what the head reads: the final hidden state, and the context before it with attention."""
        return self.hidden_width * (1 if self.attention == "none" else 2)

    @property
    def levels(self) -> tuple[float, ...]:
        """The quantile levels of the output's last axis; (0.5,) for a point forecast."""
        return self.quantiles if self.loss == "quantile" else (0.5,)

    @property
    def point_level(self) -> int:
        """Index on the output's last axis of the point forecast: the level nearest to the median."""
        return min(range(len(self.levels)), key=lambda index: abs(self.levels[index] - 0.5))

    def to_dict(self) -> dict[str, Any]:
        """All settings as JSON-ready values, in the order of declaration."""
        values = dataclasses.asdict(self)
        values["quantiles"] = list(self.quantiles)
        return values

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The config with these settings, defaults for the rest.

        Raises:
            ConfigError: a name is not a setting, or a value is not allowed.
        """
        for name in values:
            if name not in SETTINGS_BY_NAME:
                raise ConfigError(
                    name, f"there is no such setting; the settings are {', '.join(SETTINGS_BY_NAME)}"
                )
        return cls(**values)


@dataclass(frozen=True)
class Setting:
    """One field of `ForecasterConfig` as the front ends need it.

    Attributes:
        name: the field's name.
        kind: int, float, bool, str (one of `choices`) or tuple (numbers between 0 and 1, rising).
        default: the field's default.
        help: one line for people.
        range: the numbers allowed, for int and float.
        choices: the words allowed, for str.
    """

    name: str
    kind: type
    default: Any
    help: str
    range: Range | None
    choices: tuple[str, ...]

    def parse(self, text: str) -> Any:
        """The value that a person wrote as `text`, checked.

        Raises:
            ConfigError: it is no such value.
        """
        text = text.strip()
        try:
            if self.kind is bool:
                return _BOOLEANS[text.lower()]
            if self.kind is tuple:
                return self.checked(tuple(float(part) for part in text.replace(",", " ").split()))
            return self.checked(self.kind(text))
        except (ValueError, KeyError):
            raise ConfigError(self.name, f"{text!r} is not {self.wanted}") from None

    @property
    def wanted(self) -> str:
        """What a value has to be, in words."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if self.kind is bool:
            return "yes or no"
        if self.kind is tuple:
            return "a rising list of levels between 0 and 1, such as 0.1, 0.5, 0.9"
        number = "a whole number" if self.kind is int else "a number"
        return f"{number} {self.range}" if self.range else number

    def checked(self, value: Any) -> Any:
        """`value` in the field's own type.

        Raises:
            ConfigError: the type is wrong or the value out of range.
        """
        if self.kind is tuple:
            return self._checked_levels(value)
        if self.kind is float and type(value) is int and abs(value) <= _LARGEST:
            value = float(value)
        good = type(value) is self.kind
        if good and self.choices:
            good = value in self.choices
        if good and self.range is not None:
            good = self.range.admits(value) and value != math.inf
        if not good:
            raise ConfigError(self.name, f"{value!r} is not {self.wanted}")
        return value

    def _checked_levels(self, value: Any) -> tuple[float, ...]:
        good = isinstance(value, list | tuple) and len(value) > 0
        good = good and all(type(level) is float and 0 < level < 1 for level in value)
        if not good or not all(low < high for low, high in itertools.pairwise(value)):
            raise ConfigError(self.name, f"{value!r} is not {self.wanted}")
        return tuple(value)


def _settings() -> tuple[Setting, ...]:
    hints = get_type_hints(ForecasterConfig)
    settings = []
    for declared in dataclasses.fields(ForecasterConfig):
        hint = hints[declared.name]
        choices = tuple(str(choice) for choice in get_args(hint)) if hint not in _PLAIN else ()
        kind = hint if hint in (int, float, bool) else tuple if hint == tuple[float, ...] else str
        settings.append(
            Setting(
                declared.name,
                kind,
                declared.default,
                declared.metadata["help"],
                declared.metadata["range"],
                choices,
            )
        )
    return tuple(settings)


_BOOLEANS = {
    "true": True,
    "yes": True,
    "on": True,
    "1": True,
    "false": False,
    "no": False,
    "off": False,
    "0": False,
}
_LARGEST = 2**1023
_PLAIN = (int, float, bool, tuple[float, ...])
SETTINGS: tuple[Setting, ...] = _settings()
SETTINGS_BY_NAME: dict[str, Setting] = {setting.name: setting for setting in SETTINGS}
