import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_plugins import ForecasterConfig
from lstm_plugins.randomness import (
    DROPOUT,
    ORDER,
    WEIGHTS,
    bit_generator,
    dropout_mask,
    dropout_masks,
    epoch_order,
    masked_layers,
)

# Drawn once; a change of any of these makes stored runs irreproducible.
ORDER_0_0 = [3, 2, 9, 7, 1, 5, 0, 4, 8, 6]
ORDER_LAST_7 = [1, 6, 7, 2, 9, 5, 0, 8, 3, 4]
KEPT = [False, True, True, True, False, False]

SEEDS = st.integers(0, 2**63 - 1)


def mulhilo(a, b):
    product = a * b
    return product >> 64, product & (2**64 - 1)


def philox4x64(counter, key):
    """Ten rounds of Philox as the paper has them, in plain integers: the witness of NumPy's."""
    c, k = list(counter), list(key)
    for _ in range(10):
        high0, low0 = mulhilo(0xD2E7470EE14C6C93, c[0])
        high1, low1 = mulhilo(0xCA5A826395121157, c[2])
        c = [high1 ^ c[1] ^ k[0], low1, high0 ^ c[3] ^ k[1], low0]
        k = [(k[0] + 0x9E3779B97F4A7C15) % 2**64, (k[1] + 0xBB67AE8584CAA73B) % 2**64]
    return c


def mask_config(**settings):
    return ForecasterConfig(
        look_back=6,
        hidden_units=4,
        layers=3,
        bidirectional=True,
        attention="dot",
        **{"dropout": 0.25} | settings,
    )


@given(SEEDS, st.integers(0, 2**40), st.integers(0, 2**40), st.integers(0, 16), st.sampled_from([0, 1, 2]))
def test_raw_words_are_those_of_the_paper(seed, epoch, step, layer, purpose):
    raw = bit_generator(seed, purpose, epoch=epoch, step=step, layer=layer).random_raw(8).tolist()
    # NumPy counts up before its first block.
    expected = [word for block in (1, 2) for word in philox4x64([block, step, layer, purpose], [seed, epoch])]
    assert raw == expected


def test_purposes_and_places_draw_different_words():
    draws = {
        tuple(bit_generator(3, purpose, epoch=epoch, step=step, layer=layer).random_raw(2))
        for purpose in (WEIGHTS, ORDER, DROPOUT)
        for epoch in (0, 1)
        for step in (0, 1)
        for layer in (0, 1)
    }
    assert len(draws) == 24


def test_fixed_values():
    assert epoch_order(0, 0, 10).tolist() == ORDER_0_0
    assert epoch_order(2**63 - 1, 7, 10).tolist() == ORDER_LAST_7
    mask = dropout_mask(mask_config(seed=5), epoch=1, step=2, layer=0, batch=2)
    assert (mask[1, :, 0] > 0).tolist() == KEPT


@given(SEEDS, st.integers(0, 1000), st.integers(0, 300))
def test_order_is_a_permutation(seed, epoch, count):
    order = epoch_order(seed, epoch, count)
    assert order.dtype == np.int64
    assert sorted(order.tolist()) == list(range(count))


def test_every_epoch_and_every_seed_has_an_order_of_its_own():
    orders = {tuple(epoch_order(seed, epoch, 50)) for seed in range(5) for epoch in range(5)}
    assert len(orders) == 25


def test_shapes_are_those_of_outputs_and_of_the_head_input():
    config = mask_config()
    assert list(masked_layers(config)) == [0, 1, 3]
    masks = dropout_masks(config, epoch=0, step=0, batch=5)
    assert {layer: mask.shape for layer, mask in masks.items()} == {0: (5, 6, 8), 1: (5, 6, 8), 3: (5, 16)}
    for layer, mask in masks.items():
        np.testing.assert_array_equal(mask, dropout_mask(config, 0, 0, layer, 5))
    assert list(dropout_masks(ForecasterConfig(dropout=0.5), 0, 0, 5)) == [1]
    assert dropout_masks(mask_config(dropout=0.0), 0, 0, 5) == {}


@pytest.mark.parametrize("rate", [0.01, 0.25, 0.5, 0.9, 0.99])
def test_share_of_silenced_units_and_mean_factor(rate):
    config = mask_config(dropout=rate)
    mask = dropout_mask(config, epoch=0, step=0, layer=1, batch=5000)
    threshold = round(65536 * rate)
    assert set(np.unique(mask)) == {0.0, 65536 / (65536 - threshold)}
    # Five standard deviations of a binomial share.
    bound = 5 * np.sqrt(rate * (1 - rate) / mask.size)
    assert abs((mask == 0).mean() - rate) < bound
    assert abs(mask.mean() - 1) < bound / (1 - rate)


def test_tiny_rate_that_rounds_to_none_keeps_everything():
    mask = dropout_mask(mask_config(dropout=1e-6), 0, 0, 0, 50)
    assert (mask == 1.0).all()


@given(SEEDS, st.integers(1, 9), st.integers(1, 9), st.sampled_from([0, 1, 3]))
def test_mask_of_a_window_does_not_depend_on_how_many_follow(seed, batch, more, layer):
    config = mask_config(seed=seed)
    longer = dropout_mask(config, 2, 3, layer, batch + more)
    np.testing.assert_array_equal(longer[:batch], dropout_mask(config, 2, 3, layer, batch))


def test_masks_do_not_depend_on_what_was_drawn_before():
    config = mask_config()
    alone = dropout_mask(config, 4, 9, 0, 3)
    for step in range(9):
        dropout_masks(config, 4, step, 3)
    np.testing.assert_array_equal(dropout_mask(config, 4, 9, 0, 3), alone)


def test_steps_units_and_windows_are_silenced_independently():
    kept = dropout_mask(mask_config(dropout=0.5), 0, 0, 0, 4000) > 0
    flat = kept.reshape(4000, -1).astype(float)
    correlation = np.corrcoef(flat, rowvar=False) - np.eye(flat.shape[1])
    assert np.abs(correlation).max() < 6 / np.sqrt(4000)
    assert abs(np.corrcoef(flat[:-1, 0], flat[1:, 0])[0, 1]) < 6 / np.sqrt(4000)


def test_mask_is_made_of_sixteen_bits_a_unit_lowest_first_and_kept_from_the_threshold_on():
    mask = dropout_mask(mask_config(dropout=0.5, seed=9), epoch=1, step=2, layer=1, batch=4001)
    raw = bit_generator(9, DROPOUT, epoch=1, step=2, layer=1).random_raw(-(-mask.size // 4))
    words = np.stack([raw >> np.uint64(shift) & np.uint64(0xFFFF) for shift in (0, 16, 32, 48)], axis=1)
    words = words.ravel()[: mask.size].reshape(mask.shape)
    assert (words == 32768).any()
    np.testing.assert_array_equal(mask, np.where(words >= 32768, 2.0, 0.0))
