from __future__ import annotations

import numpy as np
import pytest
import torch

from lstm_backends.torch import kernels, network
from lstm_backends.torch.parameters import DirectionWeights
from lstm_backends.torch.windows import Batch
from lstm_plugins import ForecasterConfig, TrainingStep
from lstm_plugins.weights import initial_weights


@pytest.fixture
def unseen_kernels():
    """The probe forgets what it has found, before and after."""
    kernels.agree_with_torch_lstm.cache_clear()
    yield
    kernels.agree_with_torch_lstm.cache_clear()


def passes(config, *, monkeypatch, direct):
    """Output and gradient of a network with drawn weights, inputs and masks."""
    monkeypatch.setattr(kernels, "agree_with_torch_lstm", lambda: direct)
    model = network.new_model(config, 3, 2, 0, torch.device("cpu"))
    network.set_weights(model, model.layout.from_weights(initial_weights(config, 3, 2)))
    generator = torch.Generator().manual_seed(1)
    inputs = torch.randn(config.steps, 6, 3 * config.patch, generator=generator)
    unused = torch.empty(0)
    batch = Batch(inputs, unused, unused, unused, None, None)
    output = torch.randn(6, config.horizon, 2, len(config.output_quantiles), generator=generator)
    width = config.hidden_width
    masks = {
        layer: (torch.rand(config.steps, 6, width, generator=generator) < 0.5) * 2.0
        for layer in range(config.layers - 1)
    }
    masks[config.layers] = (torch.rand(6, config.head_input_width, generator=generator) < 0.5) * 2.0
    masks = masks if config.dropout else {}
    with torch.no_grad():
        done = network.forward(model, batch, masks, keep=True)
        gradient = network.backward(model, done, output, masks)
    assert all(bool(layer.direct) is direct for layer in done.layers)
    return done.head.output.detach(), gradient


@pytest.mark.skipif(not torch.backends.mkldnn.is_available(), reason="this PyTorch has no oneDNN")
def test_direct_calls_give_what_automatic_differentiation_gives(switch, monkeypatch):
    config = ForecasterConfig(
        **{"look_back": 6, "horizon": 2, "hidden_units": 4, **switch, "precision": "float32"}
    )
    found, wanted = (passes(config, monkeypatch=monkeypatch, direct=direct) for direct in (True, False))
    torch.testing.assert_close(found[0], wanted[0])
    torch.testing.assert_close(found[1], wanted[1], rtol=1e-5, atol=1e-6)


@pytest.mark.skipif(not torch.backends.mkldnn.is_available(), reason="this PyTorch has no oneDNN")
def test_this_pytorch_has_the_direct_calls(unseen_kernels):
    assert kernels.agree_with_torch_lstm()


def test_only_float32_is_computed_that_way():
    weights = (DirectionWeights(*(torch.ones(*shape).double() for shape in ((8, 3), (8, 2), (8,)))),)
    with torch.enable_grad():
        done = kernels.layer_forward(weights, torch.ones(4, 5, 3, dtype=torch.float64))
    assert not done.direct
    assert done.recorded is not None


@pytest.mark.parametrize("how", ["gone", "other arguments", "other numbers"])
def test_calls_that_have_changed_are_left_aside(pair_of, unseen_kernels, monkeypatch, how):
    operators = torch.ops.aten
    backward = operators.mkldnn_rnn_layer_backward

    class Changed:
        """The operators of another version of PyTorch."""

        def __getattr__(self, name):
            if how == "gone":
                raise AttributeError(name)
            return getattr(operators, name)

        def mkldnn_rnn_layer_backward(self, *given, **named):
            if how == "other arguments":
                return backward(*given)
            return tuple(1.001 * result for result in backward(*given, **named))

    monkeypatch.setattr(torch.ops, "aten", Changed())
    assert not kernels.agree_with_torch_lstm()
    pair = pair_of(precision="float32")
    monkeypatch.undo()

    results = pair.torch.train_batches(pair.starts[:5], np.array([0.01]), TrainingStep())
    loss, gradients = pair.reference.loss_and_gradients(pair.starts[:5])
    assert results.losses[0] == pytest.approx(loss, rel=1e-5)
    norm = np.sqrt(sum((gradient**2).sum() for gradient in gradients.values()))
    assert results.norms[0] == pytest.approx(norm, rel=1e-5)
