"""The main job in the app: open a file, train on three backends, stop, train again, forecast, quit."""

import importlib.util
import re

import pytest

from lstm_plugins import SETTINGS_BY_NAME

TITLES = {"numpy": "NumPy", "torch": "PyTorch", "tensorflow": "TensorFlow"}
LOUD = {"TF_CPP_MIN_LOG_LEVEL": "0", "TF_CPP_MAX_VLOG_LEVEL": "0", "TORCH_SHOW_CPP_STACKTRACES": "1"}
"""Makes TensorFlow write everything it has to say."""


def epochs(text):
    """Epochs done and epochs at most, by title, as the table of backends has them."""
    rows = re.findall(rf"({'|'.join(TITLES.values())}) +(\d+)/(\d+)", text)
    return {title: (int(done), int(most)) for title, done, most in rows}


def in_words(*parts):
    """Whether these stand on the screen, on however many lines."""
    return lambda text: all(part in " ".join(text.split()) for part in parts)


def type_setting(terminal, name, value):
    """Goes into a field of the form, types in place of what is there, and leaves the field."""
    help_text = SETTINGS_BY_NAME[name].help[:20]
    # In the wide layout, which has one column of fields, at the left edge.
    field = rf"(?m)^│ {name} +\d"
    terminal.wait_until(lambda text: re.search(field, text) and text.split("\n")[-1].strip(), name)
    column, line = terminal.find(field)
    terminal.click(column + 22, line)
    terminal.wait_for(help_text)
    # Coming by key selects all that is there.
    terminal.press("tab")
    terminal.wait_until(lambda text: help_text not in text, "the next field")
    terminal.press("shift+tab")
    terminal.wait_for(help_text)
    terminal.press(value)
    terminal.wait_until(lambda text: re.search(rf"\b{name} +{value} .*yours", text), f"{name} {value}")
    terminal.press("escape")
    terminal.wait_for(" t Train", " q Quit")


@pytest.mark.exhaustive
@pytest.mark.skipif(
    not all(map(importlib.util.find_spec, ("torch", "tensorflow"))),
    reason="PyTorch or TensorFlow is not installed; the other tests do with NumPy",
)
def test_three_backends_train_stop_train_again_and_forecast(lstm_tui, shop):
    terminal = lstm_tui(shop, environment=LOUD)
    terminal.wait_for("shop", "300 rows", "NumPy", "PyTorch", "TensorFlow", "t Train")
    assert terminal.full_screen
    terminal.resize(160, 45)
    # Imports take long, and longest beside a training: all three are over before it begins.
    terminal.press("7")
    terminal.wait_until(lambda text: len(re.findall("✓ ready · warm", text)) == 3, "three warm backends")
    terminal.press("2")
    terminal.wait_until(lambda text: re.search(r"epochs +\d+ .*data", text), "settings that follow the data")
    type_setting(terminal, "epochs", "90000")
    type_setting(terminal, "patience", "0")
    terminal.resize(80, 24)
    terminal.wait_until(lambda text: len(text.split("\n")[0]) <= 80, "the smaller screen")

    terminal.press("t")
    terminal.wait_for("training 3 backends", "x Stop")
    terminal.wait_until(
        lambda text: len(epochs(text)) == 3 and all(done for done, _most in epochs(text).values()),
        "an epoch of all three backends",
    )
    assert {most for _done, most in epochs(terminal.text()).values()} == {90000}
    processes = terminal.backends()
    assert set(processes) == set(TITLES)

    # Ctrl+C is the reflex of those who want to leave; a training of hours must not end by it.
    terminal.press("ctrl+c")
    terminal.wait_for("to quit")

    for columns, lines in ((160, 45), (40, 12), (80, 24)):
        terminal.resize(columns, lines)
        terminal.wait_until(
            lambda text, lines=lines: "2 Tra" in text and text.split("\n")[lines - 1].strip(),
            f"the footer in line {lines}",
        )
        if columns >= 80:
            before = terminal.wait_until(lambda text: len(epochs(text)) == 3, "the table")
            terminal.wait_until(
                lambda text, before=before: all(
                    epochs(text).get(title, (0, 0))[0] > done
                    for title, (done, _most) in epochs(before).items()
                ),
                "further epochs",
            )
    assert "training 3 backends" in terminal.text()

    terminal.press("x")
    terminal.wait_for("3 of 3 trained", "t Train")
    text = terminal.wait_until(
        lambda text: len(re.findall("✓ .*best epoch", text)) == 3, "three trained in the table"
    )
    assert all(0 < done < most for done, most in epochs(text).values())
    terminal.press("3")
    terminal.wait_until(in_words("sales: the LSTM", "Offered:", "future"), "a verdict")

    terminal.press("2")
    terminal.resize(160, 45)
    terminal.wait_for("Settings", "Loss by epoch")
    type_setting(terminal, "epochs", "3")
    terminal.press("t")
    terminal.wait_for("training 3 backends")
    terminal.wait_for("3 of 3 trained")
    done = dict.fromkeys(TITLES.values(), (3, 3))
    terminal.wait_until(
        lambda text: epochs(text) == done and len(re.findall("✓ .*best epoch", text)) == 3, "the table again"
    )
    assert terminal.backends() == processes, "imports are paid once"

    terminal.press("3")
    text = terminal.wait_for("sales: the LSTM", "2024-10-27", "seasonal naive", *TITLES.values())
    assert re.search(r"(beats|ties with|loses to) the best", " ".join(text.split()))
    _header, content = text.split("\n", 1)
    assert min(re.findall(r"2024-1\d-\d\d", content)) == "2024-10-27", "the day after the last row"

    terminal.press("q")
    assert terminal.wait_for_end() == 0
    assert terminal.processes() == {}
    assert not terminal.full_screen
    assert terminal.cursor_shown
    assert terminal.text().strip() == "", "the screen is what it was before"
    for word in ("tensorflow/", "oneDNN", "WARNING", "cpu_feature_guard", "Traceback"):
        assert word not in terminal.output
