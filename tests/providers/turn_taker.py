"""A process of its own that takes turns at a service, and says when it had them."""

import asyncio
import sys
from uuid import UUID

from brandhound.core.db import close_engines
from brandhound.providers.callees import Service
from brandhound.providers.limits import limiter


async def take_turns(model: str, turns: int) -> None:
    for _ in range(turns):
        grant = await limiter().acquire(Service("somebody", "", model), UUID(int=1))
        print(grant.at, flush=True)
        await limiter().release(grant)
    await close_engines()


if __name__ == "__main__":
    asyncio.run(take_turns(sys.argv[1], int(sys.argv[2])))
