import pytest

from lstm_tui.cli.command import spread

NAMES = ("numpy", "torch", "all")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (["f", "--backend", "numpy", "torch"], ["f", "--backend", "numpy", "--backend", "torch"]),
        (["--backend", "numpy,torch", "f"], ["--backend", "numpy", "--backend", "torch", "f"]),
        (["--backend=numpy", "torch", "f"], ["--backend", "numpy", "--backend", "torch", "f"]),
        (["--backend", "other", "f", "numpy"], ["--backend", "other", "f", "numpy"]),
        (["--backend", "numpy", "--json", "torch"], ["--backend", "numpy", "--json", "torch"]),
        (["--backend", "numpy", "--", "torch"], ["--backend", "numpy", "--", "torch"]),
        (["f", "--backend"], ["f", "--backend"]),
        (["f", "numpy"], ["f", "numpy"]),
    ],
)
def test_backends_may_follow_one_flag(written, meant):
    assert list(spread(written, lambda: NAMES)) == meant


def test_names_are_looked_up_only_where_a_word_follows():
    def fail():
        raise AssertionError("looked up")

    assert list(spread(["f", "--backend", "numpy", "--json"], fail)) == ["f", "--backend", "numpy", "--json"]
