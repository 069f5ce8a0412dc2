import contextlib
import io
import json
import math
import typing

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_forecasting.checkpoints.checkpoint import Model
from lstm_forecasting.checkpoints.recorder import TrainingFolder
from lstm_forecasting.processes.events import BackendEpoch, BackendTrained
from lstm_forecasting.processes.messages import (
    Differentiate,
    Failed,
    Inspect,
    Message,
    Observe,
    Predict,
    Run,
    Stop,
)
from lstm_forecasting.processes.protocol import (
    LINE_LIMIT,
    Envelope,
    ProtocolError,
    decode,
    encode,
    read_envelopes,
)
from lstm_plugins import Epoch

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
configs = st.dictionaries(st.text(), plain, max_size=3)
training_folders = st.builds(TrainingFolder, model=st.builds(Model, settings=configs))
requests = [
    st.builds(Run, config=configs, training_folder=st.none() | training_folders),
    st.builds(Predict, config=configs),
    st.builds(Observe, config=configs),
    st.builds(Inspect, config=configs),
    st.builds(Differentiate, config=configs),
]
configured = (Run, Predict, Observe, Inspect, Differentiate)
others = [st.from_type(kind) for kind in typing.get_args(Message) if kind not in configured]
envelopes = st.builds(
    Envelope, st.integers(0, 10**9), st.lists(st.one_of(*requests, *others), max_size=4).map(tuple)
)


def same(one, other):
    """Equality under which nan equals nan."""
    return repr(one) == repr(other)


@given(envelopes)
def test_whatever_is_said_is_understood(envelope):
    line = encode(envelope)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert same(decode(line), envelope)


@given(envelopes)
def test_lines_are_json_in_the_strict_sense(envelope):
    def refuse(constant):
        raise AssertionError(constant)

    json.loads(encode(envelope), parse_constant=refuse)


@given(st.lists(envelopes, max_size=5), st.integers(0, 200))
def test_a_stream_that_is_cut_loses_only_what_was_cut(sent, cut):
    stream = b"".join(encode(envelope) for envelope in sent)
    received = list(read_envelopes(io.BytesIO(stream[: max(len(stream) - cut, 0)])))
    assert same(received, sent[: len(received)])
    if not cut:
        assert len(received) == len(sent)


@given(st.binary(max_size=200))
def test_noise_is_never_anything_but_a_protocol_error(noise):
    with pytest.raises(ProtocolError):
        decode(noise)


@given(envelopes, st.data())
def test_a_damaged_line_is_refused_or_read_as_a_message(envelope, data):
    line = bytearray(encode(envelope))
    line[data.draw(st.integers(0, len(line) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(ProtocolError):
        assert isinstance(decode(bytes(line)), Envelope)


def test_numbers_that_are_not_finite_are_spelled_out():
    epoch = Epoch(0, math.nan, math.inf, 0.1, -math.inf, False)
    line = encode(Envelope(1, (BackendEpoch("a", epoch),)))
    assert b'"training_loss":"NaN"' in line
    assert b'"validation_loss":"Infinity"' in line
    assert b'"gradient_norm":"-Infinity"' in line
    (message,) = decode(line).messages
    assert math.isnan(message.epoch.training_loss)
    assert message.epoch.gradient_norm == -math.inf


def test_words_stay_words():
    assert decode(encode(Envelope(1, (Failed("NaN", explained=True),)))).messages[0].reason == "NaN"


def test_numpy_floats_are_floats():
    message = BackendTrained("a", "epochs", 3, 2, np.float64(1.5))  # type: ignore[arg-type]
    assert decode(encode(Envelope(1, (message,)))).messages == (BackendTrained("a", "epochs", 3, 2, 1.5),)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]\n",
        b"5\n",
        b'{"job":1}\n',
        b'{"job":1.0,"messages":[]}\n',
        b'{"job":true,"messages":[]}\n',
        b'{"job":1,"messages":[],"more":0}\n',
        b'{"job":1,"messages":[["Stop"]]}\n',
        b'{"job":1,"messages":[["Stop",{"now":true}]]}\n',
        b'{"job":1,"messages":[["Envelope",{}]]}\n',
        b'{"job":1,"messages":[["Failed",{"reason":"x"}]]}\n',
        b'{"job":1,"messages":[["Failed",{"reason":"x","explained":1}]]}\n',
        b'{"job":1,"messages":[["BackendTrained",{"backend":"a","reason":"tired","epochs":1,"best_epoch":0,"seconds":1.0}]]}\n',
        b'{"job":1,"messages":[["BackendTrained",{"backend":"a","reason":"epochs","epochs":"1","best_epoch":0,"seconds":1.0}]]}\n',
        b'{"job":1,"messages":[["BackendTrained",{"backend":"a","reason":"epochs","epochs":1,"best_epoch":0,"seconds":"nan"}]]}\n',
        b"\xff\xfe\n",
        b"[" * 100_000 + b"\n",
    ],
)
def test_what_is_no_envelope_is_refused(line):
    with pytest.raises(ProtocolError):
        decode(line)


def test_a_line_over_the_limit_is_neither_written_nor_read():
    with pytest.raises(ProtocolError, match="limit"):
        encode(Envelope(1, (Failed("x" * LINE_LIMIT, explained=True),)))
    endless = io.BytesIO(encode(Envelope(1, (Stop(),))) + b"x" * (LINE_LIMIT + 1))
    received = read_envelopes(endless)
    assert next(received) == Envelope(1, (Stop(),))
    with pytest.raises(ProtocolError, match="limit"):
        next(received)


def test_what_json_has_no_words_for_is_not_sent():
    with pytest.raises(ProtocolError):
        encode(Envelope(1, (BackendTrained("a", "epochs", np.int64(3), 2, 1.5),)))  # type: ignore[arg-type]
