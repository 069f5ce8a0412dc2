"""The screens of the tabs; each is imported when first shown, or in advance."""

import importlib
from pathlib import Path, PurePath

from lstm_tui.app.footer import KeyLine
from lstm_tui.app.header import Header, TabLine
from lstm_tui.kit.tab_screen import TabScreen
from lstm_tui.registry import FEATURES, TABS, Feature

_HERE = Path(__file__).parent


def first_sheets(feature: str) -> list[str | PurePath]:
    """The style sheets that a tab needs at the start of the app, relative to this folder."""
    return ["app.tcss", f"../{feature}/screen.tcss"]


def all_sheets() -> list[PurePath]:
    """The style sheets of the app, of the kit and of all features."""
    folders = ("app", "kit", *(feature.name for feature in FEATURES))
    return [sheet for folder in folders for sheet in sorted((_HERE.parent / folder).glob("*.tcss"))]


def screen_class(feature: Feature) -> type[TabScreen]:
    """The class of a tab's screen."""
    found: type[TabScreen] = getattr(
        importlib.import_module(f"lstm_tui.{feature.name}.screen"), feature.screen
    )
    return found


def make_screen(feature: Feature) -> TabScreen:
    """The screen of a tab, with header, tabs and footer around its content."""
    return screen_class(feature)(above=(Header(), TabLine(feature.name)), below=(KeyLine(),))


def import_screens() -> None:
    """Imports all screens and their parts in advance."""
    for feature in TABS:
        for part in screen_class(feature).PARTS:
            importlib.import_module(part)
