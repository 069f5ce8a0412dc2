import io

import pyte
import pytest
from rich.console import Console

from lstm_forecasting.experiment.events import (
    BackendEpoch,
    BackendFailed,
    BackendProgress,
    BackendReady,
    BackendStarted,
    BackendStopped,
    BackendTrained,
)
from lstm_plugins import Epoch
from lstm_tui.cli.experiment.progress import bars, lines

TITLES = {"numpy": "NumPy", "mine": "Mine [/bold]"}


def epoch(number, backend="numpy", validation=0.5):
    return BackendEpoch(backend, Epoch(number, 0.25, validation, 0.001, 1.0, True, 0.1))


def progress(number, backend="numpy", left=65.0):
    return BackendProgress(backend, number, 200, 5, 10, 0.25, 12_345.0, left, None)


def follow(kind, events, width=100, **arguments):
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=kind is bars, width=width, markup=False, color_system=None)
    with kind(console, TITLES, **arguments) as show:
        for event in events:
            show(event)
    if kind is lines:
        return stream.getvalue()
    screen = pyte.Screen(width, 20)
    pyte.Stream(screen).feed(stream.getvalue().replace("\n", "\r\n"))
    return "\n".join(line.rstrip() for line in screen.display).rstrip()


def test_many_epochs_in_a_moment_are_one_line_for_each_backend():
    events = [event for n in range(200) for b in TITLES for event in (progress(n, b), epoch(n, b))]
    assert follow(lines, events).splitlines() == [
        "NumPy: epoch 1 of 200, validation loss 0.5, 12.3 k windows/s, ≤ 1:05 left",
        "Mine [/bold]: epoch 1 of 200, validation loss 0.5, 12.3 k windows/s, ≤ 1:05 left",
    ]


def test_without_validation_the_training_loss_is_named():
    assert "training loss 0.25" in follow(lines, [progress(0), epoch(0, validation=None)])


def test_each_step_of_a_backend_has_its_line():
    printed = follow(
        lines,
        [
            BackendStarted("numpy", 1),
            BackendReady("numpy", "1", "numpy 2.0", "cpu", 2, 5581, 1482, 0.5),
            BackendTrained("numpy", "patience", 9, 0, 3.25),
            BackendStopped("mine"),
        ],
    ).splitlines()
    assert printed == [
        "NumPy: starting",
        "NumPy: ready after 0.5 s: numpy 2.0 on cpu with 2 threads, 5,581 weights, 1,482 training windows",
        "NumPy: trained 9 epochs in 3.2 s, until the validation loss stopped improving; best epoch 1",
        "Mine [/bold]: stopped before the first epoch was complete",
    ]


@pytest.mark.parametrize("kind", [lines, bars])
def test_a_failure_is_told_with_the_last_lines_of_its_log(kind):
    arguments = {"colours": dict.fromkeys(TITLES, "red")} if kind is bars else {}
    text = follow(kind, [BackendFailed("mine", "it crashed", ("[first]", "last"))], **arguments)
    assert "failed: it crashed" in text
    assert "    [first]\n    last" in text


@pytest.mark.parametrize("width", [80, 100, 160])
def test_bars_and_their_words_fit_on_one_line(width):
    events = [progress(199, left=3_725.0), progress(0, "mine", left=None)]
    text = follow(bars, events, width, colours=dict.fromkeys(TITLES, "red"))
    first, second = text.splitlines()
    assert first.endswith("epoch 200/200  12.3 k windows/s  ≤ 1:02:05 left  loss 0.25")
    assert second.endswith("epoch 1/200  12.3 k windows/s  loss 0.25")
    assert "━" in first
    # Without colour the part that is still to come is left blank, or a bar would look full.
    assert first.count("━") >= 5
    assert second.count("━") == 0
