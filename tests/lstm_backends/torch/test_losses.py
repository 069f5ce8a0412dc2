from __future__ import annotations

import pytest
import torch

from lstm_backends.torch.losses import loss_derivative, mean_loss
from lstm_plugins import ForecasterConfig

LOSSES = ["mse", "mae", "huber", "quantile"]


def config_of(loss):
    return ForecasterConfig(loss=loss, quantiles=(0.1, 0.5, 0.75))


@pytest.mark.parametrize("loss", LOSSES)
def test_the_derivative_is_that_of_the_mean_loss(loss):
    error = torch.randn(4, 3, 2, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0)) * 2
    error.requires_grad_()

    (wanted,) = torch.autograd.grad(mean_loss(config_of(loss), error), error)

    torch.testing.assert_close(loss_derivative(config_of(loss), error.detach()), wanted)


@pytest.mark.parametrize("loss", LOSSES)
def test_the_derivative_at_no_error_is_exactly_zero(loss):
    error = torch.zeros(2, 1, 1, 3, dtype=torch.float64)
    assert loss_derivative(config_of(loss), error).eq(0).all()
    assert mean_loss(config_of(loss), error) == 0


def test_values_by_hand():
    error = torch.tensor([[[[-2.0, -2.0, 4.0]]]], dtype=torch.float64)
    by_hand = {
        "mse": [4.0, 4.0, 16.0],
        "mae": [2.0, 2.0, 4.0],
        "huber": [1.5, 1.5, 3.5],
        "quantile": [0.2, 1.0, 1.0],
    }
    for loss, wanted in by_hand.items():
        found = mean_loss(config_of(loss), error).item()
        assert found == pytest.approx(sum(wanted) / 3, rel=1e-15)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_precision_is_kept(loss, dtype):
    error = torch.ones(1, 1, 1, 3, dtype=dtype)
    assert mean_loss(config_of(loss), error).dtype == torch.float64
    assert loss_derivative(config_of(loss), error).dtype == dtype
