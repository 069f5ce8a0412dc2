"""The keys of the Inspect screen."""

from functools import partial

from lstm_tui.kit.actions import Action, declared

_hidden = partial(Action, footer=False)

ACTIONS = declared(
    "Inspect",
    Action("next_look('unit')", "v", "Unit", "Draw one unit as lines over the window."),
    Action("next_look('gradients')", "v", "Gradients", "Show where the gradient comes from and vanishes."),
    Action("next_look('batch')", "v", "Batch", "Show what each window of a batch adds to the update."),
    Action("next_look('backends')", "v", "Backends", "Compare two backends."),
    Action("next_look('weights')", "v", "Weights", "Show the weights and how training changed them."),
    Action("next_look('gates')", "v", "Gates", "Show the gates and states again."),
    _hidden("view_before", "V", "Previous view", "Show the previous view."),
    Action("show_half('numbers')", "s", "Numbers", "Show the numbers, if there is no room for both."),
    Action("show_half('inside')", "s", "Picture", "Show the picture again."),
    _hidden("look_into('lines')", "enter", "Lines", "Draw the unit as lines over the window."),
    _hidden("look_into('heatmaps')", "enter", "Heatmaps", "Show all units again."),
    _hidden("look_into('window')", "enter", "Window", "Open this window of the batch."),
    _hidden(
        "move_cursor('right')", "right", "Next step", "Go to the next step, or the next window of a batch."
    ),
    _hidden("move_cursor('left')", "left", "Previous step", "Go to the previous step or window."),
    _hidden("move_cursor('down')", "down", "Next unit", "Go to the next unit or weight array."),
    _hidden("move_cursor('up')", "up", "Previous unit", "Go to the previous unit or weight array."),
    _hidden("scroll_numbers('down')", "pagedown", "Numbers down", "Scroll the numbers down."),
    _hidden("scroll_numbers('up')", "pageup", "Numbers up", "Scroll the numbers up."),
    _hidden(
        "move_window('next')", "n", "Next window", "Go to the next window of the part, or the next batch."
    ),
    _hidden("move_window('previous')", "p", "Previous window", "Go to the previous window or batch."),
    _hidden("move_window('next 10')", "N", "10 forward", "Go 10 windows or batches forward."),
    _hidden("move_window('previous 10')", "P", "10 back", "Go 10 windows or batches back."),
    _hidden("worst", "W", "Worst window", "Go to the window with the largest error."),
    _hidden("go_to_window", "g", "Go to", "Go to the window with a date or a number."),
    _hidden("next_part", "k", "Part", "Go to the worst window of the next part of the series."),
    Action("next_weights", "e", "Epoch", "Use the weights of the next snapshot, or the best weights."),
    _hidden("next_member", "m", "Network", "Show the next network of the ensemble."),
    Action("next_since", "E", "Since", "Count changes from the next snapshot."),
    Action("next_backend", "b", "Backend", "Compute with the next backend."),
    Action("next_layer", "y", "Layer", "Show the next layer or direction."),
    _hidden("next_order", "u", "Sort", "Sort the units by index, activity or correlation."),
    Action("next_choice", "c", "Choose", "Show the next gate or state, or the next array."),
    Action("save_look", "w", "Save", "Save the view as SVG or PNG, or its arrays as NPZ."),
)
