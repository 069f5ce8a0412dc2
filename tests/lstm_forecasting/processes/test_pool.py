import subprocess
import sys

import pytest

from lstm_forecasting.processes.pool import temporary_folder

HOLDER = """
import sys, time
from lstm_forecasting.processes.pool import temporary_folder
with temporary_folder() as folder:
    (folder / "array.npy").write_bytes(b"x")
    print(folder, flush=True)
    time.sleep(3600)
"""


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_it_is_private_and_gone_afterwards(place):
    with temporary_folder() as folder:
        assert folder.parent == place
        assert folder.stat().st_mode & 0o777 == 0o700
        (folder / "deep").mkdir()
        (folder / "deep" / "array.npy").write_bytes(b"x")
    assert list(place.iterdir()) == []


def test_those_in_use_stay_and_those_of_the_killed_go(place):
    with subprocess.Popen([sys.executable, "-c", HOLDER], stdout=subprocess.PIPE, text=True) as holder:
        theirs = place / holder.stdout.readline().strip().rpartition("/")[2]
        with temporary_folder() as mine, temporary_folder() as another:
            assert len({theirs, mine, another}) == 3
            assert (theirs / "array.npy").exists()
        holder.kill()
        holder.wait()
    assert theirs.exists()
    with temporary_folder():
        assert not theirs.exists()


def test_what_only_looks_like_one_stays(place):
    """A folder that is only just made has no lock yet, and a link leads to somebody else's files."""
    unlocked = place / "lstm-tui-just-made"
    unlocked.mkdir()
    precious = place / "precious"
    precious.mkdir()
    (precious / "in-use").touch()
    (place / "lstm-tui-link").symlink_to(precious)
    (place / "lstm-tui-file").touch()
    with temporary_folder():
        pass
    assert sorted(path.name for path in place.iterdir()) == [
        "lstm-tui-file",
        "lstm-tui-just-made",
        "lstm-tui-link",
        "precious",
    ]
    assert (precious / "in-use").exists()
