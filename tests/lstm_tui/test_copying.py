import math

from hypothesis import given
from hypothesis import strategies as st

from lstm_tui.copying import CopyTable, as_text

TEXT = st.text(st.characters(exclude_categories=("Cs",)))


def test_numbers_keep_their_digits_and_what_is_not_defined_is_empty():
    table = CopyTable("it", ("a", "b"), [(0.1 + 0.2, math.nan), (3, None)])
    assert as_text(table) == "a\tb\n0.30000000000000004\t\n3\t\n"


@given(st.lists(st.tuples(TEXT, TEXT, st.floats()), max_size=5))
def test_every_table_keeps_its_shape(rows):
    lines = as_text(CopyTable("it", ("x", "y", "z"), rows)).split("\n")
    assert len(lines) == 1 + len(rows) + 1
    assert all(line.count("\t") == 2 for line in lines[:-1])
    for line, row in zip(lines[1:], rows, strict=False):
        if math.isfinite(row[2]):
            assert float(line.split("\t")[2]) == row[2]
