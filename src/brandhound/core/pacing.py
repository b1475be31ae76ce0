"""Long work in the background, done so slowly that nobody who waits for an answer notices."""

import asyncio
import time

SHARE = 0.25
"""Part of the time in which such work is done; the rest is left to others."""
LONGEST = 10.0
"""Seconds of one rest, however slow the disk was."""


class Pace:
    """Rests after each part, three times as long as the part took."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    async def rest(self) -> None:
        """Leave the machine to others for a while. No transaction may be open meanwhile."""
        took = time.monotonic() - self._began
        await asyncio.sleep(min(LONGEST, took * (1 / SHARE - 1)))
        self._began = time.monotonic()
