"""What keys do on the Cross-check screen."""

from lstm_tui.kit.actions import Action, declared

ACTIONS = declared(
    "Cross-check",
    Action("check", "c", "Check", "Compare the chosen backends with the reference, level by level."),
    Action("open_cell", "enter", "Look inside", "Show the tensors of the chosen cell."),
    Action("report", "w", "Save report", "Save what was found as HTML, Markdown or JSON."),
    Action("show_half('found')", "s", "Matrix", "Show the matrix, where there is no room for both."),
    Action("show_half('asked')", "s", "Options", "Show the options again."),
)
