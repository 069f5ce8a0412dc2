"""One update by gradients that are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

import numpy as np

from lstm_conformance.deviations.deviation import Deviation, Plant, steps
from lstm_conformance.probes import Probe
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.records import OptimizerState
from lstm_plugins.reference.steps import Steps
from lstm_plugins.weights import Array, Weights, is_decayed

deviation = partial(Deviation, level="optimizer")


@dataclass(frozen=True)
class Adam:
    """AdamW with all that real ports get wrong in it as a field.

    Attributes:
        epsilon_in: added after correction and root, to the root before the correction (as Keras does), or
            to v̂ inside the root.
        correct_first, correct_second: the bias corrections.
        ahead: by how much the counter is off.
        decay: times the rate; in the gradient (L2); not times the rate; after the step; or none.
        decayed: which arrays.
        ratio: what moments and gradient move by, for the two moments' shares.
        nesterov: the gradient counts once more in the first moment.
    """

    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-8
    epsilon_in: Literal["step", "root before correction", "root"] = "step"
    correct_first: bool = True
    correct_second: bool = True
    ahead: int = 0
    decay: Literal["decoupled", "gradient", "unscaled", "after", "none"] = "decoupled"
    decayed: Callable[[str], bool] = is_decayed
    nesterov: bool = False

    def update(
        self,
        config: ForecasterConfig,
        weights: Weights,
        gradients: Weights,
        state: OptimizerState,
        rate: float,
    ) -> tuple[Weights, OptimizerState]:
        """See `reference.optimizer.adamw`."""
        step = state.step + 1 + self.ahead
        updated: Weights = {}
        first: Weights = {}
        second: Weights = {}
        for name, w in weights.items():
            decay = config.weight_decay if self.decayed(name) and self.decay != "none" else 0.0
            g = gradients[name] + decay * w if self.decay == "gradient" else gradients[name]
            m = self.beta_1 * state.first[name] + (1.0 - self.beta_1) * g
            v = self.beta_2 * state.second[name] + (1.0 - self.beta_2) * g**2
            moved = w - rate * self._direction(m, v, g, step)
            if self.decay == "decoupled":
                moved = moved - rate * decay * w
            elif self.decay == "unscaled":
                moved = moved - decay * w
            elif self.decay == "after":
                moved = moved - rate * decay * moved
            updated[name], first[name], second[name] = moved, m, v
        return updated, OptimizerState(state.step + 1, first, second)

    def _direction(self, m: Array, v: Array, g: Array, step: int) -> Array:
        first = 1.0 - self.beta_1**step if self.correct_first else 1.0
        second = 1.0 - self.beta_2**step if self.correct_second else 1.0
        above = self.beta_1 * m + (1.0 - self.beta_1) * g if self.nesterov else m
        if self.epsilon_in == "root":
            return np.asarray(above / first / np.sqrt(v / second + self.epsilon))
        if self.epsilon_in == "root before correction":
            return np.asarray(above / first * float(np.sqrt(second)) / (np.sqrt(v) + self.epsilon))
        return np.asarray(above / first / (np.sqrt(v / second) + self.epsilon))


def _adam(**changed: Any) -> Plant:
    def change(before: Steps) -> Mapping[str, Any]:
        there = getattr(before.adamw, "__self__", Adam())
        return {"adamw": replace(there, **changed).update}

    return steps(change)


def _sgd(step: Callable[[Array, Array, float, float], tuple[Array, Array]]) -> Plant:
    """Another step, from velocity, gradient, rate and momentum to the new velocity and what is taken off."""

    def update(
        config: ForecasterConfig, weights: Weights, gradients: Weights, state: OptimizerState, rate: float
    ) -> tuple[Weights, OptimizerState]:
        updated: Weights = {}
        velocity: Weights = {}
        for name, w in weights.items():
            velocity[name], off = step(state.first[name], gradients[name], rate, config.momentum)
            updated[name] = w - off
        return updated, OptimizerState(state.step + 1, velocity, {})

    return steps(lambda before: {"sgd": update})


def _every_update(alter: Callable[..., tuple[Weights, OptimizerState]]) -> Plant:
    """Whichever optimizer; `alter` gets its update and the arguments."""
    return steps(
        lambda before: {
            "adamw": lambda *given: alter(before.adamw, *given),
            "sgd": lambda *given: alter(before.sgd, *given),
        }
    )


def _two_biases(update: Any, config: Any, weights: Weights, *rest: Any) -> tuple[Weights, OptimizerState]:
    updated, state = update(config, weights, *rest)
    for name in updated:
        if name.startswith("layer") and name.endswith(".bias"):
            updated[name] = updated[name] + (updated[name] - weights[name])
    return updated, state


def _forgetful(
    update: Any, config: Any, weights: Any, gradients: Any, state: OptimizerState, rate: float
) -> Any:
    fresh = {name: np.zeros_like(array) for name, array in weights.items()}
    second = {name: array.copy() for name, array in fresh.items()} if state.second else {}
    return update(config, weights, gradients, OptimizerState(state.step, fresh, second), rate)


def _float32_rate(update: Any, *given: Any) -> Any:
    return update(*given[:-1], float(np.float32(given[-1])))


def _float32(update: Any, config: Any, weights: Weights, gradients: Weights, state: Any, rate: float) -> Any:
    def cast(arrays: Weights, to: Any) -> Weights:
        return {name: array.astype(to) for name, array in arrays.items()}

    coarse = OptimizerState(state.step, cast(state.first, np.float32), cast(state.second, np.float32))
    updated, after = update(config, cast(weights, np.float32), cast(gradients, np.float32), coarse, rate)
    fine = OptimizerState(after.step, cast(after.first, np.float64), cast(after.second, np.float64))
    return cast(updated, np.float64), fine


def _adamw(probe: Probe) -> bool:
    return probe.config.optimizer == "adamw"


def _decaying(probe: Probe) -> bool:
    return _adamw(probe) and probe.config.weight_decay > 0


def _momentum(probe: Probe) -> bool:
    return probe.config.optimizer == "sgd" and probe.config.momentum > 0


def _double(probe: Probe) -> bool:
    return probe.config.precision == "float64"


DEVIATIONS = (
    deviation(
        "ε before the correction",
        "ε added before the bias correction, as Keras does",
        _adam(epsilon_in="root before correction"),
        _adamw,
    ),
    deviation("ε inside the root", "ε inside the root", _adam(epsilon_in="root"), _adamw),
    deviation("ε 1e-7", "ε = 1e-7", _adam(epsilon=1e-7), _adamw),
    deviation("ε 1e-6", "ε = 1e-6", _adam(epsilon=1e-6), _adamw),
    deviation(
        "ε 1e-7 before the correction",
        "ε = 1e-7, added before the bias correction, Keras' default",
        _adam(epsilon=1e-7, epsilon_in="root before correction"),
        _adamw,
    ),
    deviation("no ε", "an ε of nearly 0", _adam(epsilon=1e-30), _adamw),
    deviation(
        "no bias correction", "no bias correction", _adam(correct_first=False, correct_second=False), _adamw
    ),
    deviation(
        "m not corrected", "no bias correction of the first moment", _adam(correct_first=False), _adamw
    ),
    deviation(
        "v not corrected", "no bias correction of the second moment", _adam(correct_second=False), _adamw
    ),
    deviation("counter one ahead", "a bias correction one update ahead", _adam(ahead=1), _adamw),
    deviation("β₁ 0.95", "β₁ = 0.95", _adam(beta_1=0.95), _adamw),
    deviation("β₁ 0.99", "β₁ = 0.99", _adam(beta_1=0.99), _adamw),
    deviation("β₂ 0.99", "β₂ = 0.99", _adam(beta_2=0.99), _adamw),
    deviation("β₂ 0.95", "β₂ = 0.95", _adam(beta_2=0.95), _adamw),
    deviation("β₂ 0.9999", "β₂ = 0.9999", _adam(beta_2=0.9999), _adamw),
    deviation(
        "βs in float32",
        "β₁ and β₂ rounded to float32",
        _adam(beta_1=float(np.float32(0.9)), beta_2=float(np.float32(0.999))),
        lambda probe: _adamw(probe) and _double(probe),
    ),
    deviation(
        "β₂ in float32",
        "β₂ rounded to float32",
        _adam(beta_2=float(np.float32(0.999))),
        lambda probe: _adamw(probe) and _double(probe),
    ),
    deviation("Nesterov's Adam", "Nesterov's look ahead in Adam", _adam(nesterov=True), _adamw),
    deviation("decay in the gradient", "decay as L2 in the gradient", _adam(decay="gradient"), _decaying),
    deviation(
        "decay not times the rate",
        "decay that is not multiplied with the rate",
        _adam(decay="unscaled"),
        _decaying,
    ),
    deviation("decay after the step", "decay of the weights after the step", _adam(decay="after"), _decaying),
    deviation("no decay", "no decay", _adam(decay="none"), _decaying),
    deviation("decay on biases", "decay on biases too", _adam(decayed=lambda name: True), _decaying),
    deviation(
        "decay without recurrent",
        "no decay of recurrent kernels",
        _adam(decayed=lambda name: is_decayed(name) and not name.endswith(".recurrent")),
        _decaying,
    ),
    deviation(
        "decay without the head",
        "no decay of the head",
        _adam(decayed=lambda name: is_decayed(name) and not name.startswith("head")),
        _decaying,
    ),
    deviation(
        "two trained biases",
        "two trained biases, each with the whole gradient, as PyTorch holds them",
        _every_update(_two_biases),
    ),
    deviation(
        "moments not kept",
        "an optimizer that forgets its moments after every update",
        _every_update(_forgetful),
        lambda probe: _adamw(probe) or _momentum(probe),
    ),
    deviation("rate in float32", "a learning rate rounded to float32", _every_update(_float32_rate), _double),
    deviation(
        "update in float32", "updates in float32", _every_update(_float32), _double, precision="float32"
    ),
    deviation(
        "Nesterov's momentum",
        "Nesterov's momentum",
        _sgd(lambda u, g, rate, mu: (mu * u + g, rate * (g + mu * (mu * u + g)))),
        _momentum,
    ),
    deviation(
        "momentum dampened",
        "gradients times 1 − μ in the velocity",
        _sgd(lambda u, g, rate, mu: (mu * u + (1.0 - mu) * g, rate * (mu * u + (1.0 - mu) * g))),
        _momentum,
    ),
    deviation(
        "rate in the velocity",
        "the rate inside the velocity, as Keras has it",
        _sgd(lambda u, g, rate, mu: (mu * u + rate * g, mu * u + rate * g)),
        _momentum,
    ),
    deviation("no momentum", "no momentum", _sgd(lambda u, g, rate, mu: (g, rate * g)), _momentum),
)
