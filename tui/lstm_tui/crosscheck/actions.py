"""The keys of the Cross-check screen."""

from lstm_tui.kit.actions import Action, declared

ACTIONS = declared(
    "Cross-check",
    Action("check", "c", "Check", "Compare the selected backends with the reference, level by level."),
    Action("open_cell", "enter", "Details", "Show the tensors of the selected cell."),
    Action("report", "w", "Save report", "Save the report as HTML, Markdown or JSON."),
    Action("show_half('found')", "s", "Matrix", "Show the matrix, if there is no room for both."),
    Action("show_half('asked')", "s", "Options", "Show the options again."),
)
