"""The compiled functions, one for each config and shape; padded batches keep shapes few."""

import jax
import jax.numpy as jnp
from lstm_plugins import ForecasterConfig, LayerDerivatives

from lstm_tui_jax.network import Parameters, forward
from lstm_tui_jax.optimizer import clip, compiled, update
from lstm_tui_jax.windows import Series, gather


def mean_loss(config: ForecasterConfig, prediction: jax.Array, targets: jax.Array, size: int) -> jax.Array:
    """Mean loss of the first `size` windows `[B, Q, K, P]`; the rest is padding. Derivative 0 at error 0."""
    error = targets[..., None] - prediction
    if config.loss == "mse":
        losses = error * error
    elif config.loss == "huber":
        losses = jnp.where(jnp.abs(error) <= 1.0, 0.5 * error * error, jnp.abs(error) - 0.5)
    else:  # not jnp.abs, whose derivative at 0 is 1
        quantiles = jnp.array(config.output_quantiles, error.dtype)
        above, below = (1.0, -1.0) if config.loss == "mae" else (quantiles, quantiles - 1.0)
        losses = jnp.where(error > 0.0, above * error, jnp.where(error < 0.0, below * error, 0.0))
    real = (jnp.arange(len(losses)) < size)[:, None, None, None]
    return jnp.sum(jnp.where(real, losses, 0.0)) / (size * losses[0].size)


def loss_and_trace(config, weights, nudges, series, starts, size, masks):
    """Mean loss of the first `size` windows, and the forward pass."""
    trace = forward(config, weights, series, starts, masks, nudges)
    return mean_loss(config, trace.prediction, gather(config, series, starts)[1], size), trace


@compiled
def predict(config: ForecasterConfig, weights: Parameters, series: Series, starts: jax.Array) -> jax.Array:
    """Forecasts `[B, Q, K, P]`."""
    return forward(config, weights, series, starts, {}, {}).prediction


@compiled
def trace(config, weights, series, starts):
    """A forward pass, with derivatives by zeros that are added inside each layer and direction."""
    state = jnp.zeros((len(starts), config.steps, config.hidden_units), config.precision)
    names = {name.rpartition(".")[0] for name in weights if name.startswith("layer")}
    nudges = dict.fromkeys(names, LayerDerivatives(jnp.tile(state, 4), state, state))
    return jax.grad(loss_and_trace, 2, has_aux=True)(config, weights, nudges, series, starts, len(starts), {})


@compiled
def loss(config, weights, *batch):
    """Mean loss of a padded batch."""
    return loss_and_trace(config, weights, {}, *batch)[0]


loss_and_gradients = compiled(jax.value_and_grad(loss, argnums=1))


@compiled
def train(config, learner, rate, *batch):
    """One update with a padded batch: the learner, the loss before it, the gradient norm before clipping."""
    loss, gradients = loss_and_gradients(config, learner[0], *batch)
    clipped, norm = clip(config, gradients)
    return update(config, learner, clipped, rate), loss, norm
