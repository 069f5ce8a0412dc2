"""The guard of the descriptors 1 and 2, in processes of their own, because pytest redirects both too."""

import os
import pty
import subprocess
import sys

GUARDED = """
import os, sys
from lstm_tui.app.terminal import guarded_terminal
with guarded_terminal() as last_lines:
    os.write(1, b"native out\\n")
    os.write(2, b"native error\\n")
    os.system("echo from a child; echo and its error >&2")
    print("screen out")
    print("screen error", file=sys.__stderr__)
    {inside}
print("kept:", stray_lines)
"""


def run(inside, **arguments):
    return subprocess.run(
        [sys.executable, "-c", GUARDED.format(inside=inside)],
        capture_output=True,
        text=True,
        timeout=600,
        **arguments,
    )


def test_native_output_goes_to_the_log_and_python_keeps_the_screen():
    done = run("stray_lines = last_lines()")
    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == "screen out"
    assert done.stderr == "screen error\n"
    kept = done.stdout.splitlines()[1]
    for line in ("native out", "native error", "from a child", "and its error"):
        assert line in kept
        assert line not in done.stderr


def test_afterwards_the_descriptors_are_the_terminals_again():
    done = run("stray_lines = ''")
    after = subprocess.run(
        [
            sys.executable,
            "-c",
            "import os\nfrom lstm_tui.app.terminal import guarded_terminal\n"
            "with guarded_terminal():\n    os.write(1, b'hidden')\nos.write(1, b'shown')\n"
            "os.write(2, b'shown too')",
        ],
        capture_output=True,
        text=True,
        timeout=600,
        check=True,
    )
    assert done.returncode == 0
    assert (after.stdout, after.stderr) == ("shown", "shown too")


def test_an_error_shows_its_traceback_after_what_was_written_past_the_screen():
    done = run("raise RuntimeError('broken')")
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert lines[-1] == "RuntimeError: broken"
    assert "native error" in lines
    assert lines.index("native error") < lines.index("RuntimeError: broken")


def test_with_stderr_in_a_file_the_screen_stays_on_the_terminal(tmp_path):
    controller, terminal = pty.openpty()
    code = (
        "import sys\nfrom lstm_tui.app.terminal import guarded_terminal\n"
        "with guarded_terminal():\n    print('the screen', file=sys.__stderr__)\n"
        "print('afterwards', file=sys.stderr)"
    )
    with (tmp_path / "errors").open("wb") as errors:
        subprocess.run(
            [sys.executable, "-c", code],
            stdin=terminal,
            stdout=terminal,
            stderr=errors,
            timeout=600,
            check=True,
        )
    os.close(terminal)
    assert b"the screen" in os.read(controller, 1000)
    os.close(controller)
    assert (tmp_path / "errors").read_text() == "afterwards\n"
