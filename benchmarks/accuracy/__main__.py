"""Measures forecasts as published benchmarks do, beside the published scores and the baselines.

The program forecasts as `lstm-tui forecast` does, with the preset `best` and the NumPy backend. Each protocol
first checks that naive forecasts score as published, and measures nothing otherwise. Seconds are those of one
core. The published files are not part of this project; put them into a folder, unmodified:

    ETTh1.csv, ETTm1.csv                    github.com/zhouhaoyi/ETDataset (CC BY-ND 4.0)
    epf_NP.csv, epf_PJM.csv, epf_BE.csv     github.com/thuml/TimeXer, dataset/EPF: NP.csv, PJM.csv, BE.csv
    us_births.csv                           github.com/ourownstory/neuralprophet-data, datasets

    OPENBLAS_NUM_THREADS=1 python -m benchmarks.accuracy --data FOLDER
    OPENBLAS_NUM_THREADS=1 python -m benchmarks.accuracy --data FOLDER --protocol gift --markdown results.md
    OPENBLAS_NUM_THREADS=1 python -m benchmarks.accuracy sales.csv load.csv --fractions 0.6 0.2 0.2
"""

import sys
from pathlib import Path

from benchmarks.accuracy import any_file, epf, gift, ltsf, monash
from benchmarks.accuracy.machine import machine
from benchmarks.accuracy.settings import Settings
from benchmarks.accuracy.tables import markdown, over_limit
from benchmarks.commands import command_line, show_progress

from lstm_forecasting.data.series.splits import DEFAULT_FRACTIONS
from lstm_forecasting.presets.options import EXTENTS
from lstm_plugins.errors import InputError

PROTOCOLS = {"ltsf": ltsf.measure, "gift": gift.measure, "epf": epf.measure, "monash": monash.measure}


def main() -> int:
    parser = command_line("accuracy", __doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILES", help="other files to forecast")
    parser.add_argument("--protocol", choices=PROTOCOLS, help="measure only this protocol")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="the folder of the published files")
    parser.add_argument(
        "--fractions",
        nargs=3,
        type=float,
        default=DEFAULT_FRACTIONS,
        metavar=("TRAIN", "VALIDATION", "TEST"),
        help="parts of other files (default: 0.7 0.1 0.2)",
    )
    parser.add_argument("--seeds", type=int, default=3, metavar="N", help="base seeds of ensembles")
    parser.add_argument("--preset", choices=tuple(EXTENTS), default="best", help="the preset to measure")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the tables to a file")
    options = parser.parse_args()
    if not options.files and not options.data:
        parser.error("name the folder of the published files (--data FOLDER) or some files")
    if options.seeds < 1:
        parser.error("--seeds must be at least 1")

    chosen = [options.protocol] if options.protocol else list(PROTOCOLS) if options.data else []
    tables = []
    try:
        for name in chosen:
            command = f"OPENBLAS_NUM_THREADS=1 python -m benchmarks.accuracy --data FOLDER --protocol {name}"
            settings = Settings(options.seeds, command, show_progress, options.preset)
            tables.append(PROTOCOLS[name](options.data, settings))
            _print(markdown(tables[-1]))
        if options.files:
            command = "OPENBLAS_NUM_THREADS=1 python -m benchmarks.accuracy FILES"
            settings = Settings(options.seeds, command, show_progress, options.preset)
            tables.append(any_file.measure(options.files, tuple(options.fractions), settings))
            _print(markdown(tables[-1]))
    except InputError as error:
        show_progress()
        print(error, file=sys.stderr)
        return 2
    if options.markdown:
        text = [f"# Measured accuracy\n\n{machine()}.\n", *map(markdown, tables)]
        options.markdown.write_text("\n".join(text))
    missed = {table.title: over_limit(table) for table in tables}
    for title, columns in missed.items():
        print(f"✗ {title}: above the limit in {', '.join(columns)}" if columns else f"✓ {title}")
    return 1 if any(missed.values()) else 0


def _print(text: str) -> None:
    show_progress()
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
