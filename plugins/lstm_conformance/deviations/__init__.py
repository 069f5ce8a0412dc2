"""The catalogue of known deviations, in the order of the levels that must see them.

The same objects are planted in the reference to name what a backend does, and as mutants in the tests.

What a `Forecaster` cannot get wrong because shared code does it is not here but checked once, against fixed
values, where that code is tested: splits, the scaler (fitted on everything, n − 1 for n), a series shuffled
before it is split, panels told apart, the forecast in the series' own units, and forecasts fed back beyond
the horizon. Neither is anything that rests on another source of random numbers, such as a framework's own
dropout: no reference can repeat it. It is reported as a prediction that differs from itself.
"""

from lstm_conformance.deviations import (
    attention,
    backpropagation,
    bookkeeping,
    cell,
    clipping,
    dropout,
    fit,
    gate_weights,
    gradients,
    head_input,
    initial_weights,
    known,
    lags,
    layers,
    linear,
    linear_fit,
    loss,
    missing,
    normalisation,
    optimizer,
    prediction,
    results,
    schedules,
    seasonal,
    step_part,
    updates,
    window_scale,
    windows,
)
from lstm_conformance.deviations.deviation import Deviation, plant_all

CATALOGUE: tuple[Deviation, ...] = (
    *windows.DEVIATIONS,
    *missing.WINDOWS,
    *lags.WINDOWS,
    *window_scale.WINDOWS,
    *normalisation.DEVIATIONS,
    *seasonal.DEVIATIONS,
    *missing.NORMALISED,
    *known.DEVIATIONS,
    *lags.NORMALISED,
    *initial_weights.DEVIATIONS,
    *linear.INITIAL,
    *cell.DEVIATIONS,
    *gate_weights.DEVIATIONS,
    *layers.DEVIATIONS,
    *attention.DEVIATIONS,
    *head_input.DEVIATIONS,
    *prediction.DEVIATIONS,
    *step_part.PREDICTION,
    *linear.PREDICTION,
    *loss.DEVIATIONS,
    *missing.LOSS,
    *window_scale.LOSS,
    *backpropagation.DEVIATIONS,
    *missing.DERIVATIVES,
    *step_part.DERIVATIVES,
    *window_scale.DERIVATIVES,
    *gradients.DEVIATIONS,
    *step_part.GRADIENTS,
    *dropout.DEVIATIONS,
    *clipping.DEVIATIONS,
    *optimizer.DEVIATIONS,
    *linear.OPTIMIZER,
    *updates.DEVIATIONS,
    *linear.TWO_STEPS,
    *bookkeeping.DEVIATIONS,
    *fit.DEVIATIONS,
    *missing.TRAJECTORY,
    *linear_fit.DEVIATIONS,
    *schedules.DEVIATIONS,
    *results.DEVIATIONS,
)
"""Every known deviation."""

__all__ = ["CATALOGUE", "Deviation", "plant_all"]
