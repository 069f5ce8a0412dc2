"""What keys do on the Learn screen."""

from lstm_tui.kit.actions import Action, declared

ACTIONS = declared(
    "Learn",
    Action("turn('next')", "n", "Next", "Go to the next step."),
    Action("turn('back')", "p", "Back", "Go to the step before."),
    Action("turn_chapter('next')", "N", "Next chapter", "Go to the next chapter.", footer=False),
    Action("turn_chapter('back')", "P", "Chapter before", "Go to the chapter before.", footer=False),
    Action("pick_change('next')", "down", "Next value", "Give the arrows the next value.", footer=False),
    Action("pick_change('back')", "up", "Value before", "Give them the value before.", footer=False),
    Action("alter('less')", "left", "Less", "Make the value smaller."),
    Action("alter('more')", "right", "More", "Make the value larger."),
    Action("alter('much less')", "shift+left", "Much less", "Make it smaller by ten strides.", footer=False),
    Action("alter('much more')", "shift+right", "Much more", "Make it larger by ten strides.", footer=False),
    Action("type_value", "enter", "Type", "Type the value.", footer=False),
    Action("run_change('on')", "space", "Run", "Let the value run by itself."),
    Action("run_change('off')", "space", "Halt", "Halt it where it is."),
    Action("restore", "u", "As it was", "Take all values of the step back to what they were."),
    Action("show_hint", "h", "Hint", "Say how one might begin with the exercise."),
    Action("scroll_figures('down')", "pagedown", "Figures down", "Scroll the figures down.", footer=False),
    Action("scroll_figures('up')", "pageup", "Figures up", "Scroll the figures up.", footer=False),
    Action("next_source", "v", "Next source", "Show the source of the next backend."),
    Action("show_half('chapters')", "s", "Chapters", "Show the chapters, where there is no room for both."),
    Action("show_half('step')", "s", "Step", "Show the step again."),
)
