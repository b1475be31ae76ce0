"""A person says whether a mention is the brand. The word is kept, with what the machine had believed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from brandhound.core.db import Db
from brandhound.core.live import publish
from brandhound.core.problems import NotThere
from brandhound.jobs.registry import announce
from brandhound.mentions.errors import JudgedMeanwhile
from brandhound.mentions.events import MentionJudged
from brandhound.mentions.holding import lock_mentions
from brandhound.mentions.limits import limits_of
from brandhound.mentions.models import Mention, MentionJudgement
from brandhound.mentions.standings import Before, Judgement
from brandhound.mentions.summing import sum_up_stories
from brandhound.tenancy.people import Caller


@dataclass(frozen=True)
class Hand:
    """Whose word it is: a person's, or a program's by its key."""

    user_id: UUID | None
    key_id: UUID | None


@dataclass(frozen=True)
class Given:
    """By whom a word was given, and when: for one that is put back."""

    by: UUID | None
    at: datetime


async def judge_mention(
    db: Db, mention_id: UUID, verdict: Judgement | None, caller: Caller, at: datetime, over: Before | None = None
) -> Mention:
    """Store a judgement, or withdraw it with `None`; the story moves to the view it belongs to now.

    Saying the same again changes nothing and adds nothing to the history. With `over`, which is what the caller
    saw, no word is replaced that somebody else gave since. Raises NotThere or JudgedMeanwhile.
    """
    found = await lock_mentions(db, [mention_id])
    if not found:
        raise NotThere("mention")
    now = found[0]
    if over is not None and now.judgement not in (None, verdict, over) and now.judged_by != caller.user_id:
        raise JudgedMeanwhile
    await judge_held(db, found, {mention_id: verdict}, Hand(caller.user_id, caller.key_id), at)
    return found[0]


async def judge_held(
    db: Db,
    mentions: Sequence[Mention],
    verdicts: Mapping[UUID, Judgement | None],
    hand: Hand,
    at: datetime,
    given: Mapping[UUID, Given] = MappingProxyType({}),
) -> list[UUID]:
    """The same of mentions that are held (`lock_mentions`); those that changed.

    A word that is put back is again the word of whom it was `given` by; the history says who put it back.
    """
    changed = [mention for mention in mentions if mention.judgement != verdicts[mention.id]]
    if not changed:
        return []
    limits = await limits_of(db, {mention.brand_id for mention in changed})
    for mention in changed:
        verdict = verdicts[mention.id]
        db.add(_entry(mention, verdict, hand, at))
        word = given.get(mention.id, Given(hand.user_id, at))
        mention.judge(verdict, word.by, word.at, limits[mention.brand_id])
    await db.flush()
    stories = sorted({mention.story_id for mention in changed})
    await sum_up_stories(db, stories)
    publish(db, "mentions", *(mention.id for mention in changed))
    publish(db, "stories", *stories)
    # Of each brand once: what is learned from is counted then.
    for brand_id, mention_id in sorted({mention.brand_id: mention.id for mention in changed}.items()):
        await announce(db, MentionJudged(mention_id=mention_id, brand_id=brand_id))
    return [mention.id for mention in changed]


def _entry(mention: Mention, verdict: Judgement | None, hand: Hand, at: datetime) -> MentionJudgement:
    return MentionJudgement(
        mention_id=mention.id,
        brand_id=mention.brand_id,
        verdict=verdict or "withdrawn",
        user_id=hand.user_id,
        key_id=hand.key_id,
        confidence=mention.confidence,
        tone=mention.tone_read or mention.tone,
        reasons=mention.reasons,
        surface=str(mention.evidence[0]["surface"]) if mention.evidence else "",
        text_sha256=mention.text_sha256,
        created_at=at,
    )
