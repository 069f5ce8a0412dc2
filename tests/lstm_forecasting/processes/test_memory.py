import mmap
import sys

import numpy as np
import pytest

from lstm_forecasting.processes.memory import resident_bytes


@pytest.mark.skipif(sys.platform not in ("linux", "darwin"), reason="not told here")
def test_memory_that_is_touched_is_counted():
    before = resident_bytes()
    # A mapping of its own: what an allocator hands out may have been resident all along.
    with mmap.mmap(-1, 64_000_000) as fresh:
        np.ndarray(len(fresh), np.uint8, fresh)[:] = 1
        after = resident_bytes()
    assert 10e6 < before < after
    assert after - before > 0.8 * 64_000_000
