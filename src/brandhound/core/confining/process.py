"""The process that reads strangers' documents: no secrets, no network of its own, little memory, little time.

Started by a pool as `python -m brandhound.core.confining.process MEMORY SECONDS PREPARE`; speaks in frames over stdin and
stdout. It ends when its stdin ends, when its parent dies, and by its own alarm clock.
"""

import contextlib
import ctypes
import gc
import json
import os
import resource
import signal
import struct
import sys
from collections.abc import Callable
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

REQUEST = struct.Struct("<II")
ANSWER = struct.Struct("<II")
TOO_BIG = "too-big"
CRASHED = "crashed-the-parser"
PR_SET_PDEATHSIG = 1
GRACE = 2
"""Seconds after which the alarm clock rings although the pool should have ended us: the pool may be dead."""
WORN = 0.75
"""Of the memory limit: a process that has grown beyond is replaced, so that the next document has room."""
Work = Callable[[bytes, dict[str, Any]], Any]


def main(memory: int, seconds: float, prepare: str) -> None:
    answers = _quiet()
    _die_with_parent()
    # Nothing is to be read before the parsers are loaded, or the first page would pay for it.
    _named(prepare)()
    _limit(memory)
    gc.collect()
    gc.freeze()
    # A page makes and drops a hundred thousand objects at once; looking for cycles in them every 700 costs a tenth.
    gc.set_threshold(50_000, 20, 50)
    known: dict[str, Work] = {}
    _answer(answers, {"ready": os.getpid()}, b"")
    while (request := _next(sys.stdin.buffer)) is not None:
        facts, body = request
        signal.setitimer(signal.ITIMER_REAL, seconds + GRACE)
        answer, found = _do(known, facts, body)
        signal.setitimer(signal.ITIMER_REAL, 0)
        del body
        answer["worn"] = answer["code"] == TOO_BIG or _is_worn(memory)
        _answer(answers, answer, found)


def _do(known: dict[str, Work], facts: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        kind = str(facts["kind"])
        if kind not in known:
            known[kind] = _named(kind)
        found = json.dumps(known[kind](body, facts), default=_plain, ensure_ascii=False)
        return {"code": ""}, found.encode("utf-8", "replace")
    except MemoryError:
        return {"code": TOO_BIG, "detail": "it needs more memory than it may take"}, b""
    except Exception as error:
        # The one place where everything is caught: what a stranger's bytes do to a parser must not end the pool.
        code = getattr(error, "code", None)
        if isinstance(code, str):
            return {"code": code, "detail": str(getattr(error, "detail", error))}, b""
        return {"code": CRASHED, "detail": f"{type(error).__name__}: {error}"[:500]}, b""


def _named(name: str) -> Callable[..., Any]:
    module, _, function = name.partition(":")
    if not module.startswith("brandhound."):
        raise ValueError(f"{name} is none of our work")
    return getattr(import_module(module), function)


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"{type(value).__name__} is no plain data")


def _next(source: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    head = source.read(REQUEST.size)
    if len(head) < REQUEST.size:
        return None
    facts, body = REQUEST.unpack(head)
    return json.loads(source.read(facts)), source.read(body)


def _answer(to: BinaryIO, answer: dict[str, Any], found: bytes) -> None:
    data = json.dumps(answer).encode()
    to.write(ANSWER.pack(len(data), len(found)) + data + found)
    to.flush()


def _quiet() -> BinaryIO:
    """Keep stdout for the answers; whatever a library prints goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    return answers


def _die_with_parent() -> None:
    # Ctrl-C in a terminal reaches every process; the pool decides when we end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        parent = os.getppid()
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            sys.exit(1)


def _limit(memory: int) -> None:
    sys.dont_write_bytecode = True
    for what, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_NOFILE, 64)):
        # A system without one of these limits still has the others, and the wall clock.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def _is_worn(memory: int) -> bool:
    if memory < 0 or _address_space() <= memory * WORN:
        return False
    gc.collect()
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError):
            ctypes.CDLL(None).malloc_trim(0)
    return _address_space() > memory * WORN


def _address_space() -> int:
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3])
