"""What keys do on the Inspect screen."""

from lstm_tui.kit.actions import Action, declared

ACTIONS = declared(
    "Inspect",
    Action("next_look('unit')", "v", "Unit", "Draw one unit as lines over the window."),
    Action("next_look('gradients')", "v", "Gradients", "See where the gradient comes from."),
    Action("next_look('batch')", "v", "Batch", "See what each window of a batch gives to the update."),
    Action("next_look('backends')", "v", "Backends", "Hold two backends against each other."),
    Action("next_look('weights')", "v", "Weights", "See the weights and what training changed."),
    Action("next_look('gates')", "v", "Gates", "See the gates and states again."),
    Action("view_before", "V", "View before", "Go back to the view before.", footer=False),
    Action("show_half('numbers')", "s", "Numbers", "Show the numbers, where there is no room for both."),
    Action("show_half('inside')", "s", "Picture", "Show the picture again."),
    Action("look_into('lines')", "enter", "Lines", "Draw the unit as lines over the window.", footer=False),
    Action("look_into('heatmaps')", "enter", "Heatmaps", "See all units again.", footer=False),
    Action("look_into('window')", "enter", "Window", "See inside this window of the batch.", footer=False),
    Action(
        "move_cursor('right')",
        "right",
        "Next step",
        "Go to the next step, or window of a batch.",
        footer=False,
    ),
    Action("move_cursor('left')", "left", "Step before", "Go to the one before.", footer=False),
    Action("move_cursor('down')", "down", "Next unit", "Go to the next unit, or weight array.", footer=False),
    Action("move_cursor('up')", "up", "Unit before", "Go to the one before.", footer=False),
    Action("scroll_numbers('down')", "pagedown", "Numbers on", "Scroll the numbers on.", footer=False),
    Action("scroll_numbers('up')", "pageup", "Numbers back", "Scroll the numbers back.", footer=False),
    Action(
        "move_window('next')",
        "n",
        "Next window",
        "Go to the next window of the part, or batch.",
        footer=False,
    ),
    Action("move_window('previous')", "p", "Window before", "Go to the one before.", footer=False),
    Action("move_window('next 10')", "N", "10 windows on", "Go 10 windows or batches on.", footer=False),
    Action(
        "move_window('previous 10')", "P", "10 windows back", "Go 10 windows or batches back.", footer=False
    ),
    Action("worst", "W", "Worst window", "Go to the window with the largest error.", footer=False),
    Action("go_to_window", "g", "Go to", "Go to the window of a date or a number.", footer=False),
    Action("next_part", "k", "Part", "Go to the worst window of the next part of the series.", footer=False),
    Action("next_weights", "e", "Epoch", "Take the weights of the next snapshot, or the best."),
    Action("next_since", "E", "Since", "Count changes from the next snapshot."),
    Action("next_backend", "b", "Backend", "Have the next backend compute."),
    Action("next_layer", "y", "Layer", "Show the next layer or direction."),
    Action("next_order", "u", "Sort", "Sort the units by index, activity or correlation.", footer=False),
    Action("next_choice", "c", "Choose", "Show the next of the six values, or the next array."),
    Action("save_look", "w", "Save", "Save the view as SVG or PNG, or its arrays as NPZ."),
)
