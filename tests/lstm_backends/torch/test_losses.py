from __future__ import annotations

import pytest
import torch

from lstm_backends.torch.losses import loss_derivative, mean_loss, weight
from lstm_plugins import ForecasterConfig

LOSSES = ["mse", "mae", "huber", "quantile"]


def config_of(loss):
    return ForecasterConfig(loss=loss, quantiles=(0.1, 0.5, 0.75))


@pytest.mark.parametrize("loss", LOSSES)
def test_the_derivative_is_that_of_the_mean_loss(loss):
    error = torch.randn(4, 3, 2, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0)) * 2
    error.requires_grad_()

    some = torch.rand(4, 3, 2, generator=torch.Generator().manual_seed(1)) < 0.5
    for observed in (None, some, torch.zeros_like(some)):
        (wanted,) = torch.autograd.grad(mean_loss(config_of(loss), error, observed), error)
        torch.testing.assert_close(loss_derivative(config_of(loss), error.detach(), observed), wanted)


@pytest.mark.parametrize("loss", LOSSES)
def test_the_derivative_at_no_error_is_exactly_zero(loss):
    error = torch.zeros(2, 1, 1, 3, dtype=torch.float64)
    assert loss_derivative(config_of(loss), error, None).eq(0).all()
    assert mean_loss(config_of(loss), error, None) == 0


def test_values_by_hand():
    error = torch.tensor([[[[-2.0, -2.0, 4.0]]]], dtype=torch.float64)
    by_hand = {
        "mse": [4.0, 4.0, 16.0],
        "mae": [2.0, 2.0, 4.0],
        "huber": [1.5, 1.5, 3.5],
        "quantile": [0.2, 1.0, 1.0],
    }
    for loss, wanted in by_hand.items():
        found = mean_loss(config_of(loss), error, None).item()
        assert found == pytest.approx(sum(wanted) / 3, rel=1e-15)


@pytest.mark.parametrize("loss", LOSSES)
def test_the_mean_is_over_what_was_observed(loss):
    error = torch.randn(2, 2, 1, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0)) * 2
    observed = torch.tensor([[[True], [False]], [[False], [False]]])
    found = mean_loss(config_of(loss), error, observed)
    torch.testing.assert_close(found, mean_loss(config_of(loss), error[:1, :1], None))
    assert weight(error, observed) == 0.5
    assert mean_loss(config_of(loss), error, torch.zeros_like(observed)) == 0


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_precision_is_kept(loss, dtype):
    error = torch.ones(1, 1, 1, 3, dtype=dtype)
    for observed in (None, torch.ones(1, 1, 1, dtype=torch.bool)):
        assert mean_loss(config_of(loss), error, observed).dtype == torch.float64
        assert loss_derivative(config_of(loss), error, observed).dtype == dtype
