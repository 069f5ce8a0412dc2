import dataclasses

import pytest

from lstm_plugins.discovery import Found, find_backend
from lstm_tui.backends.warmth import Warmth
from lstm_tui.backends.words import facts, sign_of, state_in_words, wrongs


def found(state="available", **more):
    return Found(name="mine", distribution="my-dist", version="2.1", built_in=False, state=state, **more)


FAILED = Warmth("failed", reason="it failed with ImportError: no lib", log=("last words",))


@pytest.mark.parametrize(
    ("backend", "warmth", "sign", "words"),
    [
        (found(), None, "✓", "ready"),
        (found(), Warmth("warming"), "✓", "ready · warming up"),
        (found(), Warmth("warm", "torch 2.0", ("cpu",)), "✓", "ready · warm"),
        (found(), FAILED, "✗", "does not start: it failed with ImportError: no lib"),
        (found("disabled", reason="by name"), FAILED, "–", "disabled"),
        (
            found("not installed", reason="it needs torch", install="pip install torch"),
            None,
            "~",
            "not installed: pip install torch",
        ),
        (found("broken", reason="its import failed"), None, "✗", "broken: its import failed"),
        (found("incompatible", reason="for contract 0"), None, "✗", "incompatible: for contract 0"),
    ],
)
def test_every_state_has_a_sign_and_words(backend, warmth, sign, words):
    assert sign_of(backend, warmth) == sign
    assert state_in_words(backend, warmth) == words


def test_facts_name_origin_and_what_mends_it():
    backend = found("not installed", reason="it needs x", install="pip install x", entry_point="m:hook")
    told = dict(facts(backend, None, ""))
    assert told["from"] == "my-dist 2.1"
    assert told["entry point"] == "mine = m:hook"
    assert told["remedy"] == "pip install x"
    assert told["last cross-check"] == "not checked"


def test_facts_name_what_a_backend_implements_beyond_the_first_contract():
    numpy = find_backend("numpy")
    for additions, words in ((("masks",), "masks"), ((), "none, so it is left out of data with missing")):
        backend = found(backend=dataclasses.replace(numpy, additions=additions))
        assert dict(facts(backend, None, ""))["additions"].startswith(words)


def test_what_went_wrong_is_traceback_then_output_then_log():
    broken = found("broken", traceback="Traceback\n  boom", output="printed")
    assert wrongs(broken, FAILED) == ("Traceback", "  boom", "printed", "last words")
    assert wrongs(found(), None) == ()
