"""The hook that a backend plugin implements.

A plugin is a module with an entry point in the group `lstm_tui.backends`, whose name is the backend's name:

    [project.entry-points."lstm_tui.backends"]
    mine = "my_package"

and in `my_package/__init__.py`:

    from lstm_plugins import Backend, backend_hook

    @backend_hook
    def lstm_backend() -> Backend: ...
"""

import pluggy

from lstm_plugins.backend import Backend

PROJECT = "lstm_tui"
ENTRY_POINT_GROUP = "lstm_tui.backends"

backend_specification = pluggy.HookspecMarker(PROJECT)
backend_hook = pluggy.HookimplMarker(PROJECT)


@backend_specification
def lstm_backend() -> Backend:  # type: ignore[empty-body]
    """Describes the backend; must not import its framework."""
