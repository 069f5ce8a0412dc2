"""Functions in threads, whatever they raise."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


async def in_thread(
    function: Callable[Arguments, Answer], *arguments: Arguments.args, **named: Arguments.kwargs
) -> Answer:
    """The answer of a function that runs in a thread.

    Raises:
        RuntimeError: a library panicked. Panics of libraries in Rust, such as polars, are no `Exception`s, so
            a Textual worker would end without telling anybody.
    """
    try:
        return await asyncio.to_thread(function, *arguments, **named)
    except (Exception, asyncio.CancelledError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        raise RuntimeError(f"{type(error).__name__}: {error}") from error
