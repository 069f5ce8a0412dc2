"""The contribution of each time step to the gradient of each shared weight array.

One set of weights serves every step, so its gradient is a sum over steps: of x_t ⊗ δ_t for a kernel, of
h_{t−1} ⊗ δ_t for a recurrent kernel, of δ_t for a bias, where δ_t are the derivatives with respect to the
gates before σ and tanh.
"""

from dataclasses import dataclass

import numpy as np

from lstm_forecasting.inspect.results import InspectedLayer, InspectedWindow, NamedValues, Values


@dataclass(frozen=True, eq=False)
class StepContributions:
    """The contributions of the steps to one array.

    Attributes:
        name: of the array.
        norms: `[T]`, of each step's contribution.
        shares: `[T]`, of each step's contribution along the gradient; they add up to 1, and are negative for
            steps that point the other way. Zeros without a gradient.
        norm: of the backend's gradient.
        apart: the largest difference between the entries of the sum and of that gradient.
    """

    name: str
    norms: Values
    shares: Values
    norm: float
    apart: float


def contribution(layer: InspectedLayer, step: int) -> NamedValues:
    """The contribution of one step, from 0, to the gradients of a layer's arrays, in their shapes."""
    derivatives = layer.preactivation_derivatives[step]
    return {
        f"{layer.name}.kernel": np.outer(layer.inputs[step], derivatives),
        f"{layer.name}.recurrent": np.outer(layer.previous_hidden[step], derivatives),
        f"{layer.name}.bias": derivatives,
    }


def step_contributions(inspected: InspectedWindow, layer: InspectedLayer) -> tuple[StepContributions, ...]:
    """The contributions of each step to kernel, recurrent kernel and bias of a layer."""
    # The contributions themselves would need T times the memory of the weights.
    derivatives = layer.preactivation_derivatives
    always = np.ones((layer.steps, 1))
    factors = {"kernel": layer.inputs, "recurrent": layer.previous_hidden, "bias": always}
    return tuple(
        _of_array(f"{layer.name}.{kind}", inspected.gradients[f"{layer.name}.{kind}"], factor, derivatives)
        for kind, factor in factors.items()
    )


def _of_array(name: str, gradient: Values, factor: Values, derivatives: Values) -> StepContributions:
    """For an array whose contribution at each step is the outer product of a factor and the derivatives."""
    whole = np.atleast_2d(gradient)
    square = float(np.sum(whole**2))
    along = np.sum((factor @ whole) * derivatives, axis=1)
    return StepContributions(
        name=name,
        norms=np.linalg.norm(factor, axis=1) * np.linalg.norm(derivatives, axis=1),
        shares=along / square if square else np.zeros_like(along),
        norm=float(np.sqrt(square)),
        apart=float(np.abs(factor.T @ derivatives - whole).max()),
    )
