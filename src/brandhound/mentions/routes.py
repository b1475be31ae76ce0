"""Addresses of stories, mentions and articles."""

from datetime import datetime
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query

from brandhound.core import clock
from brandhound.jobs.registry import enqueue
from brandhound.mentions import archiving, authors, judging, opining, reading, saying_tone, tone_overview
from brandhound.mentions.authors import AuthorTexts, BrandAuthors
from brandhound.mentions.queries import MentionFilter, StoryFilter
from brandhound.mentions.schemas import (
    ArticleOut,
    MentionDetail,
    MentionOut,
    MentionPage,
    NewJudgement,
    NewTone,
    NewTones,
    OpinionAsked,
    OpinionOut,
    StoryCounts,
    StoryDetail,
    StoryPage,
    ToneOfOne,
    TonesSaid,
)
from brandhound.mentions.standings import Before, Cause, Otherwise, Standing, StoryView, ToneLabel
from brandhound.mentions.tone_schemas import BrandToneOut
from brandhound.tenancy.callers import Analyst, TenantDb, Viewer
from brandhound.tenancy.people import Caller

router = APIRouter(tags=["mentions"])

Brands = Annotated[list[UUID] | None, Query(alias="brand", max_length=200, description="Only these brands")]
Since = Annotated[
    datetime | None, Query(description="Published at this moment or later; without a zone in the organization's")
]
Until = Annotated[
    datetime | None, Query(description="Published before this moment; without a zone in the organization's")
]
Cursor = Annotated[str | None, Query(description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=100)]
Share = Annotated[float | None, Query(ge=0, le=1, description="Confidence of the mention, at least")]
Words = Annotated[str | None, Query(max_length=200, description="Words of a title or an outlet's name")]
Tags = Annotated[list[str] | None, Query(alias="tag", max_length=20, description="Only stories with all these tags")]
About = Annotated[UUID | None, Query(alias="topic", description="Only what is about this topic")]
Tones = Annotated[list[ToneLabel] | None, Query(alias="tone", max_length=5, description="Only these tones")]


def _in_zone(moment: datetime | None, caller: Caller) -> datetime | None:
    """A moment without a zone is meant in the organization's."""
    return moment.replace(tzinfo=ZoneInfo(caller.time_zone)) if moment and moment.tzinfo is None else moment


@router.get("/api/stories")
async def list_stories(
    *,
    db: TenantDb,
    caller: Viewer,
    brands: Brands = None,
    view: StoryView = "inbox",
    q: Words = None,
    tones: Tones = None,
    since: Since = None,
    until: Until = None,
    min_confidence: Share = None,
    tags: Tags = None,
    topic: About = None,
    cursor: Cursor = None,
    limit: Limit = 30,
) -> StoryPage:
    """List stories of a view, newest first.

    A search by words without `since` looks at the last 365 days.
    """
    since, until = _in_zone(since, caller), _in_zone(until, caller)
    wanted = StoryFilter(
        view, tuple(brands or ()), q, tuple(tones or ()), since, until, min_confidence, tuple(tags or ()), topic
    )
    return await reading.read_stories(db, wanted, cursor, limit)


@router.get("/api/stories/counts")
async def count_stories(db: TenantDb, _: Viewer) -> StoryCounts:
    """How many stories each view holds."""
    return await reading.read_counts(db)


@router.get("/api/stories/{story_id}")
async def read_story(story_id: UUID, db: TenantDb, _: Viewer) -> StoryDetail:
    """A story: its articles in order of time, who was first, who copied, with mentions and quotes."""
    return await reading.read_story(db, story_id)


@router.get("/api/stories/{story_id}/opinions")
async def list_story_opinions(story_id: UUID, db: TenantDb, _: Viewer) -> list[OpinionOut]:
    """The second opinions on a story's mentions, as far as somebody asked for them."""
    return await opining.opinions_of_story(db, story_id)


@router.put("/api/stories/{story_id}/star", status_code=204)
async def star_story(story_id: UUID, db: TenantDb, _: Analyst) -> None:
    """Keep a story at hand."""
    await archiving.mark_story(db, story_id, starred=True)


@router.delete("/api/stories/{story_id}/star", status_code=204)
async def unstar_story(story_id: UUID, db: TenantDb, _: Analyst) -> None:
    """Take the star off a story."""
    await archiving.mark_story(db, story_id, starred=False)


@router.put("/api/stories/{story_id}/archive", status_code=204)
async def archive_story(story_id: UUID, db: TenantDb, _: Analyst) -> None:
    """Put a story away."""
    await archiving.mark_story(db, story_id, archived=True)


@router.delete("/api/stories/{story_id}/archive", status_code=204)
async def unarchive_story(story_id: UUID, db: TenantDb, _: Analyst) -> None:
    """Bring an archived story back."""
    await archiving.mark_story(db, story_id, archived=False)


@router.get("/api/mentions")
async def list_mentions(
    *,
    db: TenantDb,
    caller: Viewer,
    brands: Brands = None,
    standing: Annotated[Standing | None, Query(description="accepted, doubtful or rejected; all if empty")] = None,
    q: Words = None,
    tones: Tones = None,
    outlet: Annotated[str | None, Query(max_length=300)] = None,
    story: UUID | None = None,
    since: Since = None,
    until: Until = None,
    min_confidence: Share = None,
    because: Annotated[Cause | None, Query(description="Only what a person, or only what confidence put there")] = None,
    topic: About = None,
    tags: Tags = None,
    archived: Annotated[
        bool | None, Query(description="Only those of stories that are put away, or only of those that are not")
    ] = None,
    opinion: Annotated[
        Otherwise | None, Query(description="otherwise: only what a model takes for the contrary of where it stands")
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> MentionPage:
    """List mentions, newest first.

    A search by words without `since` looks at the last 365 days.
    """
    since, until = _in_zone(since, caller), _in_zone(until, caller)
    wanted = MentionFilter(
        tuple(brands or ()),
        standing,
        q,
        tuple(tones or ()),
        outlet,
        story,
        since,
        until,
        min_confidence,
        because,
        topic,
        tuple(tags or ()),
        archived,
        opinion,
    )
    return await reading.read_mentions(db, wanted, cursor, limit)


@router.get("/api/mentions/{mention_id}")
async def read_mention(mention_id: UUID, db: TenantDb, _: Viewer) -> MentionDetail:
    """A mention with the part of the article around it, and the history of its judgements."""
    return await reading.read_mention(db, mention_id)


@router.put("/api/mentions/{mention_id}/judgement")
async def judge_mention(mention_id: UUID, new: NewJudgement, db: TenantDb, caller: Analyst) -> MentionOut:
    """Say whether this mention is the brand."""
    await judging.judge_mention(db, mention_id, new.verdict, caller, clock.now(), new.over)
    return await reading.read_one(db, mention_id)


@router.delete("/api/mentions/{mention_id}/judgement")
async def withdraw_judgement(
    mention_id: UUID,
    db: TenantDb,
    caller: Analyst,
    over: Annotated[
        Before | None, Query(description="As with a judgement: what is judged now, as far as you know")
    ] = None,
) -> MentionOut:
    """Take a judgement back; the confidence decides again."""
    await judging.judge_mention(db, mention_id, None, caller, clock.now(), over)
    return await reading.read_one(db, mention_id)


@router.put("/api/mentions/tones")
async def say_mention_tones(new: NewTones, db: TenantDb, caller: Analyst) -> TonesSaid:
    """Say the tone of many mentions at once, or take the word back. All of them are changed, or none."""
    wanted: dict[UUID, ToneLabel | None] = {one.mention_id: one.tone for one in new.tones}
    before = await saying_tone.say_tones(db, wanted, caller, clock.now())
    return TonesSaid(changed=len(before), before=[ToneOfOne(mention_id=id_, tone=tone) for id_, tone in before.items()])


@router.put("/api/mentions/{mention_id}/tone")
async def say_mention_tone(mention_id: UUID, new: NewTone, db: TenantDb, caller: Analyst) -> MentionOut:
    """Say how a mention speaks of the brand. What was read is kept beside it."""
    await saying_tone.say_tones(db, {mention_id: new.tone}, caller, clock.now())
    return await reading.read_one(db, mention_id)


@router.delete("/api/mentions/{mention_id}/tone")
async def withdraw_mention_tone(mention_id: UUID, db: TenantDb, caller: Analyst) -> MentionOut:
    """Take the word back; the tone is again what was read."""
    await saying_tone.say_tones(db, {mention_id: None}, caller, clock.now())
    return await reading.read_one(db, mention_id)


@router.post("/api/mentions/{mention_id}/opinion", status_code=202)
async def ask_second_opinion(mention_id: UUID, db: TenantDb, caller: Analyst) -> OpinionAsked:
    """Ask whether this mention is the brand, and how the passage speaks of it. It is there a moment later."""
    await reading.mention_by_id(db, mention_id)
    parameters = {"mention_ids": [str(mention_id)]}
    key = f"mention:{mention_id}"
    run = await enqueue(db, "mentions.second_opinion", parameters, key=key, requested_by=caller.user_id)
    return OpinionAsked(run_id=run.id)


@router.get("/api/brands/{brand_id}/tone")
async def read_brand_tone(
    brand_id: UUID, db: TenantDb, caller: Viewer, since: Since = None, until: Until = None
) -> BrandToneOut:
    """How is spoken of the brand, by default in the last 90 days: shares corrected by how often tone is read right."""
    since, until = _in_zone(since, caller), _in_zone(until, caller)
    return await tone_overview.tone_of_brand(db, brand_id, since, until, clock.now())


@router.get("/api/brands/{brand_id}/authors")
async def list_brand_authors(
    brand_id: UUID, db: TenantDb, caller: Viewer, since: Since = None, until: Until = None
) -> BrandAuthors:
    """Who writes about the brand, by default in the last 90 days: the bylines of its articles, by outlet."""
    since, until = _in_zone(since, caller), _in_zone(until, caller)
    return await authors.authors_of(db, brand_id, since, until, clock.now())


@router.get("/api/brands/{brand_id}/authors/texts")
async def list_author_texts(
    *,
    brand_id: UUID,
    db: TenantDb,
    caller: Viewer,
    name: Annotated[str, Query(max_length=300, description="As it stands in the list of authors")],
    outlet: Annotated[str, Query(max_length=300)],
    since: Since = None,
    until: Until = None,
) -> AuthorTexts:
    """What one author of an outlet wrote about the brand, by default in the last 90 days; copies are left out."""
    since, until = _in_zone(since, caller), _in_zone(until, caller)
    return await authors.texts_of_author(db, brand_id, name, outlet, since, until, clock.now())


@router.get("/api/articles/{article_id}")
async def read_article(article_id: UUID, db: TenantDb, _: Viewer) -> ArticleOut:
    """An article as it was fetched: text, hashes, and where the brands stand in it."""
    return await reading.read_article(db, article_id)
