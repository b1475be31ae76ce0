"""Making the roles that the product runs as, and saying in words why a server does not let us."""

import contextlib
import json
import os
import secrets

import psycopg
from psycopg import sql

from brandhound.core.addresses import (
    APP_ROLE,
    READER_ROLE,
    SYSTEM_ROLE,
    address_as,
    database_url,
    kept_passwords,
    passwords_file,
)
from brandhound.core.refusals import REFUSED, CannotUseDatabase, check_version
from brandhound.core.settings import settings

Connection = psycopg.Connection[tuple[object, ...]]


def prepare_roles() -> None:
    """Make the two roles that the product runs as, and let them connect. Safe to repeat.

    They own nothing, are no superusers and cannot bypass row-level security. Needs an owner who may create roles, or roles
    made beforehand together with APP_DATABASE_URL and SYSTEM_DATABASE_URL. Raises CannotUseDatabase before anything is changed
    where the server is too old, the owner may make no tables, or the roles are another installation's; DatabaseNotReady where
    the file with their passwords is damaged.
    """
    kept_passwords()
    with psycopg.connect(database_url("owner"), autocommit=True) as connection:
        check_version(connection.info)
        _check_owner(connection)
        if settings().app_database_url is not None and settings().system_database_url is not None:
            return
        # Of two processes that start together the second one reads what the first one kept.
        connection.execute("select pg_advisory_lock(hashtextextended('brandhound:roles', 0))")
        known = kept_passwords()
        passwords = dict(known)
        try:
            _make_roles(connection, passwords)
        except psycopg.errors.InsufficientPrivilege as error:
            raise CannotUseDatabase(
                f"{connection.info.user}, the role of DATABASE_URL, may not make roles. As a superuser:"
                f" alter role {_quoted(connection, connection.info.user)} createrole. Or have {APP_ROLE} and {SYSTEM_ROLE}"
                " made for you, and give their addresses as APP_DATABASE_URL and SYSTEM_DATABASE_URL."
            ) from error
        if passwords != known:
            _keep(passwords)


def _keep(passwords: dict[str, str]) -> None:
    """Whole or not at all: on a full disk those that were kept before stay."""
    path = passwords_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    fresh.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(passwords, file)
            file.flush()
            os.fsync(file.fileno())
            if os.geteuid() == 0:
                # Of the service's user, who could not read it otherwise.
                theirs = (path if path.exists() else path.parent).stat()
                os.fchown(file.fileno(), theirs.st_uid, theirs.st_gid)
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def _check_owner(connection: Connection) -> None:
    """Raises CannotUseDatabase for a role that cannot make or change our tables."""
    user, database = connection.info.user, connection.info.dbname
    owners = connection.execute(
        "select distinct tableowner from pg_tables where schemaname = 'public' and tablename in ('alembic_version', 'runs')"
        " and not pg_has_role(tableowner, 'usage')"
    ).fetchone()
    if owners:
        raise CannotUseDatabase(
            f"the tables in {database} belong to {owners[0]}, and DATABASE_URL names {user}. Name the owner there."
        )
    may = connection.execute(
        "select has_database_privilege(current_database(), 'create') and has_schema_privilege('public', 'create')"
    ).fetchone()
    if may != (True,):
        raise CannotUseDatabase(
            f"{user}, the role of DATABASE_URL, may make no tables in {database}. As a superuser:"
            f" alter database {_quoted(connection, database)} owner to {_quoted(connection, user)}."
        )


def _make_roles(connection: Connection, passwords: dict[str, str]) -> None:
    """Make them, or set their passwords anew where ours are not known or refused; `passwords` holds what they are then."""
    for role in (APP_ROLE, SYSTEM_ROLE):
        exists = connection.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone()
        if exists and role in passwords and not _is_refused(role, passwords[role]):
            continue
        if exists:
            _check_ours(connection, role)
        passwords.setdefault(role, secrets.token_urlsafe(24))
        connection.execute(
            sql.SQL(
                "{} role {} login nosuperuser nobypassrls nocreatedb nocreaterole noreplication noinherit password {}"
                if not exists
                else "{} role {} login password {}"
            ).format(sql.SQL("alter" if exists else "create"), sql.Identifier(role), sql.Literal(passwords[role]))
        )
    database = sql.Identifier(connection.info.dbname)
    connection.execute(sql.SQL("revoke all on database {} from public").format(database))
    for role in (APP_ROLE, SYSTEM_ROLE):
        connection.execute(
            sql.SQL("grant connect, temporary on database {} to {}").format(database, sql.Identifier(role))
        )
    _prepare_reader(connection)


def _is_refused(role: str, password: str) -> bool:
    """Whether the server knows the role by another password than we do."""
    try:
        psycopg.connect(address_as(role, password), connect_timeout=10).close()
    except psycopg.OperationalError as error:
        return REFUSED in str(error)
    return False


def _check_ours(connection: Connection, role: str) -> None:
    """Raises CannotUseDatabase when setting the role's password would lock another installation out.

    A role belongs to the whole server, so that a second database there, such as one that a backup is tried out in, has the same.
    """
    elsewhere = connection.execute(
        "select d.datname from pg_database d cross join aclexplode(d.datacl) g join pg_roles r on r.oid = g.grantee"
        " where r.rolname = %s and d.datname <> current_database() and g.privilege_type = 'CONNECT' order by 1 limit 1",
        [role],
    ).fetchone()
    if elsewhere:
        raise CannotUseDatabase(
            f"the role {role} of this server serves the database {elsewhere[0]} already, under a password that is not known"
            f" here; setting another would lock that installation out. Copy {passwords_file().name} from its data directory"
            f" to {passwords_file()}, and both share the role; or take another server."
        )


def _prepare_reader(connection: Connection) -> None:
    """The role without rights of its own that the system role takes on to look at the server. Safe to repeat."""
    reader = sql.Identifier(READER_ROLE)
    if not connection.execute("select 1 from pg_roles where rolname = %s", [READER_ROLE]).fetchone():
        connection.execute(
            sql.SQL("create role {} nologin nosuperuser nobypassrls nocreatedb nocreaterole noreplication").format(
                reader
            )
        )
    member = "select pg_has_role(%s, %s, 'member')"
    if connection.execute(member, [SYSTEM_ROLE, READER_ROLE]).fetchone() != (True,):
        connection.execute(sql.SQL("grant {} to {}").format(reader, sql.Identifier(SYSTEM_ROLE)))
    if connection.execute(member, [READER_ROLE, "pg_monitor"]).fetchone() != (True,):
        # Not every owner may pass that on; without it the statements of other roles stay hidden, and the page says so.
        with contextlib.suppress(psycopg.errors.InsufficientPrivilege):
            connection.execute(sql.SQL("grant pg_monitor to {}").format(reader))


def _quoted(connection: Connection, name: str) -> str:
    return sql.Identifier(name).as_string(connection)
