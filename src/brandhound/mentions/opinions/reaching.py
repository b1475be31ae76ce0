"""Which mentions a model is asked about by itself: those of names that may mean something else, or only those in doubt."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true

from brandhound.brands.models import Brand
from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.ids import first_id_of, uuid7
from brandhound.core.live import publish
from brandhound.mentions.learning.sights import AMBIGUOUS
from brandhound.mentions.models import Mention
from brandhound.mentions.opinion_models import MentionOpinion, OpinionReach, OpinionRule

UNMISTAKABLE = frozenset(("several_words", "own_spelling", "legal_name", "domain", "handle"))
"""Signs of names that mean one thing. A single word has none of them, whether or not it is in our lists."""
BY_DEFAULT: OpinionReach = "other_meanings"
LOOK_BACK = timedelta(days=30)
NEW = timedelta(days=2)
"""So long after it was found a mention is new: what the budget did not reach by then is left to people."""
NOT_AGAIN_FOR = timedelta(days=1)
"""So long a mention at which a model failed is left alone."""


def may_mean_more(codes: Iterable[str]) -> bool:
    """Whether the name may mean something else, by the signs of its place."""
    found = frozenset(codes)
    return bool(found & AMBIGUOUS) or not found & UNMISTAKABLE


async def reach_of(db: Db) -> OpinionReach:
    """What the organization chose."""
    return await db.scalar(select(OpinionRule.reach)) or BY_DEFAULT


async def choose_reach(db: Db, reach: OpinionReach) -> None:
    """Have a model asked about these from now on."""
    rule = await db.scalar(select(OpinionRule))
    if rule is None:
        rule = OpinionRule(id=uuid7())
        db.add(rule)
    rule.reach, rule.updated_at = reach, clock.now()
    await db.flush()
    publish(db, "models", "opinions")


def within(reach: OpinionReach) -> ColumnElement[bool]:
    """Whether a mention is one of those."""
    doubtful = Mention.standing == "doubtful"
    if reach != "other_meanings":
        return doubtful
    told = or_(func.cardinality(Brand.namesakes) > 0, func.cardinality(Brand.not_phrases) > 0)
    may_be_told = Mention.brand_id.in_(select(Brand.id).where(told))
    return or_(doubtful, may_be_told, _has_one_of(AMBIGUOUS), ~_has_one_of(UNMISTAKABLE))


async def without_opinion(db: Db, reach: OpinionReach, most: int) -> list[UUID]:
    """Mentions of the last 30 days that nobody judged and no model has read: the doubtful first, then the newest."""
    return await _waiting(db, reach, most, true(), MentionOpinion.engine == "model")


async def new_without_opinion(db: Db, reach: OpinionReach, most: int) -> list[UUID]:
    """The same of those found in the last two days, but for those at which a model failed in the last one."""
    if reach == "asked":
        return []
    now = clock.now()
    failed = and_(MentionOpinion.instead_because.is_not(None), MentionOpinion.created_at >= now - NOT_AGAIN_FOR)
    # Identifiers tell when a row was made, and have an index.
    is_new = Mention.id >= first_id_of(now - NEW)
    return await _waiting(db, reach, most, is_new, or_(MentionOpinion.engine == "model", failed))


async def _waiting(
    db: Db, reach: OpinionReach, most: int, which: ColumnElement[bool], is_enough: ColumnElement[bool]
) -> list[UUID]:
    """Of the doubtful the newest first; of the others those of the newest day, and of a day the least sure."""
    unsure = func.abs(Mention.confidence - 0.5)
    wanted = (
        select(Mention.id)
        .where(
            which,
            within(reach),
            Mention.judgement.is_(None),
            Mention.reprint_of.is_(None),
            Mention.published_at >= clock.now() - LOOK_BACK,
            ~exists().where(MentionOpinion.mention_id == Mention.id, is_enough),
        )
        .order_by(
            Mention.standing != "doubtful",
            func.date_trunc("day", Mention.published_at).desc(),
            unsure,
            Mention.published_at.desc(),
            Mention.id.desc(),
        )
        .limit(most)
    )
    return list(await db.scalars(wanted))


def _has_one_of(codes: Iterable[str]) -> ColumnElement[bool]:
    return or_(*(Mention.reasons.contains([{"code": code}]) for code in sorted(codes)))
