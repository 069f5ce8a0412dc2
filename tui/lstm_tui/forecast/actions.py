"""The actions of the Forecast screen."""

from lstm_tui.kit.actions import Action, declared

ACTIONS = declared(
    "Forecast",
    Action("next_view('single')", "v", "Single", "Show single forecasts of the test part."),
    Action("next_view('residuals')", "v", "Residuals", "Show the residuals: truth minus forecast."),
    Action("next_view('series')", "v", "Series", "Show the series, its forecast and the scores."),
    Action("show_half('numbers')", "s", "Numbers", "Show the numbers (narrow terminal)."),
    Action("show_half('main')", "s", "Plot", "Show the plot (narrow terminal)."),
    Action(
        "next_reach", "e", "Extent", "Show the end of the series, the test part, or all of it.", footer=False
    ),
    Action("forward", "n", "Next", "Go to the next single forecast or horizon step.", footer=False),
    Action("back", "p", "Previous", "Go to the previous single forecast or horizon step.", footer=False),
    Action("far_forward", "N", "10 forward", "Go forward by 10 forecasts or steps.", footer=False),
    Action("far_back", "P", "10 back", "Go back by 10 forecasts or steps.", footer=False),
    Action("jump('first')", "home", "First forecast", "Go to the first single forecast.", footer=False),
    Action("jump('last')", "end", "Last forecast", "Go to the last single forecast.", footer=False),
    Action(
        "jump('worst')",
        "W",
        "Worst forecast",
        "Go to the single forecast with the largest error.",
        footer=False,
    ),
    Action(
        "jump('best')",
        "B",
        "Best forecast",
        "Go to the single forecast with the smallest error.",
        footer=False,
    ),
    Action("go_to", "g", "Date", "Go to the single forecast of a date.", footer=False),
    Action("baseline", "b", "Baseline", "Show or hide the best baseline.", footer=False),
    Action("next_model", "m", "Model", "Show the residuals of the next backend or baseline.", footer=False),
    Action("next_target", "y", "Next target", "Show the next target.", footer=False),
    Action("save", "w", "Save", "Save the forecast as CSV, Parquet, JSON, SVG or PNG."),
)
