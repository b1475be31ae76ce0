"""What is said of many single mentions at once: that they are the brand or are not, and how they speak of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_

from brandhound.core.db import Db, one_of
from brandhound.mentions.deeds.models import DeedKind, StoryDeed, StoryDeedItem
from brandhound.mentions.holding import lock_mentions
from brandhound.mentions.judging import Given, Hand, judge_held
from brandhound.mentions.models import Mention
from brandhound.mentions.saying_tone import say_tones_of_held
from brandhound.mentions.standings import Judgement

GONE = "It is not there any more."
VERDICTS: dict[str, Judgement | None] = {"yes": "yes", "no": "no", "unjudge": None}


async def say_of(db: Db, deed: StoryDeed, items: Sequence[StoryDeedItem], at: datetime) -> None:
    """Say of the mentions of these items what the deed says; each item keeps what was said before, by whom and when."""
    mentions = {mention.id: mention for mention in await lock_mentions(db, _ids(items))}
    before = {one: _said(deed, mention) for one, mention in mentions.items()}
    wanted = dict.fromkeys(mentions, _says(deed))
    changed = await _say(db, deed, list(mentions.values()), wanted, Hand(deed.user_id, deed.key_id), at)
    for item in items:
        mention = mentions.get(item.mention_id) if item.mention_id else None
        if mention is None:
            item.state, item.problem = "failed", GONE
        elif mention.id in changed:
            item.state, item.story_id = "done", mention.story_id
            item.before = {**before[mention.id], "said_at": at.isoformat()}
        else:
            item.state = "same"


async def unsay(db: Db, deed: StoryDeed, items: Sequence[StoryDeedItem], hand: Hand, at: datetime) -> None:
    """Say again what was said before, as the word of whoever had said it. What somebody said otherwise since stays.

    A later deed that stands keeps its word, and notes instead what was before this one.
    """
    mentions = {mention.id: mention for mention in await lock_mentions(db, _ids(items))}
    later = await _said_later(db, deed, list(mentions))
    before: dict[UUID, dict[str, Any]] = {}
    for item in items:
        mention = mentions.get(item.mention_id) if item.mention_id else None
        if mention is None:
            continue
        was, over = item.before or {}, later[mention.id]
        # Until when its word can have stood: to the next deed that changed it, or to this day.
        found = next((one.before or {} for _, one in over if one.state == "done"), _said(deed, mention))
        if not _is_still(_says(deed), was, found):
            continue
        if over:
            _stands_on(*over[0], was)
        else:
            before[mention.id] = was
    given = {
        one: Given(_id(was.get("by")), datetime.fromisoformat(was["at"]))
        for one, was in before.items()
        if was.get("at")
    }
    wanted = {one: was.get("said") for one, was in before.items()}
    await _say(db, deed, [mentions[one] for one in wanted], wanted, hand, at, given)


def _ids(items: Sequence[StoryDeedItem]) -> list[UUID]:
    return [item.mention_id for item in items if item.mention_id is not None]


def _id(said: str | None) -> UUID | None:
    return UUID(said) if said else None


def _says(deed: StoryDeed) -> str | None:
    return VERDICTS.get(deed.kind, deed.tone)


def _said(deed: StoryDeed, mention: Mention) -> dict[str, Any]:
    """What is said of a mention, by whom and since when."""
    if deed.kind in VERDICTS:
        said, by, at = mention.judgement, mention.judged_by, mention.judged_at
    else:
        said, by, at = mention.tone_said, mention.tone_said_by, mention.tone_said_at
    return {"said": said, "by": str(by) if by else None, "at": at.isoformat() if at else None}


def _is_still(says: str | None, was: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    """Whether a word that is found is the one that a deed gave. Of deeds of old and of none it is not known when it was said."""
    said_at, at = was.get("said_at"), found.get("at")
    same = not (said_at and at) or datetime.fromisoformat(said_at) == datetime.fromisoformat(at)
    return found.get("said") == says and same


def _stands_on(deed: StoryDeed, item: StoryDeedItem, before: Mapping[str, Any]) -> None:
    """Note what was said before a later deed, now that an earlier one is taken back."""
    said_at = (item.before or before).get("said_at")
    item.before = {**before, "said_at": said_at}
    changes = before.get("said") != _says(deed)
    if (item.state == "done") != changes:
        item.state = "done" if changes else "same"
        deed.changed += 1 if changes else -1


async def _said_later(
    db: Db, deed: StoryDeed, mention_ids: Sequence[UUID]
) -> defaultdict[UUID, list[tuple[StoryDeed, StoryDeedItem]]]:
    """By mention: the later deeds that speak of it in the same way and stand, in their order."""
    kinds: tuple[DeedKind, ...] = ("yes", "no", "unjudge") if deed.kind in VERDICTS else ("tone", "untone")
    statement = (
        select(StoryDeed, StoryDeedItem)
        .join(StoryDeedItem, StoryDeedItem.deed_id == StoryDeed.id)
        .where(
            StoryDeed.kind.in_(kinds),
            StoryDeed.undone_at.is_(None),
            tuple_(StoryDeed.created_at, StoryDeed.id) > (deed.created_at, deed.id),
            StoryDeedItem.mention_id == one_of(mention_ids),
            StoryDeedItem.state.in_(("done", "same")),
        )
        .order_by(StoryDeed.created_at, StoryDeed.id)
        .with_for_update(of=StoryDeedItem)
    )
    found: defaultdict[UUID, list[tuple[StoryDeed, StoryDeedItem]]] = defaultdict(list)
    for one, item in await db.execute(statement):
        if item.mention_id is not None:
            found[item.mention_id].append((one, item))
    return found


async def _say(
    db: Db,
    deed: StoryDeed,
    mentions: Sequence[Mention],
    wanted: Mapping[UUID, Any],
    hand: Hand,
    at: datetime,
    given: Mapping[UUID, Given] | None = None,
) -> set[UUID]:
    if deed.kind in VERDICTS:
        return set(await judge_held(db, mentions, wanted, hand, at, given or {}))
    return set(await say_tones_of_held(db, mentions, wanted, hand, at, given or {}))
