import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.data.formats.text_format import NO_DELIMITER, decode, sniff_delimiter
from lstm_plugins.errors import InputError

TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs"))).map(lambda text: "t" + text)


@given(TEXTS, st.sampled_from([("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe")]))
def test_unicode_is_decoded(text: str, encoding: tuple[str, bytes]) -> None:
    codec, mark = encoding
    decoded, name = decode(mark + text.encode(codec), "file")
    assert decoded == text
    assert (
        name == {b"": "UTF-8", b"\xef\xbb\xbf": "UTF-8 with a byte order mark", b"\xff\xfe": "UTF-16"}[mark]
    )


@given(st.text(st.characters(codec="latin-1", exclude_categories=("Cc",))).map(lambda text: text + "é "))
def test_latin_1_is_decoded(text: str) -> None:
    decoded, name = decode(("t" + text).encode("latin-1"), "file")
    try:
        expected = (("t" + text).encode("latin-1").decode("utf-8"), "UTF-8")
    except UnicodeDecodeError:
        expected = ("t" + text, "Latin-1")
    assert (decoded, name) == expected


def test_windows_1252_has_its_own_letters() -> None:
    assert decode("Preis in €\n".encode("cp1252"), "file")[0] == "Preis in €\n"


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r"])
def test_all_line_endings_become_one(ending: bytes) -> None:
    assert decode(b"a" + ending + b"b" + ending, "file")[0] == "a\nb\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"%PDF-1.7", "a PDF"),
        (b"\x89HDF\r\n", "HDF5"),
        (b"FEA1\x00\x00", "Feather file of version 1"),
        (b"7z\xbc\xaf\x27\x1c", "7-Zip archive; unpack it"),
        (b"Rar!\x1a\x07", "RAR archive"),
        (b"x.csv".ljust(257, b"\x00") + b"ustar", "tar archive; unpack it"),
        (b"a,b\n1,\x00\n", "not a text file"),
        (bytes(range(256)), "not a text file"),
        (b"\xff\xfea", "not a text file"),
        (b"<!DOCTYPE html>", "web page"),
        (b"<?xml version='1.0'?>", "web page or XML"),
    ],
)
def test_other_formats_are_named(content: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        decode(content, "table.csv")


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1,5;2,5\n", ";"),
        ("a\tb\n1,5\t2,5\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ("value\n1,5\n2,5\n", NO_DELIMITER),
        ("value\n1\n2\n", NO_DELIMITER),
        ("date;value (kWh, net)\n01.02.2016;1,5\n", ";"),
        ("date,value;x\n2016-01-01,5\n2016-01-02,6\n", ","),
        ('"a;b","c"\n1,2\n', ","),
        ('"a\nb",c\n1,2\n', ","),
        ("a,b", ","),
        ("", NO_DELIMITER),
    ],
)
def test_the_delimiter_is_found(text: str, delimiter: str) -> None:
    assert sniff_delimiter(text) == delimiter


def test_a_long_file_is_sampled() -> None:
    text = "date;value\n" + "".join(f"{day},5;{day},25\n" for day in range(100_000))
    assert sniff_delimiter(text) == ";"
