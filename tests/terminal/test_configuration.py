"""A project's file, a variable and a flag, in the app as a person sees it."""

import re

import pytest


@pytest.mark.exhaustive
def test_the_app_opens_with_settings_theme_and_keys_of_the_project(lstm_tui, shop, tmp_path):
    (tmp_path / "lstm-tui.toml").write_text(
        '[settings]\nhidden_units = 5\n[app]\nbackends = "numpy"\ntheme = "light"\n'
        '[keys]\ntrain = "f5"\nshow_forecast = "f2"\n'
    )
    terminal = lstm_tui(
        shop, "--look-back", "28", columns=120, lines=45, environment={"LSTM_TUI_HORIZON": "3"}
    )
    terminal.wait_for("300 rows", "f5 Train", "F2 Forecast")
    for name, value in (("look_back", 28), ("horizon", 3), ("hidden_units", 5)):
        terminal.wait_until(lambda text, row=rf"{name} +{value} .*yours": re.search(row, text), name)
    terminal.press("q")
    assert terminal.wait_for_end() == 0


def test_a_mistake_in_the_file_is_told_before_the_screen_opens(lstm_tui, shop, tmp_path):
    (tmp_path / "lstm-tui.toml").write_text('[keys]\ntrain = "o"\n')
    terminal = lstm_tui(shop, columns=160)
    assert terminal.wait_for_end() == 2
    assert 'Error: lstm-tui.toml, line 2: [keys] train: "o" is already the key of open' in terminal.text()
    assert not terminal.full_screen
