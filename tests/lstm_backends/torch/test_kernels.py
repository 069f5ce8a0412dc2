from __future__ import annotations

import numpy as np
import pytest
import torch

from lstm_backends.torch import kernels, network
from lstm_backends.torch.parameters import parameter_layout
from lstm_plugins import ForecasterConfig, TrainingStep
from lstm_plugins.weights import initial_weights


@pytest.fixture
def unseen_kernels():
    """The probe forgets what it has found, before and after."""
    kernels.agree_with_torch_lstm.cache_clear()
    yield
    kernels.agree_with_torch_lstm.cache_clear()


def draw_network(config):
    layout = parameter_layout(config, 3, 2)
    flat = torch.empty(layout.size)
    layout.from_weights(initial_weights(config, 3, 2), flat)
    generator = torch.Generator().manual_seed(1)
    inputs = torch.randn(config.steps, 6, 3 * config.patch, generator=generator)
    wanted = torch.randn(6, layout.shapes["head.bias"][0], generator=generator)
    width = config.hidden_width
    masks = {
        layer: (torch.rand(config.steps, 6, width, generator=generator) < 0.5) * 2.0
        for layer in range(config.layers - 1)
    }
    masks[config.layers] = (torch.rand(6, config.head_input_width, generator=generator) < 0.5) * 2.0
    return layout.views(flat), inputs, masks if config.dropout else {}, lambda output: output - wanted


def test_direct_calls_give_what_automatic_differentiation_gives(switch):
    config = ForecasterConfig(**{"look_back": 6, "horizon": 2, "hidden_units": 4, **switch})
    parts = draw_network(config)

    found, wanted = (one.differentiate(config, *parts) for one in (kernels, network))

    torch.testing.assert_close(found.output, wanted.output)
    assert found.gradients.keys() == wanted.gradients.keys()
    for name, gradient in wanted.gradients.items():
        torch.testing.assert_close(found.gradients[name], gradient, rtol=1e-5, atol=1e-6)


@pytest.mark.skipif(not torch.backends.mkldnn.is_available(), reason="this PyTorch has no oneDNN")
def test_this_pytorch_has_the_direct_calls(unseen_kernels):
    assert kernels.agree_with_torch_lstm()


def test_only_float32_on_a_cpu_goes_there():
    assert not kernels.usable(ForecasterConfig(precision="float64"), torch.device("cpu"))
    assert not kernels.usable(ForecasterConfig(), torch.device("cuda:0"))


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
