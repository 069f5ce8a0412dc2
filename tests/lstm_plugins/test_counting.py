from __future__ import annotations

import pytest

from lstm_plugins.counting import counted, listed


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 epochs"), (1, "1 epoch"), (2, "2 epochs"), (-1, "-1 epochs")]
)
def test_one_thing_is_not_in_the_plural(count: int, words: str) -> None:
    assert counted(count, "epoch") == words


def test_a_list_says_how_many_more_there_are() -> None:
    assert listed(["a", "b"], 2) == "a, b"
    assert listed(["a", "b", "c", "d"], 2) == "a, b and 2 more"
    assert listed([], 2) == ""
