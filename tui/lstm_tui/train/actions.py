"""What keys do on the Train screen."""

from lstm_tui.kit.actions import Action, declared

ACTIONS = declared(
    "Train",
    Action("show_half('watch')", "s", "Curves", "Show the curves, where there is no room for both."),
    Action("show_half('setup')", "s", "Settings", "Show the settings again."),
    Action("show_quantity('learning rate')", "v", "Rate", "Draw the learning rate."),
    Action("show_quantity('gradient norm')", "v", "Gradient", "Draw the gradient norm."),
    Action("show_quantity('loss')", "v", "Loss", "Draw the loss again."),
    Action("show_scale('linear')", "y", "Linear y", "Make the y axis a linear one."),
    Action("show_scale('log')", "y", "Log y", "Make the y axis a log one again."),
    Action("zoom", "z", "Zoom", "Give the chart the keys that zoom and move it."),
    Action("defaults", "u", "Defaults", "Take all settings back to what the data suggests.", footer=False),
)
