"""Lines of entries, for any TOML that a person may write."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_tui.cli.configuration.reading import read_entries

NAMES = st.text("abcdefghij_", min_size=1, max_size=6)
VALUES = st.one_of(
    st.integers(-5, 99).map(str),
    st.booleans().map(lambda value: str(value).lower()),
    st.text("ab #=[]'\"\\", max_size=6).map(json.dumps),
    st.lists(st.integers(0, 9), max_size=3).map(
        lambda numbers: "[\n" + "".join(f"  {n}, # [x]\n" for n in numbers) + "]"
    ),
    st.lists(st.sampled_from(["[t]", "a = 1", "# no remark", ""]), max_size=3).map(
        lambda lines: '"""\n' + "\n".join(lines) + '"""'
    ),
)
GAPS = st.lists(st.sampled_from(["", "# a remark", "   ", "# [no] table = 1"]), max_size=3)


@given(st.data())
def test_every_entry_has_the_line_it_begins_in(data):
    text, expected = "", {}
    for table in data.draw(st.lists(NAMES, unique=True, max_size=3)):
        text += "".join(f"{gap}\n" for gap in data.draw(GAPS)) + f"[{table}]\n"
        names = data.draw(st.lists(NAMES, unique=True, min_size=1, max_size=4))
        for name in names:
            text += "".join(f"{gap}\n" for gap in data.draw(GAPS))
            expected[table, name] = text.count("\n") + 1
            text += f"{name} = {data.draw(VALUES)}\n"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "it.toml")
        path.write_text(text)
        found = {(entry.table, entry.key): entry.line for entry in read_entries(path)}
    assert found == expected


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("\n[a]\n", {("a", ""): 2}),
        ("top = 1\n", {("", "top"): 1}),
        ("\na.b = 1\n", {("a", "b"): 2}),
        ("a = { b = 1, c = 2 }\n", {("a", "b"): 1, ("a", "c"): 1}),
        ("\n[a.b]\nc = 1\n", {("a", "b"): 2}),
        ("# x\n[a.b.c]\nd = 1\n", {("a", "b"): 2}),
        ("\n[[a]]\nb = 1\n", {("", "a"): 2}),
        ("[a]\r\nb = 1\r\n", {("a", "b"): 2}),
        ("\ufeff[a]\nb = 1", {("a", "b"): 2}),
        ("", {}),
    ],
)
def test_other_ways_of_writing(tmp_path, text, lines):
    path = tmp_path / "it.toml"
    path.write_bytes(text.encode())
    assert {(entry.table, entry.key): entry.line for entry in read_entries(path)} == lines
