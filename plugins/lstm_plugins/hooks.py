"""The hook a backend plugin implements, and the names around it.

A plugin is a module behind an entry point of group `lstm_tui.backends`, the entry point's name being the
backend's:

    [project.entry-points."lstm_tui.backends"]
    mine = "my_package"

with, in `my_package/__init__.py`:

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
