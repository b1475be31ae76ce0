"""Looking at the alert rules: which are broken now, who is told, and when it is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from brandhound.admin.models import AlertEvent, AlertRule
from brandhound.admin.reading import rows
from brandhound.admin.shipped import ERRORS, REGRESSIONS
from brandhound.admin.telling import Told, settle_for_operators, tell_operators
from brandhound.core.db import Db

FRESH = timedelta(minutes=3)
"""A series that has said nothing for longer says nothing about now."""

# A window is judged only when at least half of its minutes are known: right after a start there is nothing to judge.
_WINDOWS = """
select w.minutes, s.name, s.label, min(m.value) as least, max(m.value) as most, count(*) as known, max(m.at) as last_at,
       (array_agg(m.value order by m.at desc))[1] as last
  from metric_series s join metric_samples m on m.series_id = s.id
  join unnest(cast(:windows as int[])) as w(minutes) on m.at > cast(:at as timestamptz) - make_interval(mins => w.minutes)
 where s.name = any(:names) and m.at <= :at and m.at > cast(:at as timestamptz) - make_interval(mins => :longest)
 group by 1, 2, 3
"""
_ERRORS = """
select coalesce(sum(count), 0)::float as value from error_minutes
 where at > cast(:at as timestamptz) - make_interval(mins => :minutes)
   and (cast(:group as uuid) is null or group_id = :group)
   and group_id not in (select id from error_groups where state = 'ignored')
"""
_REGRESSIONS = """
select count(*)::float as value from error_groups
 where state = 'open' and regressed_at > cast(:at as timestamptz) - make_interval(mins => :minutes)
"""


@dataclass(frozen=True)
class Look:
    """What a rule saw: whether it is broken, the worst value, and the series that has it."""

    broken: bool
    value: float | None
    label: str = ""


async def evaluate(db: Db, at: datetime) -> list[tuple[AlertRule, Look]]:
    """Look at every rule that is switched on, tell of what has become broken, and settle what is over.

    `at` is the minute whose samples have just been written.
    """
    rules = (await db.scalars(select(AlertRule).where(AlertRule.enabled).order_by(AlertRule.id))).all()
    windows = await _windows(db, rules, at)
    looks: list[tuple[AlertRule, Look]] = []
    for rule in rules:
        look = await _of_errors(db, rule, at) if rule.metric in (ERRORS, REGRESSIONS) else judge(rule, windows, at)
        await _take_in(db, rule, look, at)
        looks.append((rule, look))
    return looks


def judge(rule: AlertRule, windows: Sequence[dict[str, Any]], at: datetime) -> Look:
    """Whether a series of the rule's metric was on the wrong side of the threshold for the whole window."""
    worst: Look | None = None
    sign = 1 if rule.comparison == "above" else -1
    for row in windows:
        if (row["name"], row["minutes"]) != (rule.metric, rule.window_minutes):
            continue
        if rule.label is not None and rule.label != row["label"]:
            continue
        if row["last_at"] < at - FRESH or row["known"] * 2 < rule.window_minutes:
            continue
        mildest = row["least"] if rule.comparison == "above" else row["most"]
        look = Look(sign * (mildest - rule.threshold) > 0, row["last"], row["label"])
        if worst is None or (look.broken, sign * (look.value or 0)) > (worst.broken, sign * (worst.value or 0)):
            worst = look
    return worst or Look(False, None)


async def _windows(db: Db, rules: Sequence[AlertRule], at: datetime) -> list[dict[str, Any]]:
    windows = sorted({rule.window_minutes for rule in rules})
    if not windows:
        return []
    names = sorted({rule.metric for rule in rules})
    return await rows(db, _WINDOWS, windows=windows, longest=windows[-1], names=names, at=at)


async def _of_errors(db: Db, rule: AlertRule, at: datetime) -> Look:
    if rule.metric == REGRESSIONS:
        found = await rows(db, _REGRESSIONS, at=at, minutes=rule.window_minutes)
    else:
        found = await rows(db, _ERRORS, at=at, minutes=rule.window_minutes, group=rule.group_id)
    value = float(found[0]["value"])
    sign = 1 if rule.comparison == "above" else -1
    return Look(sign * (value - rule.threshold) > 0, value)


async def _take_in(db: Db, rule: AlertRule, look: Look, at: datetime) -> None:
    rule.checked_at, rule.last_value, rule.last_label = at, look.value, look.label or None
    if not look.broken:
        if rule.firing_since is not None:
            await settle_rule(db, rule, at)
        return
    untold = False
    if rule.firing_since is None:
        rule.firing_since = at
        untold = True
        db.add(AlertEvent(rule_id=rule.id, at=at, value=look.value or 0.0, label=look.label, told=0))
        await db.flush()
    elif rule.silenced_until is not None and rule.silenced_until <= at:
        # It began while nobody was to be told, and still goes on.
        rule.silenced_until = None
        untold = True
    if untold and not is_silenced(rule, at):
        told = await tell_operators(db, _told(rule, look), rule.channel)
        await db.execute(
            update(AlertEvent).where(AlertEvent.rule_id == rule.id, AlertEvent.settled_at.is_(None)).values(told=told)
        )


def is_silenced(rule: AlertRule, at: datetime) -> bool:
    """Whether nobody is to be told of it now."""
    return rule.silenced_until is not None and rule.silenced_until > at


async def settle_rule(db: Db, rule: AlertRule, at: datetime) -> None:
    """It is over: the next time is a new one."""
    rule.firing_since = None
    await db.execute(
        update(AlertEvent).where(AlertEvent.rule_id == rule.id, AlertEvent.settled_at.is_(None)).values(settled_at=at)
    )
    await settle_for_operators(db, incident(rule))


async def try_rule(db: Db, rule: AlertRule, at: datetime) -> int:
    """Tell every operator of a made-up alert of this rule, and say that it is one. Returns how many were told."""
    told = _told(rule, Look(True, rule.last_value if rule.last_value is not None else rule.threshold))
    attempt = Told(told.kind, f"Test: {told.title}", told.body, told.href, told.severity, f"{told.key}:test:{at}")
    number = await tell_operators(db, attempt, rule.channel)
    db.add(AlertEvent(rule_id=rule.id, at=at, settled_at=at, value=rule.last_value or 0.0, told=number, test=True))
    return number


def incident(rule: AlertRule) -> str:
    """The key under which all that is told of a rule is one incident."""
    return f"alert:{rule.id}"


def _told(rule: AlertRule, look: Look) -> Told:
    where = f" ({look.label})" if look.label else ""
    side = "over" if rule.comparison == "above" else "under"
    figures = f"{rule.metric}{where} is {look.value:g}, {side} {rule.threshold:g}." if look.value is not None else ""
    return Told(
        "alert",
        rule.title,
        f"{figures} {rule.what_to_do}".strip(),
        f"/admin?tab=alerts&rule={rule.id}",
        rule.severity,  # pyright: ignore[reportArgumentType]  (the table's check gives these words only)
        incident(rule),
    )
