"""The actions of the Forecast screen."""

from lstm_tui.kit.actions import Action, declared

ACTIONS = declared(
    "Forecast",
    Action("next_view('single')", "v", "Single", "Show single forecasts of the test part."),
    Action("next_view('residuals')", "v", "Residuals", "Show the residuals: truth minus forecast."),
    Action("next_view('series')", "v", "Series", "Show the series, its forecast and the scores."),
    Action("show_half('numbers')", "s", "Numbers", "Show the numbers (narrow terminal)."),
    Action("show_half('main')", "s", "Plot", "Show the plot (narrow terminal)."),
    Action("next_reach", "e", "Extent", "Show more of the series, or only its end.", footer=False),
    Action("move(1)", "n", "Next", "Go to the next forecast or step.", footer=False, id="forward"),
    Action("move(-1)", "p", "Previous", "Go to the previous forecast or step.", footer=False, id="back"),
    Action("move(10)", "N", "10 forward", "Skip 10 forecasts or steps.", footer=False, id="far_forward"),
    Action("move(-10)", "P", "10 back", "Go back 10 forecasts or steps.", footer=False, id="far_back"),
    Action("jump('first')", "home", "First forecast", "Go to the first single forecast.", footer=False),
    Action("jump('last')", "end", "Last forecast", "Go to the last single forecast.", footer=False),
    Action("jump('worst')", "W", "Worst forecast", "Go to the largest error.", footer=False),
    Action("jump('best')", "B", "Best forecast", "Go to the smallest error.", footer=False),
    Action("go_to", "g", "Date", "Go to the single forecast of a date.", footer=False),
    Action("baseline", "b", "Baseline", "Show or hide the best baseline.", footer=False),
    Action(
        "next_model", "m", "Model", "Put another model's forecast first, or show its residuals.", footer=False
    ),
    Action("next_target", "y", "Next target", "Show the next target.", footer=False),
    Action("what_if", "f", "What if", "Change what is known ahead, and see the forecast for it."),
    Action("save", "w", "Save", "Save the forecast as CSV, Parquet, JSON, SVG or PNG."),
)
