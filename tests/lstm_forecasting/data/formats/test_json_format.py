import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.data.formats.json_format import read_json
from lstm_plugins.errors import InputError

VALUES = st.one_of(
    st.lists(st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)), min_size=1, max_size=9),
    st.lists(st.one_of(st.none(), st.integers(-(2**53) + 1, 2**53 - 1)), min_size=1, max_size=9),
    st.lists(st.one_of(st.none(), st.booleans()), min_size=1, max_size=9),
    st.lists(
        st.one_of(st.none(), st.text(st.characters(exclude_categories=("Cs", "Zs", "Cc")), min_size=1)),
        min_size=1,
        max_size=9,
    ),
)


@given(VALUES)
def test_values_are_read_as_they_were_written(values: list[object]) -> None:
    records = [{"n": place, "x": value} for place, value in enumerate(values)]
    lines = "\n".join(json.dumps(record) for record in records)
    for text in (
        lines,
        lines.replace("\n", "\n\n") + "\n",
        json.dumps(records),
        json.dumps(records, indent=2),
    ):
        raw = read_json(text, "t.json")
        assert raw.columns["x"].to_list() == values
        assert raw.columns["n"].to_list() == list(range(len(values)))


def test_rows_are_found_by_their_lines_or_objects() -> None:
    assert read_json('{"a":1}\n\n{"a":2}\n', "t").where(1) == "line 3"
    assert read_json('[\n\n{"a":1},{"a":2}]', "t").where(1) == "object 2"


def test_members_may_come_later_and_be_left_out() -> None:
    columns = read_json('{"a":1}\n{"b":2}\n{"b":3,"a":4}\n', "t").columns
    assert {name: column.to_list() for name, column in columns.items()} == {
        "a": [1, None, 4],
        "b": [None, 2, 3],
    }


def test_what_other_programs_write_for_missing_is_missing() -> None:
    column = read_json('{"a":NaN}\n{"a":null}\n{"a":1.5}\n', "t").columns["a"].fill_nan(None)
    assert column.to_list() == [None, None, 1.5]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a":1}\n{"a":\n', r"t\.json, line 2, is not a complete JSON object \(Expecting value\)"),
        (
            '{\n"a": 1\n}\n',
            "line 1, is not a complete JSON object .*; write one object per line, or an array",
        ),
        ('{"a":1}\n[1]\n', "line 2, is an array instead of an object"),
        ('{"a":1}\n2\n', "line 2, is a number instead of an object"),
        ('[{"a":1},null]', "object 2, is null instead of an object"),
        ('[{"a":1},\n{"a"}]', "line 2, is not JSON"),
        ("[]", "is an empty array"),
        ("{}\n{}", "has no values"),
        ('{"a":{"b":1}}', "line 1, has an object in 'a'; use plain values"),
        ('{"a":1}\n{"a":[1,2]}', "line 2, has an array in 'a'"),
        ('{"a":1}\n\n{"a":"x"}', "mixes types in 'a': a number in line 1, a text in line 3"),
        ('{"a":true}\n{"a":1}', "true or false in line 1, a number in line 2"),
        ('{" ":1}', "has a member without a name"),
        ('{"a":1," a":2}', "two columns called 'a'"),
        ('{"a":"\\ud800"}', r"line 1, has half of a surrogate pair"),
        ("date,x\n1,2\n", r"is not JSON but begins with 'date,x'; .* rename"),
        ("[" * 100_000, "cannot be read as JSON"),
        ('{"a":' * 100_000, "is not a complete JSON object"),
        ('{"a":' + "1" * 5000 + "}", "is not a complete JSON object"),
    ],
)
def test_other_json_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as refusal:
        read_json(text, "t.json")
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 400
