"""Something in the data that a user should know before training, as reading and the findings report it."""

import shlex
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from lstm_forecasting.data.options import READ_OPTIONS_BY_NAME

Kind = Literal[
    "target",
    "unit change",
    "counter",
    "never negative",
    "whole numbers",
    "missing marks",
    "missing values",
    "missing rows",
    "duplicates",
    "outliers",
    "row number",
    "constant",
    "snapped times",
    "time zone",
    "calendar",
    "folded table",
    "series lengths",
    "doubled series",
    "short series",
    "not trainable",
    "not usable",
    "known ahead",
]
KNOWN = "known"
"""The option of a finding that is decided by columns that are known ahead."""
TARGET = "target"
"""The option of a finding that is decided by another target."""


@dataclass(frozen=True)
class Finding:
    """A finding about a file, its times, its series or one of its columns.

    Attributes:
        kind: what it is about.
        evidence: what was seen, with numbers and dates, in one sentence or more.
        column: the column; "" for the times or the rows.
        done: what the program does by default, in one sentence; "" if `evidence` says it.
        option: name of the option of reading that decides otherwise, or `TARGET`; "" for none.
        value: value of that option as users write it; "" if the user has to say which.
        suggested: whether the program suggests this value; otherwise it is merely possible.
        when: times or numbers of rows that the finding is about, as text.
    """

    kind: Kind
    evidence: str
    column: str = ""
    done: str = ""
    option: str = ""
    value: str = ""
    suggested: bool = False
    when: tuple[str, ...] = field(default=())

    @property
    def flag(self) -> str:
        """The flag that decides otherwise, such as "--minimum none"; empty if there is none."""
        if not self.option:
            return ""
        flag = f"--{self.option.replace('_', '-')}"
        if not self.value:
            return f"{flag} {_placeholder(self.option)}"
        declared = READ_OPTIONS_BY_NAME[self.option]
        values = declared.parse(self.value) if self.option == KNOWN else (self.value,)
        return " ".join(f"{flag} {shlex.quote(value)}" for value in values)


def as_findings(
    kind: Kind, sentences: Iterable[str], *, column: str = "", option: str = "", value: str = ""
) -> tuple[Finding, ...]:
    """One finding for each of these decisions of reading."""
    return tuple(Finding(kind, sentence, column, option=option, value=value) for sentence in sentences)


def _placeholder(option: str) -> str:
    if option == TARGET:
        return "COLUMN"
    declared = READ_OPTIONS_BY_NAME[option]
    return declared.metavar or "|".join(declared.choices)
