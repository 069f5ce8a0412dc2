"""The temporary folder of a program's processes: private, and removed even after the program was killed.

The lock is `flock` itself and not filelock, as the folder has to be locked before it has its lock's name.
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
    """Makes a folder of mode 700 among the system's temporary files, and removes it afterwards.

    Also removes folders that killed programs of the same user left behind.
    """
    _remove_abandoned(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as name:
        folder = Path(name)
        unlocked = folder / "unlocked"
        with unlocked.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            # Renamed once it is locked, so that nobody ever finds it unlocked.
            unlocked.rename(folder / _LOCK)
            yield folder


def _remove_abandoned(parent: Path) -> None:
    for folder in parent.glob(f"{_PREFIX}*"):
        # Another program may remove it first, or may have just made it, without a lock yet.
        with contextlib.suppress(OSError):
            if folder.is_symlink() or folder.stat().st_uid != os.getuid():
                continue
            with (folder / _LOCK).open("r") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)
