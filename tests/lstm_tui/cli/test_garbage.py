import subprocess
import sys

TELL = """
import gc
from lstm_tui.cli import garbage
garbage.{first}()
kept = [[] for _ in range(1000)]
garbage.take_up()
print(gc.isenabled(), gc.get_freeze_count() > 1000, gc.get_threshold()[2] > 10**6)
{then}
"""
REST = """
for _ in range(30):
    gc.collect(1)
before = gc.get_count()[2]
garbage.rest()
print(before, gc.get_count()[2])
"""


def told(first, then=""):
    run = subprocess.run(
        [sys.executable, "-c", TELL.format(first=first, then=then)],
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.split()


def test_what_a_start_makes_is_never_looked_through_again():
    assert told("put_off") == ["True", "True", "True"]


def test_without_a_start_of_ours_nothing_changes():
    assert told("take_up") == ["True", "False", "False"]


def test_in_a_rest_everything_is_looked_through():
    before, after = map(int, told("put_off", REST)[3:])
    assert before >= 30 > after
