import os
import pty
import sys
from collections.abc import Iterator

import pytest

from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.data.formats.sources import read_standard_input
from lstm_plugins.errors import InputError

TABLE = b"date,x\n2016-01-01,1\n2016-01-02,2\n"


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    read_standard_input.cache_clear()
    yield
    read_standard_input.cache_clear()


def pipe(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    reading, writing = os.pipe()
    os.write(writing, content)
    os.close(writing)
    monkeypatch.setattr(sys, "stdin", os.fdopen(reading, encoding="utf-8"))


def test_a_dash_reads_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(monkeypatch, TABLE)
    table = open_data("-")
    assert (table.name, table.source) == ("stdin", "standard input")
    assert table.values.tolist() == [[1], [2]]
    assert table.decisions[0] == "stdin is read as comma-separated text in UTF-8."


def test_what_was_piped_can_be_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(monkeypatch, b"date,x,y\n2016-01-01,1,3\n2016-01-02,2,4\n")
    assert open_data("-").targets == ("y",)
    assert open_data("-", ["x"]).values.tolist() == [[1], [2]]


def test_mistakes_name_stdin_and_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(monkeypatch, TABLE + b"2016-01-03\n")
    with pytest.raises(InputError, match="stdin, line 4, has 1 field"):
        open_data("-")


def test_an_empty_pipe_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(monkeypatch, b"")
    with pytest.raises(
        InputError, match=r"^Standard input is empty; pipe a table into it, or name a file\.$"
    ):
        open_data("-")


def test_a_terminal_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    primary, secondary = pty.openpty()
    with os.fdopen(secondary) as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        with pytest.raises(InputError, match=r"^Standard input is a terminal; pipe a table into it"):
            open_data("-")
    os.close(primary)


def test_a_closed_standard_input_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(InputError, match=r"^Standard input is closed"):
        open_data("-")
