"""A training run by each backend, compared with the reference update by update."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from lstm_course.course import Page, Values
from lstm_course.figures import Cell, Curves, Line, Table, number, word
from lstm_course.forecasts import unseen_starts
from lstm_course.frameworks import Frameworks, Said, pages_of_answers, pending, tiny, title
from lstm_course.network import course_config, starts
from lstm_course.series import DAYS, TRAINING_DAYS, day_scaler, in_glasses, scaled
from lstm_forecasting.processes.arrays import map_array
from lstm_forecasting.processes.asking import series_fields
from lstm_forecasting.processes.events import BackendEpoch
from lstm_forecasting.processes.messages import ForecastFiles, Message, Request, Run
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.counting import counted
from lstm_plugins.discovery import Found
from lstm_plugins.records import Epoch, SeriesSet
from lstm_plugins.reference import ReferenceForecaster

UNSEEN = ((TRAINING_DAYS, len(DAYS)),)
RATE = 0.01
"""The largest rate at which the specification promises equal training runs."""
LOSS_PROMISE, FORECAST_PROMISE = 1e-10, 1e-9
"""Relative to the larger of first and last loss, and to the series' standard deviation: section 8."""


def show_training(frameworks: Frameworks, values: Values) -> Iterator[Page]:
    """Yields pages while the backends train; the last one is complete."""
    config = course_config(
        optimizer="adamw",
        learning_rate=RATE,
        epochs=int(values["trained"]),
        seed=int(values["seed"]),
        precision=str(values["precision"]),
    )
    yield from pages_of_answers(frameworks, partial(_training, config), partial(_training_page, config))


def _training(config: ForecasterConfig, folder: Path) -> Request:
    fields = series_fields(config, SeriesSet(scaled(), (0,), (len(DAYS),)), folder)
    return Run(**fields, training=((0, TRAINING_DAYS),), validation=(), test=UNSEEN, steps=1)


@dataclass(frozen=True)
class _Trained:
    """A training run: its loss at each update, and its forecast of Day 11 in glasses."""

    losses: tuple[float, ...]
    forecast: float


def _training_page(config: ForecasterConfig, backends: Sequence[Found], said: Said) -> Page:
    wanted = _reference_training(config)
    found = {
        backend: _read(messages)
        for backend, messages in said.items()
        if isinstance(messages[-1], ForecastFiles)
    }
    losses_apart = {
        name: max(abs(one - other) for one, other in zip(its.losses, wanted.losses, strict=True))
        for name, its in found.items()
    }
    forecasts_apart = {name: abs(its.forecast - wanted.forecast) for name, its in found.items()}
    everybody = [wanted, *found.values()]
    loss_apart = max(max(each) - min(each) for each in zip(*(its.losses for its in everybody), strict=True))
    forecast_apart = max(its.forecast for its in everybody) - min(its.forecast for its in everybody)
    allowed_loss = LOSS_PROMISE * max(wanted.losses[0], wanted.losses[-1])
    allowed_forecast = FORECAST_PROMISE * float(day_scaler().deviation[0])
    kept = loss_apart <= allowed_loss and forecast_apart <= allowed_forecast
    if config.precision == "float32":
        judgement = (
            "In float32 a number has about 7 digits. Each update rounds, and the next one builds on the "
            f"result: the forecasts end up {tiny(forecast_apart).text} glasses apart. The specification "
            "promises nothing here."
        )
    else:
        judgement = (
            f"In float64 the specification promises that losses differ by at most {tiny(allowed_loss).text}, "
            f"and forecasts by at most {tiny(allowed_forecast).text} glasses. They differ by "
            f"{tiny(loss_apart).text} and {tiny(forecast_apart).text}: the promise is "
            f"{'kept' if kept else 'broken'}."
        )
    rows: list[tuple[Cell, ...]] = [(word("reference"), *_numbers(wanted), word(""), word(""))]
    for backend in backends:
        if backend.name in found:
            apart = losses_apart[backend.name], forecasts_apart[backend.name]
            rows.append((word(title(backend)), *_numbers(found[backend.name]), *map(tiny, apart)))
        else:
            rows.append((word(title(backend)), *[pending(backend)] * 4))
    return Page(
        text=(
            "Now each backend trains on its own, from the same initial weights, with "
            f"{counted(config.epochs, 'update')} of AdamW at learning rate {RATE}. Then it forecasts Day 11. "
            "The reference does the same for comparison.",
            *((judgement,) if found else ()),
        ),
        figures=(
            Table(
                "Final loss, forecast of Day 11 in glasses, and differences from the reference",
                ("", "loss", "Day 11", "loss off by", "Day 11 off by"),
                tuple(rows),
            ),
            Curves(
                "Loss: mean squared error",
                tuple(
                    Line(title(backend), _counts(its), its.losses, "forecast", backend.name)
                    for backend in backends
                    if (its := found.get(backend.name)) is not None
                )
                or (Line("reference", _counts(wanted), wanted.losses, "truth"),),
                x="updates",
                y="loss",
                log=True,
                y_range=(min(wanted.losses), max(wanted.losses)),
            ),
        ),
        facts={
            "loss_apart": loss_apart,
            "forecast_apart": forecast_apart,
            "backends": float(len(found)),
            "kept": float(kept),
        },
    )


def _numbers(trained: _Trained) -> tuple[Cell, Cell]:
    return number(trained.losses[-1], 12), number(trained.forecast, 10, "strong")


def _counts(trained: _Trained) -> tuple[float, ...]:
    return tuple(float(update) for update in range(len(trained.losses)))


def _read(messages: Sequence[Message]) -> _Trained:
    files = messages[-1]
    if not isinstance(files, ForecastFiles):
        raise TypeError("the training has not finished")
    losses = _losses(message.epoch for message in messages if isinstance(message, BackendEpoch))
    return _Trained(losses, in_glasses(float(map_array(Path(files.test))[-1, 0, 0])))


def _losses(epochs: Iterable[Epoch]) -> tuple[float, ...]:
    return tuple(epoch.training_loss for epoch in epochs if epoch.training_loss is not None)


@lru_cache(maxsize=64)
def _reference_training(config: ForecasterConfig) -> _Trained:
    """The same training run by the reference, in the precision of the config."""
    reference = ReferenceForecaster(config, 1, (0,))
    reference.load_series(SeriesSet(scaled(), (0,), (len(DAYS),)))
    records = reference.fit(((0, TRAINING_DAYS),), ())
    losses = _losses(record for record in records if isinstance(record, Epoch))
    last = unseen_starts(reference)[-1]
    return _Trained(losses, in_glasses(float(reference.predict(starts(int(last)))[0, 0, 0, 0])))
