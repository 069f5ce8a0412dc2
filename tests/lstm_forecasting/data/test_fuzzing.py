"""Whatever the bytes and the options: a clean table, or one sentence; never another exception."""

from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_forecasting.data.options import READ_OPTIONS, ReadOptions
from lstm_forecasting.data.reading import read_table
from lstm_forecasting.findings.looking import find_findings
from lstm_plugins.errors import InputError

from .corpus.awkward import Awkward
from .corpus.whole import CORPUS

TEXTS = {
    "sheet": ["Sheet1"],
    "known": ["x", "n", "price", "store", "value"],
    "future": ["no such file.csv", str(Path(__file__))],
    "country": ["US", "DE-BY"],
    "query": ["SELECT 1 AS x", "SELECT"],
    "minimum": ["auto", "none", "0", "-2.5"],
    "missing_mark": ["1", "-999"],
    "resample": ["1h", "daily", "monthly"],
    "time_column": ["none", "date", "t", "x", "n"],
    "time_zone": ["UTC", "Europe/Berlin", "America/St_Johns"],
    "frequency": ["hourly", "15min", "daily", "business days", "monthly", "month ends", "yearly", "0.5 s"],
    "series_column": ["none", "store", "x", "date", "unique_id"],
    "series": ["a", "b", "A", "1"],
    "delimiter": [",", ";", "tab", "~", ":"],
    "encoding": ["utf-8", "latin-1", "utf-16", "utf-16-le", "cp500", "utf-32", "utf-7", "punycode", "ascii"],
}
PIECES = [
    *(
        b",",
        b";",
        b"\t",
        b"\n",
        b"\r",
        b'"',
        b" ",
        b"-",
        b"/",
        b".",
        b":",
        b"\x00",
        b"\xff",
        b"\xe9",
        b"{",
        b"[",
        b"}",
    ),
    *(
        b"9",
        b"0",
        b"inf",
        b"NaN",
        b"null",
        b"9999-12-31",
        b"0001-01-01",
        b"24:00",
        b"Z",
        b"+14:00",
        b"-99:99",
    ),
    *(b"date", b"unique_id", b"ds", b"1e400", b"1e-400", b"9" * 40, b"2016-W53", b"2016-02-30", b"\\ud800"),
    *("é".encode(), "\u2028".encode(), "\u202e".encode(), "١".encode(), b"PAR1"),
]


@st.composite
def options(draw: st.DrawFn) -> ReadOptions:
    """Any options; few at a time, so that reading goes on for a while."""
    chosen = draw(st.lists(st.sampled_from(READ_OPTIONS), max_size=3, unique_by=lambda option: option.name))
    values: dict[str, object] = {}
    for option in chosen:
        words = st.sampled_from(option.choices or TEXTS[option.name])
        values[option.name] = draw(st.lists(words, max_size=2, unique=True) if option.several else words)
    if "none" in values.get("series_column", ()):  # type: ignore[operator]
        values["series_column"], values["series"] = ["none"], []
    if "resample" in values:
        values.pop("frequency", None)
    if "country" in values:
        values.pop("calendar", None)
    return ReadOptions(**values)


@st.composite
def damaged(draw: st.DrawFn) -> Awkward:
    """A file of the corpus in which pieces are put in, left out, doubled or moved."""
    one = draw(st.sampled_from(CORPUS))
    content = bytearray(one.content)
    for _ in range(draw(st.integers(0, 4))):
        at, to = sorted((draw(st.integers(0, len(content))), draw(st.integers(0, len(content)))))
        match draw(st.sampled_from(["insert", "replace", "cut", "double", "swap"])):
            case "insert":
                content[at:at] = draw(st.sampled_from(PIECES))
            case "replace":
                piece = draw(st.sampled_from(PIECES))
                content[at : at + len(piece)] = piece
            case "cut":
                del content[at : min(to, at + 12)]
            case "double":
                content[at:at] = content[at:to]
            case "swap":
                lines = bytes(content).split(b"\n")
                first, second = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
                lines[first], lines[second] = lines[second], lines[first]
                content = bytearray(b"\n".join(lines))
    return Awkward(one.name, one.file, bytes(content), one.options, one.targets, one.inputs)


def read_or_refused(folder: Path, one: Awkward, how: ReadOptions) -> None:
    path = folder / one.file
    path.write_bytes(one.content)
    try:
        table = read_table(path, one.targets, one.inputs, how)
    except InputError as refusal:
        sentences = [str(refusal)]
    else:
        sentences = list(table.decisions)
        assert np.isfinite(table.values).all()
        assert table.rows > 0
        assert table.times is None or (np.diff(table.times).astype(np.int64) > 0).all()
        assert table.row_text(table.rows)
        findings = find_findings(table)
        sentences += [text for one in findings for text in (one.evidence, one.done) if text]
        assert all(one.flag.startswith("--") for one in findings if one.option)
    for sentence in sentences:
        assert len(sentence.splitlines()) == 1
        assert sentence.endswith((".", "?"))
        assert len(sentence) < 2000


@settings(max_examples=4 * settings.default.max_examples)
@given(one=damaged())
def test_damaged_files_as_they_were_to_be_read(tmp_path: Path, one: Awkward) -> None:
    read_or_refused(tmp_path, one, ReadOptions.from_dict(dict(one.options)))


@settings(max_examples=4 * settings.default.max_examples)
@given(one=damaged(), how=options())
def test_damaged_files_with_any_options(tmp_path: Path, one: Awkward, how: ReadOptions) -> None:
    read_or_refused(tmp_path, one, how)


@settings(max_examples=2 * settings.default.max_examples)
@given(
    content=st.one_of(
        st.binary(max_size=200),
        st.lists(st.sampled_from(PIECES), max_size=60).map(b"".join),
        st.lists(st.sampled_from(PIECES), max_size=60).map(lambda pieces: b"date,x\n" + b"".join(pieces)),
    ),
    suffix=st.sampled_from(["csv", "jsonl", "parquet", "txt"]),
    how=options(),
)
def test_any_bytes_with_any_options(tmp_path: Path, content: bytes, suffix: str, how: ReadOptions) -> None:
    read_or_refused(tmp_path, Awkward("any bytes", f"x.{suffix}", content), how)
