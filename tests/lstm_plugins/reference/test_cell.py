import math

import numpy as np

from lstm_plugins.reference import cell


def test_logistic_holds_in_both_tails_and_in_both_precisions():
    x = np.array([-1000.0, -40.0, -1.0, 0.0, 2.0, 1000.0])
    expected = [0.0, math.exp(-40) / (1 + math.exp(-40)), 1 / (1 + math.e), 0.5, 1 / (1 + math.exp(-2)), 1.0]
    assert np.allclose(cell.logistic(x), expected, rtol=1e-15, atol=0)
    assert cell.logistic(x.astype(np.float32)).dtype == np.float32


def test_one_step_is_the_six_equations():
    """Against scalars and math.exp, for two inputs and one unit, all weights different."""
    kernel = np.array([[0.1, -0.2, 0.3, 0.4], [0.5, 0.6, -0.7, 0.8]])
    recurrent = np.array([[0.9, -1.0, 1.1, 1.2]])
    bias = np.array([0.05, 0.15, -0.25, 0.35])
    x, h, c = (0.7, -0.4), 0.3, -0.6

    def before(column: int) -> float:
        return x[0] * kernel[0, column] + x[1] * kernel[1, column] + h * recurrent[0, column] + bias[column]

    i, f, o = (1 / (1 + math.exp(-before(column))) for column in (0, 1, 3))
    candidate = math.tanh(before(2))
    new_cell = f * c + i * candidate
    step = cell.cell_step(
        cell.split_gates(kernel, recurrent, bias), np.array([x]), np.array([[h]]), np.array([[c]])
    )
    found = (step.input, step.forget, step.candidate, step.output, step.cell, step.hidden)
    expected = (i, f, candidate, o, new_cell, o * math.tanh(new_cell))
    assert np.allclose([value.item() for value in found], expected, rtol=1e-15)


def test_the_step_keeps_float32():
    gates = cell.split_gates(*(np.ones(shape, np.float32) for shape in ((2, 12), (3, 12), (12,))))
    state = np.ones((4, 3), np.float32)
    step = cell.cell_step(gates, np.ones((4, 2), np.float32), state, state)
    derivatives = cell.cell_step_backward(step, state, state)
    for record in (step, derivatives):
        assert {array.dtype for array in vars(record).values()} == {np.dtype(np.float32)}
