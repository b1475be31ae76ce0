"""Reads of stories and mentions. Row-level security narrows each to the organization.

Every filter that must find its rows by an index is an equality or a comparison of text, uuid, boolean or time: only
those may run before the policy does (postgres: leakproof). Arrays and LIKE are left over for the rows found.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, and_, exists, func, or_, select, true, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from brandhound.brands.models import Brand
from brandhound.core import clock
from brandhound.core.db import Db, one_of
from brandhound.core.pages import from_cursor
from brandhound.feeds.models import Article, Feed, FeedEntry
from brandhound.mentions.errors import RangeUpsideDown
from brandhound.mentions.models import Mention, MentionJudgement
from brandhound.mentions.opinion_models import MentionOpinion, OpinionVerdict
from brandhound.mentions.schemas import StoryCounts
from brandhound.mentions.searching import like_patterns
from brandhound.mentions.standings import Cause, Otherwise, Standing, StoryView, ToneLabel
from brandhound.mentions.story_models import Story, StoryArticle, StoryBand, StoryBrand, StoryTag
from brandhound.mentions.topic_models import TopicFinding

T = TypeVar("T")
SEARCH_WINDOW = timedelta(days=365)
MOST_COUNTED = 10_000
"""Rejected mentions beyond these are not counted: nobody looks through so many."""


def range_to(
    since: datetime | None, until: datetime | None, at: datetime, look_back: timedelta
) -> tuple[datetime, datetime]:
    """A range that ends now and reaches back so far, unless it is said otherwise. Raises RangeUpsideDown."""
    until = until or at
    # Before the first year there is no time to reach back to.
    since = since or until - min(look_back, until - datetime.min.replace(tzinfo=UTC))
    _refuse_upside_down(since, until)
    return since, until


def _refuse_upside_down(since: datetime | None, until: datetime | None) -> None:
    if since and until and until <= since:
        raise RangeUpsideDown(since, until)


@dataclass(frozen=True)
class StoryFilter:
    """Which stories are wanted. Brand, tone and confidence must hold for one and the same mention."""

    view: StoryView = "inbox"
    brands: tuple[UUID, ...] = ()
    q: str | None = None
    tones: tuple[ToneLabel, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    min_confidence: float | None = None
    tags: tuple[str, ...] = ()
    topic: UUID | None = None

    @property
    def earliest(self) -> datetime | None:
        """A search by words is kept to a window, since it must look at each story in it."""
        return self.since or (clock.now() - SEARCH_WINDOW if self.q else None)

    @property
    def asks_about_mentions(self) -> bool:
        return bool(self.brands or self.tones or self.min_confidence is not None)


@dataclass(frozen=True)
class MentionFilter:
    """Which mentions are wanted."""

    brands: tuple[UUID, ...] = ()
    standing: Standing | None = None
    q: str | None = None
    tones: tuple[ToneLabel, ...] = ()
    outlet: str | None = None
    story_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    min_confidence: float | None = None
    because: Cause | None = None
    topic: UUID | None = None
    tags: tuple[str, ...] = ()
    archived: bool | None = None
    """Only those of stories that are put away, or only of those that are not."""
    opinion: Otherwise | None = None


def _in_view(view: StoryView) -> ColumnElement[bool]:
    shown = Story.archived.is_(False)
    return {
        "inbox": and_(Story.standing == "accepted", shown),
        "doubtful": and_(Story.doubtful.is_(True), shown),
        "rejected": and_(Story.standing == "rejected", shown),
        "starred": Story.starred.is_(True),
        "archived": Story.archived.is_(True),
    }[view]


STANDING_OF_VIEW: dict[StoryView, Standing] = {"inbox": "accepted", "doubtful": "doubtful", "rejected": "rejected"}


def _fits(wanted: StoryFilter) -> list[ColumnElement[bool]]:
    fits: list[ColumnElement[bool]] = []
    if standing := STANDING_OF_VIEW.get(wanted.view):
        fits.append(StoryBrand.standing == standing)
    if wanted.brands:
        fits.append(_is_one_of(StoryBrand.brand_id, wanted.brands))
    if wanted.tones:
        fits.append(_is_one_of(StoryBrand.tone, wanted.tones))
    if wanted.min_confidence is not None:
        fits.append(StoryBrand.confidence >= wanted.min_confidence)
    return fits


def _is_one_of(column: InstrumentedAttribute[T], values: Sequence[T]) -> ColumnElement[bool]:
    """With one value an index keeps the order of what follows."""
    return column == values[0] if len(values) == 1 else column.in_(values)


def _newest(wanted: StoryFilter, cursor: str | None) -> Subquery:
    """Stories with a mention that fits, each once, newest first: read off an index until the page is full."""
    when = StoryBrand.last_published_at
    fits = _fits(wanted)
    if wanted.earliest:
        fits.append(when >= wanted.earliest)
    if cursor:
        fits.append(tuple_(when, StoryBrand.story_id) < tuple_(*from_cursor(cursor, datetime, UUID)))
    rows = select(when, StoryBrand.story_id).where(*fits).distinct()
    return rows.order_by(when.desc(), StoryBrand.story_id.desc()).subquery("newest")


def matching_stories(wanted: StoryFilter) -> Select[UUID]:
    """The identifiers of all stories that match, in no order. Raises RangeUpsideDown."""
    return stories_statement(wanted, None, None).with_only_columns(Story.id, maintain_column_froms=True).order_by(None)


def stories_statement(wanted: StoryFilter, cursor: str | None, limit: int | None) -> Select[Story]:
    """`limit + 1` stories, newest first; all without a limit. Raises RangeUpsideDown or BadCursor."""
    most = None if limit is None else limit + 1
    _refuse_upside_down(wanted.since, wanted.until)
    conditions: list[ColumnElement[bool]] = [_in_view(wanted.view)]
    if wanted.until:
        conditions.append(Story.first_published_at < wanted.until)
    conditions.extend(Story.search_text.like(pattern, escape="\\") for pattern in like_patterns(wanted.q or ""))
    conditions.extend(_bears_each(Story.id, wanted.tags))
    if wanted.topic:
        conditions.append(Story.id.in_(_about(wanted.topic, wanted.brands).with_only_columns(Mention.story_id)))
    if wanted.asks_about_mentions and wanted.view in STANDING_OF_VIEW:
        newest = _newest(wanted, cursor)
        order = (newest.c.last_published_at.desc(), newest.c.story_id.desc())
        statement = select(Story).join(newest, newest.c.story_id == Story.id)
        return statement.where(*conditions).order_by(*order).limit(most)
    if wanted.asks_about_mentions:
        # The few that were starred or put away.
        conditions.append(Story.id.in_(select(StoryBrand.story_id).where(*_fits(wanted))))
    if wanted.earliest:
        conditions.append(Story.last_published_at >= wanted.earliest)
    if cursor:
        conditions.append(tuple_(Story.last_published_at, Story.id) < tuple_(*from_cursor(cursor, datetime, UUID)))
    return select(Story).where(*conditions).order_by(Story.last_published_at.desc(), Story.id.desc()).limit(most)


def _bears_each(story: InstrumentedAttribute[UUID], tags: Sequence[str]) -> list[ColumnElement[bool]]:
    """Whether the story bears each of the tags."""
    return [story.in_(select(StoryTag.story_id).where(StoryTag.tag == tag.replace("\0", ""))) for tag in tags]


def _about(topic: UUID, brands: Sequence[UUID]) -> Select[UUID]:
    """The mentions about a topic, of these brands if there are any."""
    said = (TopicFinding.topic_id == topic, TopicFinding.standing == "yes")
    about = select(Mention.id).join(TopicFinding, TopicFinding.mention_id == Mention.id).where(*said)
    return about.where(_is_one_of(Mention.brand_id, brands)) if brands else about


def matching_mentions(wanted: MentionFilter) -> Select[UUID, UUID]:
    """Identifiers of all mentions that are wanted, with their stories. Raises RangeUpsideDown."""
    return select(Mention.id, Mention.story_id).where(*_wanted_mentions(wanted))


def _wanted_mentions(wanted: MentionFilter) -> list[ColumnElement[bool]]:
    _refuse_upside_down(wanted.since, wanted.until)
    conditions: list[ColumnElement[bool]] = [true()]
    if wanted.story_id:
        conditions.append(Mention.story_id == wanted.story_id)
    if wanted.brands:
        conditions.append(_is_one_of(Mention.brand_id, wanted.brands))
    if wanted.standing:
        conditions.append(Mention.standing == wanted.standing)
    if wanted.tones:
        conditions.append(Mention.tone.in_(wanted.tones))
    if wanted.outlet:
        conditions.append(Mention.outlet == wanted.outlet.replace("\0", ""))
    since = wanted.since or (clock.now() - SEARCH_WINDOW if wanted.q else None)
    if since:
        conditions.append(Mention.published_at >= since)
    if wanted.until:
        conditions.append(Mention.published_at < wanted.until)
    if wanted.min_confidence is not None:
        conditions.append(Mention.confidence >= wanted.min_confidence)
    if wanted.topic:
        conditions.append(Mention.id.in_(_about(wanted.topic, wanted.brands)))
    conditions.extend(_bears_each(Mention.story_id, wanted.tags))
    if wanted.archived is not None:
        conditions.append(Mention.story_id.in_(select(Story.id).where(Story.archived.is_(wanted.archived))))
    if wanted.because:
        judged = Mention.judgement.is_not(None)
        conditions.append(judged if wanted.because == "person" else ~judged)
    if wanted.opinion:
        conditions += [Mention.judgement.is_(None), _is_read_otherwise()]
    patterns = like_patterns(wanted.q or "")
    conditions.extend(Mention.search_text.like(pattern, escape="\\") for pattern in patterns)
    return conditions


def _is_read_otherwise() -> ColumnElement[bool]:
    """Whether a model takes it for the contrary of what is shown. What is in doubt is asked of people anyway."""
    of_model = select(MentionOpinion.mention_id).where(MentionOpinion.engine == "model")
    turned_down = Mention.id.in_(of_model.where(MentionOpinion.verdict == "no"))
    kept = Mention.id.in_(of_model.where(MentionOpinion.verdict == "yes"))
    return or_(and_(Mention.standing == "accepted", turned_down), and_(Mention.standing == "rejected", kept))


def mentions_statement(wanted: MentionFilter, cursor: str | None, limit: int) -> Select[Mention]:
    """`limit + 1` mentions, newest first. Raises RangeUpsideDown or BadCursor."""
    conditions = _wanted_mentions(wanted)
    if cursor:
        conditions.append(tuple_(Mention.published_at, Mention.id) < tuple_(*from_cursor(cursor, datetime, UUID)))
    newest = (Mention.published_at.desc(), Mention.id.desc())
    if not like_patterns(wanted.q or ""):
        return select(Mention).where(*conditions).order_by(*newest).limit(limit + 1)
    # The words are looked for in the index, and rows are fetched for the page alone: each is wide and lies elsewhere.
    found = select(Mention.id).where(*conditions).order_by(*newest).limit(limit + 1).subquery("found")
    return select(Mention).join(found, found.c.id == Mention.id).order_by(*newest)


async def verdicts_of(db: Db, mention_ids: Sequence[UUID]) -> dict[UUID, OpinionVerdict]:
    """What a model takes each of these mentions for, as far as one read it."""
    if not mention_ids:
        return {}
    read = select(MentionOpinion.mention_id, MentionOpinion.verdict).where(
        MentionOpinion.engine == "model", MentionOpinion.mention_id == one_of(mention_ids)
    )
    return {row[0]: row[1] for row in (await db.execute(read)).all()}


async def story_counts(db: Db) -> StoryCounts:
    """How many stories each view holds: ranges of an index, where one pass over all would read the whole table.

    Of what was rejected, and of what a model reads otherwise, the mentions: a story may count for one brand and not for another.
    """
    views: tuple[StoryView, ...] = ("inbox", "doubtful", "starred", "archived")
    numbers = [select(func.count()).select_from(Story).where(_in_view(view)).scalar_subquery() for view in views]
    rejected = select(true()).where(Mention.standing == "rejected").limit(MOST_COUNTED).subquery()
    # From the opinions on: they are few beside the mentions.
    otherwise = (
        select(true())
        .select_from(MentionOpinion)
        .join(Mention, Mention.id == MentionOpinion.mention_id)
        .where(
            MentionOpinion.engine == "model",
            tuple_(MentionOpinion.verdict, Mention.standing).in_([("no", "accepted"), ("yes", "rejected")]),
            Mention.judgement.is_(None),
        )
        .limit(MOST_COUNTED)
        .subquery()
    )
    numbers += [select(func.count()).select_from(one).scalar_subquery() for one in (rejected, otherwise)]
    row = (await db.execute(select(*numbers))).one()
    return StoryCounts(**dict(zip((*views, "rejected", "otherwise"), row, strict=True)))


async def mentions_of_stories(db: Db, story_ids: Sequence[UUID]) -> list[Mention]:
    """All mentions of these stories, the most certain first."""
    if not story_ids:
        return []
    statement = (
        select(Mention)
        .where(Mention.story_id == one_of(story_ids))
        .order_by(Mention.confidence.desc(), Mention.published_at, Mention.id)
    )
    return list((await db.scalars(statement)).all())


async def headlines_of_stories(db: Db, stories: Sequence[Story]) -> dict[UUID, StoryArticle]:
    """By story: the article that speaks for it."""
    if not stories:
        return {}
    statement = select(StoryArticle).where(StoryArticle.article_id == one_of(s.headline_article_id for s in stories))
    return {row.story_id: row for row in (await db.scalars(statement)).all()}


async def timeline_of_story(db: Db, story_id: UUID) -> list[StoryArticle]:
    """The story's articles, earliest first."""
    statement = (
        select(StoryArticle)
        .where(StoryArticle.story_id == story_id)
        .order_by(StoryArticle.published_at, StoryArticle.id)
    )
    return list((await db.scalars(statement)).all())


async def brands_by_id(db: Db) -> dict[UUID, Brand]:
    """All brands of the organization: they are few."""
    return {brand.id: brand for brand in (await db.scalars(select(Brand))).all()}


async def mentions_of_article(db: Db, article_id: UUID) -> list[Mention]:
    """The organization's mentions in this article, the most certain first."""
    statement = select(Mention).where(Mention.article_id == article_id).order_by(Mention.confidence.desc(), Mention.id)
    return list((await db.scalars(statement)).all())


async def history_of_mention(db: Db, mention_id: UUID) -> list[MentionJudgement]:
    """Judgements on a mention, newest first."""
    statement = (
        select(MentionJudgement)
        .where(MentionJudgement.mention_id == mention_id)
        .order_by(MentionJudgement.created_at.desc(), MentionJudgement.id.desc())
    )
    return list((await db.scalars(statement)).all())


async def contrary_of(db: Db, mentions: Sequence[Mention]) -> defaultdict[UUID, list[MentionJudgement]]:
    """By mention: the last words of others than who judged it, where they are the contrary of what counts, latest first."""
    judged = {mention.id: mention.judgement for mention in mentions if mention.judgement}
    found: defaultdict[UUID, list[MentionJudgement]] = defaultdict(list)
    if not judged:
        return found
    statement = select(MentionJudgement).where(MentionJudgement.mention_id == one_of(judged))
    heard: set[tuple[UUID, UUID | None, UUID | None]] = set()
    for one in await db.scalars(statement.order_by(MentionJudgement.created_at.desc(), MentionJudgement.id.desc())):
        speaker = (one.mention_id, one.user_id, one.key_id)
        if speaker not in heard and one.verdict not in ("withdrawn", judged[one.mention_id]):
            found[one.mention_id].append(one)
        heard.add(speaker)
    return found


async def visible_article(db: Db, article_id: UUID) -> tuple[Article, UUID | None] | None:
    """A shared article, if this organization has it in a story or in a feed it follows; with its story."""
    article = await db.get(Article, article_id)
    if article is None:
        return None
    story_id = await db.scalar(select(StoryArticle.story_id).where(StoryArticle.article_id == article_id))
    if story_id is None:
        followed = select(Feed.id).join(FeedEntry, FeedEntry.document_id == Feed.document_id)
        if not await db.scalar(select(exists(followed.where(FeedEntry.article_id == article_id)))):
            return None
    return article, story_id


async def articles_near(db: Db, since: datetime, until: datetime, limit: int) -> list[StoryArticle]:
    """Articles in stories published in this window, newest first."""
    statement = (
        select(StoryArticle)
        .where(StoryArticle.published_at >= since, StoryArticle.published_at <= until)
        .order_by(StoryArticle.published_at.desc())
        .limit(limit)
    )
    return list((await db.scalars(statement)).all())


async def band_hits(db: Db, keys: Sequence[int], since: datetime, until: datetime) -> list[tuple[int, UUID]]:
    """Which stored articles of the window share one of these bands."""
    if not keys:
        return []
    statement = select(StoryBand.band_key, StoryBand.article_id).where(
        StoryBand.band_key.in_(keys), StoryBand.published_at >= since, StoryBand.published_at <= until
    )
    rows: Sequence[Any] = (await db.execute(statement)).all()
    return [(row[0], row[1]) for row in rows]
