"""Options of reading as they are typed after a file: "sales.csv duplicates=last decimal=comma"."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from lstm_forecasting.data.options import READ_OPTIONS_BY_NAME, ReadOptions


def file_and_options(text: str, options: ReadOptions) -> tuple[str, ReadOptions]:
    """The file, or the name, and how it is to be read.

    A value goes on to the next option, so that it may have spaces. A file whose own name looks as if options
    followed it is that file.

    Args:
        text: as it was typed.
        options: that hold where the text says nothing else.

    Raises:
        OptionError: an option cannot have its value.
    """
    source, *typed = re.split(rf"\s+({'|'.join(READ_OPTIONS_BY_NAME)})=", text)
    if not typed or Path(text).exists():
        return text, options
    values: dict[str, Any] = {
        name: READ_OPTIONS_BY_NAME[name].parse(value) if value.strip() else READ_OPTIONS_BY_NAME[name].default
        for name, value in zip(typed[::2], typed[1::2], strict=True)
    }
    return source, replace(options, **values)
