"""Declares everything that a user can set.

Flags, forms, configuration files and the manual are derived from these records, so that each option is
described once.
"""

import csv
import dataclasses
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, get_args, get_type_hints

from lstm_plugins.errors import OptionError

_TRUE, _FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
_LARGEST = 2**1023
"""Larger whole numbers have no float."""


@dataclass(frozen=True)
class Range:
    """The numbers that an option allows. `above` excludes the minimum itself, `below` the maximum."""

    minimum: float
    maximum: float = math.inf
    above: bool = False
    below: bool = False

    def admits(self, value: float) -> bool:
        """True for a finite number inside the range."""
        low = value > self.minimum if self.above else value >= self.minimum
        high = value < self.maximum if self.below else value <= self.maximum
        return low and high and value != math.inf

    def __str__(self) -> str:
        low = f"{'above' if self.above else 'at least'} {_number(self.minimum)}"
        if math.isinf(self.maximum):
            return low
        if not self.above and not self.below:
            return f"from {_number(self.minimum)} to {_number(self.maximum)}"
        return f"{low} and {'below' if self.below else 'at most'} {_number(self.maximum)}"


@dataclass(frozen=True, kw_only=True)
class Option:
    """Something that a user can set.

    Attributes:
        name: as Python and configuration files write it: "look_back"; its flag is "--look-back".
        kind: bool, int, float or str; the type of one value if there are several.
        default: the value unless the user sets one.
        help: what it is, in one phrase that begins with a capital letter.
        several: the value is a tuple.
        range: the numbers allowed.
        choices: the words allowed; empty for free text.
        expects: what a value must be, in words; empty derives it from the fields above.
        clean: converts a checked value; raises ValueError, with or without a message, if it is not allowed.
        step: what an arrow key adds to a number.
        group: heading under which a form lists it.
        matters_when: name of another option and the values of it with which this one has an effect; None
            if it always has one.
        inferred: the program infers the value from the data unless the user sets one.
        metavar: one word for a value in help texts; empty derives it from `kind` and `choices`.
    """

    name: str
    kind: type
    default: Any
    help: str
    several: bool = False
    range: Range | None = None
    choices: tuple[str, ...] = ()
    expects: str = ""
    clean: Callable[[Any], Any] | None = None
    step: float = 1.0
    group: str = ""
    matters_when: tuple[str, tuple[Any, ...]] | None = None
    inferred: bool = False
    metavar: str = ""

    @property
    def wanted(self) -> str:
        """What a value must be, in words: "a whole number of at least 1"."""
        if self.expects:
            return self.expects
        if self.choices:
            return f"one of {', '.join(self.choices)}"
        if self.kind is str:
            return "a list of names" if self.several else "a text"
        if self.kind is bool:
            return "yes or no"
        number = "a whole number" if self.kind is int else "a number"
        if self.range is None:
            return number
        return f"{number} of {self.range}" if str(self.range).startswith("at") else f"{number} {self.range}"

    def check(self, value: Any) -> Any:
        """Returns a value in the option's own type; None is allowed where it is the default.

        Raises:
            OptionError: the value is not allowed.
        """
        if value is None and self.default is None:
            return None
        items = value if self.several else (value,)
        if not isinstance(items, list | tuple):
            raise self._refusal(value)
        checked = tuple(
            float(item) if self.kind is float and type(item) is int and abs(item) <= _LARGEST else item
            for item in items
        )
        refused = [item for item in checked if not self._admits(item)]
        if refused:
            # Of a list of words, the wrong one is enough.
            raise self._refusal(refused[0] if self.choices else value)
        twice = [item for place, item in enumerate(checked) if item in checked[:place]]
        if twice and self.kind is str:
            raise OptionError(self.name, f"{twice[0]!r} is named twice; name it once")
        result = checked if self.several else checked[0]
        try:
            return self.clean(result) if self.clean else result
        except ValueError as error:
            raise OptionError(self.name, str(error)) if str(error) else self._refusal(value) from None

    def parse(self, text: str) -> Any:
        """Returns the checked value of a text; the inverse of `text`.

        Names are separated by commas, and quoted if they contain a comma.

        Raises:
            OptionError: the value is not allowed.
        """
        text = text.strip()
        try:
            if not self.several:
                return self.check(self._value(text))
            if self.kind is str:
                names = next(csv.reader([text], skipinitialspace=True), [])
                return self.check([name.strip() for name in names])
            return self.check([self._value(part) for part in text.replace(",", " ").split()])
        except (ValueError, csv.Error):
            raise self._refusal(text) from None

    def text(self, value: Any) -> str:
        """Returns a value as users write it; empty for None."""
        if self.several:
            return ", ".join(_quoted(item) if self.kind is str else _number(item) for item in value)
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, int | float):
            return _number(value)
        return "" if value is None else str(value)

    def matters(self, values: Mapping[str, Any]) -> bool:
        """True if the option has an effect with these values of all options."""
        if self.matters_when is None:
            return True
        other, allowed = self.matters_when
        return values[other] in allowed

    def _admits(self, item: Any) -> bool:
        # bool is a subclass of int, but True is not a number for users.
        right_kind = type(item) is self.kind
        return (
            right_kind
            and item != ""
            and (not self.choices or item in self.choices)
            and (self.range is None or self.range.admits(item))
        )

    def _value(self, text: str) -> Any:
        if self.kind is bool:
            return (*_TRUE, *_FALSE).index(text.lower()) < len(_TRUE)
        return text if self.kind is str else self.kind(text.replace("−", "-"))

    def _refusal(self, value: object) -> OptionError:
        return OptionError(self.name, f"{value!r} is not {self.wanted}")


def declare(default: Any, help: str, **rest: Any) -> Any:  # noqa: A002
    """Returns a dataclass field that declares an option; `rest` are further attributes of `Option`."""
    return dataclasses.field(default=default, metadata={"option": {"help": help, **rest}})


def options_of(declared: type) -> tuple[Option, ...]:
    """Returns the options that a dataclass declares; kinds and choices come from its type hints."""
    hints = get_type_hints(declared)
    options = []
    for field in dataclasses.fields(declared):
        hint = hints[field.name]
        several = hint in (tuple[str, ...], tuple[int, ...], tuple[float, ...])
        parts = get_args(hint) if several or type(None) in get_args(hint) else (hint,)
        words = get_args(parts[0])
        options.append(
            Option(
                name=field.name,
                kind=str if words else parts[0],
                default=field.default,
                several=several,
                choices=words,
                **{"inferred": field.default in (None, ()), **field.metadata["option"]},
            )
        )
    return tuple(options)


def by_name(options: Iterable[Option]) -> dict[str, Option]:
    """Returns the options by their names."""
    return {option.name: option for option in options}


def refuse_unknown(names: Iterable[str], known: Mapping[str, Option], what: str) -> None:
    """Raises OptionError for an unknown name; `what` is "setting", for example."""
    for name in names:
        if name not in known:
            raise OptionError(name, f"there is no such {what}; there are {', '.join(known)}")


def _number(value: float) -> str:
    text = str(value) if isinstance(value, int) else f"{value:.10g}"
    return text.replace("-", "−", 1) if value < 0 else text


def _quoted(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""')) if "," in name or '"' in name else name
