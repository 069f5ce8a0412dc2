from dataclasses import replace

import numpy as np
import pytest

from lstm_forecasting.errors import InputError
from lstm_forecasting.inspection.asking import part_errors
from lstm_forecasting.inspection.windows import part_starts
from lstm_tui.inspection.look import first_look
from lstm_tui.inspection.saving import save_look
from lstm_tui.inspection.seeing import Asked, ends_of, next_part, number_at, see, see_other


def test_at_first_it_is_the_worst_window_of_the_best_weights(seen, run, processes):
    errors = part_errors(seen.inspected.subject, "test", 0, processes=processes)
    assert seen.asked.number == int(np.argmax(errors))
    assert (seen.asked.backend, seen.asked.epoch, seen.asked.part) == ("numpy", None, "test")
    assert seen.epochs == (0, 1, 2, 3)
    assert all(change.norm > 0 for change in seen.changes)


def test_where_what_trained_it_is_missing_another_backend_computes(seen, run, processes):
    other = see(Asked(run, ("torch",), number=2), processes)
    assert other.inspected.backend == "torch"
    assert other.inspected.subject.trained_by == "numpy"


def test_a_snapshot_and_another_part_can_be_asked_for(seen, processes):
    first = see(replace(seen.asked, epoch=0), processes)
    assert first.inspected.window == seen.inspected.window
    assert all(change.norm == 0 for change in first.changes)
    assert next_part(seen) == "validation"
    training = see(replace(seen.asked, part="train", number=0), processes)
    assert training.inspected.window.inputs.start == 0
    assert next_part(training) == "test"


def test_a_window_is_found_by_its_date(seen):
    experiment = seen.inspected.subject.experiment
    what, first, last = ends_of(seen)
    assert what == "date"
    assert number_at(seen, first) == 0
    assert number_at(seen, last) == len(part_starts(experiment, "test")) - 1
    with pytest.raises(InputError, match="No forecast of the test part"):
        number_at(seen, "1700")


def test_a_look_is_saved_as_it_is_shown(seen, processes, tmp_path):
    comparison, look = see_other(seen, "torch", processes), first_look(seen.inspected)
    wanted = {
        "gates": "layer1.forward/cell",
        "gradients": "gradients/head.kernel",
        "weights": "changes/head.kernel",
        "backends": "difference/layer0.backward/hidden",
    }
    for view, name in wanted.items():
        path = tmp_path / f"{view}.npz"
        save_look(seen, comparison, replace(look, view=view), path)
        with np.load(path, allow_pickle=False) as archive:
            assert name in archive.files
    save_look(seen, None, replace(look, view="weights"), tmp_path / "weights.svg")
    save_look(seen, None, look, tmp_path / "gates.svg")
    assert "mine · weights after epoch" in (tmp_path / "weights.svg").read_text(encoding="utf-8")
    assert "layer1.forward" in (tmp_path / "gates.svg").read_text(encoding="utf-8")
