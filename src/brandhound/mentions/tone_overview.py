"""How is spoken of a brand, for its own page: shares with intervals, and by what they are known."""

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select

from brandhound.brands.queries import brand_by_id
from brandhound.core.db import Db
from brandhound.mentions.counts import accepted_within, tells_first
from brandhound.mentions.models import Mention
from brandhound.mentions.queries import range_to
from brandhound.mentions.standings import QUICK, TONES, ToneLabel, thresholds
from brandhound.mentions.tone_knowledge import EYES, shipped, tone_knowledge
from brandhound.mentions.tone_schemas import BrandToneOut, ToneMatrixOut, ToneRange, ToneRowOut, ToneShareOut
from brandhound.mentions.tone_shares import READ, TRUE, Estimate, Matrix, balance, shares

ENOUGH = 20
"""Under so many clear texts no share is given: it would say more about chance than about the brand."""
LOOK_BACK = timedelta(days=90)


async def tone_of_brand(
    db: Db, brand_id: UUID, since: datetime | None, until: datetime | None, at: datetime
) -> BrandToneOut:
    """The brand's tones in a range, by default of the last 90 days. Raises NotThere or RangeUpsideDown."""
    await brand_by_id(db, brand_id)
    since, until = range_to(since, until, at, LOOK_BACK)
    groups = await _groups(db, brand_id, since, until)
    knowledge = await tone_knowledge(db)
    counts = knowledge.counted(groups)
    enough = counts.total >= ENOUGH
    found = shares(counts, knowledge.matrices) if enough else {}
    by_tone: Counter[ToneLabel] = Counter()
    said: Counter[ToneLabel] = Counter()
    for (tone, by_person, _), number in groups.items():
        by_tone[tone] += number
        said[tone] += number if by_person else 0
    return BrandToneOut(
        brand_id=brand_id,
        since=since,
        until=until,
        out_of=counts.total,
        enough=enough,
        tones=[
            ToneShareOut(tone=tone, texts=by_tone[tone], said=said[tone], share=_range(found.get(tone)))
            for tone in TONES
        ],
        balance=_range(balance(counts, knowledge.matrices)) if enough else None,
        matrices=[
            ToneMatrixOut(eyes=eyes, rows=_rows(matrix)) for eyes, matrix in zip(EYES, knowledge.matrices, strict=True)
        ],
        shipped_texts=shipped().texts,
        own_texts=knowledge.own,
        engine=knowledge.main,
    )


async def _groups(db: Db, brand_id: UUID, since: datetime, until: datetime) -> dict[tuple[ToneLabel, bool, bool], int]:
    said = Mention.tone_read.is_not(None).label("said")
    quick = or_(Mention.salience.in_(sorted(QUICK)), Mention.confidence < thresholds().doubtful).label("quick")
    rows = await db.execute(
        select(Mention.tone, said, quick, func.count())
        .where(
            Mention.brand_id == brand_id,
            Mention.standing == "accepted",
            tells_first(accepted_within(since, until)),
            Mention.published_at >= since,
            Mention.published_at < until,
        )
        .group_by(Mention.tone, said, quick)
    )
    return {(tone, by_person, by_words): number for tone, by_person, by_words, number in rows}


def _range(found: Estimate | None) -> ToneRange | None:
    return ToneRange(value=found.value, low=found.low, high=found.high) if found else None


def _rows(matrix: Matrix) -> list[ToneRowOut]:
    return [
        ToneRowOut(true=true, read={tone: round(part / sum(row), 4) for tone, part in zip(READ, row, strict=True)})
        for true, row in zip(TRUE, matrix, strict=True)
    ]
