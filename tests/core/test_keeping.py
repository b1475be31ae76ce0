"""What the rest stands on: the embedded server, files, secrets, pages of lists, migrations there and back."""

import errno
import os
import pwd
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandhound.core.files import UNFINISHED, FileStore
from brandhound.core.migrating import migrate, migrate_down
from brandhound.core.pages import from_cursor, to_cursor
from brandhound.core.postgres import CannotStartPostgres, EmbeddedPostgres
from brandhound.core.problems import BadCursor, StorageFull
from brandhound.core.secrets import CannotUnseal, seal, unseal
from tests.databases import UNSAFE, TestDatabase, copy_of, pointing_at


def test_migrations_lead_there_and_back(database: TestDatabase) -> None:
    with copy_of(database) as copy, pointing_at(copy):
        migrate_down("base")
        with psycopg.connect(copy.url) as connection:
            left = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
            functions = connection.execute(
                "select proname from pg_proc p join pg_namespace n on n.oid = pronamespace where n.nspname = 'public'"
            ).fetchall()
        migrate()
        migrate()
    assert left == [("alembic_version",)]
    assert functions == []


def test_who_had_chosen_a_model_before_spends_nothing_new(database: TestDatabase) -> None:
    northwind, other, account = uuid4(), uuid4(), uuid4()
    with copy_of(database) as copy, pointing_at(copy):
        migrate_down("0043_exchange_rates")
        with psycopg.connect(copy.url) as connection:
            for one in (northwind, other):
                connection.execute("insert into organizations (id, name) values (%s, %s)", (one, str(one)))
            connection.execute(
                "insert into model_accounts (id, organization_id, kind, name, address, created_at, updated_at)"
                " values (%s, %s, 'ollama', 'Ours', 'http://127.0.0.1:11434', now(), now())",
                (account, northwind),
            )
            connection.execute(
                "insert into model_choices (id, organization_id, feature, account_id, model, updated_at)"
                " values (%s, %s, 'mentions.second_opinion', %s, 'a-model', now())",
                (uuid4(), northwind, account),
            )
        migrate()
        with psycopg.connect(copy.url) as connection:
            rules = connection.execute("select organization_id, reach from opinion_rules").fetchall()
    assert rules == [(northwind, "asked")]


def test_a_body_is_stored_once_and_proves_itself(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    name = store.put(b"a page")
    assert store.put(b"a page") == name
    assert store.get(name) == b"a page"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [name]


def test_a_full_disk_loses_nothing_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FileStore(tmp_path)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFull):
        store.put(b"a page")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    monkeypatch.undo()
    assert store.get(store.put(b"a page")) == b"a page"


def test_what_a_killed_writer_left_is_swept_once_nobody_can_be_writing_it(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    name = store.put(b"a page")
    left, being_written = tmp_path / UNFINISHED / "left", tmp_path / UNFINISHED / "being-written"
    left.write_bytes(b"half a pa")
    being_written.write_bytes(b"half a pa")
    long_ago = time.time() - 7200
    os.utime(left, (long_ago, long_ago))
    assert store.sweep() == 1
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == {name, "being-written"}


def test_what_is_sealed_opens_only_where_it_belongs(database: TestDatabase) -> None:
    sealed = seal("user:password", "feeds.credentials")
    assert "password" not in sealed
    assert unseal(sealed, "feeds.credentials") == "user:password"
    with pytest.raises(CannotUnseal):
        unseal(sealed, "keys.secret")
    with pytest.raises(CannotUnseal):
        unseal(sealed[:-4] + "AAA=", "feeds.credentials")


@given(st.datetimes(timezones=st.just(UTC)), st.uuids(), st.integers(-(2**53), 2**53))
def test_a_marker_comes_back_as_it_was(at: datetime, key: UUID, number: int) -> None:
    assert from_cursor(to_cursor(at, key, number), datetime, UUID, int) == (at, key, number)


@given(st.text())
def test_a_made_up_marker_is_refused(text: str) -> None:
    with pytest.raises(BadCursor):
        from_cursor(text + "!", datetime, UUID)


def test_a_marker_with_half_a_character_is_refused() -> None:
    assert from_cursor(to_cursor("whole 😀"), str) == ("whole 😀",)
    with pytest.raises(BadCursor):
        from_cursor(to_cursor("\ud800"), str)


@pytest.fixture
def server_folder(open_folder: Path) -> Path:
    return open_folder / "postgres"


@pytest.mark.parametrize("cut_off", [False, True])
def test_committed_rows_survive_a_killed_server_and_a_machine_without_power(server_folder: Path, cut_off: bool) -> None:
    server = EmbeddedPostgres(server_folder).start()
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("create table kept (n int)")
        connection.execute("insert into kept values (1)")
    postmaster = int((server.data / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    if cut_off:
        (server.data / "postmaster.pid").write_text("")
    again = EmbeddedPostgres(server_folder).start()
    with psycopg.connect(again.url()) as connection:
        assert connection.execute("select n from kept").fetchall() == [(1,)]
    server.stop()
    again.stop()


def test_the_last_one_to_leave_stops_the_server_even_after_a_killed_one(server_folder: Path) -> None:
    code = (
        "import sys, time, pathlib; from brandhound.core.postgres import EmbeddedPostgres\n"
        "EmbeddedPostgres(pathlib.Path(sys.argv[1])).start(); print('up', flush=True); time.sleep(60)"
    )
    other = subprocess.Popen([sys.executable, "-c", code, str(server_folder)], stdout=subprocess.PIPE)
    assert other.stdout is not None
    assert other.stdout.readline() == b"up\n"
    server = EmbeddedPostgres(server_folder, UNSAFE).start()
    other.kill()
    other.wait()
    server.stop()
    assert not (server.data / "postmaster.pid").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="NOT TESTED: only root can give a folder to somebody, and take it")
def test_root_takes_no_server_from_the_user_whom_it_serves(server_folder: Path) -> None:
    server = EmbeddedPostgres(server_folder)
    server.data.mkdir(parents=True)
    server.sockets.mkdir(mode=0o700)
    places = (server.data, server.folder, server.sockets)
    try:
        for place in places:
            os.chown(place, pwd.getpwnam("daemon").pw_uid, -1)
        with pytest.raises(
            CannotStartPostgres, match=r"data belongs to daemon: run this as daemon \(sudo -u daemon …\)"
        ):
            server.start()
        assert {place.owner() for place in places} == {"daemon"}
    finally:
        server.sockets.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="NOT TESTED: only root can give a folder to somebody, and take it")
def test_root_gives_nobody_the_folder_that_somebody_laid_a_link_to(server_folder: Path, tmp_path: Path) -> None:
    server = EmbeddedPostgres(server_folder)
    server.sockets.symlink_to(tmp_path)
    try:
        os.chown(server.sockets, pwd.getpwnam("daemon").pw_uid, -1, follow_symlinks=False)
        with pytest.raises(CannotStartPostgres, match="belongs to daemon: remove it"):
            server.start()
        assert tmp_path.owner() == "root"
    finally:
        server.sockets.unlink()


def test_files_names_are_checked(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        FileStore(tmp_path).path("../../etc/passwd")
    assert not FileStore(tmp_path).has(uuid4().hex * 2)
