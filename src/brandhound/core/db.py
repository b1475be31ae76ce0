"""The database session of one organization: one block, one transaction, one tenant."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterable
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any, TypeVarTuple
from uuid import UUID
from weakref import WeakKeyDictionary

from psycopg.pq import Format
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    ForeignKeyConstraint,
    MetaData,
    Select,
    Text,
    UniqueConstraint,
    Uuid,
    any_,
    bindparam,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, with_loader_criteria
from sqlalchemy.pool import QueuePool
from sqlalchemy.schema import SchemaItem

from brandhound.core.addresses import sqlalchemy_url
from brandhound.core.ids import NOBODY, uuid7

Db = AsyncSession
Ts = TypeVarTuple("Ts")

SYSTEM_ORGANIZATION = NOBODY
"""Owns the work that belongs to nobody in particular, such as polling shared feeds. Operators see it."""

SETTING = "app.organization_id"

BINARY = {"brandhound_binary": True}
"""`execution_options` of a statement that brings thousands of rows: the server sends them as they lie, which takes it and us a
fraction of the time that writing and reading them as text does."""


fence: ContextVar[Callable[[Db], Awaitable[None]] | None] = ContextVar("fence", default=None)
"""Looked at before a transaction is committed: it raises when whoever began it may not write any more."""


@contextmanager
def unfenced() -> Generator[None]:
    """For what is true whoever writes it, such as that a service was called."""
    token = fence.set(None)
    try:
        yield
    finally:
        fence.reset(token)


class OrganizationMissing(RuntimeError):
    """A transaction was begun without saying for which organization."""


class Model(DeclarativeBase):
    """A table."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012
        datetime: DateTime(timezone=True),
        date: Date(),
        str: Text(),
        list[str]: ARRAY(Text()),
        dict[str, Any]: JSONB(),
        list[dict[str, Any]]: JSONB(),
    }


class TenantModel(Model):
    """A row that belongs to one organization; the database fills and checks the owner."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7, comment="Sorts by the time it was made.")
    organization_id: Mapped[UUID] = mapped_column(
        server_default=text(f"current_setting('{SETTING}')::uuid"),
        comment="Whose row it is; filled and guarded by the database.",
    )


def tenant_args(*more: SchemaItem | dict[str, str]) -> tuple[SchemaItem | dict[str, str], ...]:
    """`__table_args__` of a tenant table: the key that references carry, then whatever else it has."""
    return (UniqueConstraint("organization_id", "id"), *more)


def tenant_key(column: str, table: str, *, ondelete: str | None = None) -> ForeignKeyConstraint:
    """A reference that carries its owner, because row-level security does not check foreign keys.

    `ondelete` may be "CASCADE", or "SET NULL", which then clears the one column and not the owner.
    """
    if ondelete == "SET NULL":
        ondelete = f"SET NULL ({column})"
    return ForeignKeyConstraint(
        ["organization_id", column], [f"{table}.organization_id", f"{table}.id"], ondelete=ondelete
    )


_engines: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, AsyncEngine]] = WeakKeyDictionary()


def engine_of(role: str) -> AsyncEngine:
    """The engine for a role ("app" or "system") in the running event loop: connections cannot cross loops."""
    of_loop = _engines.setdefault(asyncio.get_running_loop(), {})
    if role not in of_loop:
        engine = create_async_engine(
            sqlalchemy_url(role),
            pool_size=8,
            max_overflow=8,
            pool_timeout=30,
            # Without a test on check-out, each pooled connection would fail once after the server was restarted.
            pool_pre_ping=True,
            # What people wrote, and sealed secrets, stay out of tracebacks and so out of logs.
            hide_parameters=True,
            # None: safe behind a transaction pooler, at next to no cost.
            connect_args={"prepare_threshold": None, "application_name": f"brandhound-{role}"},
        )
        event.listen(engine.sync_engine, "before_cursor_execute", _ask_for_binary)
        if role == "app":
            event.listen(engine.sync_engine, "begin", _name_the_organization)
        of_loop[role] = engine
    return of_loop[role]


async def close_engines() -> None:
    """Close the connections of the running event loop."""
    for engine in _engines.pop(asyncio.get_running_loop(), {}).values():
        await engine.dispose()


def _name_the_organization(connection: Connection) -> None:
    organization_id = connection.get_execution_options().get("organization_id")
    if not isinstance(organization_id, UUID):
        raise OrganizationMissing
    # Local to the transaction: it dies with it, so that a pooled connection carries nothing over.
    connection.exec_driver_sql(f"select set_config('{SETTING}', %s, true)", (str(organization_id),))


def _ask_for_binary(_1: Any, cursor: Any, _2: Any, _3: Any, context: Any, _4: Any) -> None:
    if context is not None and context.execution_options.get("brandhound_binary"):
        # Of psycopg's cursor, within the one by which SQLAlchemy waits for it.
        cursor._cursor.format = Format.BINARY


def connections_in_use(loop: asyncio.AbstractEventLoop) -> dict[str, int]:
    """How many pooled connections of an event loop are in use, by role. May be asked from another thread."""
    pools = {role: engine.pool for role, engine in list(_engines.get(loop, {}).items())}
    return {role: pool.checkedout() for role, pool in pools.items() if isinstance(pool, QueuePool)}


@asynccontextmanager
async def tenant_session(organization_id: UUID) -> AsyncGenerator[Db]:
    """Open one transaction that can see only this organization's rows.

    Commits when the block ends, rolls back when it raises.
    """
    engine = engine_of("app").execution_options(organization_id=organization_id)
    async with (
        AsyncSession(engine, expire_on_commit=False, info={"organization_id": organization_id}) as db,
        db.begin(),
    ):
        yield db
        if check := fence.get():
            await check(db)


@asynccontextmanager
async def without_nested_loops(db: Db) -> AsyncGenerator[None]:
    """For statements that join thousands of rows which the server takes for a few: then it looks for each by itself.

    Rows that are new have no statistics, and it cannot know how many there are for which something holds that is worked out.
    May not be nested.
    """
    await db.execute(text("select set_config('enable_nestloop', 'off', true)"))
    yield
    await db.execute(text("select set_config('enable_nestloop', 'on', true)"))


def organization_of(db: Db) -> UUID:
    """Whose session it is."""
    return db.info["organization_id"]


def planned_for_its_owner(db: Db, statement: Select[*Ts], *tables: type[Any]) -> Select[*Ts]:
    """The statement with whose rows of these tables are asked for written into it, for the server to plan by.

    Of the wall it learns that only when the statement runs: it takes the largest organization for one of the middle, and sorts
    or looks up one after the other what it should have hashed. For statements that read thousands of rows. Nothing else can be
    seen by it, and nothing less: the wall stays what keeps organizations apart.
    """
    owner = organization_of(db)
    return statement.options(
        *(with_loader_criteria(table, table.organization_id == owner, include_aliases=True) for table in tables)
    )


def one_of(ids: Iterable[UUID]) -> ColumnElement[bool]:
    """What a column is to be equal to: one of these, `Story.id == one_of(ids)`.

    They go over as one array. As a parameter each, more than 65,535 would be refused, and already five hundred take longer to
    write down than to look up.
    """
    return any_(bindparam(None, list(ids), ARRAY(Uuid())))


def rows_affected(result: Iterable[Any]) -> int:
    """How many rows a statement changed."""
    return int(getattr(result, "rowcount", 0))
