"""`brandhound inspect … --jsonl`: a line in, a line out, in order, for as long as lines come."""

import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Queue
from typing import Any, cast

from brandhound.app.inspection_input import GROUP, CannotRead, Given, Kind, given_by_line, line_groups
from brandhound.app.inspection_work import FEED, PAGE, TEXTS
from brandhound.feeds.extraction_pool import ExtractionFailed, ExtractionPool

AHEAD = 4
"""Documents in hand for each process: enough to keep it busy, few enough to hold."""


@dataclass(slots=True)
class _Task:
    """Lines on their way: their ids, and what is to come for all of them, or the error of each."""

    ids: list[Any]
    coming: "Future[Any] | None"
    errors: dict[int, CannotRead]
    is_group: bool = False


def filter_lines(kind: Kind, pool: ExtractionPool, facts: dict[str, Any], write: Callable[[str], None]) -> None:
    """Answer every line of standard input. A bad line gets an error line; only the end of the input ends it."""
    tasks: Queue[_Task | None] = Queue(maxsize=pool.processes * AHEAD)
    failures: list[BaseException] = []
    writer = threading.Thread(target=_answer_all, args=(tasks, write, failures), daemon=True)
    writer.start()
    for lines in line_groups(sys.stdin.buffer.fileno(), GROUP if kind == "text" else 1):
        for task in _texts(lines, pool, facts) if kind == "text" else _documents(kind, lines, pool, facts):
            tasks.put(task)
            if failures:
                raise failures[0]
    tasks.put(None)
    writer.join()
    if failures:
        raise failures[0]


def _documents(kind: Kind, lines: list[bytes | None], pool: ExtractionPool, facts: dict[str, Any]) -> Iterator[_Task]:
    for line in lines:
        if line is not None and not line.strip():
            continue
        line_id: Any = None
        try:
            line_id, given = _given(line, kind)
            said = {**facts, "url": given.url, "headers": given.headers}
            yield _Task([line_id], pool.submit(FEED if kind == "feed" else PAGE, given.body, said), {})
        except CannotRead as error:
            yield _Task([_id_of(line)], None, {0: error})


def _texts(lines: list[bytes | None], pool: ExtractionPool, facts: dict[str, Any]) -> Iterator[_Task]:
    """All lines that are there go together: many short texts are matched faster so."""
    task = _Task([], None, {}, is_group=True)
    texts: list[str] = []
    for line in lines:
        if line is not None and not line.strip():
            continue
        try:
            line_id, given = _given(line, "text")
            task.ids.append(line_id)
            texts.append(given.body.decode("utf-8", "replace"))
        except CannotRead as error:
            task.ids.append(_id_of(line))
            task.errors[len(task.ids) - 1] = error
    if texts:
        task.coming = pool.submit(TEXTS, json.dumps(texts).encode(), facts)
    if task.ids:
        yield task


def _given(line: bytes | None, kind: Kind) -> tuple[Any, Given]:
    if line is None:
        raise CannotRead("bad-line", "the line is too long")
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CannotRead("bad-line", f"not JSON: {error}"[:300]) from None
    if not isinstance(found, dict):
        raise CannotRead("bad-line", "not a JSON object")
    fields = cast("dict[str, Any]", found)
    try:
        json.dumps(fields.get("id"), allow_nan=False)
    except ValueError:
        raise CannotRead("bad-line", "the id holds a number that JSON cannot write") from None
    return fields.get("id"), given_by_line(fields, kind)


def _id_of(line: bytes | None) -> Any:
    """The id of a line that cannot be answered; None where it has none that an answer can hold."""
    try:
        found = json.loads(line or b"")
        told = cast("dict[str, Any]", found).get("id") if isinstance(found, dict) else None
        json.dumps(told, allow_nan=False)
    except (ValueError, RecursionError):
        return None
    return told


def _answer_all(tasks: "Queue[_Task | None]", write: Callable[[str], None], failures: list[BaseException]) -> None:
    try:
        while (task := tasks.get()) is not None:
            for answer in _answers(task):
                write(json.dumps(answer, ensure_ascii=False))
    except BrokenPipeError:
        # Nobody listens any more; what is still asked need not be answered.
        os._exit(0)
    except Exception as error:
        failures.append(error)
        # Whoever hands over tasks is not left waiting for room in the queue.
        while tasks.get() is not None:
            pass


def _answers(task: _Task) -> Iterator[dict[str, Any]]:
    results: list[Any] = []
    failure: dict[str, str] | None = None
    if task.coming is not None:
        try:
            found = task.coming.result()
            results = found if task.is_group else [found]
        except ExtractionFailed as failed:
            failure = {"code": failed.code, "detail": failed.detail}
    coming = iter(results)
    for number, line_id in enumerate(task.ids):
        if error := task.errors.get(number):
            yield {"id": line_id, "error": {"code": error.code, "detail": error.detail}}
        elif failure is not None:
            yield {"id": line_id, "error": failure}
        else:
            yield {"id": line_id, "result": next(coming)}
