"""The trust panel put together: what the limit does, how far confidence is right, what was learned, what samples say."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from brandhound.brands.queries import brand_by_id
from brandhound.core.db import Db, one_of
from brandhound.jobs.models import RunRow
from brandhound.jobs.states import ACTIVE
from brandhound.mentions.confidence import SIGNS
from brandhound.mentions.learning import applying, moving, sampling, training
from brandhound.mentions.learning.estimating import (
    Belief,
    Checked,
    calibration_error,
    exact_range,
    least_share,
    reliability,
    weighed,
)
from brandhound.mentions.learning.lessons import lesson_by_id, lessons_of
from brandhound.mentions.learning.models import Audit, AuditItem, Lesson, LessonEffect
from brandhound.mentions.learning.promising import promise
from brandhound.mentions.learning.schemas import (
    AtLimitOut,
    BinOut,
    EffectOut,
    LearnedSign,
    LessonDetail,
    LessonExample,
    LessonFigures,
    LessonOut,
    LiveOut,
    MoveOut,
    Moves,
    PromiseOut,
    RangeOut,
    ReadinessOut,
    SampleBrief,
    SampleItemOut,
    SampleOut,
    TrustOut,
)
from brandhound.mentions.learning.sights import sentence_model_is_there
from brandhound.mentions.limits import limits_of
from brandhound.mentions.models import Mention
from brandhound.mentions.queries import brands_by_id
from brandhound.mentions.reading import mention_out
from brandhound.mentions.schemas import Reason
from brandhound.mentions.standings import thresholds
from brandhound.mentions.story_models import Story

CURVE = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.98)
MOST_EFFECTS = 50
MOST_SIGNS = 6


async def trust_of(db: Db, brand_id: UUID, at: datetime) -> TrustOut:
    """How far the brand's mentions can be trusted. Raises NotThere."""
    brand = await brand_by_id(db, brand_id)
    limits = (await limits_of(db, [brand_id]))[brand_id]
    own = await moving.own_limits(db, brand_id)
    counts = await sampling.counts_of(db, brand_id, at)
    checked = await sampling.checked_of(db, brand_id, at)
    samples = await sampling.samples_of(db, brand_id, at)
    belief = Belief(counts, checked)
    lessons = await lessons_of(db, brand_id)
    promised = None
    if own is not None and own.target is not None:
        due = promise(own.target, samples, belief)
        promised = PromiseOut(
            target=own.target,
            proof=due.proof,
            checked=due.checked,
            needed=due.needed,
            least=due.least,
            why=moving.in_words(due, own.target),
        )
    audit = await sampling.newest_audit(db, brand_id)
    return TrustOut(
        brand_id=brand_id,
        limit=limits.accept,
        general_limit=thresholds().accept,
        doubtful=limits.doubtful,
        mentions=sum(counts),
        curve=[_at(belief, limit) for limit in sorted({*CURVE, round(limits.accept, 2)})],
        reliability=[BinOut.model_validate(one) for one in reliability(checked)],
        ece=round(calibration_error(checked, 10), 4) if checked else None,
        checked=len(checked),
        promise=promised,
        live=await _live(db, brand_id, at, samples, limits.accept),
        readiness=await _readiness(db, brand_id),
        applied=next((lesson_out(one) for one in lessons if one.state == "applied"), None),
        proposed=next((lesson_out(one) for one in lessons if one.state == "proposed"), None),
        moves=[MoveOut.model_validate(move) for move in await moving.moves_of(db, brand_id)],
        sample=await _brief(db, audit) if audit else None,
        has_profile=bool(brand.description.strip()),
        reads_sentences=sentence_model_is_there(),
    )


async def missed_share(db: Db, brand_ids: Sequence[UUID], at: datetime) -> float | None:
    """The share of these brands' true mentions of the last 90 days that does not count, being put to a person or rejected.

    As far as is known: what no feed brought is not in it. None where nothing is known.
    """
    limits = await limits_of(db, brand_ids)
    right = everything = 0.0
    for brand_id in brand_ids:
        belief = Belief(await sampling.counts_of(db, brand_id, at), await sampling.checked_of(db, brand_id, at))
        right += belief.right_from(limits[brand_id].accept)
        everything += belief.right_from(0)
    return 1 - right / everything if everything else None


def _at(belief: Belief, limit: float) -> AtLimitOut:
    return AtLimitOut.model_validate(belief.at(limit))


async def _live(db: Db, brand_id: UUID, at: datetime, samples: Sequence[Checked], limit: float) -> LiveOut:
    shown = [one for one in samples if one.confidence >= limit]
    hidden = [one for one in samples if one.confidence < limit]
    right = sum(one.right for one in shown)
    unsure = await db.scalar(
        select(func.count())
        .select_from(AuditItem)
        .join(Audit, Audit.id == AuditItem.audit_id)
        .where(Audit.brand_id == brand_id, Audit.created_at >= at - sampling.COUNTED, AuditItem.answer == "unsure")
    )
    # Since the limit moved, those that were shown then and those that were hidden may lie on one side of it: one of these
    # stands for more mentions than one of those.
    of_shown, of_hidden = weighed(shown), weighed(hidden)
    missed = exact_range(*of_hidden) if hidden else None
    return LiveOut(
        right=right,
        checked=len(shown),
        unsure=unsure or 0,
        precision=RangeOut.model_validate(exact_range(*of_shown)),
        least=least_share(*of_shown),
        missed=RangeOut.model_validate(missed) if missed else None,
        hidden_checked=len(hidden),
    )


async def _readiness(db: Db, brand_id: UUID) -> ReadinessOut:
    ready = await training.readiness_of(db, brand_id)
    learning = await db.scalar(
        select(RunRow.id)
        .where(RunRow.job == "mentions.learn", RunRow.key == str(brand_id), RunRow.state.in_(ACTIVE))
        .limit(1)
    )
    return ReadinessOut(yes=ready.yes, no=ready.no, new=ready.new, missing=ready.missing, learning=learning is not None)


def lesson_out(lesson: Lesson) -> LessonOut:
    """A lesson as JSON."""
    return LessonOut(
        id=lesson.id,
        number=lesson.number,
        state=lesson.state,
        yes=lesson.yes,
        no=lesson.no,
        conflicts=lesson.conflicts,
        before=LessonFigures.model_validate(lesson.figures["before"]),
        after=LessonFigures.model_validate(lesson.figures["after"]),
        looked_at=lesson.looked_at,
        changes=lesson.changes,
        signs=_signs(lesson.weights["signs"]),
        examples=_examples(lesson.examples),
        created_at=lesson.created_at,
        decided_at=lesson.decided_at,
    )


def _signs(weights: dict[str, float]) -> list[LearnedSign]:
    """The signs that it thinks otherwise of than usual, the greatest difference first."""
    told = sorted(weights.items(), key=lambda one: -abs(one[1]))[:MOST_SIGNS]
    return [
        LearnedSign(text=SIGNS[code].words.replace("{}", "…"), weight=round(weight, 2))
        for code, weight in told
        if abs(weight) >= 0.1 and code in SIGNS
    ]


def _examples(examples: Sequence[dict[str, object]]) -> list[LessonExample]:
    """Three of each verdict."""
    of = {verdict: [one for one in examples if one["verdict"] == verdict][:3] for verdict in ("yes", "no")}
    return [LessonExample.model_validate(one) for one in (*of["yes"], *of["no"])]


async def lesson_detail(db: Db, lesson_id: UUID) -> LessonDetail:
    """A lesson with what it would move. Raises NotThere."""
    lesson = await lesson_by_id(db, lesson_id)
    effects = await applying.effects_of(db, lesson_id, MOST_EFFECTS)
    stories = {mention.story_id for _, mention in effects}
    starred = set(await db.scalars(select(Story.id).where(Story.id == one_of(stories), Story.starred)))
    return LessonDetail(
        **lesson_out(lesson).model_dump(),
        moves=await _moves(db, lesson_id),
        effects=[_effect_out(one, mention, starred=mention.story_id in starred) for one, mention in effects],
    )


async def _moves(db: Db, lesson_id: UUID) -> Moves:
    moved = LessonEffect.standing_before != LessonEffect.standing_after
    lost = LessonEffect.standing_before == "accepted"
    after = LessonEffect.standing_after
    row = (
        await db.execute(
            select(
                func.count().filter(after == "accepted"),
                func.count().filter(after == "doubtful"),
                func.count().filter(after == "rejected"),
                func.count(Story.id.distinct()).filter(lost, Story.starred),
            )
            .join(Mention, Mention.id == LessonEffect.mention_id)
            .join(Story, Story.id == Mention.story_id)
            .where(LessonEffect.lesson_id == lesson_id, moved)
        )
    ).one()
    return Moves(to_accepted=row[0], to_doubtful=row[1], to_rejected=row[2], starred_lost=row[3])


def _effect_out(effect: LessonEffect, mention: Mention, *, starred: bool) -> EffectOut:
    return EffectOut(
        mention_id=mention.id,
        story_id=mention.story_id,
        title=mention.title,
        outlet=mention.outlet or mention.site,
        surface=str(mention.evidence[0]["surface"]) if mention.evidence else "",
        starred=starred,
        standing_before=effect.standing_before,
        standing_after=effect.standing_after,
        confidence_before=effect.confidence_before,
        confidence_after=effect.confidence_after,
        reasons=[Reason.model_validate(one) for one in effect.reasons_after[:4]],
    )


async def _brief(db: Db, audit: Audit) -> SampleBrief:
    row = (
        await db.execute(select(func.count(), func.count(AuditItem.answer)).where(AuditItem.audit_id == audit.id))
    ).one()
    return SampleBrief(id=audit.id, week_on=audit.week_on, items=row[0], answered=row[1])


async def sample_out(db: Db, audit: Audit) -> SampleOut:
    """A sample with its mentions."""
    brands = await brands_by_id(db)
    return SampleOut(
        **(await _brief(db, audit)).model_dump(),
        shown=audit.shown,
        hidden=audit.hidden,
        mentions=[
            SampleItemOut(id=item.id, answer=item.answer, tone=item.tone, mention=mention_out(mention, brands))
            for item, mention in await sampling.items_of(db, audit.id)
        ],
    )
