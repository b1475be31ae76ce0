"""Telling people: one notice an incident, however often it happens."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, case, or_, text, update
from sqlalchemy.dialects.postgresql import insert

from brandhound.core import clock
from brandhound.core.db import Db, organization_of, rows_affected
from brandhound.core.ids import uuid7
from brandhound.core.live import publish
from brandhound.jobs.registry import current_run
from brandhound.notifications.addressing import Alert, call_people
from brandhound.notifications.kinds import kind_named
from brandhound.notifications.models import SEVERITIES, Audience, Notification, Severity
from brandhound.notifications.wording import fitted

QUIET = timedelta(days=1)
"""An incident that goes on is put before those who have read of it once more after this long, and not sooner."""


async def notify(
    db: Db,
    kind: str,
    title: str,
    body: str = "",
    href: str | None = None,
    severity: Severity | None = None,
    key: str | None = None,
    *,
    user_id: UUID | None = None,
    organization_id: UUID | None = None,
    audience: Audience | None = None,
    facts: Mapping[str, Any] | None = None,
) -> UUID:
    """Tell the organization, or one person in it, in the transaction of the cause.

    Notices with the same `key` are one, counted, until the incident is settled: it is unread again only when it got worse
    or has gone on for a day. Severity and audience are the kind's unless given. `facts` are plain JSON for programs.
    What brings it outside the app is queued here too: it goes out if this transaction commits, and only then.
    Returns the notice.
    """
    now = clock.now()
    owner = organization_id or organization_of(db)
    sort = kind_named(kind)
    matters = severity or sort.severity
    told = audience or sort.told
    new = insert(Notification).values(
        id=uuid7(),
        organization_id=owner,
        kind=kind,
        severity=matters,
        audience=told,
        title=fitted(title, 500),
        body=fitted(body, 4000),
        href=href,
        facts=_facts(facts, owner),
        user_id=user_id,
        incident_key=key,
        created_at=now,
        last_at=now,
        alerted_at=now,
    )
    worse = _rank(new.excluded.severity) > _rank(Notification.severity)
    merged = new.on_conflict_do_update(
        index_elements=["organization_id", "incident_key"],
        index_where=text("incident_key is not null and settled_at is null"),
        set_={
            "count": Notification.count + 1,
            "last_at": now,
            "title": new.excluded.title,
            "body": new.excluded.body,
            "href": new.excluded.href,
            "facts": new.excluded.facts,
            "severity": new.excluded.severity,
            "alerted_at": case((or_(worse, Notification.alerted_at < now - QUIET), now), else_=Notification.alerted_at),
        },
    )
    notice_id, alerted_at = (await db.execute(merged.returning(Notification.id, Notification.alerted_at))).one()
    publish(db, "notifications", notice_id, organization_id=owner)
    if alerted_at == now:
        await call_people(db, Alert(notice_id, owner, kind, matters, told, user_id, key, now))
    return notice_id


async def settle(db: Db, key: str, *, organization_id: UUID | None = None) -> bool:
    """The incident is over: the next notice with this key will be a new one. Says whether there was one.

    In the installation's own session without an `organization_id` it is over for every organization.
    """
    query = update(Notification)
    if organization_id is not None:
        query = query.where(Notification.organization_id == organization_id)
    settled = await db.execute(
        query.where(Notification.incident_key == key, Notification.settled_at.is_(None))
        .values(settled_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    return rows_affected(settled) > 0


def _facts(given: Mapping[str, Any] | None, owner: UUID) -> dict[str, Any]:
    """What was given, and the run that tells it, if one of this organization does."""
    organization_id, run_id = current_run.get() or (None, None)
    return {"run_id": str(run_id), **(given or {})} if organization_id == owner else dict(given or {})


def _rank(severity: SQLColumnExpression[str]) -> ColumnElement[int]:
    return case({name: rank for rank, name in enumerate(SEVERITIES)}, value=severity)
