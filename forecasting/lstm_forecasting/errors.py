"""What the engine says when the input, not the program, is at fault."""


class InputError(Exception):
    """Bad input by the user: a file, a column, a setting that cannot be used.

    The text is one clear sentence without a line break. It names the file, line, column or setting and how to
    mend it. Front ends print it as it is and end with exit code 2.
    """
