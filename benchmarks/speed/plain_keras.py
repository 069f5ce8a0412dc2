"""Keras as in its guides: compile and fit on arrays of windows."""

import os
import time

import numpy as np
from benchmarks.speed.sizes import CLIP_NORM, LEARNING_RATE, Size, Train, check_loss, series, window_starts

os.environ["KERAS_BACKEND"] = "tensorflow"
import keras
import tensorflow


class EpochClock(keras.callbacks.Callback):
    """Times the epoch only: preparing a fit takes tens of milliseconds, negligible for long trainings."""

    seconds = 0.0

    def on_epoch_begin(self, epoch: int, logs: object = None) -> None:
        self.began = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: object = None) -> None:
        self.seconds = time.perf_counter() - self.began


def open_trainer(size: Size, *, jit_compile: bool) -> Train:
    tensorflow.config.threading.set_intra_op_parallelism_threads(1)
    tensorflow.config.threading.set_inter_op_parallelism_threads(1)
    keras.utils.set_random_seed(0)
    network = keras.Sequential(
        [keras.Input((size.steps, 1)), keras.layers.LSTM(size.hidden), keras.layers.Dense(1)]
    )
    optimizer = keras.optimizers.Adam(LEARNING_RATE, global_clipnorm=CLIP_NORM)
    network.compile(optimizer, "mse", jit_compile=jit_compile)
    windows = np.lib.stride_tricks.sliding_window_view(series().astype(np.float32), size.steps + 1)

    def train(count: int) -> float:
        rows = windows[window_starts(size, count)]
        clock = EpochClock()
        history = network.fit(
            rows[:, :-1, None], rows[:, -1:], batch_size=size.batch, verbose=0, callbacks=[clock]
        )
        check_loss(history.history["loss"][-1])
        return clock.seconds / count

    return train
