import pytest

from lstm_forecasting.data.options import READ_OPTIONS_BY_NAME


def hints(table):
    return [one for one in table.findings if one.kind == "known ahead"]


@pytest.mark.parametrize(
    ("known", "named", "flag"),
    [
        ((), "price and promotion have values", "--known price --known promotion"),
        (("price",), "promotion has values", "--known price --known promotion"),
        (("promotion",), "price has values", "--known promotion --known price"),
    ],
)
def test_columns_that_go_on_after_the_target_are_suggested(shop, known, named, flag):
    table = shop.open(shop.write(ahead=14), known=known)
    (hint,) = hints(table)
    assert hint.evidence.startswith(f"{named} in the last 14 rows, where sales has none;")
    assert hint.evidence in table.decisions
    assert hint.suggested
    assert hint.flag == flag
    assert set(READ_OPTIONS_BY_NAME["known"].parse(hint.value)) == {"price", "promotion"}


def test_rows_may_be_in_any_order(shop):
    path = shop.write(ahead=3)
    header, *lines = path.read_text().splitlines()
    path.write_text("\n".join([header, *reversed(lines)]) + "\n")
    (hint,) = hints(shop.open(path, known=()))
    assert "the last 3 rows" in hint.evidence


@pytest.mark.parametrize(("ahead", "known"), [(0, ()), (14, ("price", "promotion"))])
def test_nothing_is_suggested_without_such_columns(shop, ahead, known):
    assert hints(shop.open(shop.write(ahead=ahead), known=known)) == []
