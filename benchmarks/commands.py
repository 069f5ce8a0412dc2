"""What the command lines of all benchmarks have in common."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any


def command_line(name: str, description: str | None, records: str = "") -> argparse.ArgumentParser:
    """A parser that describes a benchmark; if it has `records` to write, it gets the option `--json`."""
    parser = argparse.ArgumentParser(
        prog=f"python -m benchmarks.{name}",
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if records:
        parser.add_argument("--json", type=Path, metavar="FILE", help=f"write {records} to a file")
    return parser


def show_progress(text: str = "") -> None:
    """Replaces the last line on standard error; without text it clears the line."""
    print(f"\r{text:79}\r", end="", file=sys.stderr, flush=True)


def write_json(file: Path | None, records: Any) -> None:
    """Writes records, if the user asked for a file."""
    if file:
        file.write_text(json.dumps(records, indent=1) + "\n")
