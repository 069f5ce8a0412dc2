"""The list of chapters, with the reader's progress."""

from rich.text import Text
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from lstm_tui.kit.palette import theme_colour
from lstm_tui.learn.reader import Reader


class ChapterList(OptionList):
    """A line for each chapter, and below the current one a line for each step."""

    DEFAULT_CSS = """
    ChapterList, ChapterList:focus {
        height: 1fr; border: none; padding: 0; background: transparent; background-tint: transparent;
        scrollbar-size-vertical: 1;
    }
    """

    _shown: object = None

    def show(self, reader: Reader) -> None:
        """Redraws the list if anything changed."""
        shown = (reader.chapter, reader.step, reader.progress, self.app.theme)
        if shown == self._shown:
            return
        self._shown = shown
        options = []
        for number in range(len(reader.course)):
            options.append(Option(self._chapter(reader, number), id=str(number)))
            if number == reader.chapter:
                steps = range(len(reader.here.steps))
                options += [Option(self._step(reader, place), id=f"{number}/{place}") for place in steps]
        self.set_options(options)
        self.highlighted = reader.chapter + 1 + reader.step

    def _chapter(self, reader: Reader, number: int) -> Text:
        chapter = reader.course[number]
        complete, seen = reader.progress.complete(chapter), reader.progress.steps_seen(chapter)
        line = Text(no_wrap=True)
        line.append("✓ " if complete else "  ", theme_colour(self.app, "success"))
        line.append(f"{number + 1} {chapter.title}", "bold" if number == reader.chapter else "")
        if seen and not complete:
            exercises = " ?" if seen == len(chapter.steps) else ""
            line.append(f"  {seen}/{len(chapter.steps)}{exercises}", theme_colour(self.app, "quiet"))
        return line

    def _step(self, reader: Reader, place: int) -> Text:
        step, name = reader.here.steps[place], reader.here.name
        open_exercises = [one for one in step.exercises if not reader.progress.has_solved(name, one.name)]
        seen = f"{name}/{step.name}" in reader.progress.seen
        sign = "?" if open_exercises else "✓" if seen else " "
        here = place == reader.step
        style = f"bold {theme_colour(self.app, 'accent')}" if here else theme_colour(self.app, "quiet")
        return Text(f"   {sign} {step.title}", style, no_wrap=True, overflow="ellipsis")


def place_of(option: str) -> tuple[int, int]:
    """Chapter and step, from 0, of a line, by its id."""
    chapter, _, step = option.partition("/")
    return int(chapter), int(step or 0)
