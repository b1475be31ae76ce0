"""Whatever the processes say is recorded once: redirected or not, forked or not, with a database or without one for a while."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import psycopg
import pytest

from brandhound.core.logs.lines import Speaker, make_line
from tests.databases import TestDatabase

ROOT = Path(__file__).parents[3]


def start_talking(lines: int, how: str = "alone", stdout: int | None = subprocess.DEVNULL) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.core.logs.talking", str(lines), how]
    return subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stdout=stdout, stderr=subprocess.PIPE)


def ended(*processes: "subprocess.Popen[bytes]") -> None:
    """Wait for all, and let none have complained."""
    for process in processes:
        _, complaints = process.communicate(timeout=240)
        assert (process.returncode, complaints.decode()) == (0, "")


def stored(database: TestDatabase) -> list[tuple[str, int, int, int]]:
    """Process, its number, the line's number and what it says, read past row-level security."""
    with psycopg.connect(database.url) as connection:
        return connection.execute(
            "select boot, pid, seq, (facts ->> 'number')::int from log_lines where text like 'said by%'"
        ).fetchall()  # pyright: ignore[reportReturnType]


@pytest.fixture(autouse=True)
def _nothing_yet(database: TestDatabase) -> None:
    with psycopg.connect(database.url) as connection:
        connection.execute("delete from log_lines")
        connection.execute("delete from log_pages")


def assert_each_once(database: TestDatabase, authors: int, lines: int) -> None:
    """So many processes said so many lines each: all of them are there, none twice, and their numbers have no gap."""
    found = stored(database)
    assert Counter(number for *_, number in found) == Counter(dict.fromkeys(range(lines), authors))
    by_author = Counter((boot, pid) for boot, pid, *_ in found)
    assert len(by_author) == authors
    assert len({(boot, pid, seq) for boot, pid, seq, _ in found}) == authors * lines
    with psycopg.connect(database.url) as connection:
        row = connection.execute("select sum(lines)::int from log_pages").fetchone()
    assert row is not None
    assert row[0] >= len(found)


@pytest.mark.parametrize("processes", [2, 4])
def test_every_line_of_several_processes_is_stored_once(database: TestDatabase, processes: int) -> None:
    ended(*[start_talking(10_000) for _ in range(processes)])
    assert_each_once(database, processes, 10_000)


def test_every_line_of_eight_forked_workers_is_stored_once(database: TestDatabase) -> None:
    ended(start_talking(10_000, "workers"))
    assert_each_once(database, 8, 10_000)


def test_processes_that_share_a_redirected_output_neither_double_nor_mix_lines(
    database: TestDatabase, tmp_path: Path
) -> None:
    with (tmp_path / "out").open("ab") as out:
        ended(*[start_talking(2_000, stdout=out.fileno()) for _ in range(2)])
    assert_each_once(database, 2, 2_000)
    said = [json.loads(line) for line in (tmp_path / "out").read_text().splitlines()]
    assert Counter(line["facts"]["number"] for line in said) == Counter(dict.fromkeys(range(2000), 2))
    assert len({(line["boot"], line["seq"]) for line in said}) == 4_000


def test_a_reader_that_goes_away_ends_nothing_and_loses_nothing(database: TestDatabase) -> None:
    process = start_talking(2_000, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(240) == 0
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    assert_each_once(database, 1, 2_000)
    with psycopg.connect(database.url) as connection:
        told = connection.execute("select count(*) from log_lines where text like 'standard output is closed%'")
        assert told.fetchone() == (1,)


def test_forked_processes_say_their_own_lines_and_not_their_parents(database: TestDatabase) -> None:
    ended(start_talking(2_000, "forks"))
    found = Counter((boot, pid) for boot, pid, *_ in stored(database))
    assert sorted(found.values()) == [2_000, 2_000, 4_000]


def test_the_children_of_a_pool_lose_no_line_at_their_end(database: TestDatabase) -> None:
    ended(start_talking(2_000, "children"))
    found = Counter((boot, pid) for boot, pid, *_ in stored(database))
    assert sorted(found.values()) == [2_000, 2_000, 4_000]


def test_a_child_that_is_forked_while_its_parent_connects_stores_its_lines(database: TestDatabase) -> None:
    ended(start_talking(200, "connecting"))
    assert_each_once(database, 2, 200)


def test_a_fact_that_says_nothing_is_left_out_of_the_line() -> None:
    said = json.loads(make_line(Speaker("cli"), 20, "brandhound", "x", {"code": None, "tries": 0, "late": False}))
    assert said["facts"] == {"tries": 0, "late": False}
    assert "facts" not in json.loads(make_line(Speaker("cli"), 20, "brandhound", "x", {"code": None}))


@pytest.mark.parametrize(("level", "expected"), [("info", 0), ("debug", 4)])
def test_a_terminal_gets_what_people_have_to_know_in_words(
    database: TestDatabase, monkeypatch: pytest.MonkeyPatch, level: str, expected: int
) -> None:
    monkeypatch.setenv("BRANDHOUND_LOG_LEVEL", level)
    ours, theirs = os.openpty()
    ended(start_talking(4, "warns", theirs))
    os.close(theirs)
    with os.fdopen(ours, "rb") as terminal:
        said = terminal.read1(1 << 20).decode().splitlines()
    assert sum("said by" in line for line in said) == expected
    assert re.fullmatch(r"\d\d:\d\d:\d\d warning: it goes badly \(ValueError: no such thing\)", said[-1])
    assert len(stored(database)) == 4
