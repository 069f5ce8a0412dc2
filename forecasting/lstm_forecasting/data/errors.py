"""What is wrong with a column."""

from lstm_plugins.errors import InputError


class ColumnError(InputError):
    """A column that was named is none of those that could be chosen."""
