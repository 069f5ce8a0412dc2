"""What keys do on the Backends screen."""

from lstm_tui.kit.actions import Action, declared

ACTIONS = declared(
    "Backends",
    Action("open_backend", "enter", "Details", "Show all about a backend, and its traceback."),
    Action("switch('off')", "space", "Switch off", "Leave a backend alone in this session."),
    Action("switch('on')", "space", "Switch on", "Use a backend again."),
    Action("warm_up", "w", "Warm up", "Start a backend's process ahead of need."),
)
