"""Lets the engine look at a queue when there is something in it, and otherwise seldom."""

import threading
import time

REST = 0.05
"""Seconds between two looks at the least, however often it rings."""
QUIET = 30.0
"""Seconds without a ring after which a queue counts as idle: what begins there and what ends both ring."""
SELDOM = 5
"""So many times longer is the wait at an idle queue. It is only a net: whatever is queued rings."""


class Doorbell(threading.Event):
    """The engine's sign to stop, on which its queue threads wait between two looks: a ring only ends the wait."""

    def __init__(self) -> None:
        super().__init__()
        self._bell = threading.Condition()
        self._rings = 0
        self._answered = 0
        self._looked_at = 0.0
        self._rung_at = time.monotonic()

    def ring(self) -> None:
        """Let the thread that waits look at once; one that is looking looks once more."""
        with self._bell:
            self._rings += 1
            self._rung_at = time.monotonic()
            self._bell.notify_all()

    def set(self) -> None:
        """Let the thread stop."""
        super().set()
        self.ring()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for a ring, the sign to stop, or the time-out, which is longer where nothing happens; whether it was the sign
        to stop.
        """
        now = time.monotonic()
        with self._bell:
            longer = SELDOM if now - self._rung_at > QUIET else 1
            ends = now + (3600.0 if timeout is None else timeout * longer)
            while not self.is_set() and self._rings == self._answered and (left := ends - time.monotonic()) > 0:
                self._bell.wait(left)
            # Gathers rings that come close together, so that a burst is one look.
            while not self.is_set() and (rest := self._looked_at + REST - time.monotonic()) > 0:
                self._bell.wait(rest)
            self._answered = self._rings
            self._looked_at = time.monotonic()
        return self.is_set()
