import itertools
import math

import numpy as np
import pytest

from lstm_forecasting.inspect.arithmetic import cell_arithmetic, input_names
from lstm_plugins.errors import InputError

PLACES = [("plain", "numpy"), ("plain", "torch"), ("everything", "numpy"), ("everything", "torch")]


@pytest.mark.parametrize(("network", "backend"), PLACES)
def test_every_equation_gives_what_the_backend_computed(laboratory, network, backend):
    inspected = laboratory.window(network, backend)
    for layer in inspected.layers:
        for unit, step in itertools.product(range(layer.units), range(layer.steps)):
            found = cell_arithmetic(inspected, layer, unit, step)
            assert [line.symbol for line in found.lines] == ["f", "i", "C̃", "C", "o", "h"]
            for line in found.lines:
                assert line.traced == getattr(layer, line.name)[step, unit]
                assert line.value == pytest.approx(line.traced, abs=1e-13)
            assert found.apart < 1e-13


@pytest.mark.parametrize("network", ["plain", "everything"])
def test_products_and_sums_add_up(laboratory, network):
    inspected = laboratory.window(network)
    for layer in inspected.layers:
        found = cell_arithmetic(inspected, layer, 1, 2)
        for line in found.lines:
            products = [product.left_value * product.right_value for product in line.products]
            assert [product.value for product in line.products] == products
            assert line.total == pytest.approx(sum(products) + (line.bias or 0.0), abs=1e-14)
            wanted = {
                "σ": 1 / (1 + math.exp(-line.total)),
                "tanh": math.tanh(line.total),
                "": line.total,
            }[line.activation]
            assert line.value == pytest.approx(wanted, abs=1e-15)
        forget, written, candidate, cell, output, hidden = found.lines
        before = layer.previous_cell[2, 1]
        assert [one.left_value for one in cell.products] == [forget.value, written.value]
        assert [one.right_value for one in cell.products] == [before, candidate.value]
        assert cell.value == forget.value * before + written.value * candidate.value
        assert hidden.value == output.value * math.tanh(cell.value)
        assert found.squashed == math.tanh(cell.value)
        assert found.line("cell") == cell


def test_weights_are_those_of_the_gate_and_unit(laboratory):
    inspected = laboratory.window("plain")
    weights, layer = inspected.subject.model.weights, inspected.layers[0]
    kernels = np.split(weights["layer0.forward.kernel"], 4, axis=1)
    recurrents = np.split(weights["layer0.forward.recurrent"], 4, axis=1)
    biases = np.split(weights["layer0.forward.bias"], 4)
    found = cell_arithmetic(inspected, layer, 3, 4)
    for block, gate in enumerate(("input", "forget", "candidate", "output")):
        line = found.line(gate)
        used = [product.left_value for product in line.products]
        np.testing.assert_array_equal(used, [*kernels[block][:, 3], *recurrents[block][:, 3]])
        assert line.bias == biases[block][3]
        names = [product.right for product in line.products]
        assert names == ["sales", "visits", "wind", *(f"previous h[{unit}]" for unit in range(4))]
        assert {product.left for product in line.products} == {f"W_{line.symbol}"}
        values = [product.right_value for product in line.products]
        np.testing.assert_array_equal(values, [*layer.inputs[4], *layer.hidden[3]])


def test_the_step_that_is_read_first_starts_from_nothing(laboratory):
    for layer in laboratory.window("everything").layers:
        first = 0 if layer.direction == "forward" else layer.steps - 1
        assert not layer.previous_hidden[first].any()
        assert not layer.previous_cell[first].any()
        found = cell_arithmetic(laboratory.window("everything"), layer, 0, first)
        assert found.line("cell").products[0].right_value == 0.0


def test_inputs_are_named_by_what_they_are(laboratory):
    subject = laboratory.subject("everything")
    assert input_names(subject, 0) == tuple(
        f"{column}, row {row} of 2" for row in (1, 2) for column in ("sales", "visits", "wind")
    )
    names = input_names(subject, 1)
    assert names[0] == "layer0.forward h[0]"
    assert names[-1] == "layer0.backward h[3]"
    assert len(names) == 8


def test_single_precision_is_met_to_its_rounding(laboratory):
    inspected = laboratory.window("single")
    layer = inspected.layers[0]
    places = itertools.product(range(layer.units), range(layer.steps))
    apart = max(cell_arithmetic(inspected, layer, unit, step).apart for unit, step in places)
    assert 0 < apart < 1e-6


def test_units_and_steps_that_are_not_there_are_said(laboratory):
    inspected = laboratory.window("plain")
    layer = inspected.layers[0]
    with pytest.raises(InputError, match=r"layer0.forward has the units 0 to 3; there is no unit 4"):
        cell_arithmetic(inspected, layer, 4, 0)
    for step in (-1, 8):
        with pytest.raises(InputError, match=f"has the time steps 1 to 8; there is no step {step + 1}"):
            cell_arithmetic(inspected, layer, 0, step)
