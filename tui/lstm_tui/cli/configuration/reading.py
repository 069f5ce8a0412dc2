"""Reads a TOML file into its entries, each with its line number, which tomllib does not keep."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lstm_plugins.errors import InputError
from lstm_tui.cli.configuration.files import shown


@dataclass(frozen=True)
class Entry:
    """One line `key = value` of a file.

    Attributes:
        path: of the file.
        line: from 1.
        table: the name in brackets above it; empty if there is none.
        key: in that table.
        value: in its TOML type.
    """

    path: Path
    line: int
    table: str
    key: str
    value: Any

    @property
    def place(self) -> str:
        """File and line: "lstm-tui.toml, line 3"."""
        return f"{shown(self.path)}, line {self.line}"

    def error(self, problem: str) -> InputError:
        """Returns the error that names file, line, table and key."""
        end = "" if problem.endswith("?") else "."
        return InputError(f"{self.place}: {self.name}: {problem}{end}")

    @property
    def name(self) -> str:
        """Table and key: "[settings] look_back"."""
        return f"[{self.table}] {self.key}".strip() if self.table else self.key


def read_entries(path: Path) -> tuple[Entry, ...]:
    """Returns the entries of a file; an empty table has one entry with an empty key.

    Raises:
        InputError: the file cannot be read, or is not TOML.
    """
    # Imported here because most starts find no file, and the first paint would wait for it.
    import tomllib

    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{shown(path)}, line {line}: the text is not UTF-8; save it in that encoding."
        ) from None
    except OSError as error:
        raise InputError(f"{shown(path)} cannot be read: {error.strerror or error}.") from None
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(_syntax_error(path, text, str(error))) from None
    lines = {(table, key): line for line, table, key in _statements(text)}
    entries = []
    for table, content in tables.items():
        if not isinstance(content, dict):
            entries.append(Entry(path, _line(lines, "", table), "", table, content))
        elif not content:
            entries.append(Entry(path, _line(lines, table, ""), table, "", None))
        else:
            for key, value in content.items():
                entries.append(Entry(path, _line(lines, table, key), table, key, value))
    return tuple(entries)


def _line(lines: Mapping[tuple[str, str], int], table: str, key: str) -> int:
    """The line of an entry, or of the first header that makes a table."""
    name = ".".join(filter(None, (table, key)))
    headers = (line for (header, _), line in lines.items() if f"{header}.".startswith(f"{name}."))
    return lines.get((table, key)) or min(headers)


def _statements(text: str) -> Iterator[tuple[int, str, str]]:
    """First line, table and key of every header (with an empty key) and every entry of valid TOML.

    A statement ends where the text since the last one is valid TOML by itself.
    """
    import tomllib

    table, begin, pending = "", 1, ""
    for number, line in enumerate(text.split("\n"), 1):
        if not pending.strip():
            begin, pending = number, ""
        pending += f"{line}\n"
        try:
            content = tomllib.loads(pending)
        except tomllib.TOMLDecodeError:
            continue
        if pending.lstrip().startswith("["):
            table = _header(content)
            yield begin, table, ""
        else:
            for key, value in content.items():
                yield begin, table, key
                if not table and isinstance(value, dict):
                    yield begin, key, ""
                    for inner in value:
                        yield begin, key, inner
        pending = ""


def _header(content: Any) -> str:
    """The dotted name of a header, read by itself."""
    names = []
    while content:
        if isinstance(content, list):
            content = content[0]
            continue
        (name,) = content
        names.append(name)
        content = content[name]
    return ".".join(names)


def _syntax_error(path: Path, text: str, message: str) -> str:
    found = re.fullmatch(r"(?P<what>.*?) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|.*)\)", message)
    what = found["what"] if found else message
    line = found["line"] if found and found["line"] else str(max(text.rstrip("\n").count("\n") + 1, 1))
    column = f", column {found['column']}" if found and found["column"] else ""
    hint = _HINTS.get(what, "")
    return f"{shown(path)}, line {line}{column}: not valid TOML: {what[:1].lower()}{what[1:]}{hint}."


_HINTS = {
    "Invalid value": '; write a text in quotes, such as "light"',
    "Cannot overwrite a value": "; a table may have a key only once",
}
"""Remedies of the most common mistakes."""
