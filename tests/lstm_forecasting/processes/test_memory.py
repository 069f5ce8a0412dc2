import sys

import numpy as np
import pytest

from lstm_forecasting.processes.memory import resident_bytes


@pytest.mark.skipif(sys.platform not in ("linux", "darwin"), reason="not told here")
def test_memory_that_is_touched_is_counted():
    before = resident_bytes()
    touched = np.ones(8_000_000)
    after = resident_bytes()
    assert 10e6 < before < after
    assert after - before > 0.8 * touched.nbytes
