"""An LSTM ported to plain NumPy with a common bug, for `lstm-tui check-lstm` to find.

Writes the weights as a PyTorch state dict, the inputs, and the outputs that the port computes from them:

    python examples/port_with_a_bug.py
    lstm-tui check-lstm model.safetensors --inputs inputs.npy --outputs outputs.npy
"""

import numpy as np
from safetensors.numpy import save_file

WINDOWS, STEPS, INPUTS, UNITS = 8, 12, 3, 16


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def run_port(weights, windows):
    """Returns the hidden states of every step [windows, steps, units]."""
    hidden = cell = np.zeros((len(windows), UNITS))
    outputs = []
    for step in range(windows.shape[1]):
        gates = windows[:, step] @ weights["weight_ih_l0"].T + hidden @ weights["weight_hh_l0"].T
        gates += weights["bias_ih_l0"] + weights["bias_hh_l0"]
        # The bug: PyTorch stores input, forget, candidate, output; this is the order of ONNX.
        i, o, f, candidate = np.split(gates, 4, axis=1)
        cell = sigmoid(f) * cell + sigmoid(i) * np.tanh(candidate)
        hidden = sigmoid(o) * np.tanh(cell)
        outputs.append(hidden)
    return np.stack(outputs, axis=1)


if __name__ == "__main__":
    random = np.random.default_rng(0)
    shapes = {
        "weight_ih_l0": (4 * UNITS, INPUTS),
        "weight_hh_l0": (4 * UNITS, UNITS),
        "bias_ih_l0": (4 * UNITS,),
        "bias_hh_l0": (4 * UNITS,),
    }
    weights = {name: random.uniform(-0.25, 0.25, shape) for name, shape in shapes.items()}
    inputs = random.normal(size=(WINDOWS, STEPS, INPUTS))
    save_file(weights, "model.safetensors")
    np.save("inputs.npy", inputs)
    np.save("outputs.npy", run_port(weights, inputs))
