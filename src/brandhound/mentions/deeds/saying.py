"""What is said of many single mentions at once: that they are the brand or are not, and how they speak of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from brandhound.core.db import Db
from brandhound.mentions.deeds.models import StoryDeed, StoryDeedItem
from brandhound.mentions.holding import lock_mentions
from brandhound.mentions.judging import Hand, judge_held
from brandhound.mentions.models import Mention
from brandhound.mentions.saying_tone import say_tones_of_held
from brandhound.mentions.standings import Judgement

GONE = "It is not there any more."
VERDICTS: dict[str, Judgement | None] = {"yes": "yes", "no": "no", "unjudge": None}


async def say_of(db: Db, deed: StoryDeed, items: Sequence[StoryDeedItem], at: datetime) -> None:
    """Say of the mentions of these items what the deed says; each item keeps what was said before."""
    mentions = {mention.id: mention for mention in await lock_mentions(db, _ids(items))}
    before = {one: _said(deed, mention) for one, mention in mentions.items()}
    wanted = VERDICTS.get(deed.kind, deed.tone)
    changed = await _say(db, deed, list(mentions.values()), dict.fromkeys(mentions, wanted), at)
    for item in items:
        mention = mentions.get(item.mention_id) if item.mention_id else None
        if mention is None:
            item.state, item.problem = "failed", GONE
        elif mention.id in changed:
            item.state, item.before, item.story_id = "done", {"said": before[mention.id]}, mention.story_id
        else:
            item.state = "same"


async def unsay(db: Db, deed: StoryDeed, items: Sequence[StoryDeedItem], at: datetime) -> None:
    """Say again what was said before. What somebody said otherwise since stays."""
    said = VERDICTS.get(deed.kind, deed.tone)
    mentions = [mention for mention in await lock_mentions(db, _ids(items)) if _said(deed, mention) == said]
    before = {item.mention_id: (item.before or {}).get("said") for item in items}
    await _say(db, deed, mentions, {mention.id: before[mention.id] for mention in mentions}, at)


def _ids(items: Sequence[StoryDeedItem]) -> list[UUID]:
    return [item.mention_id for item in items if item.mention_id is not None]


def _said(deed: StoryDeed, mention: Mention) -> str | None:
    return mention.judgement if deed.kind in VERDICTS else mention.tone_said


async def _say(
    db: Db, deed: StoryDeed, mentions: Sequence[Mention], wanted: dict[UUID, Any], at: datetime
) -> set[UUID]:
    hand = Hand(deed.user_id, deed.key_id)
    if deed.kind in VERDICTS:
        return set(await judge_held(db, mentions, wanted, hand, at))
    return set(await say_tones_of_held(db, mentions, wanted, hand, at))
