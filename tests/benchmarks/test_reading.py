import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.reading.files import FILES

from lstm_forecasting.data.catalogue import open_data

ROOT = Path(__file__).parents[2]


def test_small_files_are_measured(tmp_path):
    file = tmp_path / "seconds.json"
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.reading", "--rows", "9000", "--times", "1", "--json", str(file)],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=600,
    )
    records = json.loads(file.read_text())
    assert [record["file"] for record in records] == list(FILES), done.stderr
    assert all(record["ours"][0] > 0 and record["polars"][0] > 0 for record in records)
    assert done.stdout.splitlines()[-1].endswith("(limit 12)")


@pytest.mark.parametrize(
    ("name", "frequency", "said"),
    [
        ("every minute, holes", "minutely", "missing from the file and inserted"),
        ("sessions, holidays, holes", "minutely in sessions", "holidays, not as gaps"),
        ("jitter, holes", "every 10 minutes", "moved"),
        ("local clocks with offsets", "every 5 minutes", "Rows follow the clocks of Europe/Berlin."),
    ],
)
def test_each_file_is_of_its_kind(tmp_path, name, frequency, said):
    path = tmp_path / "x.csv"
    assert FILES[name](path, 60_000) <= 60_000
    table = open_data(path)
    assert table.frequency.name == frequency
    assert said in " ".join(table.decisions)
