"""Making and changing alert rules."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from brandhound.admin.alerting import settle_rule
from brandhound.admin.errors import ShippedRuleStays, UnknownChannel, UnknownMetric
from brandhound.admin.models import AlertEvent, AlertRule
from brandhound.admin.shipped import ERRORS, REGRESSIONS, bring_shipped
from brandhound.admin.telling import PREFERENCES, channel_named
from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.measuring import METRICS
from brandhound.core.problems import NotThere


async def rules(db: Db) -> Sequence[AlertRule]:
    """Every rule: those that are broken now first, then by title."""
    await bring_shipped(db)
    query = select(AlertRule).order_by(AlertRule.firing_since.is_(None), AlertRule.enabled.desc(), AlertRule.title)
    return (await db.scalars(query)).all()


async def rule_by_id(db: Db, rule_id: UUID) -> AlertRule:
    """The rule. Raises NotThere."""
    rule = await db.get(AlertRule, rule_id)
    if rule is None:
        raise NotThere("alert rule")
    return rule


async def events_of(db: Db, rule: AlertRule, limit: int = 20) -> Sequence[AlertEvent]:
    """The last times that it told somebody, newest first."""
    query = select(AlertEvent).where(AlertEvent.rule_id == rule.id).order_by(AlertEvent.at.desc()).limit(limit)
    return (await db.scalars(query)).all()


async def add_rule(db: Db, values: dict[str, Any], created_by: UUID | None) -> AlertRule:
    """Make a rule. Raises UnknownMetric or UnknownChannel."""
    if values["metric"] not in METRICS and values["metric"] not in (ERRORS, REGRESSIONS):
        raise UnknownMetric(values["metric"])
    await _check_channel(db, values["channel"])
    rule = AlertRule(**values, created_by=created_by, created_at=clock.now(), enabled=True)
    db.add(rule)
    await db.flush()
    return rule


async def change_rule(db: Db, rule: AlertRule, changes: dict[str, Any]) -> None:
    """Change it. What it was telling of is over when it is switched off. Raises UnknownChannel."""
    if changes.get("channel"):
        await _check_channel(db, changes["channel"])
    for name, value in changes.items():
        if value is not None:
            setattr(rule, name, value)
    if not rule.enabled and rule.firing_since is not None:
        await settle_rule(db, rule, clock.now())
    await db.flush()


async def _check_channel(db: Db, through: str) -> None:
    if through != PREFERENCES and await channel_named(db, through) is None:
        raise UnknownChannel(through)


async def remove_rule(db: Db, rule: AlertRule) -> None:
    """Take it away. Raises ShippedRuleStays."""
    if rule.shipped is not None:
        raise ShippedRuleStays
    if rule.firing_since is not None:
        await settle_rule(db, rule, clock.now())
    await db.delete(rule)


def silence(rule: AlertRule, minutes: int) -> None:
    """Tell nobody for so long; afterwards, if it is still broken, they are told."""
    rule.silenced_until = clock.now() + timedelta(minutes=minutes)
