import mmap
import subprocess
import sys

import numpy as np
import pytest

from lstm_forecasting.processes.system import AUTOGROUP, resident_bytes

TELL = """
import os, threading
from lstm_forecasting.processes import system
from lstm_forecasting.processes.system import AUTOGROUP, give_way
# Others on the machine may change their weights all the time, and the system takes few changes.
system._TRIES = 1000
give_way({niceness})
for thread in threading.enumerate():
    if thread.name == "priority":
        thread.join(300)
print(os.nice(0), AUTOGROUP.read_text().split()[-1] if AUTOGROUP.exists() else "")
"""


@pytest.mark.skipif(sys.platform not in ("linux", "darwin"), reason="not told here")
def test_memory_that_is_touched_is_counted():
    before = resident_bytes()
    # A mapping of its own: what an allocator hands out may have been resident all along.
    with mmap.mmap(-1, 64_000_000) as fresh:
        np.ndarray(len(fresh), np.uint8, fresh)[:] = 1
        after = resident_bytes()
    assert 10e6 < before < after
    assert after - before > 0.8 * 64_000_000


def told(niceness):
    command = [sys.executable, "-c", TELL.format(niceness=niceness)]
    run = subprocess.run(command, capture_output=True, text=True, check=True, start_new_session=True)
    return run.stdout.split()


def test_the_process_gives_way():
    before, after = told(0), told(7)
    assert int(after[0]) == int(before[0]) + 7


@pytest.mark.skipif(not AUTOGROUP.exists(), reason="sessions are not weighed here")
def test_its_session_gives_way_with_it():
    before, after = told(0), told(7)
    assert (before[1], after[1]) == ("0", "7")
