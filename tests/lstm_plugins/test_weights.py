import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_plugins import ForecasterConfig, SeriesError
from lstm_plugins.weights import (
    check_weights,
    direction_names,
    initial_weights,
    is_decayed,
    is_fixed,
    parameter_count,
    trained_arrays,
    trained_shapes,
    weight_shapes,
)

CONFIG = ForecasterConfig(
    look_back=12,
    patch=3,
    horizon=4,
    hidden_units=6,
    layers=2,
    bidirectional=True,
    attention="general",
    loss="quantile",
    precision="float64",
)
FEATURES, TARGETS = 2, 2
SHAPES = {
    "layer0.forward.kernel": (6, 24),
    "layer0.forward.recurrent": (6, 24),
    "layer0.forward.bias": (24,),
    "layer0.backward.kernel": (6, 24),
    "layer0.backward.recurrent": (6, 24),
    "layer0.backward.bias": (24,),
    "layer1.forward.kernel": (12, 24),
    "layer1.forward.recurrent": (6, 24),
    "layer1.forward.bias": (24,),
    "layer1.backward.kernel": (12, 24),
    "layer1.backward.recurrent": (6, 24),
    "layer1.backward.bias": (24,),
    "attention.kernel": (12, 12),
    "head.kernel": (24, 24),
    "head.bias": (24,),
}

# Drawn once; a change of any of these makes stored runs irreproducible.
KERNEL = [
    [
        0.5228813858956105,
        -0.5074597708834776,
        0.600387596584748,
        -0.17214773816117357,
        -0.21534533790866095,
        -0.10704881901799568,
        -0.4986581544369251,
        -0.7148456781934164,
    ]
]
RECURRENT = [
    [
        -0.01768212981524009,
        -0.9998436589213321,
        -0.6321806559050807,
        0.7748210233979338,
        -0.9902748026363897,
        0.13912517839506916,
        0.5876337110907317,
        -0.809127073820753,
    ],
    [
        0.9998436589213321,
        -0.017682129815240012,
        -0.7748210233979338,
        -0.632180655905081,
        0.13912517839506916,
        0.9902748026363895,
        -0.809127073820753,
        -0.5876337110907318,
    ],
]
HEAD = [[0.9886516865237047], [0.6805617709664926]]


def test_names_shapes_and_order():
    assert list(weight_shapes(CONFIG, FEATURES, TARGETS).items()) == list(SHAPES.items())
    assert parameter_count(CONFIG, FEATURES, TARGETS) == sum(int(np.prod(it)) for it in SHAPES.values())
    assert direction_names(CONFIG) == ("forward", "backward")


ADDED = dataclasses.replace(CONFIG, lags=(4, 9), linear="ridge")
KNOWN = (3, 2)
"""Known columns, and how many of them are the user's own."""


def test_known_columns_lags_and_a_linear_part_come_after_the_head():
    shapes = weight_shapes(ADDED, FEATURES, TARGETS, *KNOWN)
    assert list(shapes)[: len(SHAPES)] == list(SHAPES)
    assert shapes["layer0.forward.kernel"] == (6 + 3, 24)
    assert list(shapes.items())[len(SHAPES) :] == [
        ("step.kernel", (24, 24)),
        ("step.features", (3 + 2 * 2, 24)),
        ("step.position", (4, 24)),
        ("step.output", (24, 2 * 3)),
        ("linear.kernel", (12 * 2 + 3 + 4 * 2, 4 * 2)),
        ("linear.bias", (4 * 2,)),
    ]
    assert list(trained_shapes(ADDED, FEATURES, TARGETS, 3)) == list(shapes)[:-2]
    assert [name for name in shapes if is_fixed(name)] == ["linear.kernel", "linear.bias"]
    assert [name for name in shapes if name.startswith("step.") and not is_decayed(name)] == ["step.position"]
    arrays = {name: np.zeros(shape) for name, shape in shapes.items()}
    assert list(trained_arrays(arrays)) == list(shapes)[:-2]
    assert parameter_count(ADDED, FEATURES, TARGETS, 3) == sum(
        array.size for array in trained_arrays(arrays).values()
    )


def test_a_linear_part_starts_with_zeros_and_so_does_the_head_and_no_other_draw_shifts():
    weights = initial_weights(ADDED, FEATURES, TARGETS, *KNOWN)
    without = initial_weights(dataclasses.replace(ADDED, linear="none"), FEATURES, TARGETS, *KNOWN)
    zeros = {"head.kernel", "head.bias", "step.position", "step.output", "linear.kernel", "linear.bias"}
    assert {name for name, array in weights.items() if not array.any()} == zeros
    assert {name for name, array in without.items() if not array.any()} == zeros - {"head.kernel"} - {
        "linear.kernel",
        "linear.bias",
    }
    for name in weights.keys() - zeros:
        assert np.array_equal(weights[name], without[name])
    assert np.abs(weights["step.features"]).max() <= np.sqrt(6 / (7 + 24))


def test_plain_network_has_the_least():
    plain = ForecasterConfig(hidden_units=3)
    assert weight_shapes(plain, 2, 1) == {
        "layer0.forward.kernel": (2, 12),
        "layer0.forward.recurrent": (3, 12),
        "layer0.forward.bias": (12,),
        "head.kernel": (3, 1),
        "head.bias": (1,),
    }
    dot = dataclasses.replace(plain, attention="dot")
    assert "attention.kernel" not in weight_shapes(dot, 2, 1)
    assert weight_shapes(dot, 2, 1)["head.kernel"] == (6, 1)


def test_decay_touches_all_but_the_biases():
    assert [name for name in SHAPES if not is_decayed(name)] == [name for name in SHAPES if "bias" in name]


@given(st.integers(0, 2**63 - 1), st.integers(1, 9), st.sampled_from(["float32", "float64"]))
def test_first_draw(seed, hidden, precision):
    config = dataclasses.replace(CONFIG, seed=seed, hidden_units=hidden, precision=precision)
    weights = initial_weights(config, FEATURES, TARGETS)
    shapes = weight_shapes(config, FEATURES, TARGETS)
    assert [(name, array.shape) for name, array in weights.items()] == list(shapes.items())
    for name, array in weights.items():
        assert array.dtype == precision
        assert array.flags.c_contiguous
        if name.endswith(".recurrent"):
            for block in np.split(array.astype(np.float64), 4, axis=1):
                np.testing.assert_allclose(
                    block.T @ block, np.eye(hidden), atol=100 * np.finfo(precision).eps
                )
        elif name == "head.bias":
            assert not array.any()
        elif name.endswith(".bias"):
            assert array.tolist() == [0.0] * hidden + [1.0] * hidden + [0.0] * 2 * hidden
        else:
            limit = np.sqrt(6 / sum(array.shape))
            assert np.abs(array).max() <= limit * (1 + np.finfo(precision).eps)


def test_kernels_fill_the_range_of_the_whole_array():
    kernel = initial_weights(ForecasterConfig(hidden_units=64), 40, 1)["layer0.forward.kernel"]
    limit = np.sqrt(6 / (40 + 256))
    assert np.abs(kernel).max() > 0.99 * limit
    assert kernel.std() == pytest.approx(limit / np.sqrt(3), rel=0.03)
    assert abs(kernel.mean()) < 0.03 * limit


def test_orthogonal_blocks_are_uniform_over_rotations_and_all_different():
    # The sign convention makes the draw uniform (Haar); without it the diagonal leans to one side.
    diagonals, blocks = [], []
    for seed in range(60):
        config = ForecasterConfig(hidden_units=5, seed=seed, precision="float64")
        recurrent = initial_weights(config, 1, 1)["layer0.forward.recurrent"]
        split = np.split(recurrent, 4, axis=1)
        blocks += [tuple(block.ravel()) for block in split]
        diagonals += [np.diagonal(block) for block in split]
    assert len(set(blocks)) == 240
    assert abs(np.mean(diagonals)) < 5 / np.sqrt(5 * 1200)


def test_float32_is_the_float64_draw_rounded():
    fine = initial_weights(CONFIG, FEATURES, TARGETS)
    coarse = initial_weights(dataclasses.replace(CONFIG, precision="float32"), FEATURES, TARGETS)
    for name, array in fine.items():
        np.testing.assert_array_equal(coarse[name], array.astype(np.float32))


def test_draw_does_not_depend_on_what_is_no_part_of_the_network():
    other = dataclasses.replace(CONFIG, epochs=3, batch_size=7, learning_rate=0.5, dropout=0.3)
    for name, array in initial_weights(other, FEATURES, TARGETS).items():
        np.testing.assert_array_equal(array, initial_weights(CONFIG, FEATURES, TARGETS)[name])
    reseeded = initial_weights(dataclasses.replace(CONFIG, seed=1), FEATURES, TARGETS)
    assert not np.array_equal(reseeded["head.kernel"], initial_weights(CONFIG, 2, 2)["head.kernel"])


def test_fixed_values_of_a_seed():
    config = ForecasterConfig(hidden_units=2, seed=42, precision="float64")
    weights = initial_weights(config, 1, 1)
    np.testing.assert_allclose(weights["layer0.forward.kernel"], KERNEL, rtol=1e-14)
    np.testing.assert_allclose(weights["layer0.forward.recurrent"], RECURRENT, rtol=1e-12)
    np.testing.assert_allclose(weights["head.kernel"], HEAD, rtol=1e-14)


def test_checked_weights_are_copies_in_order_and_precision():
    weights = initial_weights(CONFIG, FEATURES, TARGETS)
    shuffled = {name: weights[name].astype(np.float32) for name in sorted(weights)}
    checked = check_weights(shuffled, SHAPES, CONFIG)
    assert list(checked) == list(SHAPES)
    for name, array in checked.items():
        assert array.dtype == np.float64
        array += 1
        np.testing.assert_array_equal(shuffled[name], weights[name].astype(np.float32))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"layer2.forward.bias": np.ones(24)}, "layer2.forward.bias does not belong"),
        ({"head.bias": np.ones(23)}, r"head.bias has shape \(23,\), this network needs \(24,\)"),
        ({"head.kernel": np.ones((24, 24, 1))}, "head.kernel has shape"),
    ],
)
def test_weights_of_another_network_are_refused(change, words):
    weights = initial_weights(CONFIG, FEATURES, TARGETS)
    with pytest.raises(SeriesError, match=words):
        check_weights(weights | change, SHAPES, CONFIG)


def test_missing_array_is_named():
    weights = initial_weights(CONFIG, FEATURES, TARGETS)
    del weights["layer1.backward.recurrent"]
    with pytest.raises(SeriesError, match=r"layer1\.backward\.recurrent is missing"):
        check_weights(weights, SHAPES, CONFIG)
