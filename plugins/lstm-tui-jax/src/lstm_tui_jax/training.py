"""The compiled functions, one for each config and shape; padded batches keep shapes few."""

import jax
import jax.numpy as jnp
from lstm_plugins import ForecasterConfig, LayerDerivatives

from lstm_tui_jax.network import Parameters, forward
from lstm_tui_jax.optimizer import clip, compiled, update
from lstm_tui_jax.windows import Series, gather


def mean_loss(
    config: ForecasterConfig,
    prediction: jax.Array,
    targets: jax.Array,
    observed: jax.Array | None,
    size: int,
) -> tuple[jax.Array, jax.Array]:
    """Mean loss of the observed values of the first `size` windows `[B, Q, K, P]`; the rest is padding.

    Returns how many windows' worth of values were observed, too. The derivative is 0 at error 0.
    """
    error = targets[..., None] - prediction
    if config.loss == "mse":
        losses = error * error
    elif config.loss == "huber":
        losses = jnp.where(jnp.abs(error) <= 1.0, 0.5 * error * error, jnp.abs(error) - 0.5)
    else:  # not jnp.abs, whose derivative at 0 is 1
        quantiles = jnp.array(config.output_quantiles, error.dtype)
        above, below = (1.0, -1.0) if config.loss == "mae" else (quantiles, quantiles - 1.0)
        losses = jnp.where(error > 0.0, above * error, jnp.where(error < 0.0, below * error, 0.0))
    counted = (jnp.arange(len(losses)) < size)[:, None, None, None]
    if observed is None:
        return jnp.sum(jnp.where(counted, losses, 0.0)) / (size * losses[0].size), size
    counted = counted & observed[..., None]
    values = jnp.sum(counted)
    mean = jnp.sum(jnp.where(counted, losses, 0.0)) / (jnp.maximum(values, 1) * losses.shape[-1])
    return mean.astype(losses.dtype), values / targets[0].size


def loss_and_trace(config, weights, nudges, series, starts, size, masks):
    """Mean loss of the first `size` windows; how many windows' worth was observed, and the forward pass."""
    trace = forward(config, weights, series, starts, masks, nudges)
    _, targets, observed = gather(config, series, starts)
    loss, worth = mean_loss(config, trace.prediction, targets, observed, size)
    return loss, (worth, trace)


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
    by_nudges = jax.grad(loss_and_trace, 2, has_aux=True)
    found, (_, trace) = by_nudges(config, weights, nudges, series, starts, len(starts), {})
    return found, trace


@compiled
def loss(config, weights, *batch):
    """Mean loss of a padded batch, and how many windows' worth of it was observed."""
    mean, (worth, _) = loss_and_trace(config, weights, {}, *batch)
    return mean, worth


loss_and_gradients = compiled(jax.value_and_grad(loss, argnums=1, has_aux=True))


@compiled
def train(config, learner, rate, *batch):
    """One update with a padded batch: the learner, the loss before it, the gradient norm before clipping."""
    (loss, _), gradients = loss_and_gradients(config, learner[0], *batch)
    clipped, norm = clip(config, gradients)
    return update(config, learner, clipped, rate), loss, norm
