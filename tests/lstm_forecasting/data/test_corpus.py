"""Every awkward file is read rightly, or refused in one sentence that names the file or the place."""

from pathlib import Path

import numpy as np
import pytest

from lstm_forecasting.data.options import ReadOptions
from lstm_forecasting.data.reading import read_table
from lstm_plugins.errors import InputError

from .corpus.awkward import Awkward
from .corpus.whole import CORPUS

READ = [one for one in CORPUS if not one.refusal]
REFUSED = [one for one in CORPUS if one.refusal]


def test_there_are_many() -> None:
    assert len(CORPUS) >= 60
    assert len({(one.name, one.file, one.content) for one in CORPUS}) == len(CORPUS)


@pytest.mark.parametrize("one", READ, ids=lambda one: one.name)
def test_read_rightly(tmp_path: Path, one: Awkward) -> None:
    path = tmp_path / one.file
    path.write_bytes(one.content)
    table = read_table(path, one.targets, one.inputs, ReadOptions.from_dict(dict(one.options)))
    assert table.columns == tuple(one.values)
    assert table.values.T.tolist() == pytest.approx(np.array(list(one.values.values())))
    assert table.frequency.name == one.frequency
    assert (table.row_text(0) if table.times is not None else "") == one.start
    for decision in one.said:
        assert decision in table.decisions
    assert not any("\n" in decision or not decision.endswith(".") for decision in table.decisions)


@pytest.mark.parametrize("one", REFUSED, ids=lambda one: one.name)
def test_refused_in_one_sentence(tmp_path: Path, one: Awkward) -> None:
    path = tmp_path / one.file
    path.write_bytes(one.content)
    with pytest.raises(InputError) as refusal:
        read_table(path, one.targets, one.inputs, ReadOptions.from_dict(dict(one.options)))
    sentence = str(refusal.value)
    assert one.refusal in sentence
    assert "\n" not in sentence
    assert sentence.endswith((".", "?"))
