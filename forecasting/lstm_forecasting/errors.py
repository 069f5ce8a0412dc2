"""What the engine says when the input, not the program, is at fault."""


class InputError(Exception):
    """Bad input by the user: a file, a column, a setting that cannot be used.

    The text is one clear sentence without a line break. It names the file, line, column or setting and how to
    mend it. Front ends print it as it is and end with exit code 2.
    """


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
