"""What an error is, apart from its occasion: its kind, and the places in our own code that it came through."""

import hashlib
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OURS = "/brandhound/"
_MOST_FRAMES = 30
_CHAIN = 5


@dataclass(frozen=True)
class Fault:
    """What errors of one group have in common. Nothing in it is from anybody's data."""

    fingerprint: str
    kind: str
    place: str
    trace: str


def fault_of(error: BaseException) -> Fault:
    """The fault that an exception shows.

    Errors are the same fault when their type, and the files and functions of ours they came through, are the same. Line
    numbers do not count: they change with every edit above them.
    """
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if OURS in frame.filename.replace("\\", "/")]
    places = [f"{short_name(frame.filename)}:{frame.name}" for frame in ours or frames[-1:]]
    kind = type(error).__name__
    # Waiting and retrying put the same frames there several times; once is enough to tell faults apart.
    known = "\n".join([kind, *dict.fromkeys(places)])
    return Fault(_hash(known), kind, places[-1] if places else "unknown", "\n".join(_lines(error)))


def fault_of_run(job: str, code: str) -> Fault:
    """The fault that a run's failure shows, where there was no exception: the same code in the same job."""
    return Fault(_hash(f"run\n{job}\n{code}"), code, job, "")


def _lines(error: BaseException) -> Iterator[str]:
    chain: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and len(chain) < _CHAIN:
        chain.append(one)
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    for at, link in enumerate(reversed(chain)):
        if at:
            yield "then"
        for frame in traceback.extract_tb(link.__traceback__)[-_MOST_FRAMES:]:
            yield f"  {short_name(frame.filename)}, line {frame.lineno}, in {frame.name}"
            if frame.line:
                yield f"    {frame.line}"
        yield type(link).__name__


def short_name(filename: str) -> str:
    """The file as one finds it in the sources or among the packages, without this machine's folders."""
    path = filename.replace("\\", "/")
    for mark in (OURS, "/site-packages/", "/lib/"):
        if mark in path:
            rest = path.rsplit(mark, 1)[1]
            return f"brandhound/{rest}" if mark == OURS else rest
    return Path(path).name


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
