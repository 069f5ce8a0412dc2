"""One of our backends, through the interface that `fit` uses."""

import time

import numpy as np
from benchmarks.speed.sizes import (
    CLIP_NORM,
    LEARNING_RATE,
    ROWS,
    Size,
    Train,
    check_loss,
    series,
    window_starts,
)

from lstm_plugins import ForecasterConfig, SeriesSet, TrainingStep
from lstm_plugins.discovery import find_backend


def open_trainer(name: str, size: Size) -> Train:
    config = ForecasterConfig(
        look_back=size.steps,
        hidden_units=size.hidden,
        batch_size=size.batch,
        learning_rate=LEARNING_RATE,
        clip_norm=CLIP_NORM,
        normalisation="none",
    )
    forecaster = find_backend(name).load_forecaster()(config, 1, (0,))
    forecaster.load_series(SeriesSet(series()[:, None], (0,), (ROWS,)))

    def train(count: int) -> float:
        starts = window_starts(size, count)
        seconds, done = 0.0, 0
        while done < count:
            part = min(count - done, forecaster.batches_per_call)
            rates = np.full(part, LEARNING_RATE)
            cut = starts[done * size.batch : (done + part) * size.batch]
            began = time.perf_counter()
            results = forecaster.train_batches(cut, rates, TrainingStep(0, done))
            seconds += time.perf_counter() - began
            check_loss(float(results.losses[-1]))
            done += part
        return seconds / count

    return train
