"""The one configuration of logging, for every process: each record once to standard output and once into the database.

Safe to begin twice, to fork, to redirect and to close: none of it doubles a line, loses one, or ends the process.
"""

import atexit
import io
import json
import logging
import multiprocessing.util
import os
import select
import sys
import threading
from contextlib import suppress
from datetime import datetime
from typing import IO, Literal, TextIO

import structlog

from brandhound.core.logs.lines import Speaker, line_of, make_line
from brandhound.core.logs.shipping import LOUD, Shipper
from brandhound.core.logs.spool import Spool
from brandhound.core.settings import settings
from brandhound.core.wording import count_of

Process = Literal["web", "worker", "cli"]

SPOOL = "logs-spool"
"""The folder in the data directory where lines wait for a database that is away."""
PATIENCE = 5.0
"""Seconds that a process which ends gives its last lines to be stored; then they are left on disk."""

# They say much that is about nobody; what they warn of is heard.
_QUIET = ("httpx", "httpcore", "trafilatura", "dbos", "asyncio", "sqlalchemy", "fontTools", "uvicorn.access")
# They bring handlers of their own: their records go through ours, once.
_WITH_HANDLERS = ("uvicorn", "uvicorn.error", "uvicorn.access", "dbos")
_TOLD = "_brandhound_told"


class RecordingHandler(logging.Handler):
    """Makes each record a line of JSON, and gives it to standard output and to the shipper.

    A terminal gets what is at least a warning, in words. All of it where the log level is debug.
    """

    def __init__(self, process: Process, stream: TextIO, *, store: bool, printed: int) -> None:
        super().__init__()
        self.printed = printed
        self.process: Process = process
        self.stream = stream
        self.plain = stream.isatty()
        if self.plain and not logging.getLogger(__name__).isEnabledFor(logging.DEBUG):
            # People watch a terminal for what they have to know, such as the link that a start prints.
            self.printed = max(printed, logging.WARNING)
        self.store = store
        self._descriptor = _descriptor(stream)
        self._closed_stream = False
        self._begin()

    def _begin(self) -> None:
        self.speaker = Speaker(self.process)
        spool = Spool(settings().data_dir / SPOOL, settings().log_spool_mb * 1_000_000, self.speaker.boot)
        self.shipper = Shipper(spool, self._skipped)

    def begin_anew_in_child(self) -> None:
        """After a fork: another author, with nothing of the parent's waiting, and a thread when it has something to say."""
        self.shipper.abandon()
        self._begin()

    def emit(self, record: logging.LogRecord) -> None:
        try:
            error = record.exc_info[1] if record.exc_info else None
            if error is not None and hasattr(error, _TOLD):
                return  # A library reports once more what we have told already.
            line = line_of(record, self.speaker)
        except Exception:
            self.handleError(record)
            return
        if record.levelno >= self.printed:
            self._to_stream(plain(line) if self.plain else line)
        if self.store and not hasattr(record, LOUD):
            self.shipper.put(line)

    def _skipped(self, lines: int) -> bytes:
        return make_line(
            self.speaker, logging.WARNING, "brandhound.logs", f"{count_of(lines, 'line')} skipped", {"skipped": lines}
        )

    def _to_stream(self, line: bytes) -> None:
        if self._closed_stream:
            return
        try:
            if self._descriptor is None:
                self.stream.write(line.decode() + "\n")
                self.stream.flush()
                return
            # Past Python's buffers, which a forked child would write a second time, and in one piece if the system can.
            _write(self._descriptor, line + b"\n")
        except (OSError, ValueError):
            # Nobody reads any more (a closed pipe or stream): the database does, and that is said once.
            self._closed_stream = True
            if self.store:
                text = "standard output is closed: lines go into the database only"
                self.shipper.put(make_line(self.speaker, logging.WARNING, "brandhound.logs", text, {}))


def plain(line: bytes) -> bytes:
    """A line of JSON as people read it in a terminal, in the zone of the machine."""
    said = json.loads(line)
    at = datetime.fromisoformat(said["at"]).astimezone()
    last = str(said.get("traceback", "")).strip().rpartition("\n")[2]
    text = f"{at:%H:%M:%S} {said['level']}: {said['message']}" + (f" ({last})" if last else "")
    return text.encode(errors="replace")


_handler: RecordingHandler | None = None


def start(process: Process, *, stream: TextIO | None = None, store: bool = True, printed: int = logging.NOTSET) -> None:
    """Record from now on what this process and its libraries log. Safe to repeat: no record is written twice.

    `stream` is standard output unless given, and gets what is at least of the level `printed`: JSON, or if it is a terminal
    warnings in words. `store=False` leaves the
    database out.
    """
    global _handler  # noqa: PLW0603
    if _handler is not None:
        stop()
    root = logging.getLogger()
    root.setLevel(settings().log_level.upper())
    _handler = RecordingHandler(process, stream or sys.stdout, store=store, printed=printed)
    root.handlers = [_handler]
    logging.captureWarnings(True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in _WITH_HANDLERS:
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def flush(seconds: float = PATIENCE) -> bool:
    """Wait until everything said so far is stored, or on disk if the database is away; whether that was reached."""
    return _handler is None or _handler.shipper.flush(seconds)


def stop(seconds: float = PATIENCE) -> None:
    """Store what waits and record no more. For the end of a process that ends without Python's own end."""
    global _handler
    if _handler is None:
        return
    root = logging.getLogger()
    root.handlers = [handler for handler in root.handlers if handler is not _handler]
    ending, _handler = _handler, None
    ending.shipper.end(seconds)


def told(error: BaseException) -> None:
    """Say that this failure is in the log already: libraries that report it once more are not heard."""
    with suppress(AttributeError):
        setattr(error, _TOLD, True)


class _Forking(threading.local):
    """Whose connecting this thread holds up while it forks."""

    shipper: Shipper | None = None


_forking = _Forking()


def _before_fork() -> None:
    shipper = _handler.shipper if _handler is not None else None
    if shipper is not None and shipper.hold_for_fork():
        _forking.shipper = shipper


def _after_fork_in_parent() -> None:
    if _forking.shipper is not None:
        _forking.shipper.go_on_after_fork()
        _forking.shipper = None


def _after_fork_in_child() -> None:
    _forking.shipper = None
    if _handler is not None:
        _handler.begin_anew_in_child()


def _end_with_child(_: object) -> None:
    """multiprocessing ends its children without Python's own end, and after a fork forgets what was registered before."""
    if _handler is not None:
        multiprocessing.util.Finalize(None, stop, exitpriority=-1)


def _write(descriptor: int, line: bytes) -> None:
    """Write a line; not at all if the reader is slow and we were told not to wait for it: the database has the line."""
    rest = line
    while rest:
        try:
            rest = rest[os.write(descriptor, rest) :]
        except BlockingIOError:
            # Half a line would spoil the next one.
            if rest is line or not select.select([], [descriptor], [], 1.0)[1]:
                return


def _descriptor(stream: TextIO | IO[str]) -> int | None:
    """The file behind a stream, if it is one."""
    try:
        stream.flush()
        return stream.fileno()
    except (OSError, ValueError, AttributeError, io.UnsupportedOperation):
        return None


os.register_at_fork(before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child)
multiprocessing.util.register_after_fork(sys.modules[__name__], _end_with_child)
atexit.register(stop)
