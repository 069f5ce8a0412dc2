"""Ports with bugs in them, made of the reference with deviations planted, and of PyTorch used wrongly."""

from dataclasses import replace

import numpy as np
import pytest

from lstm_conformance.deviations import CATALOGUE
from lstm_conformance.planting import Plantings
from lstm_conformance.ports import checking, suspects
from lstm_conformance.ports.checking import check_lstm
from lstm_conformance.ports.layers import C_N, FINAL_HIDDEN, H_N, OUTPUTS, compute, layers_level, layers_probe
from lstm_conformance.ports.lstm import LstmLayers
from lstm_conformance.ports.port_deviations import LAST_STATE_DEVIATIONS, PORT_DEVIATIONS
from lstm_conformance.ports.recording import recorded
from lstm_conformance.ports.suspects import EXCHANGED, suspects_of
from lstm_plugins.errors import InputError
from lstm_plugins.reference import Steps

BY_NAME = {one.name: one for one in (*CATALOGUE, *PORT_DEVIATIONS, *LAST_STATE_DEVIATIONS)}


@pytest.fixture
def lstm(lstm_weights):
    weights = lstm_weights(2, True)
    first = {name: array / 3 if name.endswith("bias") else array for name, array in weights.items()}
    second = {name: 2 * array / 3 if name.endswith("bias") else array for name, array in weights.items()}
    return LstmLayers("it", weights, left_out={"the bias two": first, "the bias one": second})


def tensors_of(lstm, series, planted=(), names=(OUTPUTS,)):
    levels = [layers_level(names, name) for name in ("an earlier batch", "layers")]
    planted = tuple(replace(one, applies=lambda probe: True) for one in planted)
    return Plantings(levels).answer(planted, layers_probe(lstm.weights, series), levels[1]).tensors


def recording_of(lstm, series, *planted, names=(OUTPUTS,), dtype="float64"):
    tensors = tensors_of(lstm, series, planted, names)
    return recorded(series, {name: tensors[name].astype(dtype) for name in names}, lstm, "test")


def suspects_for(lstm, series, names=(OUTPUTS,)):
    return suspects_of(lstm, recording_of(lstm, series, names=names), layers_probe(lstm.weights, series))


def part_suspect(lstm, series, name):
    return next(one for one in suspects_for(lstm, series).parts if one.name == name)


def sentences(found):
    return list(found.finding.sentences)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_reference_itself_agrees(lstm, series, dtype):
    names = (OUTPUTS, FINAL_HIDDEN, H_N, C_N, "layer0.backward.cell", "layer1.inputs")
    found = check_lstm(lstm, recording_of(lstm, series, names=names, dtype=dtype))
    assert found.agrees
    assert {one.tensor for one in found.result.verdicts} == set(names)
    assert found.sentence.startswith(f"It agrees with the reference in {dtype}")


@pytest.mark.exhaustive
def test_every_deviation_of_the_layers_is_found_from_the_outputs(lstm, series):
    known = suspects_for(lstm, series).whole
    assert len(known) > 40
    for one in known:
        if one.precision:
            continue
        found = check_lstm(lstm, recording_of(lstm, series, one))
        assert sentences(found) == [one.sentence], found.sentence


@pytest.mark.parametrize("name", ["recurrent kernel transposed", "outputs not put back", "h without tanh"])
def test_a_deviation_of_the_layers_is_found_from_the_outputs(lstm, series, name, no_pairs):
    found = check_lstm(lstm, recording_of(lstm, series, BY_NAME[name]))
    assert sentences(found) == [BY_NAME[name].sentence]


LAST_STATES = (
    "out[:, -1]",
    "C for h",
    "first layer's state",
    "mean over steps",
    "h_n reshaped",
    "final states joined backward first",
    "largest over steps",
)


@pytest.mark.exhaustive
def test_deviations_of_the_last_state(lstm, series):
    for name in LAST_STATES:
        found = check_lstm(lstm, recording_of(lstm, series, BY_NAME[name], names=(FINAL_HIDDEN,)))
        assert sentences(found) == [BY_NAME[name].sentence]
        assert found.difference.step is None


def test_float32_inside_is_told_by_its_numbers(lstm, series):
    names = ("layer1.backward.cell",)
    found = check_lstm(lstm, recording_of(lstm, series, BY_NAME["cell in float32"], names=names))
    assert found.agrees
    assert found.recording.notes == ("All recorded numbers are float32, so they are judged in float32.",)
    tensors = tensors_of(lstm, series, [BY_NAME["cell in float32"]])
    mixed = {OUTPUTS: tensors[OUTPUTS] * (1 + 2.0**-50)}
    found = check_lstm(lstm, recorded(series, mixed, lstm, "test"))
    assert sentences(found) == ["gates and states in float32"]
    # Others would be as far off, such as numbers that were printed with seven digits.
    assert found.sentence == "Consistent with gates and states in float32 (no other cause needed)."
    assert found.as_json()["explanations"][0]["at_most"] is True


@pytest.mark.parametrize("rounded", ["float32", "float16", "bfloat16"])
def test_each_of_two_biases_is_rounded_before_they_are_summed(lstm, series, rounded):
    told = f"weights rounded to {rounded}"
    planted = next(one for one in suspects_for(lstm, series).whole if one.name == told)
    found = check_lstm(lstm, recording_of(lstm, series, planted))
    assert sentences(found) == [told]
    assert found.finding.error < 1e-14


def test_bfloat16_is_what_pytorch_rounds_to(lstm):
    torch = pytest.importorskip("torch")
    numbers = np.concatenate([array.ravel() for array in lstm.weights.values()] + [[1.00390625, 1.01171875]])
    wanted = torch.from_numpy(numbers).to(torch.float32).to(torch.bfloat16).to(torch.float64).numpy()
    np.testing.assert_array_equal(suspects.ROUNDINGS["bfloat16"](numbers), wanted)


@pytest.mark.parametrize("layers", [1, 2])
def test_bugs_of_ports_in_one_direction(lstm_weights, series, layers):
    lstm = LstmLayers("it", lstm_weights(layers, False, features=4))
    inputs = np.concatenate([series, series[..., :1] ** 2], axis=-1)
    names = {one.name for one in PORT_DEVIATIONS}
    own = [one for one in suspects_for(lstm, inputs).whole if one.name in names]
    assert len(own) == (3 if layers == 1 else 7)
    for one in own:
        found = check_lstm(lstm, recording_of(lstm, inputs, one))
        assert sentences(found) == [one.sentence]


def test_pytorch_whose_states_are_reshaped(series, tmp_path):
    torch = pytest.importorskip("torch")
    from lstm_conformance.ports.torch_names import torch_lstms

    torch.manual_seed(1)
    port = torch.nn.LSTM(3, 4, batch_first=True, bidirectional=True, dtype=torch.float64)
    lstm = torch_lstms({name: array.numpy() for name, array in port.state_dict().items()}, tmp_path)["."]()
    with torch.no_grad():
        states = port(torch.from_numpy(series))[1][0]
    right, wrong = states.transpose(0, 1).reshape(len(series), -1), states.reshape(len(series), -1)
    assert check_lstm(lstm, recorded(series, {FINAL_HIDDEN: right.numpy()}, lstm, "t")).agrees
    found = check_lstm(lstm, recorded(series, {FINAL_HIDDEN: wrong.numpy()}, lstm, "t"))
    assert "h_n [S, B, H] reshaped to [B, S·H] without exchanging their axes" in found.sentence


def test_axes_exchanged_are_seen_from_the_last_step(lstm, series):
    found = check_lstm(lstm, recording_of(lstm, series, EXCHANGED, names=(FINAL_HIDDEN,)))
    assert sentences(found) == [EXCHANGED.sentence]


@pytest.mark.exhaustive
def test_axes_exchanged_beside_another_bug(lstm, series):
    found = check_lstm(lstm, recording_of(lstm, series, BY_NAME["bias twice"], EXCHANGED))
    assert [set(one) for one in found.finding.explanations] == [{"bias twice", EXCHANGED.name}]


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "part", [pytest.param("layer0.backward", marks=pytest.mark.exhaustive), "layer1.forward"]
)
def test_a_bug_in_one_part_alone(lstm, series, part):
    for name in ("recurrent kernel transposed", "gate order i, o, f, C̃"):
        planted = part_suspect(lstm, series, f"{name}, in {part} only")
        found = check_lstm(lstm, recording_of(lstm, series, planted))
        assert sentences(found) == [f"{BY_NAME[name].sentence}, in {part} only"]
    forgotten = f"the bias two left out, in {part} only"
    found = check_lstm(lstm, recording_of(lstm, series, part_suspect(lstm, series, forgotten)))
    assert forgotten in found.sentence


@pytest.mark.exhaustive
def test_two_bugs_at_once(lstm, series):
    both = (BY_NAME["bias twice"], BY_NAME["outputs not put back"])
    found = check_lstm(lstm, recording_of(lstm, series, *both))
    assert [set(one) for one in found.finding.explanations] == [{one.name for one in both}]


@pytest.fixture
def no_pairs(monkeypatch):
    """As for windows too long for pairs to be tried."""
    monkeypatch.setattr(checking, "MOST_PAIR_STEPS", 0)


def test_long_windows_say_that_pairs_were_not_tried(lstm, series, no_pairs):
    both = (BY_NAME["bias twice"], BY_NAME["outputs not put back"])
    found = check_lstm(lstm, recording_of(lstm, series, *both))
    assert (found.finding.explanations, found.pairs_tried) == ((), False)
    assert "record windows of at most 12 steps" in found.sentence


def test_a_state_carried_over_is_named_on_long_windows(lstm_weights):
    """The first steps alone cannot show in which state an earlier batch ended."""
    lstm = LstmLayers("it", lstm_weights(1, False))
    inputs = np.random.default_rng(5).normal(size=(3, 20, 3))
    found = check_lstm(lstm, recording_of(lstm, inputs, BY_NAME["state carried over"]))
    assert sentences(found) == [BY_NAME["state carried over"].sentence]


@pytest.mark.exhaustive
def test_what_no_deviation_explains_is_not_guessed(lstm_weights, series):
    lstm = LstmLayers("it", lstm_weights(1, False))
    recording = recording_of(lstm, series)
    wrong = recording.tensors[OUTPUTS].copy()
    wrong[1, 4, 2] += 1e-9
    found = check_lstm(lstm, replace(recording, tensors={OUTPUTS: wrong}))
    first = found.difference
    assert (first.window, first.step, first.unit, first.layer, first.direction) == (1, 4, 2, 0, "forward")
    assert found.finding.explanations == ()
    assert found.sentence == "No known deviation explains it, nor do two together."


def test_the_first_difference_is_the_first_that_is_read(lstm, series, no_pairs):
    tensors = compute(lstm.weights, series, Steps())
    wrong = tensors[OUTPUTS].copy()
    wrong[0, [1, 3], 4 + 2] += 1.0
    first = check_lstm(lstm, recorded(series, {OUTPUTS: wrong}, lstm, "t")).difference
    assert (first.layer, first.direction, first.step, first.unit) == (1, "backward", 3, 2)
    states = tensors[C_N].copy()
    states[1, 0, 3] = np.nan
    found = check_lstm(lstm, recorded(series, {C_N: states}, lstm, "t"))
    first = found.difference
    assert (first.layer, first.direction, first.window, first.step, first.unit) == (0, "backward", 0, None, 3)
    assert found.as_json()["first_difference"]["given"] is None


def test_the_layer_that_is_wrong_is_found_where_its_states_are_recorded(lstm, series):
    names = tuple(f"layer{n}.{way}.hidden" for n in (0, 1) for way in ("forward", "backward"))
    planted = part_suspect(lstm, series, "no bias, in layer1.forward only")
    found = check_lstm(lstm, recording_of(lstm, series, planted, names=names))
    assert found.difference.place.tensor == "layer1.forward.hidden"
    assert [one.passed for one in found.result.verdicts] == [True, True, False, True]


def test_within_a_step_the_first_difference_is_the_first_computed(lstm, series, no_pairs):
    names = tuple(f"layer0.forward.{part}" for part in ("forget", "input", "candidate", "cell", "hidden"))
    found = check_lstm(lstm, recording_of(lstm, series, BY_NAME["h with sigmoid"], names=names))
    assert found.result.verdicts[0].tensor == "layer0.forward.forget"
    assert not found.result.verdicts[0].passed
    assert (found.difference.place.tensor, found.difference.step) == ("layer0.forward.hidden", 0)


def test_zeros_are_told_and_not_explained(lstm, series):
    recording = recording_of(lstm, series)
    zeros = {OUTPUTS: np.zeros_like(recording.tensors[OUTPUTS])}
    found = check_lstm(lstm, replace(recording, tensors=zeros))
    assert found.finding is None
    assert found.sentence == "All recorded numbers are zero."


def test_a_wrong_final_state_is_named_beside_right_states(lstm, series):
    for name in ("out[:, -1]", "mean over steps", "C for h"):
        recording = recording_of(lstm, series, BY_NAME[name], names=(FINAL_HIDDEN, H_N, C_N))
        found = check_lstm(lstm, recording)
        assert [one.passed for one in found.result.verdicts] == [False, True, True]
        assert sentences(found) == [BY_NAME[name].sentence]


def test_weights_that_are_not_finite(lstm, series):
    recording = recording_of(lstm, series)
    lstm.weights["layer1.forward.bias"][3] = np.inf
    with pytest.raises(InputError, match=r"layer1\.forward\.bias of the LSTM it has values that are not"):
        check_lstm(lstm, recording)


def test_pytorch_without_batch_first(series, tmp_path):
    torch = pytest.importorskip("torch")
    from lstm_conformance.ports.torch_names import torch_lstms

    torch.manual_seed(1)
    port = torch.nn.LSTM(3, 4, 2, dtype=torch.float64)
    state = {name: array.numpy() for name, array in port.state_dict().items()}
    lstm = torch_lstms(state, tmp_path)["."]()
    with torch.no_grad():
        outputs = port(torch.from_numpy(series))[0].numpy()
    found = check_lstm(lstm, recorded(series, {OUTPUTS: outputs}, lstm, "t"))
    assert "the batch axis taken for the time axis" in found.sentence
    assert len(sentences(found)) == 1


def test_pytorch_with_one_bias_forgotten(series, tmp_path):
    torch = pytest.importorskip("torch")
    from lstm_conformance.ports.torch_names import torch_lstms

    torch.manual_seed(1)
    port = torch.nn.LSTM(3, 4, batch_first=True, bidirectional=True, dtype=torch.float32)
    state = {name: array.numpy().copy() for name, array in port.state_dict().items()}
    lstm = torch_lstms(state, tmp_path)["."]()
    with torch.no_grad():
        port.bias_hh_l0.zero_()
        port.bias_hh_l0_reverse.zero_()
        outputs = port(torch.from_numpy(series.astype("f4")))[0].numpy()
    found = check_lstm(lstm, recorded(series.astype("f4"), {OUTPUTS: outputs}, lstm, "t"))
    assert sentences(found) == ["the bias bias_hh left out"]
