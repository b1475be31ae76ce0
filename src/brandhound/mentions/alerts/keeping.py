"""Makes, changes and removes alerts, tries them on the past, and keeps what they find."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, or_, select, update

from brandhound.brands.models import Brand
from brandhound.brands.queries import all_brands
from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.live import publish
from brandhound.core.problems import NotThere
from brandhound.mentions.alerts import wording
from brandhound.mentions.alerts.errors import AlertOnUnknownBrand
from brandhound.mentions.alerts.expecting import usual_days
from brandhound.mentions.alerts.looking import Finding, Look, causes, days_before, look, severity_of
from brandhound.mentions.alerts.models import BrandAlert, BrandIncident
from brandhound.mentions.alerts.schemas import AlertOut, AlertWish, BackTest, DayCount, IncidentOut, NewAlert
from brandhound.mentions.alerts.understanding import KnownBrand, Understood, understand
from brandhound.mentions.deeds.bonds import where_they_went
from brandhound.notifications.notifying import notify
from brandhound.tenancy.audit import record
from brandhound.tenancy.people import Caller

TELLS_OF = timedelta(hours=24)
"""What could have been known for longer is not told any more: it is found when an alert is new, or after a long night."""

CHECKED_DAYS = 14
MOST_CHECKED_DAYS = 120
"""What goes on is looked at from its beginning on, up to so many days."""
_COUNTED = timedelta(days=90)


async def make_alert(db: Db, caller: Caller, new: NewAlert, now: datetime) -> BrandAlert:
    """Watch for spikes or silences of a brand.

    Raises AlertOnUnknownBrand.
    """
    brand = await _brand(db, new.brand_id)
    alert = BrandAlert(
        **new.model_dump(exclude={"title"}),
        title=new.title or wording.title_of(new, brand),
        created_at=now,
        created_by=caller.user_id,
    )
    db.add(alert)
    await db.flush()
    publish(db, "alerts", alert.id)
    await record(db, caller, "alerts.made", "alert", alert.id, {"title": alert.title, "kind": alert.kind})
    return alert


async def change_alert(db: Db, caller: Caller, alert_id: UUID, new: NewAlert) -> BrandAlert:
    """Put another wish in place of an alert's.

    Raises NotThere or AlertOnUnknownBrand.
    """
    alert = await alert_by_id(db, alert_id)
    brand = await _brand(db, new.brand_id)
    if not new.enabled or AlertWish.of(alert) != AlertWish(**new.model_dump(include=set(AlertWish.model_fields))):
        # What it told of was found by another wish, or is not looked at any more.
        await _close(db, BrandIncident.alert_id == alert.id, clock.now())
    for name, value in new.model_dump(exclude={"title"}).items():
        setattr(alert, name, value)
    alert.title = new.title or wording.title_of(new, brand)
    publish(db, "alerts", alert.id)
    await record(db, caller, "alerts.changed", "alert", alert.id, {"title": alert.title, "enabled": alert.enabled})
    return alert


async def drop_alert(db: Db, caller: Caller, alert_id: UUID) -> None:
    """Remove an alert with what it found. Raises NotThere."""
    alert = await alert_by_id(db, alert_id)
    publish(db, "alerts", alert.id)
    await record(db, caller, "alerts.removed", "alert", alert.id, {"title": alert.title})
    await db.delete(alert)


async def alert_by_id(db: Db, alert_id: UUID) -> BrandAlert:
    """That alert. Raises NotThere."""
    alert = await db.get(BrandAlert, alert_id)
    if alert is None:
        raise NotThere("alert")
    return alert


async def all_alerts(db: Db, now: datetime) -> list[AlertOut]:
    """All alerts with how often they told of something, the youngest first."""
    found = {
        alert_id: (number, last, bool(lasting))
        for alert_id, number, last, lasting in await db.execute(
            select(
                BrandIncident.alert_id,
                func.count(),
                func.max(BrandIncident.opened_at),
                func.bool_or(BrandIncident.closed_at.is_(None)),
            )
            # A silence may last longer than that, and still rings.
            .where(or_(BrandIncident.opened_at >= now - _COUNTED, BrandIncident.closed_at.is_(None)))
            .group_by(BrandIncident.alert_id)
        )
    }
    alerts = (await db.scalars(select(BrandAlert).order_by(BrandAlert.created_at.desc(), BrandAlert.id))).all()
    shown: list[AlertOut] = []
    for alert in alerts:
        number, last, lasting = found.get(alert.id, (0, None, False))
        told = {"incidents": number, "last_incident_at": last, "is_open": lasting}
        shown.append(AlertOut.model_validate(alert).model_copy(update=told))
    return shown


async def back_test(db: Db, wish: AlertWish, zone: ZoneInfo, now: datetime, days: int) -> BackTest:
    """What this alert would have told of in the last so many days, as it would have been known then.

    Raises AlertOnUnknownBrand.
    """
    await _brand(db, wish.brand_id)
    seen = await look(db, wish, zone, now, days)
    incidents = [await _shown(db, seen, finding) for finding in seen.findings]
    dates = [_day(incident.opened_at.astimezone(zone).date()) for incident in incidents]
    return BackTest(
        days=days,
        says=wording.result(days, dates, wish.hours, seen.enough_hours),
        incidents=incidents[::-1],
        by_day=_by_day(seen, zone, days),
        is_thin=seen.is_thin,
        days_known=seen.days_known,
    )


async def read_sentence(db: Db, text: str) -> Understood:
    """The rule that a sentence asks for, about one of the organization's brands."""
    return understand(text, await known_brands(db))


async def known_brands(db: Db) -> list[KnownBrand]:
    """The organization's brands with the names that a sentence may call them by."""
    return [
        KnownBrand(brand.id, brand.name, tuple(name.text for name in brand.names), brand.kind == "own")
        for brand in await all_brands(db)
    ]


async def check_alert(db: Db, alert: BrandAlert, zone: ZoneInfo, now: datetime) -> int:
    """Look at the last days, keep what is new, tell of it, and close what is over. Safe to repeat. How many were new."""
    wish = AlertWish.of(alert)
    kept = await _kept(db, alert, now)
    went_on = [incident.closed_at is None for incident in kept]
    lasting = [incident for incident in kept if incident.closed_at is None]
    oldest = min((incident.opened_at for incident in lasting), default=now)
    days = min(MOST_CHECKED_DAYS, max(CHECKED_DAYS, (now - oldest).days + 2))
    seen = await look(db, wish, zone, now, days)
    # What was told of a story was told of the one that it was merged into.
    went = await where_they_went(db, {one.story_id for one in kept if one.story_id is not None})
    # Each story that spreads is told by itself. The first one counts, as it does of the others.
    of_stories = {went.get(one.story_id, one.story_id): one for one in reversed(kept) if one.story_id is not None}
    others = [one for one in kept if one.story_id is None]
    new = 0
    for finding in seen.findings:
        if finding.story_id is not None:
            known = of_stories.get(finding.story_id)
        else:
            known = next((incident for incident in others if _is_same(seen, finding, incident)), None)
        if known is not None:
            known.closed_at = finding.closed_at
        elif now - finding.opened_at <= TELLS_OF and (finding.story_id is not None or not lasting):
            await _keep(db, alert, seen, finding)
            new += 1
    if all(finding.closed_at is not None for finding in seen.findings):
        # Late articles can make what was found usual after all: then it is over.
        for incident in lasting:
            incident.closed_at = incident.closed_at or now
    if new or went_on != [incident.closed_at is None for incident in kept]:
        publish(db, "alerts", alert.id)
    alert.checked_at = now
    return new


async def close_of_paused(db: Db, now: datetime) -> None:
    """Let what goes on of paused brands be over: nobody looks when it is.

    Where it still goes on after the pause, it is open again, and not told once more.
    """
    await _close(db, BrandIncident.brand_id.in_(select(Brand.id).where(Brand.paused.is_(True))), now)


async def _close(db: Db, which: ColumnElement[bool], now: datetime) -> None:
    going_on = update(BrandIncident).where(which, BrandIncident.closed_at.is_(None)).values(closed_at=now)
    publish(db, "alerts", *set(await db.scalars(going_on.returning(BrandIncident.alert_id))))


async def _kept(db: Db, alert: BrandAlert, now: datetime) -> list[BrandIncident]:
    """What it told of lately, and what goes on since whenever; none that it told of when it asked for something else.

    With the stories that an alert told of which asked for the same of this brand, or more, and rests: that of a merged brand.
    """
    lately = BrandIncident.opened_at >= now - timedelta(days=CHECKED_DAYS + 1)
    resting = select(BrandAlert.id).where(
        BrandAlert.brand_id == alert.brand_id,
        BrandAlert.kind == "story",
        BrandAlert.enabled.is_(False),
        BrandAlert.tones == alert.tones,
        BrandAlert.words == alert.words,
        BrandAlert.least_outlets >= alert.least_outlets,
        BrandAlert.within_hours <= alert.within_hours,
    )
    found = await db.scalars(
        select(BrandIncident)
        .where(
            or_(BrandIncident.alert_id == alert.id, BrandIncident.alert_id.in_(resting)),
            BrandIncident.brand_id == alert.brand_id,
            BrandIncident.kind == alert.kind,
            or_(lately, BrandIncident.closed_at.is_(None)),
        )
        .order_by(BrandIncident.opened_at)
    )
    return list(found)


def _is_same(seen: Look, finding: Finding, incident: BrandIncident) -> bool:
    """Whether a spike or a silence is what was told already.

    Late articles, and the days that are remembered, move the hour at which a spike could be known: it is the same where most
    of the stories that it was seen from had been told when it was known before. A silence is the same as one that it overlaps:
    between two of them there are stories.
    """
    if finding.opened_at == incident.opened_at:
        return True
    if finding.kind == "silence":
        is_after = incident.closed_at is not None and incident.closed_at <= finding.opened_at
        is_before = finding.closed_at is not None and finding.closed_at <= incident.opened_at
        return not is_after and not is_before
    begins = finding.opened_at - timedelta(hours=finding.window_hours)
    if incident.closed_at is not None and begins >= incident.closed_at:
        return False
    told = seen.series.within(finding.first_hour, finding.last_hour)
    known = sum(one.at < incident.opened_at for one in told)
    return begins < incident.opened_at and 2 * known >= len(told)


async def _keep(db: Db, alert: BrandAlert, seen: Look, finding: Finding) -> None:
    told = await causes(db, seen, finding)
    if finding.story_id is not None:
        told["outlets_in_all"] = finding.outlets
    brand = await _brand(db, alert.brand_id)
    incident = BrandIncident(
        alert_id=alert.id,
        brand_id=alert.brand_id,
        kind=finding.kind,
        story_id=finding.story_id,
        opened_at=finding.opened_at,
        closed_at=finding.closed_at,
        window_hours=finding.window_hours,
        stories=finding.stories,
        expected=finding.expected,
        probability=finding.probability,
        severity=severity_of(finding, told),
        why=told,
    )
    db.add(incident)
    await db.flush()
    await notify(
        db,
        f"brand_{finding.kind}",
        wording.headline(finding, brand, told),
        wording.sentence(finding, told),
        f"/alerts?alert={alert.id}",
        incident.severity,
        f"brand-incident:{incident.id}",
        facts={"brand_id": str(alert.brand_id), "incident_id": str(incident.id)},
    )


def told_words(incident: BrandIncident) -> str:
    """A kept incident in one sentence."""
    finding = Finding(
        incident.kind,
        incident.opened_at,
        incident.closed_at,
        incident.window_hours,
        incident.stories,
        incident.expected,
        incident.probability,
        is_thin=bool(incident.why.get("thin")),
        first_hour=0,
        last_hour=0,
        story_id=incident.story_id,
        outlets=int(incident.why.get("outlets_in_all", 0)),
    )
    return wording.sentence(finding, incident.why)


async def _shown(db: Db, seen: Look, finding: Finding) -> IncidentOut:
    told = await causes(db, seen, finding)
    return IncidentOut(
        opened_at=finding.opened_at,
        closed_at=finding.closed_at,
        window_hours=finding.window_hours,
        stories=finding.stories,
        expected=round(finding.expected, 2),
        probability=finding.probability,
        severity=severity_of(finding, told),
        words=wording.sentence(finding, told),
        why=told,
    )


def _by_day(seen: Look, zone: ZoneInfo, days: int) -> list[DayCount]:
    series = seen.series
    known = usual_days(series.counts[seen.begins :], series.hours_of_week[seen.begins :])
    means = [0.0] * seen.begins + [float(mean) for usual in known for mean in usual.means]
    stories: dict[date, list[float]] = {}
    for hour in range(days_before(series, days), len(series.counts)):
        day = stories.setdefault(series.time_of(hour).astimezone(zone).date(), [0, 0.0])
        day[0] += series.counts[hour]
        day[1] += means[hour]
    return [DayCount(day_on=day, stories=int(told), expected=round(due, 2)) for day, (told, due) in stories.items()]


async def incidents_of(db: Db, alert_id: UUID, limit: int) -> Sequence[BrandIncident]:
    """What an alert told of, the latest first. Raises NotThere."""
    await alert_by_id(db, alert_id)
    return (
        await db.scalars(
            select(BrandIncident)
            .where(BrandIncident.alert_id == alert_id)
            .order_by(BrandIncident.opened_at.desc())
            .limit(limit)
        )
    ).all()


async def _brand(db: Db, brand_id: UUID) -> str:
    name = await db.scalar(select(Brand.name).where(Brand.id == brand_id))
    if name is None:
        raise AlertOnUnknownBrand(brand_id)
    return name


def _day(day: date) -> str:
    return f"{day.day} {day:%B}"
