"""Merging stories, and splitting articles out of one: what people see better than the machine."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, select, update

from brandhound.core.db import Db, one_of
from brandhound.core.ids import uuid7
from brandhound.core.live import publish
from brandhound.core.problems import NotThere
from brandhound.mentions.deeds.bonds import kin_before
from brandhound.mentions.deeds.errors import NothingIsLeft, NothingToMerge, NothingToSplit, NotInTheStory
from brandhound.mentions.deeds.models import Regrouping, StoryDeed, StoryDeedItem
from brandhound.mentions.deeds.tags import tags_of_stories
from brandhound.mentions.holding import hold_stories
from brandhound.mentions.models import Mention
from brandhound.mentions.story_models import Story, StoryArticle, StoryTag
from brandhound.mentions.summing import sum_up_stories
from brandhound.tenancy.audit import record
from brandhound.tenancy.people import Caller

Kin = tuple[str, UUID | None, float | None]


async def merge_stories(db: Db, caller: Caller, into_id: UUID, story_ids: Sequence[UUID], at: datetime) -> StoryDeed:
    """Put all articles of these stories into one of them; the others are gone, and found under the one.

    Tags are put together, a star on any stays, and what was put away comes back with a story that was not.
    Raises NotThere or NothingToMerge.
    """
    await hold_stories(db)
    others = sorted(set(story_ids) - {into_id})
    if not others:
        raise NothingToMerge
    stories = {story.id: story for story in await _stories(db, [into_id, *others])}
    if len(stories) < len(others) + 1:
        raise NotThere("story")
    into = stories[into_id]
    rows = await articles_of(db, list(stories))
    tags = await tags_of_stories(db, list(stories))
    deed = _deed("merge", caller, into_id, at, total=len(stories), changed=len(others))
    db.add(deed)
    await db.flush()
    befores = {story.id: _row_of(story, tags[story.id]) for story in stories.values()}
    for story_id, before in befores.items():
        db.add(StoryDeedItem(deed_id=deed.id, story_id=story_id, to_story_id=into_id, state="done", before=before))
    _note(db, deed, rows, dict.fromkeys((row.article_id for row in rows), into_id))
    for tag in sorted({tag for story_id in others for tag in tags[story_id]} - tags[into_id]):
        db.add(StoryTag(story_id=into_id, tag=tag))
    for name, value in flags_together(befores.values()).items():
        setattr(into, name, value)
    await db.flush()
    await move_articles(db, [row.article_id for row in rows], into)
    await _know_copies_again(db, rows)
    await db.execute(delete(Story).where(Story.id == one_of(others)))
    await settle(db, [into_id])
    publish(db, "stories", *stories)
    facts: dict[str, object] = {"merged": [str(story_id) for story_id in others], "articles": len(rows)}
    await record(db, caller, "stories.merged", "story", into_id, facts)
    return deed


async def split_story(
    db: Db, caller: Caller, story_id: UUID, article_ids: Sequence[UUID], at: datetime, *, with_copies: bool = True
) -> StoryDeed:
    """Put these articles into a story of their own, with those that copy them. The deed names the new story.

    Raises NotThere, NotInTheStory, NothingToSplit or NothingIsLeft.
    """
    await hold_stories(db)
    found = await _stories(db, [story_id])
    if not found:
        raise NotThere("story")
    rows = await articles_of(db, [story_id])
    here = {row.article_id for row in rows}
    if strange := set(article_ids) - here:
        raise NotInTheStory(sorted(map(str, strange)))
    leaving = with_their_copies(article_ids, rows) if with_copies else set(article_ids)
    if not leaving:
        raise NothingToSplit
    if leaving == here:
        raise NothingIsLeft
    old, new_id = found[0], uuid7()
    tags = (await tags_of_stories(db, [story_id]))[story_id]
    first = min((row for row in rows if row.article_id in leaving), key=lambda row: (row.published_at, row.id))
    new = begun_with(new_id, first, starred=old.starred, archived=old.archived)
    db.add(new)
    await db.flush()
    db.add_all([StoryTag(story_id=new_id, tag=tag) for tag in sorted(tags)])
    deed = _deed("split", caller, new_id, at, total=1, changed=1)
    db.add(deed)
    await db.flush()
    before = _row_of(old, tags)
    db.add(StoryDeedItem(deed_id=deed.id, story_id=story_id, to_story_id=new_id, state="done", before=before))
    _note(db, deed, rows, {row.article_id: new_id if row.article_id in leaving else story_id for row in rows})
    await db.flush()
    await move_articles(db, sorted(leaving), new)
    await settle(db, [story_id, new_id])
    publish(db, "stories", story_id, new_id)
    facts: dict[str, object] = {"from": str(story_id), "articles": len(leaving)}
    await record(db, caller, "stories.split", "story", new_id, facts)
    return deed


async def articles_of(db: Db, story_ids: Sequence[UUID]) -> list[StoryArticle]:
    """The articles of these stories, earliest first."""
    statement = select(StoryArticle).where(StoryArticle.story_id == one_of(story_ids))
    statement = statement.order_by(StoryArticle.published_at, StoryArticle.id)
    found = await db.scalars(statement.execution_options(populate_existing=True))
    return list(found.all())


def with_their_copies(article_ids: Iterable[UUID], rows: Sequence[StoryArticle]) -> set[UUID]:
    """These articles and those that copy them, and those that copy the copies."""
    copies: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for row in rows:
        if row.reprint_of is not None:
            copies[row.reprint_of].append(row.article_id)
    found: set[UUID] = set()
    waiting = list(article_ids)
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += copies[one]
    return found


def begun_with(story_id: UUID, first: StoryArticle, *, starred: bool, archived: bool) -> Story:
    """A story that is counted up from its articles in a moment."""
    return Story(
        id=story_id,
        title=first.title,
        headline_article_id=first.article_id,
        first_published_at=first.published_at,
        last_published_at=first.published_at,
        starred=starred,
        archived=archived,
    )


async def move_articles(db: Db, article_ids: Sequence[UUID], story: Story) -> None:
    """Let these articles and the mentions in them belong to this story, with its star and its place."""
    moved = StoryArticle.article_id == one_of(article_ids)
    await db.execute(update(StoryArticle).where(moved).values(story_id=story.id))
    marks = {"starred": story.starred, "archived": story.archived}
    await db.execute(
        update(Mention).where(Mention.article_id == one_of(article_ids)).values(story_id=story.id, **marks)
    )


async def settle(db: Db, story_ids: Sequence[UUID]) -> None:
    """Make who copied whom true again inside each story, and count the stories anew."""
    of_story: defaultdict[UUID, list[StoryArticle]] = defaultdict(list)
    for row in await articles_of(db, story_ids):
        of_story[row.story_id].append(row)
    for rows in of_story.values():
        for row, (relation, reprint_of, containment) in zip(rows, settled(rows), strict=True):
            if (row.relation, row.reprint_of) != (relation, reprint_of):
                await put_kin(db, row, relation, reprint_of, containment)
    await db.flush()
    told = exists(select(StoryArticle.id).where(StoryArticle.story_id == Story.id).correlate(Story))
    await db.execute(delete(Story).where(Story.id == one_of(story_ids), ~told))
    await sum_up_stories(db, story_ids)
    # Counted by the database: what this session has read of them before is old.
    await db.execute(select(Story).where(Story.id == one_of(story_ids)).execution_options(populate_existing=True))


async def _know_copies_again(db: Db, rows: Sequence[StoryArticle]) -> None:
    """Articles that were parted from what they copy, and are beside it again, are copies again."""
    place = {row.article_id: at for at, row in enumerate(rows)}
    parted = await kin_before(db, [row.article_id for row in rows if row.reprint_of is None])
    for row in rows:
        for relation, parent, containment in parted[row.article_id]:
            if place.get(parent, len(rows)) < place[row.article_id]:
                await put_kin(db, row, relation, parent, containment)
                break
    await db.flush()


async def put_kin(db: Db, row: StoryArticle, relation: str, reprint_of: UUID | None, containment: float | None) -> None:
    """Say whom an article copied, on the article and on the mentions in it."""
    row.relation, row.reprint_of, row.containment = relation, reprint_of, containment
    await db.execute(update(Mention).where(Mention.article_id == row.article_id).values(reprint_of=reprint_of))


def settled(rows: Sequence[StoryArticle]) -> list[Kin]:
    """How each article of a story, earliest first, stands to the others: one is the first, and copies copy what is here.

    Where what was copied is elsewhere now, the earliest of its copies stands in for it.
    """
    here = {row.article_id for row in rows}
    heirs: dict[UUID, UUID] = {}
    kin: list[Kin] = []
    for row in rows:
        parent = row.reprint_of
        if parent is None or parent in here:
            kin.append((row.relation, parent, row.containment))
        elif parent in heirs:
            # How much of the heir it shares was never measured.
            kin.append((row.relation, heirs[parent], None))
        else:
            heirs[parent] = row.article_id
            kin.append(("related", None, None))
    return _with_one_first(kin)


def _with_one_first(kin: Sequence[Kin]) -> list[Kin]:
    firsts = [at for at, one in enumerate(kin) if one[0] == "original"]
    own = [at for at, one in enumerate(kin) if one[1] is None]
    first = firsts[0] if firsts else own[0] if own else None
    return [
        ("original" if at == first else "related", None, one[2]) if one[1] is None else one
        for at, one in enumerate(kin)
    ]


async def _stories(db: Db, story_ids: Sequence[UUID]) -> list[Story]:
    statement = select(Story).where(Story.id == one_of(story_ids)).order_by(Story.id).with_for_update(key_share=True)
    return list((await db.scalars(statement)).all())


def _deed(kind: Regrouping, caller: Caller, story_id: UUID, at: datetime, *, total: int, changed: int) -> StoryDeed:
    return StoryDeed(
        kind=kind,
        state="done",
        story_id=story_id,
        total=total,
        changed=changed,
        failed=0,
        user_id=caller.user_id,
        key_id=caller.key_id,
        created_at=at,
    )


def _note(db: Db, deed: StoryDeed, rows: Sequence[StoryArticle], homes: dict[UUID, UUID]) -> None:
    db.add_all(
        [
            StoryDeedItem(
                deed_id=deed.id,
                story_id=row.story_id,
                article_id=row.article_id,
                to_story_id=homes[row.article_id],
                state="done",
                before={
                    "relation": row.relation,
                    "reprint_of": str(row.reprint_of) if row.reprint_of else None,
                    "containment": row.containment,
                },
            )
            for row in rows
        ]
    )


def flags_together(befores: Collection[dict[str, Any]]) -> dict[str, bool]:
    """Star and place of the story that several became, from what each was before."""
    return {
        "starred": any(before.get("starred", False) for before in befores),
        "archived": all(before.get("archived", False) for before in befores),
    }


def _row_of(story: Story, tags: Iterable[str]) -> dict[str, Any]:
    return {
        "starred": story.starred,
        "archived": story.archived,
        "tags": sorted(tags),
        "chosen_headline_id": str(story.chosen_headline_id) if story.chosen_headline_id else None,
        "created_at": story.created_at.isoformat(),
    }
