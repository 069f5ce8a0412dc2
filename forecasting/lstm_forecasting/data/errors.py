"""What is wrong with a column or an option of reading."""

from lstm_plugins.errors import InputError


class ColumnError(InputError):
    """A column that was named is none of those that could be chosen."""


class OptionError(InputError):
    """An option of reading has a value that cannot be.

    Attributes:
        option: name of the `ReadOptions` field that has to change.
        message: what is wrong, without the option's name.
    """

    def __init__(self, option: str, message: str) -> None:
        super().__init__(f"{option}: {message}.")
        self.option = option
        self.message = message

    def __reduce__(self) -> tuple[type["OptionError"], tuple[str, str]]:
        return type(self), (self.option, self.message)
