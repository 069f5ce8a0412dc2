from dataclasses import replace

import numpy as np
import pytest

from lstm_forecasting.inspect.contributions import contribution, step_contributions
from lstm_plugins.reference.cell import cell_step, split_gates
from lstm_plugins.reference.steps import Steps

KINDS = ("kernel", "recurrent", "bias")


@pytest.mark.parametrize("backend", ["numpy", "torch"])
@pytest.mark.parametrize("network", ["plain", "everything"])
def test_the_contributions_of_all_steps_are_the_gradient(laboratory, network, backend):
    inspected = laboratory.window(network, backend)
    for layer in inspected.layers:
        for kind in KINDS:
            name = f"{layer.name}.{kind}"
            total = sum(contribution(layer, step)[name] for step in range(layer.steps))
            gradient = inspected.gradients[name]
            assert np.abs(gradient).max() > 1e-6
            np.testing.assert_allclose(total, gradient, rtol=0, atol=1e-12)


@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_norms_and_shares_are_those_of_the_contributions(laboratory, backend):
    inspected = laboratory.window("everything", backend)
    for layer in inspected.layers:
        for found in step_contributions(inspected, layer):
            parts = [contribution(layer, step)[found.name] for step in range(layer.steps)]
            np.testing.assert_allclose(found.norms, [np.sqrt((part**2).sum()) for part in parts], rtol=1e-14)
            gradient = inspected.gradients[found.name]
            assert found.norm == pytest.approx(np.linalg.norm(gradient))
            assert found.shares.sum() == pytest.approx(1, abs=1e-12)
            along = [np.vdot(part, gradient) / np.vdot(gradient, gradient) for part in parts]
            np.testing.assert_allclose(found.shares, along, atol=1e-14)
            assert found.apart < 1e-12


@pytest.mark.parametrize("step", [0, 3, 7])
def test_a_contribution_is_the_derivative_with_respect_to_the_weight_at_that_step_alone(laboratory, step):
    inspected = laboratory.window("plain")
    subject, layer = inspected.subject, inspected.layers[0]
    starts = np.array([inspected.window.inputs.start])
    wanted = contribution(layer, step)

    def loss(kind, index, change):
        """Of a network in which one weight differs, at one step."""
        arrays = {one: subject.model.weights[f"layer0.forward.{one}"].copy() for one in KINDS}
        arrays[kind][index] += change
        other, calls = split_gates(*arrays.values()), []

        def one_step(gates, *values):
            calls.append(values)
            return cell_step(other if len(calls) == step + 1 else gates, *values)

        reference = laboratory.reference(subject)
        reference.steps = replace(Steps(), cell_step=one_step)
        found, _ = reference.loss_and_gradients(starts)
        assert len(calls) == layer.steps
        return found

    for kind, index in (("kernel", (1, 6)), ("recurrent", (2, 9)), ("bias", (0,))):
        slope = (loss(kind, index, 1e-5) - loss(kind, index, -1e-5)) / 2e-5
        found = wanted[f"layer0.forward.{kind}"][index]
        assert found == pytest.approx(slope, rel=1e-6, abs=1e-9)


def test_without_a_gradient_no_step_has_a_share(laboratory):
    inspected = laboratory.window("plain")
    layer = inspected.layers[0]
    still = replace(layer, preactivation_derivatives=np.zeros_like(layer.preactivation_derivatives))
    nothing = {name: np.zeros_like(array) for name, array in inspected.gradients.items()}
    for found in step_contributions(replace(inspected, gradients=nothing), still):
        assert (found.norm, found.apart) == (0, 0)
        assert not found.shares.any()
        assert not found.norms.any()


def test_a_gradient_that_does_not_add_up_shows(laboratory):
    inspected = laboratory.window("plain")
    wrong = dict(inspected.gradients)
    wrong["layer0.forward.bias"] = wrong["layer0.forward.bias"] + 0.25
    found = {
        one.name: one for one in step_contributions(replace(inspected, gradients=wrong), inspected.layers[0])
    }
    assert found["layer0.forward.bias"].apart == pytest.approx(0.25)
    assert found["layer0.forward.kernel"].apart < 1e-12
