"""The actions of the Data screen."""

from lstm_tui.kit.actions import Action, declared

ACTIONS = declared(
    "Data",
    Action("show_half('about')", "s", "Columns", "Show the columns and the read options (narrow terminal)."),
    Action("show_half('seen')", "s", "Plot", "Show the plot and the rows (narrow terminal)."),
    Action("use('target')", "g", "Target", "Toggle the column as a target; Enter cycles through its roles."),
    Action("use('input')", "i", "Input", "Toggle the column as an input."),
    Action("use('known')", "k", "Known", "Toggle the column as known ahead, like a price.", footer=False),
    Action("apply_finding", "a", "Apply", "Apply the selected finding: read the data with its option."),
    Action("findings", "f", "Findings", "Focus the findings; Enter shows all about one.", footer=False),
    Action("zoom", "z", "Zoom", "Focus the chart to zoom and pan with keys."),
    Action(
        "as_found", "u", "As found", "Reset all read options to values inferred from the data.", footer=False
    ),
)
