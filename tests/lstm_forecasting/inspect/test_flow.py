from dataclasses import replace

import numpy as np
import pytest

from lstm_forecasting.inspect.flow import gradient_flow, in_words


@pytest.mark.parametrize("network", ["plain", "everything"])
def test_norms_are_those_of_the_references_derivatives(laboratory, network):
    inspected = laboratory.window(network, "torch")
    starts = np.array([inspected.window.inputs.start])
    trace = laboratory.reference(inspected.subject).trace(starts, derivatives=True)
    for layer, wanted in zip(inspected.layers, trace.layers, strict=True):
        flow = gradient_flow(layer)
        for norms, derivatives in (
            (flow.hidden, wanted.derivatives.hidden),
            (flow.cell, wanted.derivatives.cell),
        ):
            np.testing.assert_allclose(norms, np.sqrt((derivatives[0] ** 2).sum(axis=1)), rtol=1e-10)
        assert (flow.begins, flow.ends) == ((7, 0) if network == "plain" else flow_ends(layer))
        assert flow.ratio == pytest.approx(flow.hidden[flow.ends] / flow.hidden[flow.begins])


def flow_ends(layer):
    return (3, 0) if layer.direction == "forward" else (0, 3)


@pytest.fixture
def flowing(laboratory):
    """A layer of one direction whose derivatives have these norms, in time order."""

    def make(norms, direction="forward"):
        layer = laboratory.window("plain").layers[0]
        derivatives = np.zeros((len(norms), 4))
        derivatives[:, 1] = norms
        zeros = np.zeros_like(derivatives)
        return gradient_flow(
            replace(
                layer,
                direction=direction,
                hidden=zeros,
                hidden_derivatives=derivatives,
                cell_derivatives=2 * derivatives,
            )
        )

    return make


def test_it_says_where_the_gradient_vanishes(flowing):
    flow = flowing([1e-9, 1e-7, 1e-4, 0.1, 1.0])
    assert flow.vanished_at == 2
    assert "layer0.forward, the gradient vanishes: from step 3 on, less than a thousandth" in in_words(flow)
    back = flowing([1.0, 0.1, 1e-4, 1e-7, 1e-9], "backward")
    assert back.vanished_at == 2
    assert "layer0.backward, the gradient vanishes: from step 3 on" in in_words(back)
    np.testing.assert_array_equal(back.cell, 2 * back.hidden)


def test_it_says_where_the_gradient_stays_or_explodes(flowing):
    stays = flowing([0.5, 0.7, 1.0])
    assert stays.vanished_at is None
    assert in_words(stays) == (
        "Back through time in layer0.forward, from step 3 to step 1, the gradient at h changes by a factor "
        "of 0.5."
    )
    explodes = flowing([5e4, 50.0, 1.0])
    assert "explodes: at step 1 it is 5e+04 times as large as at step 3" in in_words(explodes)


def test_it_says_where_there_is_no_way_back(flowing):
    assert in_words(flowing([0.0, 0.0])) == "No gradient reaches layer0.forward."
    assert "has one step" in in_words(flowing([1.0]))
    assert "enters before step 3 and reaches step 1" in in_words(flowing([0.5, 1.0, 0.0]))
