"""A server of one's own: what is wrong with it is told in words, and nobody else on it is locked out."""

import json
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from brandhound.core.postgres import EmbeddedPostgres
from tests.commands import CLI, brandhound, only
from tests.databases import UNSAFE, TestDatabase, copy_of


def on_server(command: str, url: str, folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return brandhound(command, *more, DATABASE_URL=url, BRANDHOUND_DATA_DIR=str(folder))


def test_what_keeps_us_from_a_database_is_said_with_what_to_do(database: TestDatabase, tmp_path: Path) -> None:
    for url, said, to_do in (
        (make_conninfo(database.url, password="not it"), "password authentication failed", "password in the address"),
        (make_conninfo(database.url, dbname="bh_never_made"), "does not exist", "createdb"),
        ("postgresql://nobody@127.0.0.1:9/none", "Connection refused", "is the server running"),
        ("postgresql://nobody@no.host.invalid/none", "no.host.invalid", "is its name spelt right"),
        ("postgresql://nobody@/none?host=/no/such/folder", "/no/such/folder", "is the server running"),
    ):
        done = on_server("migrate", url, tmp_path)
        assert done.returncode == 1
        assert said in done.stderr
        assert to_do in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "url", ["mysql://root:hunter2@db/brandhound", "postgresql+psycopg://a:hunter2@db/b", "hunter2"]
)
def test_an_address_that_is_none_is_refused_without_its_password(url: str, tmp_path: Path) -> None:
    for command in ("migrate", "doctor"):
        done = on_server(command, url, tmp_path)
        assert done.returncode == 1
        assert "DATABASE_URL: is no address of a PostgreSQL" in done.stdout + done.stderr
        assert "hunter2" not in done.stdout + done.stderr


def test_the_doctor_says_once_that_there_is_no_database(database: TestDatabase, tmp_path: Path) -> None:
    done = on_server("doctor", make_conninfo(database.url, password="not it"), tmp_path, "--json")
    findings = {finding["check"]: finding for finding in json.loads(done.stdout)}
    assert findings["database"]["verdict"] == "bad"
    assert "password in the address" in findings["database"]["what_to_do"]
    assert "were not made: the database is out of reach" in findings["further checks"]["found"]
    assert done.stdout.count("password authentication failed") == 1


def test_a_second_installation_on_a_server_does_not_lock_the_first_out(database: TestDatabase, tmp_path: Path) -> None:
    with copy_of(database) as second:
        done = on_server("migrate", second.url, tmp_path)
        assert done.returncode == 1
        assert "would lock that installation out" in done.stderr
        assert not (tmp_path / "roles.json").exists()

        known = (database.data_dir / "roles.json").read_text()
        (tmp_path / "roles.json").write_text(known)
        assert "up to date" in on_server("migrate", second.url, tmp_path).stdout
    password = json.loads(known)["brandhound_app"]
    with psycopg.connect(make_conninfo(database.url, user="brandhound_app", password=password)) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_a_role_needs_little_and_is_told_what_it_lacks(open_folder: Path) -> None:
    server = EmbeddedPostgres(open_folder / "server", UNSAFE).start()
    try:
        superuser = server.url("postgres", "postgres")
        own = make_conninfo(superuser, user="someone", password="hers", dbname="hers")
        with psycopg.connect(superuser, autocommit=True) as connection:
            connection.execute("create role someone login password 'hers'")
            connection.execute("create database hers")
            no_tables = on_server("migrate", own, open_folder)
            connection.execute("alter database hers owner to someone")
            no_roles = on_server("migrate", own, open_folder)
            connection.execute("alter role someone createrole")
            enough = on_server("migrate", own, open_folder)
            # As after a dump of the server's roles was brought back from another day.
            connection.execute("alter role brandhound_app password 'another'")
            again = on_server("migrate", own, open_folder)
            connection.execute("create role other login createrole password 'hers'")
            connection.execute("grant connect on database hers to other")
            other = on_server("migrate", make_conninfo(own, user="other"), open_folder)
        bound = on_server("doctor", own, open_folder, "--json")
        mighty = on_server("doctor", make_conninfo(superuser, dbname="hers"), open_folder, "--json")
    finally:
        server.stop()
    assert 'alter database "hers" owner to "someone"' in no_tables.stderr
    assert 'alter role "someone" createrole' in no_roles.stderr
    assert "up to date" in enough.stdout
    assert "up to date" in again.stdout
    assert "the tables in hers belong to someone" in other.stderr
    assert of_roles(bound) == ("good", "bound by row-level security")
    assert of_roles(mighty) == (
        "warning", "postgres, the role of DATABASE_URL, is a superuser, though owning the database is enough",
    )  # fmt: skip


def of_roles(done: subprocess.CompletedProcess[str]) -> tuple[str, str]:
    found = next(finding for finding in json.loads(done.stdout) if finding["check"] == "database roles")
    return found["verdict"], found["found"]


def test_a_server_that_is_too_old_is_named_before_anything_is_made(tmp_path: Path) -> None:
    with old_server("14.9") as port:
        done = on_server("migrate", f"postgresql://someone@127.0.0.1:{port}/hers?sslmode=disable", tmp_path)
    assert done.returncode == 1
    assert "is PostgreSQL 14.9; 15 or newer is needed" in done.stderr


@contextmanager
def old_server(version: str) -> Generator[int]:
    """A port behind which something greets as a PostgreSQL of that version does, lets everybody in, and knows no statement."""

    def message(kind: bytes, body: bytes) -> bytes:
        return kind + struct.pack("!i", len(body) + 4) + body

    def serve() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with closing(client):
                client.recv(4096)
                client.sendall(
                    message(b"R", struct.pack("!i", 0))
                    + message(b"S", b"server_version\0" + version.encode() + b"\0")
                    + message(b"S", b"client_encoding\0UTF8\0")
                    + message(b"K", struct.pack("!ii", 1, 1))
                    + message(b"Z", b"I")
                )
                client.recv(4096)

    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def test_a_full_disk_empties_no_passwords_and_a_damaged_file_says_what_to_do(open_folder: Path) -> None:
    server = EmbeddedPostgres(open_folder / "server", UNSAFE).start()
    try:
        folder, kept = open_folder / "data", open_folder / "data" / "roles.json"
        assert "up to date" in on_server("migrate", server.url(), folder).stdout
        passwords, made_at = kept.read_text(), kept.stat().st_mtime_ns

        # Nothing is written where nothing changes.
        assert "up to date" in on_server("migrate", server.url(), folder).stdout
        assert (kept.read_text(), kept.stat().st_mtime_ns) == (passwords, made_at)

        # One password is to be made anew, and not a byte can be written.
        half = json.dumps({"brandhound_app": json.loads(passwords)["brandhound_app"]})
        kept.write_text(half)
        environment = only({"DATABASE_URL": server.url(), "BRANDHOUND_DATA_DIR": str(folder)})
        full = f"ulimit -f 0; {sys.executable} -B -m {CLI} migrate"
        done = subprocess.run(["sh", "-c", full], env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 1, done.stderr
        assert "File too large" in done.stderr
        assert kept.read_text() == half
        assert [path.name for path in folder.glob("roles.json*")] == ["roles.json"]

        kept.write_text("")
        for command in ("migrate", "reset-password"):
            done = on_server(command, server.url(), folder, *(["a@b.example"] if command == "reset-password" else []))
            assert done.returncode == 1
            assert f"{kept} is damaged: remove it and run `brandhound migrate`" in done.stderr
        kept.unlink()
        assert "up to date" in on_server("migrate", server.url(), folder).stdout
        assert kept.stat().st_mode & 0o777 == 0o600
        assert on_server("runs", server.url(), folder, "list").returncode == 0
    finally:
        server.stop()
