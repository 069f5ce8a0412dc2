"""The actions of the Train screen."""

from lstm_tui.kit.actions import Action, declared

ACTIONS = declared(
    "Train",
    Action("show_half('watch')", "s", "Curves", "Show the curves (narrow terminal)."),
    Action("show_half('setup')", "s", "Settings", "Show the settings (narrow terminal)."),
    Action("show_quantity('learning rate')", "v", "Rate", "Show the learning rate."),
    Action("show_quantity('gradient norm')", "v", "Gradient", "Show the gradient norm."),
    Action("show_quantity('loss')", "v", "Loss", "Show the loss."),
    Action("show_scale('linear')", "y", "Linear y", "Use a linear y axis."),
    Action("show_scale('log')", "y", "Log y", "Use a logarithmic y axis."),
    Action("zoom", "z", "Zoom", "Focus the chart to zoom and pan with keys."),
    Action("defaults", "u", "Defaults", "Reset all settings to values inferred from the data.", footer=False),
)
