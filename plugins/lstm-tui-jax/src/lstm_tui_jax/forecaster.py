"""The forecaster: the contract's methods around the compiled functions."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
import lstm_plugins as contract
import numpy as np
from lstm_plugins.randomness import dropout_masks
from lstm_plugins.weights import check_weights, initial_weights

from lstm_tui_jax import optimizer
from lstm_tui_jax import training as passes
from lstm_tui_jax.windows import Series, check_starts, gather, window_starts

_settled: dict[str, int] = {}


@dataclass(eq=False)
class JaxForecaster(contract.Forecaster):
    """docs/specification.md in JAX; what the methods are for is said in `Forecaster`."""

    def __post_init__(self) -> None:
        if self.options.device != "cpu":
            raise contract.UnsupportedError(f"JAX computes on cpu here, not on {self.options.device!r}")
        if _settled.setdefault("threads", self.options.threads) != self.options.threads:
            raise contract.UnsupportedError(f"this process gave JAX {_settled['threads']} threads for good")
        os.environ["NPROC"] = str(self.options.threads)  # XLA reads it once, when JAX first computes
        jax.config.update("jax_platforms", "cpu")
        jax.config.update("jax_enable_x64", True)
        # No compiled function depends on these settings: with one value, more fits share one.
        free = {"learning_rate": 1.0, "warmup": 0, "epochs": 1, "patience": 0, "stride": 1, "seed": 0}
        self._shared = replace(self.config, schedule="constant", plateau=1, **free)
        self._series: contract.SeriesSet | None = None
        weights = initial_weights(self.config, self.features, len(self.targets))
        zeros = {name: np.zeros_like(array) for name, array in weights.items()}
        self._learner = weights, self._copied_state(contract.OptimizerState(0, zeros, zeros))

    def load_series(self, series: contract.SeriesSet) -> None:
        if series.values.shape[1] != self.features or series.targets != self.targets:
            raise contract.SeriesError("the columns or targets are not those this forecaster was made for")
        room = max(1024, 1 << (len(series.values) - 1).bit_length())
        rows = np.pad(series.values, ((0, room - len(series.values)), (0, 0)))
        self._series, self._on_device = series, (jnp.array(rows), jnp.array(self.targets))

    def window_starts(self, rows: contract.TargetRows, stride: int) -> contract.Starts:
        self._loaded(np.empty(0, np.int64))
        return window_starts(self.config, self._series, rows, stride)

    def raw_windows(self, starts: contract.Starts) -> tuple[contract.Array, contract.Array]:
        inputs, targets = gather(self.config, self._loaded(starts, self.config.horizon), starts)
        return np.array(inputs, self.config.precision), np.array(targets)

    def normalised_windows(self, starts: contract.Starts) -> contract.NormalisedWindows:
        return self.trace(starts).windows

    def predict(self, starts: contract.Starts) -> contract.Array:
        arguments = self._shared, self._learner[0], self._loaded(starts)
        batches = self._batches(starts)
        parts = [np.array(passes.predict(*arguments, part))[:size] for part, size, _ in batches]
        return np.concatenate(parts)

    def trace(self, starts: contract.Starts, *, derivatives: bool = False) -> contract.Trace:
        series = self._loaded(starts, self.config.horizon if derivatives else 0)
        found, trace = jax.tree.map(np.array, passes.trace(self._shared, self._learner[0], series, starts))
        if not derivatives:
            return trace
        layers = (
            replace(one, derivatives=found[f"layer{one.layer}.{one.direction}"]) for one in trace.layers
        )
        return replace(trace, layers=tuple(layers))

    def mean_loss(self, starts: contract.Starts) -> float:
        if not len(starts):
            raise contract.SeriesError("there are no windows to take a mean loss over")
        arguments = self._shared, self._learner[0], self._loaded(starts, self.config.horizon)
        losses = [batch[1] * float(passes.loss(*arguments, *batch)) for batch in self._batches(starts)]
        return sum(losses) / len(starts)

    def loss_and_gradients(
        self, starts: contract.Starts, training: contract.TrainingStep | None = None
    ) -> tuple[float, contract.Weights]:
        arguments = self._shared, self._learner[0], self._loaded(starts, self.config.horizon)
        loss, gradients = passes.loss_and_gradients(*arguments, *self._padded(starts, training))
        return float(loss), self._copied(gradients)

    def clip(self, gradients: contract.Weights) -> tuple[contract.Weights, float]:
        clipped, norm = optimizer.clip(self._shared, self._copied(gradients))
        return self._copied(clipped), float(norm)

    def update(self, gradients: contract.Weights, learning_rate: float) -> None:
        self._learner = optimizer.update(self._shared, self._learner, self._copied(gradients), learning_rate)

    def train_batches(
        self, starts: contract.Starts, learning_rates: contract.Array, first: contract.TrainingStep
    ) -> contract.BatchResults:
        series, results = self._loaded(starts, self.config.horizon), []
        for rate, batch in zip(learning_rates, self._batches(starts, first), strict=True):
            self._learner, *result = passes.train(self._shared, self._learner, rate, series, *batch)
            results.append(result)
        return contract.BatchResults(*np.array(results, np.float64).T)

    def weights(self) -> contract.Weights:
        return self._copied(self._learner[0])

    def load_weights(self, weights: contract.Weights) -> None:
        self._learner = self._copied(weights), self._learner[1]

    def optimizer_state(self) -> contract.OptimizerState:
        return self._copied_state(self._learner[1])

    def load_optimizer_state(self, state: contract.OptimizerState) -> None:
        self._learner = self._learner[0], self._copied_state(state)

    def _copied_state(self, state: contract.OptimizerState) -> contract.OptimizerState:
        second = self._copied(state.second) if self.config.optimizer == "adamw" else {}
        return contract.OptimizerState(int(state.step), self._copied(state.first), second)

    def _copied(self, arrays: contract.Weights) -> contract.Weights:
        """As NumPy arrays, checked, in canonical order: JAX sorts by name."""
        return check_weights(arrays, self.config, self.features, len(self.targets))

    def _loaded(self, starts: contract.Starts, targets: int = 0) -> Series:
        """The series, if these windows and as many rows of targets lie in it."""
        if self._series is None:
            raise contract.SeriesError("no series is loaded yet")
        check_starts(self._series, starts, self.config.look_back + targets)
        return self._on_device

    def _batches(self, starts: contract.Starts, first: contract.TrainingStep | None = None) -> Iterator:
        for n, begin in enumerate(range(0, max(len(starts), 1), self.config.batch_size)):
            step = first and contract.TrainingStep(first.epoch, first.step + n)
            yield self._padded(starts[begin : begin + self.config.batch_size], step)

    def _padded(self, starts: contract.Starts, step: contract.TrainingStep | None) -> tuple:
        """A batch repeated up to its full size, how many windows are meant, and the step's dropout masks."""
        room, precision = max(len(starts), self.config.batch_size), self.config.precision
        drawn = dropout_masks(self.config, step.epoch, step.step, len(starts)) if step else {}
        full = {layer: np.resize(mask, (room, *mask.shape[1:])) for layer, mask in drawn.items()}
        return np.resize(starts, room), len(starts), jax.tree.map(lambda mask: mask.astype(precision), full)
