"""Awkward files that people really have, each with what it means or why it is refused."""

from .calendars import CALENDARS
from .containers import CONTAINERS
from .dates import DATES
from .folded import FOLDED
from .formats import FORMATS
from .numbers import NUMBERS
from .quantities import QUANTITIES
from .series import SERIES
from .surroundings import SURROUNDINGS
from .zones import ZONES

CORPUS = (
    *CONTAINERS,
    *FOLDED,
    *FORMATS,
    *NUMBERS,
    *QUANTITIES,
    *CALENDARS,
    *DATES,
    *ZONES,
    *SERIES,
    *SURROUNDINGS,
)
