"""The database and the work in it: reachable, up to date, walls standing, workers alive, nothing stuck, nothing silent."""

import time

import psycopg
from alembic.script import ScriptDirectory

from brandhound.app.findings import Check, Finding
from brandhound.core.addresses import APP_ROLE, SYSTEM_ROLE, DatabaseNotReady, database_url
from brandhound.core.migrating import alembic_config
from brandhound.core.refusals import OLDEST, remedy
from brandhound.core.settings import settings
from brandhound.core.walls import HOLES

MIGRATE = "Run `brandhound migrate` (starting with `./run` or `brandhound up` does it, too)."


def _ask(statement: str, role: str = "owner", parameters: dict[str, object] | None = None) -> list[tuple[object, ...]]:
    with psycopg.connect(database_url(role), connect_timeout=5) as connection:
        return connection.execute(statement.encode(), parameters).fetchall()


def _number(statement: str, role: str = "owner") -> float:
    value = _ask(statement, role)[0][0]
    return float(str(value)) if value is not None else 0.0


def check_connection() -> Finding:
    try:
        _ask("select 1")
    except psycopg.Error as error:
        return Finding("database", "bad", f"does not answer: {str(error).strip()}", f"DATABASE_URL: {remedy(error)}")
    kind = "the embedded server" if "brandhound_owner" in database_url("owner") else "the server of DATABASE_URL"
    return Finding("database", "good", f"{kind} answers")


def check_server_version() -> Finding:
    version = str(_ask("show server_version")[0][0])
    if int(version.split(".", maxsplit=1)[0].split(maxsplit=1)[0]) < OLDEST:
        return Finding("database version", "bad", f"PostgreSQL {version}", f"PostgreSQL {OLDEST} or newer is needed.")
    return Finding("database version", "good", f"PostgreSQL {version}")


def check_migrations() -> Finding:
    newest = ScriptDirectory.from_config(alembic_config()).get_current_head()
    try:
        here = str(_ask("select version_num from alembic_version")[0][0])
    except (psycopg.errors.UndefinedTable, IndexError):
        return Finding("tables", "bad", "there are none yet", MIGRATE)
    except psycopg.errors.InsufficientPrivilege:
        fix = "Name the owner of the tables in DATABASE_URL."
        return Finding("tables", "bad", "they belong to another role than that of DATABASE_URL", fix)
    if here != newest:
        return Finding("tables", "bad", f"at {here}, the program needs {newest}", MIGRATE)
    return Finding("tables", "good", f"up to date ({here})")


def check_roles() -> Finding:
    try:
        for role in ("app", "system"):
            _ask("select 1", role)
    except (psycopg.Error, DatabaseNotReady) as error:
        return Finding("database roles", "bad", f"cannot connect: {error}", MIGRATE)
    strong = _ask(
        "select rolname from pg_roles where rolname = any(%(roles)s) and (rolsuper or rolbypassrls)",
        parameters={"roles": [APP_ROLE, SYSTEM_ROLE]},
    )
    if strong:
        return Finding(
            "database roles",
            "bad",
            f"{strong[0][0]} may step past the wall between organizations",
            "alter role … nosuperuser nobypassrls",
        )
    owner, superuser = _ask("select rolname, rolsuper from pg_roles where rolname = current_user")[0]
    if superuser:
        return Finding(
            "database roles",
            "warning",
            f"{owner}, the role of DATABASE_URL, is a superuser, though owning the database is enough",
            "Let an ordinary role own the database and all in it: create role brandhound login createrole password '…'",
        )
    return Finding("database roles", "good", "bound by row-level security")


def check_walls() -> Finding:
    holes = _ask(HOLES, parameters={"app": APP_ROLE})
    if holes:
        found = "; ".join(f"{name}: {problem}" for name, problem in holes[:5])
        return Finding(
            "walls between organizations",
            "bad",
            found,
            "Somebody changed the tables by hand: restore them from the migrations.",
        )
    return Finding("walls between organizations", "good", "every table of an organization is guarded")


def check_administrator() -> Finding:
    if _ask("select 1 from users limit 1", "system"):
        return Finding("administrator", "good", "there is one")
    return Finding(
        "administrator",
        "warning",
        "nobody can sign in yet",
        "`brandhound setup-link` prints the link that makes the administrator.",
    )


def check_workers() -> Finding:
    living = _number("select count(*) from workers where beat_at > now() - interval '60 seconds'", "system")
    if not living:
        return Finding(
            "workers",
            "warning",
            "none is alive: nothing is fetched",
            "Start one: `brandhound worker`, or `./run` for everything.",
        )
    return Finding("workers", "good", f"{living:.0f} alive")


def check_waiting_runs() -> Finding:
    oldest = _number(
        "select greatest(0, extract(epoch from max(now() - queued_at))) from runs where state = 'queued'", "system"
    )
    if oldest > 600:
        return Finding(
            "waiting runs",
            "warning",
            f"the oldest has waited for {oldest / 60:.0f} minutes",
            "Start another worker, or look under Jobs what holds them up.",
        )
    return Finding("waiting runs", "good", f"none waits for long ({oldest:.0f} s)")


def check_stuck_runs() -> Finding:
    stuck = _number(
        "select count(*) from runs r where state = 'running' and not exists"
        " (select 1 from workers w where w.executor_id = r.worker and w.beat_at > now() - interval '5 minutes')",
        "system",
    )
    if stuck:
        return Finding(
            "stuck runs",
            "warning",
            f"{stuck:.0f} belong to workers that are gone",
            "A living worker takes them over within a minute: start one.",
        )
    return Finding("stuck runs", "good", "none")


def check_failed_runs() -> Finding:
    failed = _number(
        "select count(*) from runs where state in ('failed', 'timed_out') and finished_at > now() - interval '1 day'",
        "system",
    )
    if failed:
        return Finding("failed runs", "warning", f"{failed:.0f} since yesterday", "Look under Jobs: each says why.")
    return Finding("failed runs", "good", "none since yesterday")


def check_feeds() -> Finding:
    ill = _number("select count(*) from feed_documents where state in ('failing', 'gone')", "system")
    late = _number("select count(*) from feed_documents where next_check_at < now() - interval '1 hour'", "system")
    if late:
        return Finding("feeds", "warning", f"{late:.0f} are over an hour late", "Is a worker alive? See above.")
    if ill:
        return Finding(
            "feeds",
            "warning",
            f"{ill:.0f} fail or are gone",
            "Look under Feeds → Health: each says why and what to do.",
        )
    return Finding("feeds", "good", "all are checked in time")


def check_database_clock() -> Finding:
    difference = abs(_number("select extract(epoch from clock_timestamp())") - time.time())
    if difference > 5:
        return Finding(
            "clocks",
            "warning",
            f"the database's clock differs by {difference:.0f} s",
            "Keep both by NTP: schedules follow the database.",
        )
    return Finding("clocks", "good", f"the database's clock differs by {difference:.1f} s")


def check_connections() -> Finding:
    used = _number("select count(*) from pg_stat_activity")
    most = _number("select setting::int from pg_settings where name = 'max_connections'")
    if used > 0.8 * most:
        return Finding(
            "connections", "warning", f"{used:.0f} of {most:.0f}", "Raise max_connections, or run fewer processes."
        )
    return Finding("connections", "good", f"{used:.0f} of {most:.0f}")


def check_bodies() -> Finding:
    folder = settings().data_dir / "files"
    sample = _ask("select body_sha256 from articles where body_sha256 is not null order by id desc limit 20", "system")
    missing = [name for (name,) in sample if not (folder / str(name)[:2] / str(name)[2:4] / str(name)).exists()]
    if missing:
        return Finding(
            "article bodies",
            "bad",
            f"{len(missing)} of the newest {len(sample)} are missing",
            f"Is {folder} the right folder, on the right disk? Restore it from a backup.",
        )
    return Finding("article bodies", "good", f"the newest {len(sample)} are there")


CHECKS: tuple[Check, ...] = (
    check_connection,
    check_server_version,
    check_migrations,
    check_roles,
    check_walls,
    check_administrator,
    check_workers,
    check_waiting_runs,
    check_stuck_runs,
    check_failed_runs,
    check_feeds,
    check_database_clock,
    check_connections,
    check_bodies,
)
