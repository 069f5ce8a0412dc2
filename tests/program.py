"""`python -m lstm_tui` as a process, with a folder and a home of its own."""

import datetime
import math
import os
import subprocess
import sys
import textwrap


class Program:
    """`python -m lstm_tui` in a folder.

    Attributes:
        folder: where it runs, with `shop.csv` in it.
        home: the user's folder, where their settings would be.
    """

    def __init__(self, folder):
        self.folder = folder
        self.site = folder / "site"
        self.site.mkdir()
        self.home = folder / "home"
        self.home.mkdir()

    def environment(self, **variables):
        names = ("NO_COLOR", "FORCE_COLOR", "COLUMNS")
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in names and not name.startswith("LSTM_TUI_")
        }
        paths = [str(self.site), *filter(None, [os.environ.get("PYTHONPATH")])]
        own = {"PYTHONPATH": os.pathsep.join(paths)}
        own |= dict.fromkeys(("HOME", "XDG_CONFIG_HOME"), str(self.home))
        own["XDG_DATA_HOME"] = str(self.home / ".local" / "share")
        return kept | own | variables

    def run(self, *arguments, **variables):
        return subprocess.run(
            [sys.executable, "-m", "lstm_tui", *arguments],
            cwd=self.folder,
            env=self.environment(**variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=600,
        )

    def start(self, *arguments, **options):
        return subprocess.Popen(
            [sys.executable, "-m", "lstm_tui", *arguments],
            cwd=self.folder,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, **options},
        )

    def install_plugin(self, name, forecaster="", devices="['cpu']"):
        """A backend of another distribution: a description, and the module that it points to."""
        (self.site / f"{name}_plugin.py").write_text(
            textwrap.dedent(f"""
                from lstm_plugins import Backend, backend_hook

                @backend_hook
                def lstm_backend():
                    return Backend(
                        name="{name}", title="{name.title()} [plugin]", api_version=1, version="3",
                        summary="none", forecaster="{name}_forecaster:It",
                        devices="{name}_forecaster:devices",
                    )
            """)
        )
        (self.site / f"{name}_forecaster.py").write_text(
            f"{textwrap.dedent(forecaster)}\ndef devices():\n    return {devices}\n"
        )
        information = self.site / f"{name}_plugin-2.1.dist-info"
        information.mkdir()
        (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}-plugin\nVersion: 2.1\n")
        (information / "entry_points.txt").write_text(f"[lstm_tui.backends]\n{name} = {name}_plugin\n")


def program_in(folder):
    folder.mkdir()
    lines = ["date,visits,sales"]
    for day in range(160):
        date = datetime.date(2024, 1, 1) + datetime.timedelta(days=day)
        weekly = math.sin(2 * math.pi * day / 7)
        lines.append(f"{date},{10 + day % 7 + day / 50:.3f},{20 + 5 * weekly + day / 30:.3f}")
    (folder / "shop.csv").write_text("\n".join(lines) + "\n")
    return Program(folder)
