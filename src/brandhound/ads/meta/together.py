"""Several things at once, none of which is left behind."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


async def together(*doing: Awaitable[T]) -> list[T]:
    """What each came to, in order. What went wrong is raised when all of them are over, and nothing goes on behind it."""
    found = await asyncio.gather(*doing, return_exceptions=True)
    results: list[T] = []
    for one in found:
        if isinstance(one, BaseException):
            raise one
        results.append(one)
    return results
