"""The private temporary folder of a program's processes, removed even if the program is killed.

It is locked with `flock` rather than filelock, because it must be locked before its lock file has its name.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

_PREFIX = "lstm-tui-"
_LOCK = "in-use"


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """Creates a temporary folder with mode 700 and removes it afterwards.

    It also removes folders that killed programs of the same user left behind.
    """
    _remove_abandoned(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as name:
        folder = Path(name)
        unlocked = folder / "unlocked"
        with unlocked.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            # Renamed after locking, so that no other program finds it unlocked.
            unlocked.rename(folder / _LOCK)
            yield folder


def _remove_abandoned(parent: Path) -> None:
    for folder in parent.glob(f"{_PREFIX}*"):
        # Another program may remove it first, or may have just created it and not locked it yet.
        with contextlib.suppress(OSError):
            if folder.is_symlink() or folder.stat().st_uid != os.getuid():
                continue
            with (folder / _LOCK).open("r") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)
