"""`brandhound backup` and `brandhound restore`: database, article bodies and the secret key, in one file."""

import json
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import psycopg
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from brandhound import __version__
from brandhound.admin.remembering import remember_backup
from brandhound.app.database import ensure_database, leave_database
from brandhound.core.addresses import database_url
from brandhound.core.files import UNFINISHED
from brandhound.core.migrating import alembic_config
from brandhound.core.postgres import find_programs
from brandhound.core.roles import prepare_roles
from brandhound.core.secrets import key_marks
from brandhound.core.settings import settings

DUMP = "database.dump"
MANIFEST = "manifest.json"
KEY = "secret.key"
FILES = "files"
LOGS = "brandhound_logs"
"""The schema in which the weeks of log lines lie."""

KeyPlace = Literal["inside", "environment", "none yet"]
"""Where the key is that opens what a backup holds sealed."""

KEPT_CLOSED: Mapping[KeyPlace, str] = {
    "inside": "Keep it closed to others: the secret key is inside.",
    "environment": "Keep it closed to others. The secret key is not inside: it is BRANDHOUND_SECRET_KEY, which you keep "
    "yourself, and without which passwords and keys of accounts in it cannot be opened.",
    "none yet": "Keep it closed to others. No secret key is inside: none was found. If the service has BRANDHOUND_SECRET_KEY, "
    "keep that too.",
}


class CannotBackUp(RuntimeError):
    """The backup, or bringing it back, did not work; nothing was changed."""


def backup(file: Path, *, with_logs: bool = False) -> int:
    """Write everything into a tar file. The installation may go on working meanwhile. Raises CannotBackUp.

    Log lines are left out unless `with_logs`: they tell of this machine, may be most of the database, and a copy of them would
    outlive the time for which they may be kept.
    """
    if file.is_dir():
        raise CannotBackUp(f"{file} is a folder: name a file in it, such as {file / 'brandhound.tar'}")
    if not file.resolve().parent.is_dir():
        raise CannotBackUp(f"the folder {file.resolve().parent} is not there")
    ensure_database()
    revision = _revision()
    if revision is None:
        raise CannotBackUp("there is nothing yet: is BRANDHOUND_DATA_DIR, or DATABASE_URL, that of the installation?")
    folder = settings().data_dir
    with tempfile.TemporaryDirectory(dir=file.resolve().parent) as temporary:
        dump = Path(temporary) / DUMP
        # The owner's policy shows it every row, which pg_dump has to be told that it may rely on.
        left_out = () if with_logs else (f"--exclude-table-data={LOGS}.*",)
        _postgres(
            "pg_dump", "--format=custom", "--enable-row-security", *left_out, "--file", str(dump), database_url("owner"),
        )  # fmt: skip
        # After the dump: what is sealed in it was sealed by a key that is there now.
        key = _key_place(folder)
        manifest = {
            "version": __version__,
            "made_at": datetime.now(UTC).isoformat(),
            "owner": _owner(),
            "tables": revision,
            "postgres": str(_major()),
            "key": key,
        } | ({} if key == "none yet" else {"key_mark": key_marks()[0]})
        half = Path(temporary) / "backup.tar"
        with tarfile.open(half, "w", dereference=True) as archive:
            _add_text(archive, temporary, MANIFEST, json.dumps(manifest))
            archive.add(dump, DUMP)
            # Where another one is set, a file that still lies there opens nothing.
            if key == "inside":
                archive.add(folder / KEY, KEY)
            if (folder / FILES).exists():
                _add_files(archive, folder / FILES)
        half.chmod(0o600)
        half.replace(file)
    remember_backup(file.stat().st_size)
    leave_database()
    print(
        f"{file} holds everything{'' if with_logs else ' but log lines'}: {file.stat().st_size / 1e6:.1f} MB."
        f" {KEPT_CLOSED[key]}"
    )
    return 0


def restore(file: Path) -> int:
    """Bring a backup back. Raises CannotBackUp when there is anything already, or the file is not one of ours."""
    if not file.is_file():
        raise CannotBackUp(f"{file} is not there")
    folder = settings().data_dir
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        # Read whole before a server is started for it: a copy that was cut off is told as that.
        _unpack(file, Path(temporary))
        manifest = _manifest(Path(temporary))
        ensure_database(may_make=True)
        _check_fits(manifest, folder)
        prepare_roles()
        # The tables come last: with them and without their key, a start would make another key, which opens nothing.
        with _moved(Path(temporary), folder):
            _postgres(
                "pg_restore", "--exit-on-error", "--no-owner", "--single-transaction",
                "--dbname", database_url("owner"), str(Path(temporary) / DUMP),
            )  # fmt: skip
    leave_database()
    print(f"Restored what was kept on {manifest['made_at'][:16]}. Start with `brandhound up`.")
    if manifest.get("key", "inside") != "inside" and settings().secret_key is None:
        as_it_was = "as it was" if manifest["key"] == "environment" else "as it was, if it was set,"
        print(f"Set BRANDHOUND_SECRET_KEY {as_it_was} before you start.")
    return 0


def _key_place(folder: Path) -> KeyPlace:
    if settings().secret_key is not None:
        return "environment"
    return "inside" if (folder / KEY).exists() else "none yet"


@contextmanager
def _moved(source: Path, target: Path) -> Generator[None]:
    """The key and the files lie in the target, and are back if what follows does not work."""
    moved: list[str] = []
    try:
        for name in (KEY, FILES):
            if (source / name).exists():
                (source / name).rename(target / name)
                moved.append(name)
        yield
    except BaseException:
        for name in moved:
            (target / name).rename(source / name)
        raise


def _check_fits(manifest: dict[str, str], folder: Path) -> None:
    """Raises CannotBackUp when there is anything already, or what was kept cannot be read or owned here."""
    with psycopg.connect(database_url("owner")) as connection:
        found = connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
    if found and found[0]:
        raise CannotBackUp("there are tables already: restore into an empty BRANDHOUND_DATA_DIR or database")
    for name in (KEY, FILES):
        if (folder / name).exists():
            raise CannotBackUp(f"{folder / name} is there already: restore into an empty BRANDHOUND_DATA_DIR")
    if "key_mark" in manifest and settings().secret_key is not None and manifest["key_mark"] not in key_marks():
        to_do = (
            "set it as it was"
            if manifest["key"] == "environment"
            else "leave it out, as the right one is in the backup"
        )
        raise CannotBackUp(f"BRANDHOUND_SECRET_KEY is not the key that sealed what is in the backup: {to_do}")
    if manifest["owner"] != _owner():
        raise CannotBackUp(f"the backup's tables belong to {manifest['owner']}: connect as a role of that name")
    if "tables" in manifest and not _knows(manifest["tables"]):
        raise CannotBackUp(
            f"it is of a newer brandhound (version {manifest['version']}, tables {manifest['tables']}) than this one"
            f" (version {__version__}): install that, and restore then"
        )
    if int(manifest.get("postgres", 0)) > _major():
        raise CannotBackUp(
            f"it is of PostgreSQL {manifest['postgres']}, and the server here is PostgreSQL {_major()}, which cannot read it:"
            " restore into a server that is at least as new"
        )


def _knows(revision: str) -> bool:
    """Whether this program has tables of that revision in its past."""
    try:
        ScriptDirectory.from_config(alembic_config()).get_revision(revision)
    except CommandError:
        return False
    return True


def _revision() -> str | None:
    """Which tables there are; None for none."""
    with psycopg.connect(database_url("owner")) as connection:
        try:
            found = connection.execute("select version_num from alembic_version").fetchone()
        except psycopg.errors.UndefinedTable:
            return None
    return str(found[0]) if found else None


def _unpack(file: Path, folder: Path) -> None:
    """Unpack files and folders, and nothing that would lie elsewhere. Raises CannotBackUp for anything else.

    `filter="data"` does the same, and came with Python 3.11.4.
    """
    with _opened(file) as archive:
        try:
            for entry in archive.getmembers():
                inside = (folder / entry.name).resolve().is_relative_to(folder.resolve())
                if not inside or not (entry.isfile() or entry.isdir()):
                    raise CannotBackUp(f"it holds {entry.name}, which a backup of ours does not")
                entry.mode = 0o700 if entry.isdir() else 0o600
                archive.extract(entry, folder, set_attrs=True)
            # A copy that ends between two files is whole to tarfile, which does not miss the mark at the end.
            assert archive.fileobj is not None
            archive.fileobj.seek(archive.offset)
            if archive.fileobj.read(tarfile.BLOCKSIZE) != bytes(tarfile.BLOCKSIZE):
                raise tarfile.ReadError("it has no end")
        except tarfile.TarError as error:
            raise CannotBackUp(
                f"{file} is cut off or damaged: {error}. Copy it anew, or take another backup"
            ) from error


def _opened(file: Path) -> tarfile.TarFile:
    try:
        return tarfile.open(file)
    except tarfile.TarError as error:
        raise CannotBackUp(f"{file} is not a backup") from error


def _manifest(folder: Path) -> dict[str, str]:
    try:
        return json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError) as error:
        raise CannotBackUp("this file is not a backup of brandhound") from error


def _add_text(archive: tarfile.TarFile, folder: str, name: str, text: str) -> None:
    path = Path(folder) / name
    path.write_text(text)
    archive.add(path, name)


def _add_files(archive: tarfile.TarFile, folder: Path) -> None:
    """Add what is whole. Those of the dump are all among them, but for what is forgotten meanwhile, as its rows will be."""
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(UNFINISHED))
        for path in (Path(where), *(Path(where, name) for name in sorted(names))):
            with suppress(FileNotFoundError):
                archive.add(path, str(Path(FILES, path.relative_to(folder))), recursive=False)


def _major() -> int:
    """The server's major version."""
    with psycopg.connect(database_url("owner")) as connection:
        return connection.info.server_version // 10_000


def _owner() -> str:
    with psycopg.connect(database_url("owner")) as connection:
        return connection.info.user


def _postgres(program: str, *arguments: str) -> None:
    # The password stays out of the process list: it is given through the environment.
    environment = dict(os.environ)
    shown = [_without_password(argument, environment) for argument in arguments]
    done = subprocess.run(
        [find_programs(_major()).folder / program, *shown], capture_output=True, text=True, env=environment, check=False
    )
    if done.returncode:
        raise CannotBackUp(f"{program} failed: {done.stderr.strip()[-2000:]}")


def _without_password(argument: str, environment: dict[str, str]) -> str:
    if not argument.startswith("postgresql://"):
        return argument
    parts = conninfo_to_dict(argument)
    environment["PGPASSWORD"] = str(parts.pop("password", "") or "")
    return make_conninfo(**{name: value for name, value in parts.items() if value is not None})  # pyright: ignore[reportArgumentType]
