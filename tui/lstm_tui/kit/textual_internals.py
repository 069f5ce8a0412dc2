"""Everything that reaches into private names of Textual and of other libraries, each with its reason.

The tests of this module fail when a library no longer needs one of these. Written for Textual 8.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.dom import DOMNode


def is_closing(node: DOMNode) -> bool:
    """Whether a node is being removed, so that nothing may be shown on it any more.

    Textual's own `watch` looks here; what is public, `is_running`, is still true for a moment after.
    """
    return node._closing
