from __future__ import annotations

import pytest

from lstm_plugins.counting import counted


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 epochs"), (1, "1 epoch"), (2, "2 epochs"), (-1, "-1 epochs")]
)
def test_one_thing_is_not_in_the_plural(count: int, words: str) -> None:
    assert counted(count, "epoch") == words
