from dataclasses import replace

import numpy as np
import pytest

from lstm_forecasting.inspect.asking import part_errors
from lstm_forecasting.inspect.batches import next_batch
from lstm_forecasting.inspect.subject import open_snapshot
from lstm_plugins.errors import InputError
from lstm_tui.inspect.look import first_look
from lstm_tui.inspect.saving import save_look
from lstm_tui.inspect.seeing import Asked, see


def test_at_first_it_is_the_worst_window_of_the_best_weights(seen, run, processes):
    errors = part_errors(seen.inspected.subject, "test", 0, processes=processes)
    assert seen.asked.number == int(np.argmax(errors))
    assert (seen.asked.backend, seen.asked.epoch, seen.asked.part) == ("numpy", None, "test")
    assert seen.epochs == (0, 1, 2, 3)
    assert seen.earlier.epoch == 0
    assert all(change.norm > 0 for change in seen.earlier.changes)
    assert [seen.shows(view) for view in ("gates", "unit", "weights", "batch", "backends")] == [
        *[True] * 3,
        *[False] * 2,
    ]


def test_where_what_trained_it_is_missing_another_backend_computes(seen, run, processes):
    other = see(Asked(run, ("torch",), number=2), "backends", processes)
    assert other.inspected.backend == "torch"
    assert other.inspected.subject.trained_by == "numpy"
    assert other.asked.other is None
    assert other.shows("backends")


def test_a_snapshot_and_another_part_can_be_asked_for(seen, processes):
    first = see(replace(seen.asked, epoch=0), "gates", processes)
    assert first.inspected.window == seen.inspected.window
    assert all(change.norm == 0 for change in first.earlier.changes)
    training = see(replace(seen.asked, part="train", number=0), "gates", processes, seen)
    assert training.inspected.window.inputs.start == 0


@pytest.mark.parametrize(("since", "until"), [(0, 3), (1, 2), (3, 1)])
def test_changes_are_the_differences_of_any_two_snapshots(seen, processes, since, until):
    found = see(replace(seen.asked, epoch=until, since=since), "weights", processes, seen)
    before, after = (open_snapshot(seen.asked.run, "numpy", epoch).weights for epoch in (since, until))
    assert found.earlier.epoch == since
    for change in found.earlier.changes:
        np.testing.assert_array_equal(change.difference, after[change.name] - before[change.name])
        assert change.norm_before == pytest.approx(np.linalg.norm(before[change.name]))


def test_only_what_changed_is_asked_again(seen, compared, gathered, processes):
    assert compared.inspected is seen.inspected
    assert compared.comparison is not None
    later = see(replace(compared.asked, since=2), "weights", processes, compared)
    assert later.inspected is seen.inspected
    assert later.comparison is compared.comparison
    assert later.earlier.epoch == 2
    moved = see(replace(gathered.asked, number=3), "batch", processes, gathered)
    assert moved.batch is gathered.batch
    assert moved.inspected is not gathered.inspected
    assert see(replace(gathered.asked, batch=1), "batch", processes, gathered).batch is not gathered.batch


def test_a_batch_is_the_one_that_these_weights_would_learn_from_next(gathered, processes):
    subject = gathered.inspected.subject
    np.testing.assert_array_equal(gathered.batch.starts, next_batch(subject))
    assert gathered.members == 12
    last = see(replace(gathered.asked, batch=99), "batch", processes, gathered)
    assert last.asked.batch == last.batches - 1
    np.testing.assert_array_equal(last.batch.starts, next_batch(subject, last.batches - 1))


def test_what_is_not_there_is_said(seen, processes):
    with pytest.raises(InputError, match="there is no window 1000"):
        see(replace(seen.asked, number=999), "gates", processes)
    with pytest.raises(InputError, match="no snapshot of numpy after epoch 7"):
        see(replace(seen.asked, epoch=7), "gates", processes)


@pytest.mark.exhaustive
def test_a_look_is_saved_as_it_is_shown(compared, gathered, tmp_path):
    seen, look = replace(compared, batch=gathered.batch), first_look(compared.inspected)
    wanted = {
        "gates": ("layer1.forward/cell", "layer1.forward"),
        "unit": ("layer1.forward/cell", f"layer1.forward, unit {look.unit(seen.inspected)}"),
        "gradients": ("gradients/head.kernel", ""),
        "batch": ("window gradients/head.kernel", "mine · 12 windows after epoch"),
        "weights": ("changes/head.kernel", "mine · weights after epoch"),
        "backends": ("difference/layer0.backward/hidden", ""),
    }
    for view, (name, title) in wanted.items():
        shown = replace(look, view=view)
        save_look(seen, shown, tmp_path / f"{view}.npz")
        with np.load(tmp_path / f"{view}.npz", allow_pickle=False) as archive:
            assert name in archive.files
        if title:
            save_look(seen, shown, tmp_path / f"{view}.svg")
            assert title in (tmp_path / f"{view}.svg").read_text(encoding="utf-8")
