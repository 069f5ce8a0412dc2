"""What keys do on the Data screen."""

from lstm_tui.kit.actions import Action, declared

ACTIONS = declared(
    "Data",
    Action("show_half('about')", "s", "Columns", "Show the columns and how the data were read."),
    Action("show_half('seen')", "s", "Plot", "Show plot and rows again."),
    Action("use('target')", "g", "Target", "Forecast the column, or no longer; Enter takes the next use."),
    Action("use('input')", "i", "Input", "Let forecasts see the column, or no longer."),
    Action("zoom", "z", "Zoom", "Give the chart the keys that zoom and move it."),
    Action(
        "as_found", "u", "As found", "Leave every decision of reading to the program again.", footer=False
    ),
)
