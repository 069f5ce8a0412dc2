from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_plugins import TrainingStep

COMBINATIONS = {
    "look_back": st.sampled_from([4, 8, 12]),
    "patch": st.sampled_from([1, 2, 4]),
    "horizon": st.integers(1, 3),
    "hidden_units": st.integers(1, 9),
    "layers": st.integers(1, 3),
    "bidirectional": st.booleans(),
    "attention": st.sampled_from(["none", "dot", "general"]),
    "normalisation": st.sampled_from(["none", "last", "standard"]),
    "dropout": st.sampled_from([0.0, 0.1, 0.6]),
    "loss": st.sampled_from(["mse", "mae", "huber", "quantile"]),
    "precision": st.sampled_from(["float32", "float64"]),
    "seed": st.integers(0, 2**63 - 1),
}


def single_pass(starts, batch):
    """What one forward and backward pass gives: a partial batch without, a full one with dropout."""

    def compute(forecaster):
        loss, gradients = forecaster.loss_and_gradients(starts[: batch // 2])
        dropped_loss, dropped = forecaster.loss_and_gradients(starts[:batch], TrainingStep(3, 7))
        return {
            "prediction": forecaster.predict(starts),
            "mean loss": forecaster.mean_loss(starts),
            "loss": loss,
            "loss under dropout": dropped_loss,
            **{f"gradient {name}": array for name, array in gradients.items()},
            **{f"gradient {name} under dropout": array for name, array in dropped.items()},
        }

    return compute


def test_every_switch_alone_agrees_with_the_reference(pair_of, switch, precision):
    pair = pair_of(**{**switch, "precision": precision})
    pair.hold(single_pass(pair.starts, pair.config.batch_size))


@settings(max_examples=20 * settings.default.max_examples // 100)
@given(st.fixed_dictionaries(COMBINATIONS))
def test_switches_together_agree_with_the_reference(pair_of, switches):
    pair = pair_of(**switches)
    pair.hold(single_pass(pair.starts, pair.config.batch_size))


def test_everything_has_the_configs_precision(pair_of, switch, precision):
    pair = pair_of(**{**switch, "precision": precision})
    _, gradients = pair.torch.loss_and_gradients(pair.starts, TrainingStep())
    assert pair.torch.predict(pair.starts).dtype == precision
    assert {array.dtype for array in gradients.values()} == {np.dtype(precision)}
    assert {array.dtype for array in pair.torch.weights().values()} == {np.dtype(precision)}


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("layers", [1, 2])
def test_a_plain_pytorch_model_with_these_weights_forecasts_the_same(pair_of, layers, bidirectional):
    """The witness: torch.nn.LSTM and torch.nn.Linear as any tutorial has them."""
    pair = pair_of(layers=layers, bidirectional=bidirectional, normalisation="none")
    config, weights = pair.config, pair.torch.weights()
    lstm = torch.nn.LSTM(
        3, config.hidden_units, layers, bidirectional=bidirectional, batch_first=True, dtype=torch.float64
    )
    with torch.no_grad():
        for layer in range(layers):
            for direction, suffix in (("forward", ""), ("backward", "_reverse"))[: config.directions]:
                names = {"kernel": "weight_ih", "recurrent": "weight_hh", "bias": "bias_ih"}
                for ours, theirs in names.items():
                    array = torch.from_numpy(weights[f"layer{layer}.{direction}.{ours}"].T)
                    getattr(lstm, f"{theirs}_l{layer}{suffix}").copy_(array)
                getattr(lstm, f"bias_hh_l{layer}{suffix}").zero_()
    head = torch.nn.Linear(config.head_input_width, 4, dtype=torch.float64)
    with torch.no_grad():
        head.weight.copy_(torch.from_numpy(weights["head.kernel"]).T)
        head.bias.copy_(torch.from_numpy(weights["head.bias"]))
    inputs, targets = (torch.from_numpy(array) for array in pair.torch.raw_windows(pair.starts)[:2])

    outputs, _ = lstm(inputs)
    # The backward direction has read everything at the first step, not at the last.
    final_hidden = torch.cat([outputs[:, -1, : config.hidden_units], outputs[:, 0, config.hidden_units :]], 1)
    forecast = head(final_hidden).view(-1, 2, 2, 1)
    loss = torch.nn.functional.mse_loss(forecast, targets[..., None])
    loss.backward()

    np.testing.assert_allclose(pair.torch.predict(pair.starts), forecast.detach().numpy(), rtol=1e-12)
    found_loss, gradients = pair.torch.loss_and_gradients(pair.starts)
    assert found_loss == pytest.approx(loss.item(), rel=1e-13)
    np.testing.assert_allclose(
        gradients["layer0.forward.kernel"], lstm.weight_ih_l0.grad.numpy().T, rtol=1e-10, atol=1e-13
    )
    np.testing.assert_allclose(gradients["head.kernel"], head.weight.grad.numpy().T, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("normalisation", ["none", "last"])
@pytest.mark.parametrize("loss", ["mae", "quantile"])
def test_no_error_gives_no_gradient(pair_of, loss, normalisation):
    pair = pair_of(loss=loss, normalisation=normalisation)
    pair.torch.load_weights({name: array * 0 for name, array in pair.torch.weights().items()})
    still = np.zeros_like(pair.series.values)
    pair.torch.load_series(type(pair.series)(still, pair.series.targets, pair.series.lengths))

    loss_value, gradients = pair.torch.loss_and_gradients(pair.starts)

    assert loss_value == 0
    assert all((array == 0).all() for array in gradients.values())
