"""A list of sentences on the screen."""

from textual.app import App, ComposeResult

from lstm_tui.kit.bullets import Bullets

NAME = "a-long-name-of-an-export.csv"


class Page(App[None]):
    def compose(self) -> ComposeResult:
        yield Bullets()


async def test_a_bullet_is_never_alone_and_further_lines_are_indented() -> None:
    app = Page()
    async with app.run_test(size=(24, 12)) as pilot:
        bullets = app.query_one(Bullets)
        bullets.show([f"{NAME} is read as text.", "Times are taken from column day."])
        await pilot.pause()
        lines = str(bullets.content).splitlines()
        assert lines[0].startswith("· a-long-name")
        assert [line[:2] for line in lines] == ["· ", "  ", "  ", "· ", "  "]
        assert all(2 < len(line) <= 24 for line in lines)
        await pilot.resize_terminal(80, 12)
        await pilot.pause()
        lines = str(bullets.content).splitlines()
        assert lines == [f"· {NAME} is read as text.", "· Times are taken from column day."]
