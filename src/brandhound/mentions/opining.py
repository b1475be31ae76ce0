"""Second opinions are kept with the mention, one for each, and shown beside it."""

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert

from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.ids import uuid7
from brandhound.core.live import publish
from brandhound.mentions.deeds.bonds import story_at
from brandhound.mentions.models import Mention
from brandhound.mentions.opinion_models import MentionOpinion
from brandhound.mentions.reading import mention_by_id
from brandhound.mentions.reconsidering import Opinion
from brandhound.mentions.schemas import OpinionOut, OpinionQuote


async def keep_opinion(db: Db, mention_id: UUID, opinion: Opinion) -> bool:
    """Keep an opinion in the place of an earlier one; whether it was kept. Raises NotThere for a mention that is gone meanwhile.

    What a model said of the same text stays where it cannot be asked now: what stands in for it says less.
    """
    mention = await mention_by_id(db, mention_id)
    values = {
        **asdict(opinion),
        "because": list(opinion.because),
        "quotes": [asdict(quote) for quote in opinion.quotes],
        "brand_id": mention.brand_id,
        "text_sha256": mention.text_sha256,
        "created_at": clock.now(),
    }
    new = insert(MentionOpinion).values(id=uuid7(), mention_id=mention_id, **values)
    says_less = or_(
        MentionOpinion.engine == "embedded", MentionOpinion.text_sha256.is_distinct_from(mention.text_sha256)
    )
    kept = await db.scalar(
        new.on_conflict_do_update(
            index_elements=["organization_id", "mention_id"],
            set_=values,
            where=says_less if opinion.instead_because else None,
        ).returning(MentionOpinion.id)
    )
    publish(db, "mentions", mention_id)
    return kept is not None


async def opinions_of_story(db: Db, story_id: UUID) -> list[OpinionOut]:
    """The opinions on a story's mentions. Raises NotThere."""
    story = await story_at(db, story_id)
    query = (
        select(MentionOpinion)
        .join(Mention, Mention.id == MentionOpinion.mention_id)
        .where(Mention.story_id == story.id)
        .order_by(MentionOpinion.created_at)
    )
    return opinions_out((await db.scalars(query)).all())


def opinions_out(rows: Sequence[MentionOpinion]) -> list[OpinionOut]:
    """Opinions as JSON."""
    return [
        OpinionOut.model_validate(
            {
                **{name: getattr(row, name) for name in OpinionOut.model_fields if name != "quotes"},
                "quotes": [OpinionQuote.model_validate(quote) for quote in row.quotes],
            }
        )
        for row in rows
    ]
