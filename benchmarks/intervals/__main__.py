"""Measures prediction intervals: coverage, interval score, width and CRPS beside simpler ways.

    python -m benchmarks.intervals                       known noise, and bundled series with their baselines
    python -m benchmarks.intervals --data FILE ...       other files
    python -m benchmarks.intervals --preset best         … with the LSTM of a preset too; minutes a file

The results in benchmarks/intervals/results are the output with `--output`.
"""

import sys
from pathlib import Path

from benchmarks.commands import command_line, show_progress
from benchmarks.intervals.files import models
from benchmarks.intervals.methods import score
from benchmarks.intervals.synthetic import HORIZON, NOISES, SEASON, TEST, draw
from benchmarks.intervals.tables import figures, markdown

from lstm_forecasting.data.catalogue import data_sets
from lstm_forecasting.data.options import DEFAULT_OPTIONS
from lstm_forecasting.presets.options import PRESETS
from lstm_plugins.errors import ForecasterError


def main() -> int:
    parser = command_line("intervals", __doc__)
    parser.add_argument("--data", nargs="+", type=Path, metavar="FILE", help="files, not bundled series")
    parser.add_argument("--preset", choices=tuple(PRESETS), help="train networks too")
    parser.add_argument("--backend", default="numpy")
    parser.add_argument("--draws", type=int, default=10, help="of each noise; 0 for none")
    parser.add_argument("--output", type=Path, metavar="FOLDER", help="write the tables as Markdown")
    options = parser.parse_args()
    tables = {}
    if options.draws:
        rows = {}
        for name, noise in NOISES.items():
            show_progress(name)
            drawn = [draw(noise, seed) for seed in range(options.draws)]
            rows[(name,)] = figures([score(*parts, SEASON) for parts in drawn])
        title = f"Known noise: {TEST:,} origins, horizon {HORIZON}, season {SEASON}, {options.draws} draws"
        command = f"python -m benchmarks.intervals --draws {options.draws}"
        tables["noise"] = markdown(title, command, ("noise",), rows)
    rows, left_out = {}, []
    for source in options.data or [one.name for one in data_sets()]:
        name = Path(source).stem
        show_progress(name)
        try:
            experiment, found = models(source, options.backend, options.preset, DEFAULT_OPTIONS)
        except ForecasterError as error:
            left_out.append(f"{name} is left out: {error}")
            continue
        for model, parts in found.items():
            origins = f"{len(parts[1].first_rows):,}"
            rows[(name, model, origins)] = figures([score(*parts, experiment.season)])
    show_progress()
    words = (
        "--data FILES" if options.data else "",
        f"--preset {options.preset}" if options.preset else "",
    )
    title = "Files" if options.data else "Bundled series"
    command = " ".join(filter(None, ("python -m benchmarks.intervals", *words)))
    file = "files" if options.data else "bundled"
    tables[file] = markdown(title, command, ("series", "model", "origins"), rows) + "".join(
        f"\n{sentence}\n" for sentence in left_out
    )
    for file, text in tables.items():
        print(text)
        if options.output:
            options.output.mkdir(parents=True, exist_ok=True)
            (options.output / f"{file}.md").write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
