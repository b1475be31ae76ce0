"""Processes that read strangers' documents for us, a few at a time, each with an end to its memory and its patience.

They are started when first needed, replaced when a document kills them, and die with us. Any event loop and any thread of
this process may use the pool: the waiting is done in threads of its own, one for each process.
"""

import asyncio
import contextlib
import json
import os
import select
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any

import brandhound
from brandhound.core.confining.process import ANSWER, CRASHED, REQUEST, TOO_BIG

START_LIMIT = 120.0
RECYCLE_AFTER = 1_000
"""Documents after which a process is replaced, against whatever the parsers may leak."""
CHUNK = 1 << 20
TOO_SLOW = "too-slow"


class WorkFailed(Exception):
    """A document could not be read.

    `code` is WORD-too-slow, WORD-too-big or WORD-crashed-the-parser with the pool's word, or the work's own.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class ConfinedPool:
    """A fixed number of reading processes."""

    def __init__(
        self,
        word: str,
        processes: int,
        *,
        wall_limit: float,
        memory_limit: int,
        recycle_after: int = RECYCLE_AFTER,
        prepare: str,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """`word` is what the documents are called in codes; `wall_limit` is in seconds for each, `memory_limit` in bytes of
        address space for a process, itself included (-1: none).

        `prepare` is called once in each process before its memory is limited. `environment` is for work on trusted input
        alone that needs our settings; without it a process is told nothing.
        """
        self.word = word
        self.processes = processes
        self.wall_limit = wall_limit
        self.memory_limit = memory_limit
        self.recycle_after = recycle_after
        self._prepare = prepare
        self._environment = environment
        self._threads = ThreadPoolExecutor(self.processes, thread_name_prefix=f"confined-{word}")
        self._idle: SimpleQueue[_Reader] = SimpleQueue()
        self._readers: set[_Reader] = set()
        self._lock = threading.Lock()
        self._closed = False

    async def run(self, kind: str, body: bytes, facts: Mapping[str, Any] | None = None) -> Any:
        """Let a process do one piece of work ("brandhound.module:function") and return its plain data.

        Raises WorkFailed.
        """
        return await asyncio.wrap_future(self.submit(kind, body, facts))

    def submit(self, kind: str, body: bytes, facts: Mapping[str, Any] | None = None) -> "Future[Any]":
        """The same for callers without an event loop. Work waits here in order until a process is free."""
        return self._threads.submit(self._do, {**(facts or {}), "kind": kind}, body)

    def close(self) -> None:
        """End all processes. What was still waiting is cancelled."""
        self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            readers, self._readers = set(self._readers), set()
        for reader in readers:
            reader.kill()
        self._threads.shutdown(wait=True)

    def _do(self, facts: Mapping[str, Any], body: bytes) -> Any:
        is_fresh, answer, found = self._ask(facts, body)
        if not is_fresh and answer["code"] in (TOO_BIG, CRASHED):
            # What earlier documents left behind may have been in its way: once more, in a process of its own.
            for reader in self._all_idle():
                self._drop(reader)
            _, answer, found = self._ask(facts, body)
        if answer["code"]:
            code = str(answer["code"])
            ours = code in (TOO_BIG, CRASHED, TOO_SLOW)
            raise WorkFailed(f"{self.word}-{code}" if ours else code, str(answer["detail"]))
        return json.loads(found)

    def _ask(self, facts: Mapping[str, Any], body: bytes) -> tuple[bool, dict[str, Any], bytes]:
        reader = self._take()
        keep = False
        try:
            answer, found = reader.ask(facts, body, self.wall_limit)
            keep = not answer.get("worn") and reader.done < self.recycle_after
        finally:
            if keep and not self._closed:
                self._idle.put(reader)
            else:
                self._drop(reader)
        return reader.done == 1, answer, found

    def _all_idle(self) -> "Iterator[_Reader]":
        with contextlib.suppress(Empty):
            while True:
                yield self._idle.get_nowait()

    def _take(self) -> "_Reader":
        for reader in self._all_idle():
            if reader.is_alive():
                return reader
            self._drop(reader)
        reader = _Reader(self.memory_limit, self.wall_limit, self._prepare, self._environment)
        with self._lock:
            self._readers.add(reader)
        try:
            reader.await_start()
        except WorkFailed as failed:
            self._drop(reader)
            raise WorkFailed(f"{self.word}-{failed.code}", failed.detail) from None
        return reader

    def _drop(self, reader: "_Reader") -> None:
        with self._lock:
            self._readers.discard(reader)
        reader.kill()


class _Reader:
    """One process and the two pipes to it."""

    def __init__(self, memory: int, seconds: float, prepare: str, environment: Mapping[str, str] | None) -> None:
        self.done = 0
        self._process = subprocess.Popen(
            [sys.executable, "-m", "brandhound.core.confining.process", str(memory), str(seconds), prepare],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**(environment or {}), **_bare_environment()},
            # Ctrl-C is for us to answer; and nobody's terminal is for strangers' documents.
            start_new_session=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._to = self._process.stdin.fileno()
        self._from = self._process.stdout.fileno()
        os.set_blocking(self._to, False)
        os.set_blocking(self._from, False)

    def await_start(self) -> None:
        self._answer(monotonic() + START_LIMIT)

    def ask(self, facts: Mapping[str, Any], body: bytes, limit: float) -> tuple[dict[str, Any], bytes]:
        """One document's answer; a failure is an answer too. After one the process may be dead."""
        deadline = monotonic() + limit
        self.done += 1
        words = json.dumps(facts, ensure_ascii=False).encode("utf-8", "replace")
        try:
            self._send(REQUEST.pack(len(words), len(body)) + words, deadline)
            self._send(body, deadline)
            return self._answer(deadline)
        except WorkFailed as failed:
            return {"code": failed.code, "detail": failed.detail, "worn": True}, b""

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        """End it at once and leave nothing behind, no zombie and no open pipe."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _send(self, data: bytes, deadline: float) -> None:
        left = memoryview(data)
        while left:
            self._wait(self._to, select.POLLOUT, deadline)
            try:
                left = left[os.write(self._to, left[:CHUNK]) :]
            except BlockingIOError:
                continue
            except OSError:
                raise self._death() from None

    def _answer(self, deadline: float) -> tuple[dict[str, Any], bytes]:
        head, size = ANSWER.unpack(self._read(ANSWER.size, deadline))
        return json.loads(self._read(head, deadline)), self._read(size, deadline)

    def _read(self, size: int, deadline: float) -> bytes:
        found = bytearray()
        while len(found) < size:
            self._wait(self._from, select.POLLIN, deadline)
            try:
                part = os.read(self._from, min(size - len(found), CHUNK))
            except BlockingIOError:
                continue
            if not part:
                raise self._death()
            found += part
        return bytes(found)

    def _wait(self, descriptor: int, what: int, deadline: float) -> None:
        left = deadline - monotonic()
        poll = select.poll()
        poll.register(descriptor, what)
        if left <= 0 or not poll.poll(left * 1000):
            raise WorkFailed(TOO_SLOW, "it takes longer to read than it may take")

    def _death(self) -> WorkFailed:
        self._process.kill()
        code = self._process.wait()
        return WorkFailed(CRASHED, f"the reading process ended with {code}")


def _bare_environment() -> dict[str, str]:
    """What a reading process is told: where our code is. No database, no keys."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "HOME", "TMPDIR") if name in os.environ}
    source = str(Path(brandhound.__file__).parents[1])
    path = os.pathsep.join(part for part in (source, os.environ.get("PYTHONPATH", "")) if part)
    # Libraries would reserve memory for threads that are never used, one of them a gigabyte (KiB in its variable).
    threads = {
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "1",
        "MIMALLOC_ARENA_RESERVE": "8192",
    }
    return kept | threads | {"PYTHONPATH": path, "PYTHONHASHSEED": "0"}
