"""Read options typed after a file: "sales.csv duplicates=last decimal=comma"."""

import re
from dataclasses import replace
from pathlib import Path

from lstm_forecasting.data.options import READ_OPTIONS_BY_NAME, ReadOptions


def file_and_options(text: str, options: ReadOptions) -> tuple[str, ReadOptions]:
    """Returns the file or name that was typed, and the options that follow it.

    A value may contain spaces: it ends at the next option. If a file has the whole text as its name, the text
    is that file.

    Args:
        text: what was typed.
        options: the options unless the text sets others.

    Raises:
        OptionError: an option has a value that is not allowed.
    """
    source, *typed = re.split(rf"\s+({'|'.join(READ_OPTIONS_BY_NAME)})=", text)
    if not typed or Path(text).exists():
        return text, options
    given = ((READ_OPTIONS_BY_NAME[name], value) for name, value in zip(typed[::2], typed[1::2], strict=True))
    values = {one.name: one.parse(value) if value.strip() else one.default for one, value in given}
    return source, replace(options, **values)
