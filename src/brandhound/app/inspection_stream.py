"""`brandhound inspect … --jsonl`: a line in, a line out, in order, for as long as lines come."""

import json
import os
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Queue
from typing import Any, cast

from brandhound.app.inspection_input import (
    GROUP,
    IN_UTF8,
    CannotRead,
    Given,
    Kind,
    given_by_line,
    line_groups,
    words_of,
)
from brandhound.app.inspection_work import FEED, PAGE, TEXTS
from brandhound.feeds.extraction_pool import ExtractionFailed, ExtractionPool

AHEAD = 4
"""Documents in hand for each process: enough to keep it busy, few enough to hold."""
# What stands for bytes that are no UTF-8.
NO_CHARACTER = re.compile("[\udc80-\udcff]")


@dataclass(slots=True)
class _Task:
    """Lines on their way: their ids, and what is to come for all of them, or the error of each."""

    ids: list[Any]
    coming: "Future[Any] | None"
    errors: dict[int, CannotRead]
    is_group: bool = False
    alone: "Callable[[int], Future[Any]] | None" = None
    """One of a group once more, by itself."""


def filter_lines(
    kind: Kind, pool: ExtractionPool, facts: dict[str, Any], given: int, write: Callable[[str], None]
) -> None:
    """Answer every line that comes from a descriptor. A bad line gets an error line; only the end of the input ends it."""
    tasks: Queue[_Task | None] = Queue(maxsize=pool.processes * AHEAD)
    failures: list[BaseException] = []
    writer = threading.Thread(target=_answer_all, args=(tasks, write, failures), daemon=True)
    writer.start()
    for lines in line_groups(given, GROUP if kind == "text" else 1):
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
            words = _words_on_page(pool, given) if given.written_as == "markup" else words_of(given)
            task.ids.append(line_id)
            texts.append(words)
        except CannotRead as error:
            task.ids.append(_id_of(line))
            task.errors[len(task.ids) - 1] = error
    if texts:
        task.coming = pool.submit(TEXTS, json.dumps(texts).encode(), facts)
        task.alone = lambda number: pool.submit(TEXTS, json.dumps([texts[number]]).encode(), facts)
    if task.ids:
        yield task


def _words_on_page(pool: ExtractionPool, given: Given) -> str:
    """The text of a page, which is what is looked at. Raises CannotRead."""
    try:
        page = pool.submit(PAGE, given.body, {"url": given.url, "headers": {**given.headers, **IN_UTF8}}).result()
    except ExtractionFailed as failed:
        raise CannotRead(failed.code, failed.detail) from None
    return str(page["text"])


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
        found = json.loads((line or b"").decode("utf-8-sig", "surrogateescape"))
        told = cast("dict[str, Any]", found).get("id") if isinstance(found, dict) else None
        written = json.dumps(told, allow_nan=False, ensure_ascii=False)
    except (ValueError, RecursionError):
        return None
    return None if NO_CHARACTER.search(written) else told


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
    coming = iter(_outcomes(task))
    for number, line_id in enumerate(task.ids):
        if error := task.errors.get(number):
            yield {"id": line_id, "error": {"code": error.code, "detail": error.detail}}
        else:
            yield {"id": line_id, **next(coming)}


def _outcomes(task: _Task) -> list[dict[str, Any]]:
    """The result or the error of each line that could be read."""
    if task.coming is None:
        return []
    count = len(task.ids) - len(task.errors)
    try:
        found = task.coming.result()
    except ExtractionFailed as failed:
        if task.alone is None or count == 1:
            return [{"error": {"code": failed.code, "detail": failed.detail}}] * count
        # It is the fault of one of them, and the others are answered.
        return [_outcome(task.alone(number)) for number in range(count)]
    return [{"result": result} for result in (found if task.is_group else [found])]


def _outcome(coming: "Future[Any]") -> dict[str, Any]:
    try:
        return {"result": coming.result()[0]}
    except ExtractionFailed as failed:
        return {"error": {"code": failed.code, "detail": failed.detail}}
