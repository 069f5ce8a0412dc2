"""The keys of the Backtest screen."""

from lstm_tui.kit.actions import Action, declared

ACTIONS = declared(
    "Backtest",
    Action("backtest", "b", "Start", "Forecast from many origins of the open series."),
    Action("open_origin", "enter", "Origin", "Show the forecasts from the selected origin."),
    Action("next_chart", "v", "Chart", "Show the error by step, coverage over time, or the worst origins."),
    Action(
        "next_model",
        "m",
        "Model",
        "Show the worst origins and the coverage of the next model.",
        id="model_of_backtest",
    ),
    Action("next_target", "n", "Target", "Show the next target.", id="target_of_backtest"),
    Action("save", "w", "Save", "Save the forecasts from all origins.", id="save_backtest"),
    Action("show_half('found')", "s", "Result", "Show the result, if there is no room for both."),
    Action("show_half('asked')", "s", "Options", "Show the options again."),
)
