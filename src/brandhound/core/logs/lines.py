"""One record as one line of JSON: numbered, short enough, without secrets, and saying whose work it is about."""

import itertools
import logging
import os
import secrets
import socket
import sys
import traceback
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, cast
from uuid import UUID

from pydantic_core import to_json, to_jsonable_python

from brandhound.core import clock
from brandhound.core.ids import NOBODY
from brandhound.core.logs.context import FIELDS, bound_now
from brandhound.core.logs.redacting import MASK, is_secret_name, redact, redact_facts
from brandhound.core.wording import sayable

LONGEST_TEXT = 8_000
LONGEST_TRACEBACK = 16_000
LARGEST_FACTS = 16_000

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]
_LEVELS = ((40, "error"), (30, "warning"), (20, "info"), (0, "debug"))
# What every record of the standard library has; the rest was given by the caller as `extra`.
_ORDINARY = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}
_NOBODY = str(NOBODY)


class Speaker:
    """The process as the author of lines. A forked child is another one: no two ever use the same number."""

    def __init__(self, process: str) -> None:
        self.process = process
        self.pid = os.getpid()
        self.boot = secrets.token_hex(6)
        self.host = socket.gethostname()
        self._numbers = itertools.count(1)
        self._mark = secrets.randbits(30)

    def next_number(self) -> int:
        """Counts up from 1."""
        return next(self._numbers)

    def id_of(self, at: datetime, number: int) -> UUID:
        """Identifies a line for ever: the same line written twice is recognised. Sorts by time, then by number.

        It is a UUID of version 7 whose time has microseconds, so that it tells where in the table the line is.
        """
        micros = round((at - _EPOCH) / timedelta(microseconds=1))
        millis, rest = divmod(micros, 1000)
        value = millis << 80 | 0x7 << 76 | rest << 66 | 0x2 << 62 | self._mark << 32 | (number & 0xFFFFFFFF)
        return UUID(int=value)


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def time_of(line_id: UUID) -> datetime | None:
    """When the line with this identifier was said. None: it is no line's, since its time lies beyond all calendars."""
    value = line_id.int
    try:
        return _EPOCH + timedelta(microseconds=(value >> 80) * 1000 + (value >> 66 & 0x3FF))
    except OverflowError:
        return None


def organization_of_line(line: bytes) -> str:
    """Whose line it is, from its JSON."""
    at = line.find(b'"organization_id":"') + 19
    return line[at : at + 36].decode()


def line_of(record: logging.LogRecord, speaker: Speaker) -> bytes:
    """The record as JSON in UTF-8, without a line break."""
    text, facts, error = _parts(record)
    return make_line(speaker, record.levelno, record.name, text, facts, error)


def make_line(
    speaker: Speaker,
    level: int,
    logger: str,
    text: str,
    facts: dict[str, Any],
    error: BaseException | None = None,
) -> bytes:
    """A line from its parts."""
    at = clock.now()
    number = speaker.next_number()
    context = bound_now()
    fields: dict[str, str | None] = {name: _field(name, facts, context) for name in FIELDS}
    fields["organization_id"] = fields["organization_id"] or _NOBODY
    line: dict[str, Any] = {
        "at": at.isoformat(timespec="microseconds"),
        "level": next(word for least, word in _LEVELS if level >= least),
        "message": redact(text)[:LONGEST_TEXT],
        "logger": logger,
        **{name: value for name, value in fields.items() if value is not None},
        "process": speaker.process,
        "host": speaker.host,
        "pid": speaker.pid,
        "boot": speaker.boot,
        "seq": number,
        "id": str(speaker.id_of(at, number)),
    }
    if plain := _facts(facts):
        line["facts"] = plain
    if error is not None:
        line["traceback"] = _traceback(error)
    try:
        return to_json(line, inf_nan_mode="strings")
    except ValueError:
        # Half a character.
        return to_json(_whole(line), inf_nan_mode="strings")


def _parts(record: logging.LogRecord) -> tuple[str, dict[str, Any], BaseException | None]:
    """The words, the facts and the failure of a record, whichever library made it."""
    facts: dict[str, Any]
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(record.msg, dict):
        # From structlog, which hands everything over in one dictionary.
        facts = dict(cast("dict[str, Any]", record.msg))
        text = str(facts.pop("event", ""))
        error = _error(facts.pop("exc_info", None)) or error
        facts.pop("stack_info", None)
    else:
        text = _said(record)
        facts = {name: value for name, value in vars(record).items() if name not in _ORDINARY}
    # A dictionary of facts, as the standard library's callers give it, is not nested.
    inner = facts.get("facts")
    if isinstance(inner, Mapping):
        del facts["facts"]
        facts |= cast("Mapping[str, Any]", inner)
    return text, facts, error


def _said(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        # The arguments do not fit the text: what was meant is better than nothing.
        return f"{record.msg} {record.args}"


def _error(given: object) -> BaseException | None:
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        return cast("_ExcInfo", given)[1]
    return sys.exc_info()[1] if given else None


def _field(name: str, facts: dict[str, Any], context: Mapping[str, str]) -> str | None:
    """What the caller says goes before what is bound; an identifier that is none stays among the facts."""
    if name in facts:
        given = facts[name]
        if given is not None and (name in ("provider", "request_id") or _is_uuid(given)):
            del facts[name]
            return redact(str(given))[:200]
    return context.get(name)


def _is_uuid(value: object) -> bool:
    if isinstance(value, UUID):
        return True
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True


def _facts(facts: dict[str, Any]) -> Any:
    plain: dict[str, Any] = {}
    for given, value in facts.items():
        if value is None:
            # "code=null" tells nobody anything.
            continue
        name = redact(str(given))
        if isinstance(value, str):
            plain[name] = MASK if value and is_secret_name(name) else redact(value)
        elif isinstance(value, bool | int):
            plain[name] = MASK if value not in (True, False) and is_secret_name(name) else value
        else:
            data = to_jsonable_python(value, fallback=str, inf_nan_mode="strings", serialize_unknown=True)
            plain[name] = redact_facts(data, name)
    size = sum(len(value) for value in plain.values() if isinstance(value, str))
    nested = any(isinstance(value, dict | list) for value in plain.values())
    if size <= LARGEST_FACTS and not nested:
        return plain
    return {name: _shortened(value) for name, value in plain.items()}


def _shortened(value: Any) -> Any:
    text = value if isinstance(value, str) else to_json(value, fallback=str).decode("utf-8", "replace")
    return value if len(text) <= LONGEST_TEXT // 2 else f"{text[: LONGEST_TEXT // 2]} …"


def _traceback(error: BaseException) -> str:
    text = redact("".join(traceback.format_exception(error)))
    half = LONGEST_TRACEBACK // 2
    return text if len(text) <= LONGEST_TRACEBACK else f"{text[:half]}\n…\n{text[-half:]}"


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return sayable(value)
    if isinstance(value, dict):
        return {_whole(key): _whole(item) for key, item in cast("dict[Any, Any]", value).items()}
    if isinstance(value, list):
        return [_whole(item) for item in cast("list[Any]", value)]
    return value
