"""How much work waits for each provider. Work is of packages above this one: they say how to count it."""

from collections.abc import Awaitable, Callable, Mapping

Count = Callable[[], Awaitable[Mapping[str, int]]]

_counts: list[Count] = []


def counts_parked(count: Count) -> Count:
    """Register a function that counts what waits, by provider."""
    _counts.append(count)
    return count


async def parked_by_provider() -> dict[str, int]:
    """How many things wait for each provider, over all organizations."""
    total: dict[str, int] = {}
    for count in _counts:
        for provider, number in (await count()).items():
            total[provider] = total.get(provider, 0) + number
    return total
