"""A person says whether a mention is the brand. The word is kept, with what the machine had believed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from brandhound.core.db import Db
from brandhound.core.live import publish
from brandhound.core.problems import NotThere
from brandhound.jobs.registry import announce
from brandhound.mentions.events import MentionJudged
from brandhound.mentions.limits import limits_of
from brandhound.mentions.models import Mention, MentionJudgement
from brandhound.mentions.standings import Judgement
from brandhound.mentions.summing import sum_up_stories
from brandhound.tenancy.people import Caller


async def judge_mention(db: Db, mention_id: UUID, verdict: Judgement | None, caller: Caller, at: datetime) -> Mention:
    """Store a judgement, or withdraw it with `None`; the story moves to the view it belongs to now.

    Saying the same again changes nothing and adds nothing to the history. Raises NotThere.
    """
    mention = await db.scalar(select(Mention).where(Mention.id == mention_id).with_for_update())
    if mention is None:
        raise NotThere("mention")
    if mention.judgement == verdict:
        return mention
    db.add(
        MentionJudgement(
            mention_id=mention.id,
            brand_id=mention.brand_id,
            verdict=verdict or "withdrawn",
            user_id=caller.user_id,
            key_id=caller.key_id,
            confidence=mention.confidence,
            tone=mention.tone_read or mention.tone,
            reasons=mention.reasons,
            surface=str(mention.evidence[0]["surface"]) if mention.evidence else "",
            text_sha256=mention.text_sha256,
            created_at=at,
        )
    )
    limits = await limits_of(db, [mention.brand_id])
    mention.judge(verdict, caller.user_id, at, limits[mention.brand_id])
    await db.flush()
    await sum_up_stories(db, [mention.story_id])
    publish(db, "mentions", mention.id)
    publish(db, "stories", mention.story_id)
    await announce(db, MentionJudged(mention_id=mention.id, brand_id=mention.brand_id))
    return mention
