import subprocess
import sys

import pytest

from lstm_forecasting.processes.priority import GROUP

TELL = """
import os, threading
from lstm_forecasting.processes import priority
from lstm_forecasting.processes.priority import GROUP, give_way
# Others on the machine may change their weights all the time, and the system takes few changes.
priority._TRIES = 1000
give_way({niceness})
for thread in threading.enumerate():
    if thread.name == "priority":
        thread.join(120)
print(os.nice(0), GROUP.read_text().split()[-1] if GROUP.exists() else "")
"""


def told(niceness):
    command = [sys.executable, "-c", TELL.format(niceness=niceness)]
    run = subprocess.run(command, capture_output=True, text=True, check=True, start_new_session=True)
    return run.stdout.split()


def test_the_process_gives_way():
    before, after = told(0), told(7)
    assert int(after[0]) == int(before[0]) + 7


@pytest.mark.skipif(not GROUP.exists(), reason="sessions are not weighed here")
def test_its_session_gives_way_with_it():
    before, after = told(0), told(7)
    assert (before[1], after[1]) == ("0", "7")
