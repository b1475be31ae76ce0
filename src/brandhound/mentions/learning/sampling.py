"""Weekly samples: drawn by chance, answered by a person, and what they say of all that is shown and hidden.

They measure and do not teach: what was sampled is left out of the judgements that lessons are learned from, so that the
figures stay honest.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Integer, Select, cast, exists, func, select, text

from brandhound.brands.models import Brand
from brandhound.brands.queries import brand_by_id
from brandhound.core.db import Db
from brandhound.core.live import publish
from brandhound.core.problems import NotThere
from brandhound.mentions.holding import lock_mentions
from brandhound.mentions.judging import judge_mention
from brandhound.mentions.learning.errors import NothingToSample
from brandhound.mentions.learning.estimating import CELLS, Belief, Checked
from brandhound.mentions.learning.models import Answer, Audit, AuditItem, Lesson
from brandhound.mentions.limits import limits_of
from brandhound.mentions.models import Mention
from brandhound.mentions.saying_tone import say_tones
from brandhound.mentions.standings import ToneLabel
from brandhound.tenancy.people import Caller

SIZE = 20
HIDDEN = 6
"""How many of a sample are drawn from below the limit, to see what is missed."""
LEAST = 10
"""With fewer unjudged mentions in a week the sample is drawn from four weeks."""
WEEK = timedelta(days=7)
COUNTED = timedelta(weeks=12)
"""How long the answers of a sample count: what is written of a brand changes."""
LOOK_BACK = timedelta(days=90)


def monday_of(at: datetime, zone: str) -> date:
    """The Monday of the week, where the organization is."""
    on = at.astimezone(ZoneInfo(zone)).date()
    return on - timedelta(days=on.weekday())


async def draw_due(db: Db, at: datetime, zone: str) -> int:
    """Draw this week's samples from the mentions of the last one, for brands that have none yet; how many were drawn."""
    monday = monday_of(at, zone)
    until = datetime.combine(monday, time(), ZoneInfo(zone))
    drawn = exists(select(Audit.id).where(Audit.brand_id == Brand.id, Audit.week_on == monday))
    due = (await db.scalars(select(Brand.id).where(Brand.paused.is_(False), ~drawn).order_by(Brand.id))).all()
    return sum([await _draw(db, brand_id, monday, until, at) is not None for brand_id in due])


async def draw_now(db: Db, brand_id: UUID, at: datetime, zone: str) -> Audit:
    """This week's sample, drawn from the last four weeks if there is none yet. Raises NotThere or NothingToSample."""
    await brand_by_id(db, brand_id)
    monday = monday_of(at, zone)
    known = await db.scalar(select(Audit).where(Audit.brand_id == brand_id, Audit.week_on == monday))
    audit = known or await _draw(db, brand_id, monday, at, at)
    if audit is None:
        raise NothingToSample
    return audit


async def _draw(db: Db, brand_id: UUID, monday: date, until: datetime, at: datetime) -> Audit | None:
    accept = (await limits_of(db, [brand_id]))[brand_id].accept
    for weeks in (1, 4):
        drawable = _drawable(brand_id, until - weeks * WEEK, until)
        shown, hidden = [
            await db.scalar(select(func.count()).select_from(drawable.where(side).subquery())) or 0
            for side in (Mention.confidence >= accept, Mention.confidence < accept)
        ]
        if shown + hidden >= LEAST or weeks == 4:
            break
    if not shown + hidden:
        return None
    of_hidden = min(hidden, max(HIDDEN, SIZE - shown))
    of_shown = min(shown, SIZE - of_hidden)
    audit = Audit(brand_id=brand_id, week_on=monday, accept=accept, shown=shown, hidden=hidden, created_at=at)
    db.add(audit)
    await db.flush()
    # Chance that anybody can repeat: by the hash of mention and week.
    chance = func.md5(func.concat(Mention.id, str(monday)))
    chosen: list[tuple[UUID, str]] = []
    for side, layer, number in (
        (Mention.confidence >= accept, "shown", of_shown),
        (Mention.confidence < accept, "hidden", of_hidden),
    ):
        ids = await db.scalars(drawable.where(side).order_by(chance).limit(number))
        chosen += [(found, layer) for found in ids.all()]
    # Mixed, so that the place in the list gives nothing away.
    for position, (mention_id, layer) in enumerate(sorted(chosen, key=lambda one: one[0].hex[::-1])):
        db.add(AuditItem(audit_id=audit.id, mention_id=mention_id, position=position, layer=layer))
    await db.flush()
    publish(db, "brands", brand_id)
    return audit


def _drawable(brand_id: UUID, since: datetime, until: datetime) -> Select[UUID]:
    sampled = exists(select(AuditItem.id).where(AuditItem.mention_id == Mention.id))
    return select(Mention.id).where(
        Mention.brand_id == brand_id,
        Mention.created_at >= since,
        Mention.created_at < until,
        Mention.judgement.is_(None),
        # Who corrected a tone did so because it was wrong: such mentions would make the readings look worse than they are.
        Mention.tone_read.is_(None),
        ~sampled,
    )


async def answer_item(
    db: Db, item_id: UUID, answer: Answer | None, caller: Caller, at: datetime, tone: ToneLabel | None = None
) -> bool:
    """Store what a person says of a sampled mention, or withdraw it; whether the sample is complete now. Raises NotThere.

    A clear answer is a judgement too: the mention stands where the person wants it, and so is a tone. With another answer, or
    none, only that word goes which the answer before had given; what somebody said of the mention elsewhere stays.
    """
    mention_id = await db.scalar(select(AuditItem.mention_id).where(AuditItem.id == item_id))
    # A sampled mention that goes takes its place in the sample along: whoever changes both holds the mention first.
    if mention_id is not None:
        await lock_mentions(db, [mention_id])
    item = await db.scalar(select(AuditItem).where(AuditItem.id == item_id).with_for_update())
    if item is None:
        raise NotThere("sampled mention")
    mention = await db.get_one(Mention, item.mention_id)
    judged_here = item.answer == mention.judgement and item.answered_by == mention.judged_by
    said_here = item.tone == mention.tone_said and item.answered_by == mention.tone_said_by
    item.answer, item.tone = answer, tone if answer == "yes" else None
    item.answered_by = caller.user_id if answer else None
    item.answered_at = at if answer else None
    if answer in ("yes", "no") or judged_here:
        await judge_mention(db, item.mention_id, answer if answer in ("yes", "no") else None, caller, at)
    if item.tone or said_here:
        await say_tones(db, {item.mention_id: item.tone}, caller, at)
    audit = await db.get(Audit, item.audit_id)
    assert audit is not None
    publish(db, "brands", audit.brand_id)
    open_ones = select(func.count()).where(AuditItem.audit_id == audit.id, AuditItem.answer.is_(None))
    return answer is not None and not await db.scalar(open_ones)


async def audit_of_item(db: Db, item_id: UUID) -> Audit:
    """The sample that it belongs to. Raises NotThere."""
    audit = await db.scalar(
        select(Audit).join(AuditItem, AuditItem.audit_id == Audit.id).where(AuditItem.id == item_id)
    )
    if audit is None:
        raise NotThere("sampled mention")
    return audit


async def newest_audit(db: Db, brand_id: UUID) -> Audit | None:
    """The brand's last sample."""
    return await db.scalar(select(Audit).where(Audit.brand_id == brand_id).order_by(Audit.week_on.desc()).limit(1))


async def items_of(db: Db, audit_id: UUID) -> list[tuple[AuditItem, Mention]]:
    """The mentions of a sample in their order."""
    statement = (
        select(AuditItem, Mention)
        .join(Mention, Mention.id == AuditItem.mention_id)
        .where(AuditItem.audit_id == audit_id)
        .order_by(AuditItem.position)
    )
    return list(await db.execute(statement))


async def samples_of(db: Db, brand_id: UUID, at: datetime) -> list[Checked]:
    """The clear answers of the last twelve weeks, with what the machine says of those mentions today.

    One from below the limit speaks for more mentions than one from above, or for fewer.
    """
    drawn = (
        select(AuditItem.audit_id, AuditItem.layer, func.count().label("drawn"))
        .group_by(AuditItem.audit_id, AuditItem.layer)
        .subquery()
    )
    statement = (
        select(Mention.confidence, AuditItem.answer, AuditItem.layer, AuditItem.audit_id, Audit.shown, Audit.hidden)
        .join(AuditItem, AuditItem.mention_id == Mention.id)
        .join(Audit, Audit.id == AuditItem.audit_id)
        .where(Audit.brand_id == brand_id, Audit.created_at >= at - COUNTED, AuditItem.answer.in_(("yes", "no")))
    )
    rows = (await db.execute(statement)).all()
    counts = await db.execute(
        select(drawn.c.audit_id, drawn.c.layer, drawn.c.drawn).where(drawn.c.audit_id.in_({row[3] for row in rows}))
    )
    of_layer = {(audit_id, layer): number for audit_id, layer, number in counts}
    return [
        Checked(confidence, answer == "yes", _weight(layer, of_layer, audit_id, shown, hidden))
        for confidence, answer, layer, audit_id, shown, hidden in rows
    ]


def _weight(layer: str, drawn: dict[tuple[UUID, str], int], audit_id: UUID, shown: int, hidden: int) -> float:
    """How many mentions one of the layer speaks for, beside one of those shown that week."""
    if layer == "shown" or not drawn.get((audit_id, "shown")):
        return 1.0
    return (hidden / drawn[audit_id, "hidden"]) / (shown / drawn[audit_id, "shown"])


async def belief_of(db: Db, brand_id: UUID, at: datetime) -> Belief:
    """What is believed of the brand's mentions of the last 90 days, by their confidence."""
    return Belief(await counts_of(db, brand_id, at), await checked_of(db, brand_id, at))


async def counts_of(db: Db, brand_id: UUID, at: datetime) -> list[int]:
    """How many mentions of the last 90 days there are of each hundredth of confidence."""
    cell = cast(func.least(func.floor(Mention.confidence * CELLS + 1e-9), CELLS - 1), Integer).label("cell")
    rows = await db.execute(
        select(cell, func.count())
        .where(Mention.brand_id == brand_id, Mention.published_at >= at - LOOK_BACK)
        .group_by(text("1"))
    )
    counts = [0] * CELLS
    for at_cell, number in rows:
        counts[at_cell] = number
    return counts


async def checked_of(db: Db, brand_id: UUID, at: datetime) -> list[Checked]:
    """All mentions of the brand that people judged in the last twelve weeks, each with a confidence that had not seen its
    judgement: of sampled ones today's, of those that a lesson was learned from what it said of them when they were set aside.
    """
    lesson = await db.scalar(select(Lesson).where(*_applied(brand_id)))
    unseen = {said["mention_id"]: float(said["confidence"]) for said in lesson.checked} if lesson else {}
    rows = await db.execute(
        select(Mention.id, Mention.confidence, Mention.judgement)
        .where(Mention.brand_id == brand_id, Mention.judgement.is_not(None), Mention.judged_at >= at - COUNTED)
        .order_by(Mention.judged_at.desc())
        .limit(5000)
    )
    return [
        Checked(unseen.get(str(mention_id), confidence), judgement == "yes")
        for mention_id, confidence, judgement in rows
    ]


def _applied(brand_id: UUID) -> Sequence[ColumnElement[bool]]:
    return (Lesson.brand_id == brand_id, Lesson.state == "applied")
