import pytest

from lstm_tui.train.widgets.progress import _left, _loss, _memory, _rate


@pytest.mark.parametrize(
    ("rate", "text"),
    [(None, "–"), (0.4, "0"), (84, "84"), (1234, "1.2 k"), (84_400, "84.4 k"), (123_456, "123 k")],
)
def test_rates(rate, text):
    assert _rate(rate) == text
    assert len(text) <= 9


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "–"),
        (0.2, "0:00"),
        (59.7, "1:00"),
        (65, "1:05"),
        (3599, "59:59"),
        (7320, "2h02"),
        (400_000, "111h"),
    ],
)
def test_times_left(seconds, text):
    assert _left(seconds) == text
    assert len(text) <= 5


@pytest.mark.parametrize(
    ("loss", "text"),
    [
        (None, "–"),
        (0.0213, "0.02130"),
        (0.213, "0.2130"),
        (2.13, "2.130"),
        (213.4, "213.4"),
        (4e-5, "4.00e-05"),
    ],
)
def test_losses(loss, text):
    assert _loss(loss) == text
    assert len(text) <= 9


@pytest.mark.parametrize(("size", "text"), [(None, "–"), (61 * 2**20, "61 MB"), (12 * 2**30, "12.0 GB")])
def test_memory(size, text):
    assert _memory(size) == text
    assert len(text) <= 7
