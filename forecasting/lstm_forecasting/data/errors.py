"""Errors about columns."""

from lstm_plugins.errors import InputError


class ColumnError(InputError):
    """A named column does not exist or cannot be chosen."""
