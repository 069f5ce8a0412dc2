"""The forecaster: the contract's methods around the compiled functions."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace

import jax
import lstm_plugins as contract
import numpy as np
from lstm_plugins.randomness import dropout_masks
from lstm_plugins.weights import initial_weights

from lstm_tui_jax import optimizer
from lstm_tui_jax import training as passes
from lstm_tui_jax.windows import gather, open_series, window_starts

_settled: dict[str, int] = {}


@dataclass(eq=False)
class JaxForecaster(contract.Forecaster):
    """docs/specification.md in JAX; see `Forecaster` for the methods."""

    def __post_init__(self) -> None:
        if self.options.device != "cpu":
            raise contract.UnsupportedError(f"JAX computes on cpu here, not on {self.options.device!r}")
        if _settled.setdefault("threads", self.options.threads) != self.options.threads:
            raise contract.UnsupportedError(f"JAX already uses {_settled['threads']} threads in this process")
        os.environ["NPROC"] = str(self.options.threads)  # XLA reads it once, when JAX first computes
        jax.config.update("jax_platforms", "cpu")
        jax.config.update("jax_enable_x64", True)
        # No compiled function depends on these settings; with fixed values, more fits share a function.
        free = {"learning_rate": 1.0, "warmup": 0, "epochs": 1, "patience": 0, "stride": 1, "seed": 0}
        self._shared = replace(self.config, schedule="constant", plateau=1, **free)
        weights = initial_weights(self.config, self.features, len(self.targets))
        zeros = {name: np.zeros_like(array) for name, array in weights.items()}
        self._learner = weights, self._checked_state(contract.OptimizerState(0, zeros, zeros))

    def load_series(self, series: contract.SeriesSet) -> None:
        self._check_series(series)
        self._series, self._on_device = series, open_series(series, self.indicators)

    def window_starts(
        self, rows: contract.TargetRows, stride: int, *, evaluated: bool = False
    ) -> contract.Starts:
        return window_starts(self.config, self._loaded(rows), rows, stride, evaluated)

    def raw_windows(self, starts: contract.Starts) -> contract.RawWindows:
        starts = self._complete(starts)
        inputs, targets, observed = gather(self.config, self._on_device, starts)
        observed = np.ones(targets.shape, np.bool_) if observed is None else np.array(observed)
        return contract.RawWindows(np.array(inputs, self.config.precision), np.array(targets), observed)

    def normalised_windows(self, starts: contract.Starts) -> contract.NormalisedWindows:
        return self.trace(starts).windows

    def predict(self, starts: contract.Starts) -> contract.Array:
        batches = self._batches(self._inputs_only(starts))
        arguments = self._shared, self._learner[0], self._on_device
        parts = [np.array(passes.predict(*arguments, part))[:size] for part, size, _ in batches]
        return np.concatenate(parts)

    def trace(self, starts: contract.Starts, *, derivatives: bool = False) -> contract.Trace:
        starts = self._complete(starts) if derivatives else self._inputs_only(starts)
        traced = passes.trace(self._shared, self._learner[0], self._on_device, starts)
        found, trace = jax.tree.map(np.array, traced)
        if not derivatives:
            return trace
        layers = (
            replace(one, derivatives=found[f"layer{one.layer}.{one.direction}"]) for one in trace.layers
        )
        return replace(trace, layers=tuple(layers))

    def mean_loss(self, starts: contract.Starts) -> float:
        starts = self._scored(starts)
        arguments = self._shared, self._learner[0], self._on_device
        batches = (passes.loss(*arguments, *batch) for batch in self._batches(starts))
        losses, worth = np.array([[float(number) for number in batch] for batch in batches]).T
        return float(losses @ worth / max(worth.sum(), 1e-300))

    def loss_and_gradients(
        self, starts: contract.Starts, training: contract.TrainingStep | None = None
    ) -> tuple[float, contract.Weights]:
        batch = self._padded(self._complete(starts), training)
        arguments = self._shared, self._learner[0], self._on_device
        (loss, _), gradients = passes.loss_and_gradients(*arguments, *batch)
        return float(loss), self._checked_weights(gradients)

    def clip(self, gradients: contract.Weights) -> tuple[contract.Weights, float]:
        clipped, norm = optimizer.clip(self._shared, self._checked_weights(gradients))
        return self._checked_weights(clipped), float(norm)

    def update(self, gradients: contract.Weights, learning_rate: float) -> None:
        self._learner = optimizer.update(
            self._shared, self._learner, self._checked_weights(gradients), learning_rate
        )

    def train_batches(
        self, starts: contract.Starts, learning_rates: contract.Array, first: contract.TrainingStep
    ) -> contract.BatchResults:
        results = []
        for rate, batch in zip(learning_rates, self._batches(self._complete(starts), first), strict=True):
            self._learner, *result = passes.train(self._shared, self._learner, rate, self._on_device, *batch)
            results.append(result)
        return contract.BatchResults(*np.array(results, np.float64).T)

    def weights(self) -> contract.Weights:
        return self._checked_weights(self._learner[0])

    def load_weights(self, weights: contract.Weights) -> None:
        self._learner = self._checked_weights(weights), self._learner[1]

    def optimizer_state(self) -> contract.OptimizerState:
        state = self._checked_state(self._learner[1])
        return replace(state, step=int(state.step))

    def load_optimizer_state(self, state: contract.OptimizerState) -> None:
        self._learner = self._learner[0], self._checked_state(state)

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
