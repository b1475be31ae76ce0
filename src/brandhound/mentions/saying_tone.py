"""A person says the tone of mentions. What was read is kept beside it, and the sentence as an example to train on."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

import numpy as np
from sqlalchemy import select

from brandhound.core.db import Db
from brandhound.core.live import publish
from brandhound.core.problems import NotThere
from brandhound.jobs.registry import announce
from brandhound.mentions.events import ToneSaid
from brandhound.mentions.holding import lock_mentions
from brandhound.mentions.judging import Given, Hand
from brandhound.mentions.models import Mention
from brandhound.mentions.standings import Field, ToneLabel
from brandhound.mentions.summing import sum_up_stories
from brandhound.mentions.tone_features import tone_features
from brandhound.mentions.tone_head import shipped_head
from brandhound.mentions.tone_lexicon import read_lexicon
from brandhound.mentions.tone_models import ToneJudgement
from brandhound.providers.embedding import Embedder
from brandhound.tenancy.audit import record
from brandhound.tenancy.people import Caller

AT_ONCE = 100
"""Examples whose features are reckoned in one transaction."""


async def say_tones(
    db: Db, wanted: Mapping[UUID, ToneLabel | None], caller: Caller, at: datetime
) -> dict[UUID, ToneLabel | None]:
    """Store what a person says of these mentions; `None` takes the word back. Their stories are counted anew.

    Returns what people had said before of those that changed: said again, it undoes this. Saying the same again changes
    nothing and adds nothing to the history. Raises NotThere if one of them is not there, and changes none then.
    """
    mentions = await lock_mentions(db, wanted)
    if len(mentions) < len(wanted):
        raise NotThere("mention")
    before = await say_tones_of_held(db, mentions, wanted, Hand(caller.user_id, caller.key_id), at)
    if before:
        facts: dict[str, object] = {
            "tones": {str(id_): wanted[id_] for id_ in before},
            "before": {str(id_): said for id_, said in before.items()},
        }
        only = next(iter(before)) if len(before) == 1 else None
        await record(db, caller, "mentions.tone_said", "mention", only, facts)
    return before


async def say_tones_of_held(
    db: Db,
    mentions: Sequence[Mention],
    wanted: Mapping[UUID, ToneLabel | None],
    hand: Hand,
    at: datetime,
    given: Mapping[UUID, Given] = MappingProxyType({}),
) -> dict[UUID, ToneLabel | None]:
    """The same of mentions that are held (`lock_mentions`). A word put back is again the word of whom it was `given` by."""
    before: dict[UUID, ToneLabel | None] = {}
    for mention in mentions:
        tone, said = wanted[mention.id], mention.tone_said
        if tone == said:
            continue
        before[mention.id] = said
        db.add(_judgement(mention, tone, hand, at))
        word = given.get(mention.id, Given(hand.user_id, at))
        mention.say_tone(tone, word.by, word.at)
    if not before:
        return before
    await db.flush()
    stories = sorted({mention.story_id for mention in mentions if mention.id in before})
    await sum_up_stories(db, stories)
    publish(db, "mentions", *before)
    publish(db, "stories", *stories)
    await announce(db, ToneSaid(mention_ids=sorted(before)))
    return before


def _judgement(mention: Mention, tone: ToneLabel | None, hand: Hand, at: datetime) -> ToneJudgement:
    field, start, end = _target_of(mention)
    return ToneJudgement(
        mention_id=mention.id,
        brand_id=mention.brand_id,
        tone=tone,
        tone_read=mention.tone_read or mention.tone,
        read_confidence=mention.tone_confidence,
        engine=str((mention.tone_evidence or {}).get("engine", "none")),
        field=field,
        sentence=mention.tone_quote or mention.title,
        target_start=start,
        target_end=end,
        text_sha256=mention.text_sha256,
        user_id=hand.user_id,
        key_id=hand.key_id,
        created_at=at,
    )


def _target_of(mention: Mention) -> tuple[Field, int, int]:
    """Where in the quoted sentence the brand is named; its beginning where that is not known any more."""
    read = mention.tone_evidence or {}
    field: Field = read.get("field", "text")
    opens = int(read.get("start", 0))
    for place in mention.evidence:
        start, end = int(place["start"]) - opens, int(place["end"]) - opens
        if place["field"] == field and 0 <= start < end <= len(mention.tone_quote):
            return field, start, end
    return field, 0, 0


async def tones_said_of(db: Db, mention_id: UUID) -> list[ToneJudgement]:
    """What people said of a mention's tone, newest first."""
    statement = (
        select(ToneJudgement)
        .where(ToneJudgement.mention_id == mention_id)
        .order_by(ToneJudgement.created_at.desc(), ToneJudgement.id.desc())
    )
    return list((await db.scalars(statement)).all())


async def keep_features(db: Db, model: Embedder | None) -> int:
    """Add to at most a hundred examples what the tone head looks at; how many there were. Safe to repeat.

    Without a sentence model they are marked as read by words alone, so that they are not looked at for ever.
    """
    waiting = (
        select(ToneJudgement)
        .where(ToneJudgement.features.is_(None), ToneJudgement.tone.is_not(None))
        .order_by(ToneJudgement.created_at, ToneJudgement.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    examples = (await db.scalars(waiting)).all()
    head = shipped_head()
    kept = await asyncio.to_thread(_features, examples, model) if model and head else [b""] * len(examples)
    for example, features in zip(examples, kept, strict=True):
        example.features = features
        example.features_of = head.version if model and head else None
    await db.flush()
    return len(examples)


def _features(examples: Sequence[ToneJudgement], model: Embedder) -> list[bytes]:
    rows: list[bytes] = []
    for example in examples:
        lexicon = read_lexicon(example.sentence, example.target_start, example.target_end)
        encoded = model.read([example.sentence])[0]
        row = tone_features(encoded, example.target_start, example.target_end, lexicon)
        rows.append(row.astype(np.float32).tobytes())
    return rows
