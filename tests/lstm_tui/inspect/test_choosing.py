import numpy as np
import pytest

from lstm_plugins.errors import InputError
from lstm_tui.inspect.seeing import ends_of, member_asked, next_part, see, window_at


def test_a_window_is_found_by_its_date_or_number(seen):
    count = len(seen.inspected.subject.experiment.window_starts("test"))
    what, first, last = ends_of(seen)
    assert what == "date"
    assert (window_at(seen, first), window_at(seen, last)) == (0, count - 1)
    assert (window_at(seen, "#1"), window_at(seen, f"# {count}")) == (0, count - 1)
    with pytest.raises(InputError, match="No forecast of the test part"):
        window_at(seen, "1700")
    with pytest.raises(InputError, match=f"windows 1 to {count}; there is no window {count + 1}"):
        window_at(seen, f"#{count + 1}")
    with pytest.raises(InputError, match="'#x' is not the number of a window; #1 is the first"):
        window_at(seen, "#x")


def test_parts_follow_each_other(seen, processes):
    assert next_part(seen) == "validation"


def test_a_window_of_a_batch_can_be_looked_into(gathered, processes):
    for member in (0, 5):
        opened = see(member_asked(gathered, member), "gates", processes, gathered)
        assert opened.inspected.window.part == "train"
        assert opened.inspected.window.inputs.start == gathered.batch.starts[member]
        assert opened.inspected.loss == pytest.approx(gathered.batch.losses[member], rel=1e-12)
        for name, gradients in gathered.batch.window_gradients.items():
            np.testing.assert_allclose(
                opened.inspected.gradients[name], gradients[member], rtol=0, atol=1e-12
            )
