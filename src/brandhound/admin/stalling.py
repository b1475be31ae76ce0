"""Noticing that an event loop stands still: something in it computes or waits, and nobody else in this process gets a turn.

The beats of other threads go on meanwhile, so that the process looks alive. Hence a thread that asks the loop itself.
"""

import asyncio
import logging
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from typing import Any

from brandhound.admin.faults import short_name
from brandhound.core.measuring import gauge, metric

STALL = metric(
    "brandhound_event_loop_stall_seconds", "gauge", "How long the event loop of a process let one wait for its turn."
)

ASK = 1.0
"""Seconds between two questions."""

LONG = 5.0
"""Seconds without an answer after which it is told what the loop is busy with."""

_MOST_FRAMES = 25

_log = logging.getLogger("brandhound.stall")


def stall_of(figures: Mapping[str, Any]) -> float:
    """The last stall among the figures that a process told of itself."""
    return float(figures.get(STALL.name, {}).get("", 0.0))


class LoopWatch(threading.Thread):
    """Asks the running event loop again and again whether it still answers. To be made in that loop."""

    def __init__(self, *, every: float = ASK, long: float = LONG) -> None:
        super().__init__(daemon=True, name="loop-watch")
        self._loop = asyncio.get_running_loop()
        self._watched = threading.get_ident()
        self._every, self._long = every, long
        self._asked_at: float | None = None
        self._longest = 0.0
        self._told = False
        self._stopping = threading.Event()
        gauge(STALL, lambda: {(): self.longest()})

    def run(self) -> None:
        """Ask until stopped, or until the loop is closed."""
        while not self._stopping.wait(self._every):
            asked_at = self._asked_at
            if asked_at is not None:
                self._tell_if_long(time.monotonic() - asked_at)
                continue
            self._asked_at = time.monotonic()
            try:
                self._loop.call_soon_threadsafe(self._answer)
            except RuntimeError:
                return

    def stop(self) -> None:
        """Ask no more."""
        self._stopping.set()

    def longest(self) -> float:
        """The longest wait for an answer since this was last asked for, also of the one that is still waited for."""
        longest, self._longest = self._longest, 0.0
        asked_at = self._asked_at
        return max(longest, time.monotonic() - asked_at if asked_at is not None else 0.0)

    def _answer(self) -> None:
        waited = time.monotonic() - (self._asked_at or time.monotonic())
        self._asked_at = None
        self._longest = max(self._longest, waited)
        if self._told:
            self._told = False
            _log.warning("the event loop goes on", extra={"seconds": round(waited, 1)})

    def _tell_if_long(self, waited: float) -> None:
        if waited < self._long or self._told:
            return
        self._told = True
        # The place is the whole point: by the time somebody looks, it may have gone on.
        text = "the event loop stands still: nothing else in this process gets its turn"
        _log.warning(text, extra={"seconds": round(waited, 1), "busy_with": self._busy_with()})

    def _busy_with(self) -> str:
        frame = sys._current_frames().get(self._watched)  # pyright: ignore[reportPrivateUsage]
        if frame is None:
            return "unknown"
        frames = traceback.extract_stack(frame)[-_MOST_FRAMES:]
        return "\n".join(f"{short_name(one.filename)}, line {one.lineno}, in {one.name}" for one in frames)
