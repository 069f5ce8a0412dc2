"""What keys do on the Forecast screen."""

from lstm_tui.kit.actions import Action, declared

ACTIONS = declared(
    "Forecast",
    Action("next_view('single')", "v", "Single", "See any one forecast of the test part."),
    Action("next_view('residuals')", "v", "Residuals", "See what the forecasts left over."),
    Action("next_view('series')", "v", "Series", "See the whole: test part, future, scores."),
    Action("show_half('numbers')", "s", "Numbers", "Show the numbers, where there is no room for both."),
    Action("show_half('main')", "s", "Plot", "Show the plot again."),
    Action(
        "next_reach", "e", "Extent", "Show the end of the series, the test part, or all of it.", footer=False
    ),
    Action(
        "forward", "n", "Next", "Go to the next single forecast, or horizon step of residuals.", footer=False
    ),
    Action("back", "p", "Previous", "Go to the previous one.", footer=False),
    Action("far_forward", "N", "10 on", "Go 10 single forecasts or steps on.", footer=False),
    Action("far_back", "P", "10 back", "Go 10 single forecasts or steps back.", footer=False),
    Action("jump('first')", "home", "First forecast", "Go to the first single forecast.", footer=False),
    Action("jump('last')", "end", "Last forecast", "Go to the last single forecast.", footer=False),
    Action("jump('worst')", "W", "Worst forecast", "Go to that with the largest error.", footer=False),
    Action("jump('best')", "B", "Best forecast", "Go to that with the smallest error.", footer=False),
    Action("go_to", "g", "Date", "Go to the single forecast of a date.", footer=False),
    Action("baseline", "b", "Baseline", "Show the best baseline beside a single forecast.", footer=False),
    Action("next_model", "m", "Model", "Show the residuals of the next backend or baseline.", footer=False),
    Action("next_target", "y", "Next target", "Show the next of several targets.", footer=False),
    Action("save", "w", "Save", "Save the forecast as CSV, Parquet, JSON, SVG or PNG."),
)
