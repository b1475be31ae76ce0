"""What the engine says goes into our log, and what it says over and over is said once a minute."""

import logging
import time

_AGAIN = 60.0
_DATABASE_IS_AWAY = ("OperationalError", "InterfaceError", "AdminShutdown", "terminating connection")


class Briefly(logging.Filter):
    """Lets one line a minute through about a database that is away.

    Without a database each of the engine's threads says so once a second, with a hundred lines of where it was; the worker's
    own parts say it in a line each.
    """

    def __init__(self) -> None:
        super().__init__()
        self._last = -_AGAIN

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if not any(sign in text for sign in _DATABASE_IS_AWAY):
            return True
        now = time.monotonic()
        if now - self._last < _AGAIN:
            return False
        self._last = now
        record.msg, record.args = text.partition("\n")[0].removesuffix(": Traceback (most recent call last):"), ()
        return True


_briefly = Briefly()


def hear_engine() -> None:
    """Let the engine's log lines go where all others go. Safe to repeat; to be called after the engine was made.

    It prints by itself where nobody has given it a handler, and tells nobody else.
    """
    engine = logging.getLogger("dbos")
    engine.handlers = []
    engine.propagate = True
    engine.addFilter(_briefly)  # The same one is not added twice.
