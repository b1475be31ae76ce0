"""A process that says many things, for tests.

`python -m tests.core.logs.talking LINES [forks|children|workers|warns|connecting]`
"""

import logging
import multiprocessing
import os
import sys
import threading
import time
from unittest.mock import patch

import psycopg
import structlog

from brandhound.core.logs import recording, shipping
from brandhound.core.logs.context import bound


def talk(lines: int) -> None:
    """Say so many numbered lines, half of them through each library."""
    ours, theirs = structlog.get_logger("brandhound.talk"), logging.getLogger("library.talk")
    with bound(provider="talk"):
        for number in range(0, lines, 2):
            ours.info("said by us", number=number)
            theirs.info("said by %s", "a library", extra={"number": number + 1})


def main() -> None:
    """Talk as the arguments say."""
    lines, how = int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "alone"
    recording.start("worker")
    # Twice, as happens when two modules both mean to be the first.
    recording.start("worker")
    if how == "workers":
        # Started as their own, but in a moment: what they need is imported already.
        for worker in [_forked(lines) for _ in range(8)]:
            assert os.waitpid(worker, 0)[1] == 0
        return
    if how == "connecting":
        _fork_while_it_connects(lines)
        return
    talk(lines)
    if how == "warns":
        try:
            raise ValueError("no such thing")
        except ValueError:
            logging.getLogger("library.talk").warning("it goes badly", exc_info=True)
    if how == "forks":
        children = [_forked(lines) for _ in range(2)]
        talk(lines)
        for child in children:
            os.waitpid(child, 0)
    elif how == "children":
        # As a pool of processes does it.
        context = multiprocessing.get_context("fork")
        processes = [context.Process(target=talk, args=(lines,)) for _ in range(2)]
        for process in processes:
            process.start()
        talk(lines)
        for process in processes:
            process.join()


def _fork_while_it_connects(lines: int) -> None:
    """Fork in the middle of the parent's connecting, for which the libraries below psycopg keep locks of the whole process."""
    of_the_process, begun, connect = threading.Lock(), threading.Event(), psycopg.connect

    def connected(*args: object, **options: object) -> object:
        with of_the_process:
            begun.set()
            time.sleep(0.3)
            return connect(*args, **options)  # pyright: ignore[reportArgumentType, reportCallIssue]

    # However loaded the machine is, the fork waits until the connection is there.
    with patch("psycopg.connect", connected), patch.object(shipping, "FORK", 120.0):
        talk(lines)
        assert begun.wait(30)
        child = os.fork()
        if not child:
            talk(lines)
            recording.stop()
            os._exit(0)
        os.waitpid(child, 0)
        recording.stop()


def _forked(lines: int) -> int:
    child = os.fork()
    if child:
        return child
    talk(lines)
    recording.stop(120)
    os._exit(0)


if __name__ == "__main__":
    main()
