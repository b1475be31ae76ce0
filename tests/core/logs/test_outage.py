"""The database goes away and comes back: no line is lost that there is room for, and those that are lost are counted."""

import io
import json
import logging
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from brandhound.core.logs import recording
from brandhound.core.logs.lines import Speaker, make_line
from brandhound.core.logs.spool import Spool
from brandhound.core.postgres import EmbeddedPostgres
from tests.databases import UNSAFE, TestDatabase, pointing_at
from tests.jobs.workers import wait_until

_said = logging.getLogger("brandhound.outage")
PATIENT = 60.0


@pytest.fixture(scope="module")
def server() -> Generator[EmbeddedPostgres]:
    """A server that is nobody else's, so that it can be stopped."""
    with tempfile.TemporaryDirectory(prefix="brandhound-logs-") as folder:
        Path(folder).chmod(0o755)
        started = EmbeddedPostgres(Path(folder) / "postgres", UNSAFE).start()
        yield started
        started.stop()


@pytest.fixture(scope="module")
def own_database(server: EmbeddedPostgres) -> Generator[TestDatabase]:
    from brandhound.app.preparing import prepare_database

    made = TestDatabase(server.url(), server.folder.parent)
    with pointing_at(made):
        prepare_database()
        yield made


@pytest.fixture
def output(own_database: TestDatabase) -> Generator[io.StringIO]:
    """What the process prints, while it records."""
    root, lines = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers, root.level
    recording.start("worker", stream=lines)
    yield lines
    recording.stop()
    root.handlers = handlers
    root.setLevel(level)


def say(numbers: range) -> None:
    for number in numbers:
        _said.info("said", extra={"number": number})


def numbers(database: TestDatabase) -> Counter[int]:
    with psycopg.connect(database.url) as connection:
        query = "select (facts ->> 'number')::int from log_lines where logger = 'brandhound.outage'"
        return Counter(int(row[0]) for row in connection.execute(query))


def waiting(database: TestDatabase) -> list[Path]:
    return sorted((database.data_dir / recording.SPOOL).glob("*"))


def test_lines_wait_on_disk_while_the_server_is_down_and_are_all_there_afterwards(
    own_database: TestDatabase, server: EmbeddedPostgres, output: io.StringIO
) -> None:
    say(range(1_000))
    assert recording.flush(PATIENT)
    server.stop()
    say(range(1_000, 6_000))
    assert recording.flush(PATIENT)
    assert waiting(own_database)
    server.start()
    say(range(6_000, 7_000))
    wait_until(lambda: recording.flush(PATIENT) and not waiting(own_database), 120, "what waited is in the database")
    assert numbers(own_database) == Counter(range(7_000))
    printed = [json.loads(line) for line in output.getvalue().splitlines()]
    assert Counter(line["facts"]["number"] for line in printed if line["message"] == "said") == Counter(range(7_000))
    told = [line["message"] for line in printed if line["logger"] == "brandhound.logs"]
    assert [text.split(":")[0] for text in told] == [
        "log lines wait on disk until the database is back",
        "log lines go into the database again",
    ]


def test_what_a_process_left_on_disk_is_brought_by_another_one(
    own_database: TestDatabase, server: EmbeddedPostgres
) -> None:
    before = numbers(own_database)
    server.stop()
    child = os.fork()
    if not child:
        recording.start("worker", stream=io.StringIO())
        say(range(10_000, 10_100))
        recording.stop(PATIENT)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    [left] = waiting(own_database)
    with left.open("ab") as file:
        # Half a line, as of a process that was killed while it wrote.
        file.write(b'{"at":"2026-')
    server.start()
    recording.start("web", stream=io.StringIO())
    try:
        say(range(10_100, 10_101))
        wait_until(
            lambda: recording.flush(PATIENT) and not waiting(own_database), 120, "what was left is in the database"
        )
    finally:
        recording.stop()
    assert numbers(own_database) - before == Counter(range(10_000, 10_101))


def test_a_line_that_the_database_cannot_take_holds_up_no_other(
    own_database: TestDatabase, output: io.StringIO
) -> None:
    _said.info("zero \x00 and half a character \ud83d", extra={"facts": {"also \x00": "\udfff", "number": 20_000}})
    _said.info("no number", extra={"facts": {"far": float("inf"), "not": float("nan"), "number": 20_001}})
    broken = make_line(Speaker("worker"), 20, "brandhound.outage", "broken", {}).replace(b'"pid":', b'"pid":9999999999')
    handler = next(h for h in logging.getLogger().handlers if isinstance(h, recording.RecordingHandler))
    handler.shipper.put(broken)
    say(range(20_002, 20_100))
    assert recording.flush(PATIENT)
    say(range(20_100, 20_101))
    assert recording.flush(PATIENT)
    found = numbers(own_database)
    assert [number for number in range(20_000, 20_101) if found[number] != 1] == []
    with psycopg.connect(own_database.url) as connection:
        query = "select text from log_lines where logger = 'brandhound.logs' and text = '1 line skipped'"
        assert connection.execute(query).fetchall() == [("1 line skipped",)]


@pytest.fixture
def line() -> Callable[[int], bytes]:
    """A numbered line of 100 bytes with its end."""
    return lambda number: f"{number:099}".encode()


def test_a_full_spool_gives_up_its_oldest_lines_and_counts_them(tmp_path: Path, line: Callable[[int], bytes]) -> None:
    spool = Spool(tmp_path, most_bytes=160_000, name="one")
    gone = sum(spool.add([line(number)]) for number in range(5_000))
    spool.close()
    kept: list[int] = []
    while not spool.is_empty():
        with spool.oldest() as lines:
            assert lines is not None
            kept += [int(one) for one in lines]
    assert kept == list(range(gone, 5_000))
    assert 1_400 <= len(kept) <= 1_700


def test_a_spool_is_shared_and_a_file_that_is_written_belongs_to_its_writer(
    tmp_path: Path, line: Callable[[int], bytes]
) -> None:
    mine, theirs = Spool(tmp_path, 1_000_000, "mine"), Spool(tmp_path, 1_000_000, "theirs")
    mine.add([line(1)])
    with theirs.oldest() as lines:
        assert lines is None
    mine.close()
    with suppress(ConnectionError), theirs.oldest() as lines:
        assert lines == [line(1)]
        raise ConnectionError("the database is away again")
    with theirs.oldest() as lines:
        assert lines == [line(1)]
    assert mine.is_empty()


def test_a_disk_that_is_full_stops_nobody_and_the_lines_are_counted(
    tmp_path: Path, line: Callable[[int], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = Spool(tmp_path, 1_000_000, "one")

    def full(_: int, __: bytes) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("brandhound.core.logs.spool.os.write", full)
        assert spool.add([line(1), line(2)]) == 2
    assert spool.add([line(3)]) == 0
