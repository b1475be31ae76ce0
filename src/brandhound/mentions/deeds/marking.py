"""What is done to one story or mention, or to all that match: in portions, with what failed listed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, and_, bindparam, delete, func, insert, literal, select, update

from brandhound.core.db import Db, one_of
from brandhound.core.ids import uuid7
from brandhound.core.live import publish
from brandhound.core.problems import NotThere
from brandhound.core.wording import count_of
from brandhound.jobs.registry import enqueue
from brandhound.mentions.deeds.errors import MentionsNotChosen, NothingChosen, ToneMissing
from brandhound.mentions.deeds.following import Flag, Mark, put_back
from brandhound.mentions.deeds.models import SAYINGS, DeedKind, ItemState, Marking, Saying, StoryDeed, StoryDeedItem
from brandhound.mentions.deeds.saying import GONE, say_of, unsay
from brandhound.mentions.deeds.tags import MOST_TAGS, put_on, spelled, tags_of_stories
from brandhound.mentions.deeds.trash import KEPT_FOR, bring_back, throw_away
from brandhound.mentions.holding import hold_stories, lock_stories
from brandhound.mentions.judging import Hand
from brandhound.mentions.models import Mention
from brandhound.mentions.queries import MentionFilter, StoryFilter, matching_mentions, matching_stories
from brandhound.mentions.standings import ToneLabel
from brandhound.mentions.story_models import Story, StoryTag
from brandhound.tenancy.audit import record
from brandhound.tenancy.people import Caller

AT_ONCE = 500
"""Stories that are done to in the request itself; more become a run."""
PORTION = 500

FLAGS: dict[DeedKind, tuple[Flag, bool]] = {
    "star": ("starred", True),
    "unstar": ("starred", False),
    "archive": ("archived", True),
    "unarchive": ("archived", False),
}
TAKEN_OFF = ("unstar", "unarchive", "untag")
Done = tuple[ItemState, str | None]
"""What became of a story, and why it could not be done."""


async def mark_stories(
    db: Db,
    caller: Caller,
    kind: Marking,
    at: datetime,
    *,
    tag: str | None = None,
    story_ids: Sequence[UUID] | None = None,
    matching: StoryFilter | None = None,
) -> StoryDeed:
    """Do one thing to stories: to these, or to all that match now. Many become a run.

    Which ones they are is settled here; what matches later is left alone. Raises NothingChosen, TagMissing or RangeUpsideDown.
    """
    if (story_ids is None) == (matching is None):
        raise NothingChosen
    deed = _new_deed(kind, caller, at)
    deed.tag = await spelled(db, tag) if kind in ("tag", "untag") else None
    db.add(deed)
    await db.flush()
    deed.total = await _choose(db, deed.id, story_ids, matching)
    await record(db, caller, f"stories.{kind}", "deed", deed.id, {"stories": deed.total, "tag": deed.tag})
    if kind == "delete":
        await _forget_in_time(db, at)
    await _do_or_let_run(db, caller, deed, at, f"{WORDS[kind]} {count_of(deed.total, 'story', 'stories')}")
    return deed


async def say_of_mentions(
    db: Db,
    caller: Caller,
    kind: Saying,
    at: datetime,
    *,
    tone: ToneLabel | None = None,
    mention_ids: Sequence[UUID] | None = None,
    matching: MentionFilter | None = None,
) -> StoryDeed:
    """Say one thing of single mentions: of these, or of all that match now. Many become a run.

    Raises MentionsNotChosen, ToneMissing or RangeUpsideDown.
    """
    if (mention_ids is None) == (matching is None):
        raise MentionsNotChosen
    if (kind == "tone") != (tone is not None):
        raise ToneMissing
    deed = _new_deed(kind, caller, at)
    deed.tone = tone
    db.add(deed)
    await db.flush()
    deed.total = await _choose_mentions(db, deed.id, mention_ids, matching)
    await record(db, caller, f"mentions.{kind}", "deed", deed.id, {"mentions": deed.total, "tone": tone})
    await _do_or_let_run(db, caller, deed, at, f"{SAID[kind]} {count_of(deed.total, 'mention')}")
    return deed


def _new_deed(kind: DeedKind, caller: Caller, at: datetime) -> StoryDeed:
    return StoryDeed(
        id=uuid7(),
        kind=kind,
        state="doing",
        total=0,
        changed=0,
        failed=0,
        user_id=caller.user_id,
        key_id=caller.key_id,
        created_at=at,
    )


async def _do_or_let_run(db: Db, caller: Caller, deed: StoryDeed, at: datetime, title: str) -> None:
    if deed.total <= AT_ONCE:
        while await do_portion(db, deed, at):
            pass
    else:
        key, parameters = f"deed:{deed.id}", {"deed_id": str(deed.id)}
        run = await enqueue(db, "stories.mark", parameters, key=key, title=title, requested_by=caller.user_id)
        deed.run_id = run.id
    await db.flush()


async def _forget_in_time(db: Db, at: datetime) -> None:
    """Have what is deleted today forgotten when it cannot be brought back any more, whether or not anything comes in by then."""
    day_ends = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    await enqueue(db, "stories.forget", key=f"deleted by {day_ends:%Y-%m-%d}", due_at=day_ends + KEPT_FOR)


WORDS: dict[Marking, str] = {
    "star": "Star",
    "unstar": "Take the star off",
    "archive": "Archive",
    "unarchive": "Bring back",
    "tag": "Tag",
    "untag": "Take a tag off",
    "delete": "Delete",
}
SAID: dict[Saying, str] = {
    "yes": "Judge as the brand:",
    "no": "Judge as not the brand:",
    "unjudge": "Take judgements back from",
    "tone": "Say the tone of",
    "untone": "Leave to the machine the tone of",
}


async def do_portion(db: Db, deed: StoryDeed, at: datetime) -> int:
    """Do the next stories or mentions of a deed; how many they were. The deed is done when there are none. Safe to repeat.

    One that is over, or taken back, is not gone on with.
    """
    if deed.state != "doing":
        return 0
    await hold_stories(db)
    items = await _portion(db, deed.id, "waiting")
    if not items:
        deed.state = "done"
        await db.flush()
        return 0
    if deed.kind in SAYINGS:
        await say_of(db, deed, items, at)
    else:
        done = await _do(db, deed, [item.story_id for item in items])
        for item in items:
            item.state, item.problem = done.get(item.story_id, ("failed", GONE))
    deed.changed += sum(item.state == "done" for item in items)
    deed.failed += sum(item.state == "failed" for item in items)
    await db.flush()
    publish(db, "stories", deed.id)
    return len(items)


async def undo_portion(db: Db, deed: StoryDeed, hand: Hand, at: datetime) -> int:
    """Take back the next of a deed that is being taken back, by whose hand; how many they were. Safe to repeat."""
    if deed.state != "undoing":
        return 0
    await hold_stories(db)
    portion = await _portion(db, deed.id, "done")
    if not portion:
        deed.state, deed.undone_at = "undone", at
        await db.flush()
        return 0
    # Stories before what was noted of them: whoever marks a single story holds it, and then has its deeds leave it alone.
    there = await lock_stories(db, (item.story_id for item in portion))
    items = await _held(db, portion, "done")
    ids = [item.story_id for item in items]
    if deed.kind in SAYINGS:
        await unsay(db, deed, items, hand, at)
    elif deed.kind == "delete":
        await bring_back(db, deed.id, ids)
    elif mark := _mark_of(deed):
        await put_back(db, deed, mark, ids, there, value=deed.kind in TAKEN_OFF)
    for item in items:
        item.state = "undone"
    await db.flush()
    publish(db, "stories", deed.id)
    return len(portion)


async def problems_of(db: Db, deed_id: UUID, limit: int) -> list[StoryDeedItem]:
    """The stories that a deed could not be done to."""
    failed = and_(StoryDeedItem.deed_id == deed_id, StoryDeedItem.state == "failed")
    return list((await db.scalars(select(StoryDeedItem).where(failed).order_by(StoryDeedItem.id).limit(limit))).all())


async def deed_by_id(db: Db, deed_id: UUID, *, for_update: bool = False) -> StoryDeed:
    """That deed. To change it, nobody else may move stories meanwhile: who does may note something in it. Raises NotThere."""
    if for_update:
        await hold_stories(db)
    deed = await db.get(StoryDeed, deed_id, with_for_update=for_update or None)
    if deed is None:
        raise NotThere("deed")
    return deed


async def _choose(db: Db, deed_id: UUID, story_ids: Sequence[UUID] | None, matching: StoryFilter | None) -> int:
    if matching is not None:
        found = matching_stories(matching).subquery("found")
        chosen = select(func.gen_random_uuid(), literal(deed_id, Uuid()), found.c.id, literal("waiting"))
        await db.execute(insert(StoryDeedItem).from_select(["id", "deed_id", "story_id", "state"], chosen))
    elif story_ids:
        values = [
            {"id": uuid7(), "deed_id": deed_id, "story_id": one, "state": "waiting"} for one in dict.fromkeys(story_ids)
        ]
        await db.execute(insert(StoryDeedItem), values)
    counted = select(func.count()).select_from(StoryDeedItem).where(StoryDeedItem.deed_id == deed_id)
    return await db.scalar(counted) or 0


async def _choose_mentions(
    db: Db, deed_id: UUID, mention_ids: Sequence[UUID] | None, matching: MentionFilter | None
) -> int:
    found = matching_mentions(matching) if matching is not None else None
    if mention_ids is not None:
        # One that is gone is told of as that, with no story any more.
        named = select(
            func.unnest(bindparam(None, list(dict.fromkeys(mention_ids)), ARRAY(Uuid()))).label("id")
        ).subquery()
        story = func.coalesce(Mention.story_id, named.c.id)
        found = select(named.c.id, story.label("story_id")).outerjoin(Mention, Mention.id == named.c.id)
    assert found is not None
    rows = found.subquery("found")
    chosen = select(func.gen_random_uuid(), literal(deed_id, Uuid()), rows.c.story_id, rows.c.id, literal("waiting"))
    names = ["id", "deed_id", "story_id", "mention_id", "state"]
    await db.execute(insert(StoryDeedItem).from_select(names, chosen))
    counted = select(func.count()).select_from(StoryDeedItem).where(StoryDeedItem.deed_id == deed_id)
    return await db.scalar(counted) or 0


async def _portion(db: Db, deed_id: UUID, state: ItemState) -> list[StoryDeedItem]:
    statement = (
        select(StoryDeedItem)
        .where(StoryDeedItem.deed_id == deed_id, StoryDeedItem.state == state, StoryDeedItem.article_id.is_(None))
        .order_by(StoryDeedItem.id)
        .limit(PORTION)
    )
    return list((await db.scalars(statement)).all())


async def _held(db: Db, portion: Sequence[StoryDeedItem], state: ItemState) -> list[StoryDeedItem]:
    """Those of these that are in that state still, held to the end of the transaction."""
    ids = StoryDeedItem.id == one_of(item.id for item in portion)
    statement = select(StoryDeedItem).where(ids, StoryDeedItem.state == state).order_by(StoryDeedItem.id)
    return list(await db.scalars(statement.with_for_update().execution_options(populate_existing=True)))


async def _do(db: Db, deed: StoryDeed, ids: Sequence[UUID]) -> dict[UUID, Done]:
    """What becomes of each story that is there."""
    await lock_stories(db, ids)
    rows = await db.execute(select(Story.id, Story.starred, Story.archived).where(Story.id == one_of(ids)))
    there = {row.id: row for row in rows}
    if deed.kind in FLAGS:
        name, value = FLAGS[deed.kind]  # pyright: ignore[reportArgumentType]
        other = {one for one, row in there.items() if getattr(row, name) != value}
        await _set_flag(db, sorted(other), name, value=value)
        return {one: ("done" if one in other else "same", None) for one in there}
    if deed.kind == "delete":
        await throw_away(db, deed.id, list(there))
        return dict.fromkeys(there, ("done", None))
    tag, bears = str(deed.tag), await tags_of_stories(db, list(there))
    if deed.kind == "untag":
        bearing = {one for one in there if tag in bears[one]}
        await db.execute(delete(StoryTag).where(StoryTag.story_id == one_of(bearing), StoryTag.tag == tag))
        return {one: ("done" if one in bearing else "same", None) for one in there}
    full = f"It has {MOST_TAGS} tags already."
    done: dict[UUID, Done] = {
        one: ("same", None)
        if tag in bears[one]
        else ("failed", full)
        if len(bears[one]) >= MOST_TAGS
        else ("done", None)
        for one in there
    }
    await put_on(db, [one for one, (state, _) in done.items() if state == "done"], tag)
    return done


def _mark_of(deed: StoryDeed) -> Mark | None:
    """What a deed put on or took off."""
    if deed.kind in ("tag", "untag"):
        return Mark("tag", str(deed.tag))
    return Mark(FLAGS[deed.kind][0]) if deed.kind in FLAGS else None


async def _set_flag(db: Db, ids: Sequence[UUID], name: str, *, value: bool) -> None:
    await db.execute(update(Story).where(Story.id == one_of(ids)).values({name: value}))
    await db.execute(update(Mention).where(Mention.story_id == one_of(ids)).values({name: value}))
