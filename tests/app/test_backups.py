"""What cannot be brought back is refused before anything is made, with what to do."""

import json
import os
import shutil
import tarfile
from collections.abc import Generator
from io import BytesIO
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from brandhound import __version__
from tests.app.test_commands import brandhound
from tests.databases import TestDatabase


@pytest.fixture
def empty(database: TestDatabase) -> Generator[str]:
    """The address of a database without tables."""
    name = f"bh_empty_{os.getpid()}"
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute(f"create database {name}".encode())
        yield make_conninfo(database.url, dbname=name)
        connection.execute(f"drop database {name} with (force)".encode())


def made_up(file: Path, **facts: str) -> Path:
    """A file with everything that a backup has, but for what it is about."""
    manifest = {"version": "9.9.9", "made_at": "2026-11-01T00:00:00+00:00"} | facts
    with tarfile.open(file, "w") as archive:
        for name, content in (
            ("manifest.json", json.dumps(manifest).encode()),
            ("database.dump", b"PGDMP" + bytes(9000)),
            ("files/ab/cd/abcd", b"an article"),
        ):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, BytesIO(content))
    return file


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"tables": "9999_far_ahead"}, f"it is of a newer brandhound (version 9.9.9, tables 9999_far_ahead) than this one"
         f" (version {__version__})"),
        ({"tables": "0001_core", "postgres": "99"}, "it is of PostgreSQL 99, and the server here is PostgreSQL"),
        ({"owner": "somebody"}, "the backup's tables belong to somebody: connect as a role of that name"),
    ],
)  # fmt: skip
def test_a_backup_that_does_not_fit_here_is_refused(
    facts: dict[str, str], said: str, empty: str, tmp_path: Path
) -> None:
    with psycopg.connect(empty) as connection:
        facts = {"owner": connection.info.user} | facts
    folder = tmp_path / "not there yet"
    done = brandhound(
        "restore", str(made_up(tmp_path / "a.tar", **facts)), DATABASE_URL=empty, BRANDHOUND_DATA_DIR=str(folder)
    )
    assert done.returncode == 1
    assert said in done.stderr
    assert list(folder.iterdir()) == []


def test_tables_that_cannot_be_brought_back_leave_neither_files_nor_a_key(
    empty: str, database: TestDatabase, tmp_path: Path
) -> None:
    with psycopg.connect(empty) as connection:
        backup = made_up(tmp_path / "a.tar", owner=connection.info.user, tables="0001_core")
    folder = tmp_path / "new"
    folder.mkdir()
    # The roles of this server have their passwords already.
    shutil.copy(database.data_dir / "roles.json", folder)
    done = brandhound("restore", str(backup), DATABASE_URL=empty, BRANDHOUND_DATA_DIR=str(folder))
    assert done.returncode == 1
    assert "pg_restore failed" in done.stderr
    assert [path.name for path in folder.iterdir()] == ["roles.json"]


def test_a_backup_that_was_cut_off_is_called_that_wherever_it_ends(tmp_path: Path) -> None:
    whole = made_up(tmp_path / "whole.tar", owner="anybody").read_bytes()
    with tarfile.open(tmp_path / "whole.tar") as archive:
        between = archive.getmembers()[-1].offset
    for length in (between, between + 100, 700, 5000):
        (tmp_path / "cut.tar").write_bytes(whole[:length])
        folder = tmp_path / f"data{length}"
        done = brandhound("restore", str(tmp_path / "cut.tar"), BRANDHOUND_DATA_DIR=str(folder))
        assert done.returncode == 1
        assert "is cut off or damaged" in done.stderr
        assert list(folder.iterdir()) == []


def test_nothing_is_restored_over_articles_or_a_key_that_are_there(empty: str, tmp_path: Path) -> None:
    with psycopg.connect(empty) as connection:
        backup = made_up(tmp_path / "a.tar", owner=connection.info.user)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secret.key").write_text("of somebody else")
    done = brandhound("restore", str(backup), DATABASE_URL=empty, BRANDHOUND_DATA_DIR=str(tmp_path / "data"))
    assert "secret.key is there already" in done.stderr
    assert (tmp_path / "data" / "secret.key").read_text() == "of somebody else"


def test_an_installation_without_tables_is_not_backed_up(empty: str, tmp_path: Path) -> None:
    done = brandhound("backup", str(tmp_path / "b.tar"), DATABASE_URL=empty, BRANDHOUND_DATA_DIR=str(tmp_path))
    assert done.returncode == 1
    assert "there is nothing yet" in done.stderr
    assert not (tmp_path / "b.tar").exists()


def test_a_backup_says_whether_its_key_is_inside_and_is_not_opened_with_another(
    empty: str, database: TestDatabase, tmp_path: Path
) -> None:
    first, second, backup = tmp_path / "first", tmp_path / "second", tmp_path / "b.tar"
    for folder in (first, second):
        folder.mkdir()
        # The roles of this server have their passwords already.
        shutil.copy(database.data_dir / "roles.json", folder)
    (first / "secret.key").write_text("from before there was a variable")
    here = {"DATABASE_URL": database.url, "BRANDHOUND_DATA_DIR": str(first)}
    there = {"DATABASE_URL": empty, "BRANDHOUND_DATA_DIR": str(second)}

    assert "the secret key is inside" in brandhound("backup", str(backup), **here).stdout
    wrong = brandhound("restore", str(backup), BRANDHOUND_SECRET_KEY="another", **there)
    assert "leave it out, as the right one is in the backup" in wrong.stderr

    done = brandhound("backup", str(backup), BRANDHOUND_SECRET_KEY="of the service", **here)
    assert "The secret key is not inside: it is BRANDHOUND_SECRET_KEY" in done.stdout
    with tarfile.open(backup) as archive:
        assert "secret.key" not in archive.getnames()
        assert b"of the service" not in backup.read_bytes()
    wrong = brandhound("restore", str(backup), BRANDHOUND_SECRET_KEY="another", **there)
    assert wrong.returncode == 1
    assert "BRANDHOUND_SECRET_KEY is not the key that sealed what is in the backup: set it as it was" in wrong.stderr
    assert [path.name for path in second.iterdir()] == ["roles.json"]
    restored = brandhound("restore", str(backup), **there)
    assert "Set BRANDHOUND_SECRET_KEY as it was before you start." in restored.stdout, restored.stderr


def test_a_key_that_is_known_as_a_former_one_opens_a_backup(empty: str, database: TestDatabase, tmp_path: Path) -> None:
    shutil.copy(database.data_dir / "roles.json", tmp_path)
    here = {"DATABASE_URL": database.url, "BRANDHOUND_DATA_DIR": str(tmp_path), "BRANDHOUND_SECRET_KEY": "former"}
    assert brandhound("backup", str(tmp_path / "b.tar"), **here).returncode == 0
    keys = {"BRANDHOUND_SECRET_KEY": "newer", "BRANDHOUND_PREVIOUS_SECRET_KEYS": "former"}
    restored = brandhound("restore", str(tmp_path / "b.tar"), **here | keys | {"DATABASE_URL": empty})
    assert restored.returncode == 0, restored.stderr
    assert "Set BRANDHOUND_SECRET_KEY" not in restored.stdout


def test_a_backup_into_a_folder_is_refused_before_anything_is_done(tmp_path: Path) -> None:
    done = brandhound("backup", str(tmp_path), DATABASE_URL="postgresql://nobody@127.0.0.1:9/none")
    assert done.returncode == 1
    assert f"{tmp_path} is a folder: name a file in it" in done.stderr
