"""Measures what origins cost: a backtest without refits beside one `predict` over the same windows.

    python -m benchmarks.backtest                      a series as long as ETTh1, 1,000 origins, a minute
    python -m benchmarks.backtest --data ETTh1.csv --target OT

A backtest without refits trains once and forecasts from all origins in one pass. What 1,000 origins cost is
the time that they add to a backtest with one origin, which trains the same network: forecasting, joining and
scoring them, measuring intervals, and saving. `predict` is one request to a backend's process, which loads
the weights and forecasts the same windows; the process is running. Every time is the least of several
repetitions, because other programs disturb. Numbers above 3 are too slow.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from benchmarks.commands import command_line, show_progress, write_json

from lstm_forecasting.backtest.folder import create_backtest, write_fold
from lstm_forecasting.backtest.folds import FoldForecasts, compute_fold
from lstm_forecasting.backtest.origins import Rolling
from lstm_forecasting.backtest.plan import Backtest, plan_backtest
from lstm_forecasting.backtest.scoring import conclude
from lstm_forecasting.data.catalogue import open_data
from lstm_forecasting.data.table import SeriesTable
from lstm_forecasting.processes.arrays import read_forecasts
from lstm_forecasting.processes.asking import ask, inquiry
from lstm_forecasting.processes.messages import ForecastFiles, Predict
from lstm_forecasting.processes.pool import BackendProcesses
from lstm_forecasting.runs.recording import create_run, resume

MOST = 3.0
"""The largest ratio that is fast enough."""
ROWS = 17_420
SETTINGS = {"look_back": 168, "horizon": 24, "hidden_units": 32, "epochs": 1, "windows_per_epoch": 256}
"""One short epoch: training is not what is measured."""


@dataclass(frozen=True)
class Measured:
    """Seconds of one backend, for so many origins."""

    backend: str
    origins: int
    predict: float
    one_origin: float
    all_origins: float

    @property
    def ratio(self) -> float:
        """What the origins cost, in times of a `predict` over the same windows."""
        return (self.all_origins - self.one_origin) / self.predict


def main() -> int:
    parser = command_line("backtest", __doc__, "the seconds")
    parser.add_argument("--data", help="a file; by default a made series")
    parser.add_argument("--target", action="append", default=[], help="column to forecast")
    parser.add_argument("--backend", action="append", help="may be repeated; numpy by default")
    parser.add_argument("--origins", type=int, default=1_000)
    parser.add_argument("--repetitions", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.data or made_series(Path(folder))
        table = open_data(path, options.target)
        found = []
        for backend in options.backend or ["numpy"]:
            show_progress(backend)
            found.append(measure(table, backend, options.origins, options.repetitions, Path(folder)))
    show_progress()
    print(report(found))
    write_json(options.json, [asdict(one) for one in found])
    return 0 if all(one.ratio <= MOST for one in found) else 1


def made_series(folder: Path, rows: int = ROWS) -> Path:
    """An hourly file with a daily season and slow noise, as long as ETTh1."""
    hours = np.arange(rows)
    noise = np.random.default_rng(1).normal(0, 1, rows)
    values = 20 + 4 * np.sin(hours * 2 * np.pi / 24) + np.cumsum(noise) / 20 + noise
    times = np.datetime64("2016-07-01T00") + hours
    path = folder / "hourly.csv"
    lines = [
        f"{str(time).replace('T', ' ')}:00,{value:.4f}" for time, value in zip(times, values, strict=True)
    ]
    path.write_text("\n".join(["date,load", *lines]) + "\n")
    return path


def measure(table: SeriesTable, backend: str, origins: int, repetitions: int, folder: Path) -> Measured:
    """The seconds of a backend; the repetitions of what is compared take turns."""
    many, one = (
        plan_backtest(table, [backend], SETTINGS, models=("lstm",), rolling=Rolling(origins=count))
        for count in (origins, 1)
    )
    experiment = many.first
    run = create_run(experiment, folder / "runs")
    resume(run)
    with ExitStack() as stack:
        processes = stack.enter_context(BackendProcesses())
        weights = run.best(backend)
        asked = stack.enter_context(inquiry(experiment.config, experiment.series, weights, processes))
        test = ((experiment.split.test.start, experiment.split.test.stop),)
        request = Predict(**asked.fields, test=test, steps=experiment.steps)

        def predict() -> None:
            answer = ask(processes, backend, 1, request, ForecastFiles)
            assert len(read_forecasts(answer).test) == origins

        best: dict[str, float] = {}
        works: dict[str, Callable[[], None]] = {
            "predict": predict,
            "one_origin": lambda: run_backtest(one, folder, processes),
            "all_origins": lambda: run_backtest(many, folder, processes),
        }
        for _ in range(repetitions):
            for name, work in works.items():
                began = time.perf_counter()
                work()
                best[name] = min(best.get(name, np.inf), time.perf_counter() - began)
    return Measured(backend, origins, **best)


def run_backtest(backtest: Backtest, folder: Path, processes: BackendProcesses) -> None:
    """What a worker and the program do for a backtest without refits."""
    saved = create_backtest(backtest, folder / "backtests")
    found: FoldForecasts = compute_fold(backtest.task(backtest.folds[0]), processes)
    write_fold(saved, found)
    conclude(backtest, {0: found}, {})


def report(found: list[Measured]) -> str:
    """The table, in milliseconds."""
    titles = ("backend", "origins", "predict ms", "1 origin ms", "all ms", "origins / predict")
    rows = [
        (
            one.backend,
            f"{one.origins}",
            *(f"{1000 * seconds:.0f}" for seconds in (one.predict, one.one_origin, one.all_origins)),
            f"{one.ratio:.2f}",
        )
        for one in found
    ]
    return "\n".join("".join(f"{cell:>18}" for cell in row) for row in (titles, *rows))


if __name__ == "__main__":
    sys.exit(main())
