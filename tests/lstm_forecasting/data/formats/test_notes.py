"""What stands around a table is told apart from it."""

from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.data.formats.notes import without_notes

CELLS = st.one_of(st.integers(-999, 999).map(str), st.sampled_from(["", "0.5", "2016-01-01", "word", "n/a"]))


@st.composite
def tables(draw: st.DrawFn) -> str:
    """An ordinary table: titles, and rows with as many fields, of which the first is a date."""
    width = draw(st.integers(2, 5))
    sign = draw(st.sampled_from(",;\t"))
    rows = draw(st.lists(st.lists(CELLS, min_size=width - 1, max_size=width - 1), min_size=3, max_size=30))
    header = sign.join(["date", *(f"x{number}" for number in range(1, width))])
    lines = [sign.join([f"2016-01-{day % 28 + 1:02}", *row]) for day, row in enumerate(rows)]
    return "\n".join([header, *lines]) + "\n"


@given(tables())
def test_an_ordinary_table_is_left_as_it_is(text: str) -> None:
    bare = without_notes(text)
    assert bare.text == text
    assert not bare.decisions


@given(
    tables(),
    st.lists(st.sampled_from(["# made by hand", "#", "// logger 7"]), max_size=3),
    st.lists(st.sampled_from(["Rain at station X", "Values are daily means", ""]), max_size=3),
    st.lists(st.sampled_from(["Source: a ministry", "Revised"]), max_size=3),
)
def test_what_stands_around_it_is_taken_away_and_lines_keep_their_numbers(
    text: str, comments: list[str], titles: list[str], notes: list[str]
) -> None:
    above = [*comments, *titles]
    bare = without_notes("\n".join([*above, text.rstrip("\n"), *notes]) + "\n")
    assert bare.text.strip("\n") == text.strip("\n")
    header = text.split("\n")[0]
    assert bare.text.split("\n").index(header) == len(above)
    assert bool(bare.decisions) == bool(comments or "".join(titles) or notes)


def test_a_header_that_is_too_short_is_no_title() -> None:
    ragged = "date,x\n2016-01-01,1,\n2016-01-02,2,\n2016-01-03,3,\n"
    assert without_notes(ragged).text == ragged


def test_the_delimiter_that_the_user_names_counts() -> None:
    text = "a~b, c\nday~x\n2016-01-01~1\n2016-01-02~2\n2016-01-03~3\n"
    assert without_notes(text, "~").text == text
    titled = "a note, with a comma\n" + text.split("\n", 1)[1]
    assert without_notes(titled, "~").text == "\n" + text.split("\n", 1)[1]
