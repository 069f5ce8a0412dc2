"""The actions of the Learn screen."""

from lstm_tui.kit.actions import Action, declared

ACTIONS = declared(
    "Learn",
    Action("turn('next')", "n", "Next", "Go to the next step."),
    Action("turn('back')", "p", "Back", "Go to the previous step."),
    Action("turn_chapter('next')", "N", "Next chapter", "Go to the next chapter.", footer=False),
    Action("turn_chapter('back')", "P", "Previous chapter", "Go to the previous chapter.", footer=False),
    Action("pick_change('next')", "down", "Next value", "Select the next value.", footer=False),
    Action("pick_change('back')", "up", "Previous value", "Select the previous value.", footer=False),
    Action("alter('less')", "left", "Less", "Decrease the value by one step."),
    Action("alter('more')", "right", "More", "Increase the value by one step."),
    Action("alter('much less')", "shift+left", "Much less", "Decrease it by ten steps.", footer=False),
    Action("alter('much more')", "shift+right", "Much more", "Increase it by ten steps.", footer=False),
    Action("type_value", "enter", "Type", "Type a value.", footer=False),
    Action("run_change('on')", "space", "Run", "Let the value run by itself."),
    Action("run_change('off')", "space", "Stop", "Stop the running value."),
    Action("restore", "u", "Reset", "Reset all values of the step."),
    Action("show_hint", "h", "Hint", "Show a hint for the exercise."),
    Action("scroll_figures('down')", "pagedown", "Figures down", "Scroll the figures down.", footer=False),
    Action("scroll_figures('up')", "pageup", "Figures up", "Scroll the figures up.", footer=False),
    Action("next_source", "v", "Next source", "Show the source of the next backend."),
    Action("show_half('chapters')", "s", "Chapters", "Show the chapters (narrow terminal)."),
    Action("show_half('step')", "s", "Step", "Show the step (narrow terminal)."),
)
