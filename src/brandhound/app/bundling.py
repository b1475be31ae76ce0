"""A bundle for whoever helps: what the installation looks like from outside. No secrets, and nothing of an organization."""

import asyncio
import io
import json
import platform
import re
import socket
import sys
import zipfile
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from pydantic import SecretStr

from brandhound import __version__
from brandhound.admin import growth, server
from brandhound.admin.exposing import figures_text
from brandhound.admin.health import health
from brandhound.admin.inbox import error_groups
from brandhound.admin.models import AlertRule
from brandhound.admin.processes import processes
from brandhound.admin.queues import failures_by_class, queue_standings
from brandhound.admin.reading import looking, looking_at_server
from brandhound.admin.ruling import rules
from brandhound.app.doctor import examine_in_time
from brandhound.core.db import close_engines
from brandhound.core.logs.redacting import redact, redact_facts
from brandhound.core.settings import Settings, settings
from brandhound.core.system import system_session

READ_ME = """A support bundle of brandhound.

It holds how the installation is built and how it does: versions, settings without secrets, findings of the doctor, health,
figures, sizes of tables, shapes of slow statements, and faults by their place in the code. It holds no password, key, token,
mail address, host of a link or name of a machine, and nothing of any organization: no names, no articles, no texts of messages.
Look through it before you pass it on.
"""

_MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)*")
_URL = re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s\"'<>)]+", re.IGNORECASE)
_LONG = re.compile(r"\b[A-Za-z0-9_-]{32,}\b")
_NOBODY_S = ("localhost", "127.0.0.1", "::1", "0.0.0.0", "::")
_HOME = re.compile(r"((?:/home|/Users)/)[^/\s\"']+")
# Long, and no secrets.
_OURS = re.compile(r"brandhound_\w+|^[a-z_]+$")


async def make_bundle() -> bytes:
    """The bundle as a ZIP file. What cannot be found out is told as such, so that there is one also when much is broken."""
    parts: dict[str, Any] = {
        "versions.json": versions,
        "settings.json": plain_settings,
        "doctor.json": _doctor,
        "health.json": _health,
        "queues.json": _queues,
        "processes.json": _processes,
        "database.json": _database,
        "errors.json": _errors,
        "alerts.json": _alerts,
        "metrics.txt": figures_text,
    }
    machines = [*_machines(), *await _hosts()]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("README.txt", READ_ME)
        for name, find in parts.items():
            bundle.writestr(name, await _found(find, machines))
    return packed.getvalue()


def write_bundle(file: Path) -> int:
    """Write the bundle into a file, for the command line."""
    from brandhound.app.database import ensure_database, leave_database

    ensure_database()

    async def made() -> bytes:
        try:
            return await make_bundle()
        finally:
            await close_engines()

    file.write_bytes(asyncio.run(made()))
    file.chmod(0o600)
    leave_database()
    print(f"{file} says how this installation does, without secrets. Look through it before you pass it on.")
    return 0


def _machines() -> list[str]:
    """Names of machines that the settings, or this one itself, would give away."""
    configured = settings()
    smtp = configured.smtp_url.get_secret_value() if configured.smtp_url else ""
    hosts = [urlsplit(address).hostname for address in (configured.public_url, smtp)]
    here = socket.gethostname()
    return [host for host in (*hosts, here, here.split(".")[0]) if host and host not in _NOBODY_S]


def unnamed(text: str, machines: Iterable[str]) -> str:
    """The text without these names of machines and without the name in the path of a home folder."""
    for at, name in enumerate(sorted(dict.fromkeys(machines), key=len, reverse=True)):
        text = re.sub(rf"(?<![\w.]){re.escape(name)}(?![\w])", f"(machine {at + 1})", text, flags=re.IGNORECASE)
    return _HOME.sub(r"\1(somebody)", text)


async def _found(find: Any, machines: Iterable[str] = ()) -> str:
    try:
        told = find()
        if asyncio.iscoroutine(told):
            told = await told
    # A part that is broken is a finding, too.
    except Exception as error:
        told = {"could not be found out": type(error).__name__}
    text = told if isinstance(told, str) else json.dumps(redact_facts(_plain(told)), indent=1, default=str)
    return unnamed(scrubbed(text), machines)


def scrubbed(text: str) -> str:
    """The text without mail addresses, links, and what is long enough to be a key."""
    text = _MAIL.sub("(a mail address)", _URL.sub("(an address)", redact(text)))
    return _LONG.sub(lambda found: found.group() if _OURS.search(found.group()) else "(something long)", text)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in cast("dict[Any, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in cast("list[Any]", value)]
    return value if isinstance(value, int | float | bool) or value is None else str(value)


def versions() -> dict[str, Any]:
    """What runs here."""
    return {
        "brandhound": __version__,
        "made_at": datetime.now(UTC).isoformat(),
        "python": sys.version,
        "system": platform.platform(),
        "packages": sorted(f"{one.metadata['Name']} {one.version}" for one in distributions()),
    }


def plain_settings() -> dict[str, Any]:
    """Every setting: by its value if that cannot be a secret or an address, else only whether it is set."""
    told: dict[str, Any] = {"set": [], "not set": [], "values": {}}
    for name in Settings.model_fields:
        value = getattr(settings(), name)
        hidden = isinstance(value, SecretStr) or any(
            word in name for word in ("url", "endpoint", "contact", "from", "dsn")
        )
        if hidden or value in (None, ""):
            told["set" if value not in (None, "") else "not set"].append(name)
        else:
            told["values"][name] = str(value) if isinstance(value, Path) else value
    return told


async def _hosts() -> list[str]:
    """The machines on which processes ran: their names are in those of the processes, too."""
    try:
        async with looking() as db:
            found = await processes(db, 30)
    # Without the database none of its parts is in the bundle, nor any of these names.
    except Exception:
        return []
    return [str(row["host"]) for row in found]


async def _doctor() -> Iterable[dict[str, Any]]:
    return [asdict(finding) for finding in await examine_in_time(20)]


async def _health() -> list[dict[str, Any]]:
    return [asdict(part) for part in await health()]


async def _queues() -> dict[str, Any]:
    async with looking() as db:
        return {"queues": await queue_standings(db), "failures": await failures_by_class(db, 168)}


async def _processes() -> list[dict[str, Any]]:
    async with looking() as db:
        found = await processes(db, 30)
    hosts = {host: f"machine {at + 1}" for at, host in enumerate(dict.fromkeys(row["host"] for row in found))}
    kept = (
        "kind",
        "pid",
        "version",
        "started_at",
        "silent_seconds",
        "ended_at",
        "end_reason",
        "rss_bytes",
        "threads",
        "active",
    )
    return [{"machine": hosts[row["host"]], **{name: row[name] for name in kept}} for row in found]


async def _database() -> dict[str, Any]:
    async with looking_at_server() as db:
        told = {
            **await server.summary(db),
            "tables": await server.table_sizes(db),
            "slow_now": await server.slow_now(db),
            "slow_ever": await server.slow_ever(db),
            "unused_indexes": await server.unused_indexes(db),
        }
    async with looking() as db:
        return {**told, **await growth.migrations(db)}


async def _errors() -> list[dict[str, Any]]:
    kept = (
        "kind",
        "place",
        "source",
        "state",
        "count",
        "first_seen_at",
        "last_seen_at",
        "first_version",
        "last_version",
        "trace",
    )
    async with looking() as db:
        return [{name: group[name] for name in kept} for group in await error_groups(db, None, None, 100)]


async def _alerts() -> list[dict[str, Any]]:
    async with system_session() as db:
        return [_rule(rule) for rule in await rules(db)]


def _rule(rule: AlertRule) -> dict[str, Any]:
    kept = (
        "shipped",
        "metric",
        "label",
        "comparison",
        "threshold",
        "window_minutes",
        "enabled",
        "firing_since",
        "last_value",
    )
    return {name: getattr(rule, name) for name in kept}
