"""Which tests go to which worker of pytest-xdist, and which of them first."""

from xdist.scheduler import LoadFileScheduling

TENSORFLOW = (
    "tests/lstm_backends/tensorflow/",
    "tests/lstm_backends/test_additions.py",
    "tests/lstm_backends/test_masks.py",
    "tests/lstm_conformance/ports/test_keras_file.py",
    "tests/lstm_plugins/test_layouts_witnesses.py",
)
"""What imports TensorFlow into the process of the tests."""

SLOW = (
    "tests/lstm_tui/test_snapshots.py",
    *TENSORFLOW,
    "tests/terminal/",
    "tests/lstm_tui/app/",
    "tests/lstm_tui/",
    "tests/lstm_conformance/",
    "tests/lstm_forecasting/",
)
"""What takes longest comes first, so that no worker is left alone with it in the end."""


def rank(item):
    """Where a test stands in the order of all: the first of `SLOW` that it belongs to."""
    return next((n for n, path in enumerate(SLOW) if item.nodeid.startswith(path)), len(SLOW))


class FileScheduling(LoadFileScheduling):
    """A file goes to one worker as a whole, and all that imports TensorFlow goes to one as well."""

    def _split_scope(self, nodeid):
        return "TensorFlow" if nodeid.startswith(TENSORFLOW) else super()._split_scope(nodeid)
