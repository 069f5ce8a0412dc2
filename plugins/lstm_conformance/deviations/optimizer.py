"""One update by gradients that are given."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

import numpy as np

from lstm_conformance.deviations.conditions import adamw, decaying, in_float64, momentum, stepping
from lstm_conformance.deviations.deviation import Deviation, Plant, altered, variants_of
from lstm_plugins.config import ForecasterConfig
from lstm_plugins.records import OptimizerState
from lstm_plugins.reference.optimizer import initial_state
from lstm_plugins.weights import Array, Weights, is_decayed


@dataclass(frozen=True)
class Adam:
    """AdamW; each field is something that real ports get wrong in it.

    Attributes:
        beta_1: share of the first moment that is kept.
        beta_2: the same for the second moment.
        epsilon: ε.
        epsilon_in: where ε is added: after correction and root, to the root before the correction (as in
            Keras), or to v̂ under the root.
        correct_first: whether the first moment's bias is corrected.
        correct_second: whether the second moment's bias is corrected.
        ahead: by how much the counter is off.
        decay: times the rate; in the gradient (L2); not times the rate; after the step; or none.
        decayed: which arrays decay.
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


_adam = variants_of(Adam(), adamw="update")


def _sgd(step: Callable[[Array, Array, float, float], tuple[Array, Array]]) -> Plant:
    """Another step, from velocity, gradient, rate and momentum to the new velocity and what is taken off."""

    def update(
        true: Any, config: ForecasterConfig, weights: Weights, gradients: Weights, state: Any, rate: float
    ) -> tuple[Weights, OptimizerState]:
        updated: Weights = {}
        velocity: Weights = {}
        for name, w in weights.items():
            velocity[name], off = step(state.first[name], gradients[name], rate, config.momentum)
            updated[name] = w - off
        return updated, OptimizerState(state.step + 1, velocity, {})

    return altered(sgd=update)


def _every_update(change: Callable[..., tuple[Weights, OptimizerState]]) -> Plant:
    """Whichever optimizer; `change` takes its true update and the arguments."""
    return altered(adamw=change, sgd=change)


def _two_biases(true: Any, config: Any, weights: Weights, *rest: Any) -> tuple[Weights, OptimizerState]:
    updated, state = true(config, weights, *rest)
    for name in updated:
        if name.startswith("layer") and name.endswith(".bias"):
            updated[name] = updated[name] + (updated[name] - weights[name])
    return updated, state


def _forgetful(
    true: Any, config: Any, weights: Any, gradients: Any, state: OptimizerState, rate: float
) -> Any:
    empty = initial_state(config, weights)
    return true(config, weights, gradients, replace(empty, step=state.step), rate)


def _float32(true: Any, config: Any, weights: Weights, gradients: Weights, state: Any, rate: float) -> Any:
    def cast(arrays: Weights, to: Any) -> Weights:
        return {name: array.astype(to) for name, array in arrays.items()}

    def cast_state(state: OptimizerState, to: Any) -> OptimizerState:
        return OptimizerState(state.step, cast(state.first, to), cast(state.second, to))

    coarse, single = cast_state(state, np.float32), np.float32
    updated, after = true(config, cast(weights, single), cast(gradients, single), coarse, rate)
    return cast(updated, np.float64), cast_state(after, np.float64)


deviation = partial(Deviation, level="optimizer")
adam = partial(deviation, applies=adamw)
decay = partial(deviation, applies=decaying)
sgd = partial(deviation, applies=momentum)

DEVIATIONS = (
    adam(
        "ε before the correction",
        "ε added before the bias correction, as in Keras",
        _adam(epsilon_in="root before correction"),
    ),
    adam("ε inside the root", "ε inside the root", _adam(epsilon_in="root")),
    adam("ε 1e-7", "ε = 1e-7", _adam(epsilon=1e-7)),
    adam("ε 1e-6", "ε = 1e-6", _adam(epsilon=1e-6)),
    adam(
        "ε 1e-7 before the correction",
        "ε = 1e-7, added before the bias correction, the default of Keras",
        _adam(epsilon=1e-7, epsilon_in="root before correction"),
    ),
    adam("no ε", "an ε of nearly 0", _adam(epsilon=1e-30)),
    adam("no bias correction", "no bias correction", _adam(correct_first=False, correct_second=False)),
    adam("m not corrected", "no bias correction of the first moment", _adam(correct_first=False)),
    adam("v not corrected", "no bias correction of the second moment", _adam(correct_second=False)),
    adam("counter one ahead", "a bias correction one update ahead", _adam(ahead=1)),
    adam("β₁ 0.95", "β₁ = 0.95", _adam(beta_1=0.95)),
    adam("β₁ 0.99", "β₁ = 0.99", _adam(beta_1=0.99)),
    adam("β₂ 0.99", "β₂ = 0.99", _adam(beta_2=0.99)),
    adam("β₂ 0.95", "β₂ = 0.95", _adam(beta_2=0.95)),
    adam("β₂ 0.9999", "β₂ = 0.9999", _adam(beta_2=0.9999)),
    adam(
        "βs in float32",
        "β₁ and β₂ rounded to float32",
        _adam(beta_1=float(np.float32(0.9)), beta_2=float(np.float32(0.999))),
        applies=adamw & in_float64,
    ),
    adam(
        "β₂ in float32",
        "β₂ rounded to float32",
        _adam(beta_2=float(np.float32(0.999))),
        applies=adamw & in_float64,
    ),
    adam("Nesterov's Adam", "Nesterov's look-ahead in Adam", _adam(nesterov=True)),
    decay("decay in the gradient", "decay as L2 in the gradient", _adam(decay="gradient")),
    decay("decay not times the rate", "decay not multiplied by the learning rate", _adam(decay="unscaled")),
    decay("decay after the step", "decay of the weights after the step", _adam(decay="after")),
    decay("no decay", "no decay", _adam(decay="none")),
    decay(
        "decay on biases",
        "decay of biases too",
        _adam(decayed=lambda name: is_decayed(name) or name.endswith(".bias")),
    ),
    decay(
        "decay without recurrent",
        "no decay of recurrent kernels",
        _adam(decayed=lambda name: is_decayed(name) and not name.endswith(".recurrent")),
    ),
    decay(
        "decay without the head",
        "no decay of the head",
        _adam(decayed=lambda name: is_decayed(name) and not name.startswith("head")),
    ),
    decay(
        "decay of positions",
        "decay of the step part's positions too",
        _adam(decayed=lambda name: is_decayed(name) or name == "step.position"),
        applies=decaying & stepping,
    ),
    decay(
        "decay without the step part",
        "no decay of the step part",
        _adam(decayed=lambda name: is_decayed(name) and not name.startswith("step")),
        applies=decaying & stepping,
    ),
    deviation(
        "two trained biases",
        "two trained biases as in PyTorch, each with the whole gradient",
        _every_update(_two_biases),
    ),
    deviation(
        "moments not kept",
        "an optimizer that forgets its moments after every update",
        _every_update(_forgetful),
        adamw | momentum,
    ),
    deviation(
        "rate in float32",
        "a learning rate rounded to float32",
        _every_update(lambda true, *given: true(*given[:-1], float(np.float32(given[-1])))),
        in_float64,
    ),
    deviation(
        "update in float32", "updates in float32", _every_update(_float32), in_float64, precision="float32"
    ),
    sgd(
        "Nesterov's momentum",
        "Nesterov's momentum",
        _sgd(lambda u, g, rate, mu: (mu * u + g, rate * (g + mu * (mu * u + g)))),
    ),
    sgd(
        "momentum dampened",
        "gradients times 1 − μ in the velocity",
        _sgd(lambda u, g, rate, mu: (mu * u + (1.0 - mu) * g, rate * (mu * u + (1.0 - mu) * g))),
    ),
    sgd(
        "rate in the velocity",
        "the learning rate inside the velocity, as in Keras",
        _sgd(lambda u, g, rate, mu: (mu * u + rate * g, mu * u + rate * g)),
    ),
    sgd("no momentum", "no momentum", _sgd(lambda u, g, rate, mu: (g, rate * g))),
)
