"""What a person's digest tells: new stories with why they are there, doubtful ones to judge, and what is broken."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from brandhound.brands.models import Brand
from brandhound.core.db import Db
from brandhound.core.wording import count_of
from brandhound.mentions.learning.trusting import missed_share
from brandhound.mentions.models import Mention
from brandhound.mentions.story_models import Story, StoryArticle
from brandhound.mentions.tracing import first_articles
from brandhound.mentions.zones import SALIENCES
from brandhound.notifications.models import Notification
from brandhound.reports.document import TONES, Tone
from brandhound.reports.sending_models import ReportDigest
from brandhound.reports.sentences import is_title, sentence_beside, stored_text
from brandhound.reports.wording import printable, shortened
from brandhound.tenancy.roles import Role

MOST_STORIES = 7
MOST_DOUBTFUL = 5
MOST_BROKEN = 5

FIRST = timedelta(days=1)
"""How far the first digest looks back."""

LONGEST = timedelta(days=7)
"""How far any looks back: after a holiday a person wants the news, not the archive."""

STALE = timedelta(days=3)
"""An article that was published so long before it was found belongs to history that was filled in, not to the news."""

NAMED = {"title": "{} is named in the title", "subject": "it is about {}"}

SETTLED = timedelta(minutes=2)
"""What was found so shortly before may still be on its way into the database: the next digest tells it, none leaves it out."""

USUAL_DAYS = 28
ENOUGH_DAYS = 14


@dataclass(frozen=True)
class DigestStory:
    """A story of the digest, and why it is there."""

    id: UUID
    title: str
    url: str
    origin: str
    is_first: bool
    """Whether that outlet is known to have told it first."""
    articles: int
    outlets: int
    reprints: int
    brands: tuple[str, ...]
    tone: Tone
    quote: str
    quote_outlet: str
    why: str
    confidence: float


@dataclass(frozen=True)
class Doubtful:
    """A mention that waits for a person's word."""

    id: UUID
    story_id: UUID | None
    brand: str
    title: str
    url: str
    outlet: str
    sentence: str
    confidence: float


@dataclass(frozen=True)
class Broken:
    """Something that does not work."""

    title: str
    href: str | None
    is_new: bool


@dataclass(frozen=True)
class DigestContent:
    """Everything that one digest tells."""

    since: datetime
    until: datetime
    time_zone: str
    mentions: int
    stories_in_all: int
    usual: str
    stories: tuple[DigestStory, ...]
    doubtful: tuple[Doubtful, ...]
    doubtful_in_all: int
    missed: float | None
    """The share of all true mentions that does not count, as far as is known."""
    broken: tuple[Broken, ...]

    @property
    def is_empty(self) -> bool:
        """Nothing new: then nobody is written to."""
        return not (self.stories or self.doubtful or any(one.is_new for one in self.broken))


def begins(digest: ReportDigest, window_at: datetime) -> datetime:
    """From when on this digest tells: where the one before ended, and not for ever."""
    told = digest.told_until_at
    return max(told, window_at - LONGEST) if told is not None else window_at - FIRST


async def gather_digest(db: Db, since: datetime, until: datetime, time_zone: str, role: Role) -> DigestContent:
    """What was found since then."""
    brands = {brand.id: brand for brand in await db.scalars(select(Brand).where(Brand.paused.is_(False)))}
    found = since - SETTLED, until - SETTLED
    new = await _new_mentions(db, brands, *found)
    own = {id_ for id_, brand in brands.items() if brand.kind != "competitor"} or set(brands)
    doubtful, doubtful_in_all = await _doubtful(db, brands, *found)
    return DigestContent(
        since=since,
        until=until,
        time_zone=time_zone,
        mentions=sum(one.brand_id in own for one in new),
        stories_in_all=len({one.story_id for one in new}),
        usual=await _usual(db, own, since, until, time_zone),
        stories=await _stories(db, brands, own, new),
        doubtful=doubtful,
        doubtful_in_all=doubtful_in_all,
        missed=await missed_share(db, sorted(own), until),
        broken=await _broken(db, since, role),
    )


async def _new_mentions(db: Db, brands: dict[UUID, Brand], since: datetime, until: datetime) -> Sequence[Mention]:
    return (
        await db.scalars(
            select(Mention)
            .where(
                Mention.standing == "accepted",
                Mention.published_at > since - STALE,
                Mention.created_at > since,
                Mention.created_at <= until,
                Mention.brand_id.in_(list(brands)),
            )
            .order_by(Mention.published_at, Mention.id)
        )
    ).all()


async def _stories(
    db: Db, brands: dict[UUID, Brand], own: set[UUID], new: Sequence[Mention]
) -> tuple[DigestStory, ...]:
    by_story: defaultdict[UUID, list[Mention]] = defaultdict(list)
    for one in new:
        by_story[one.story_id].append(one)
    ranked = sorted(by_story, key=lambda id_: _weight(by_story[id_], own), reverse=True)[: MOST_STORIES * 2]
    stories = {
        story.id: story
        for story in await db.scalars(select(Story).where(Story.id.in_(ranked), Story.archived.is_(False)))
    }
    shown = [id_ for id_ in ranked if id_ in stories][:MOST_STORIES]
    first = await first_articles(db, shown)
    origins = await _origins(db, shown, first.values())
    return tuple(
        _story(stories[id_], by_story[id_], own, brands, origins.get(id_), is_first=id_ in first) for id_ in shown
    )


def _weight(mentions: Sequence[Mention], own: set[UUID]) -> tuple[bool, int, bool, int, datetime]:
    """One's own brands first, then what most outlets tell, bad news before good."""
    mine = [one for one in mentions if one.brand_id in own]
    return (
        bool(mine),
        len({one.outlet for one in mentions}),
        any(one.tone == "negative" for one in mine),
        sum(one.salience in ("title", "subject") for one in mentions),
        mentions[-1].published_at,
    )


def _story(
    story: Story,
    mentions: Sequence[Mention],
    own: set[UUID],
    brands: dict[UUID, Brand],
    origin: StoryArticle | None,
    *,
    is_first: bool,
) -> DigestStory:
    mine = [one for one in mentions if one.brand_id in own] or list(mentions)
    voices, tone = _voices(mine), _tone(mine)
    speaking = max(voices, key=lambda one: (one.tone == tone, one.tone_confidence, one.confidence))
    first = mentions[0]
    # The brand that the story is most about comes first: it is said to be why the story is here, and leads the mail's subject.
    lead = min(mine, key=lambda one: SALIENCES.index(one.salience))
    names = tuple(dict.fromkeys(brands[one.brand_id].name for one in [lead, *mine, *mentions]))
    return DigestStory(
        id=story.id,
        title=printable(story.title),
        url=origin.url if origin else first.url,
        origin=(origin.outlet or origin.site) if origin else first.outlet or first.site,
        is_first=is_first,
        articles=max(story.articles, 1),
        outlets=max(story.outlets, len({one.outlet for one in mentions})),
        reprints=story.reprints,
        brands=names,
        tone=tone,
        # A headline that is quoted under itself says nothing more.
        quote="" if is_title(speaking.tone_quote, story.title) else shortened(speaking.tone_quote, 240),
        quote_outlet=speaking.outlet or speaking.site,
        why=_why(story, mine, lead, brands),
        confidence=max(one.confidence for one in mine),
    )


def _voices(mentions: Sequence[Mention]) -> Sequence[Mention]:
    """Those that say it in words of their own, or all if none does."""
    return [one for one in mentions if one.reprint_of is None] or mentions


def _tone(mentions: Sequence[Mention]) -> Tone:
    tones = Counter(one.tone for one in _voices(mentions) if one.tone != "unclear")
    return max(TONES, key=lambda tone: (tones[tone], tone == "negative")) if tones else "unclear"


def _why(story: Story, mine: Sequence[Mention], lead: Mention, brands: dict[UUID, Brand]) -> str:
    """What is told of the leading brand; where it is another of which the story speaks badly, that one by its name."""
    of_brand: defaultdict[UUID, list[Mention]] = defaultdict(list)
    for one in mine:
        of_brand[one.brand_id].append(one)
    name, told = brands[lead.brand_id].name, of_brand[lead.brand_id]
    reasons = [NAMED.get(lead.salience, "{} is mentioned").format(name)]
    if story.outlets > 1:
        reasons.append(f"{story.outlets} outlets tell it")
    bad = [brand_id for brand_id, mentions in of_brand.items() if _tone(mentions) == "negative"]
    if bad:
        reasons.append(f"it speaks badly of {'it' if lead.brand_id in bad else brands[bad[0]].name}")
    if any(one.judgement == "yes" for one in told):
        reasons.append("a person said that it is the brand")
    return ", ".join(reasons)


async def _origins(db: Db, story_ids: Sequence[UUID], first: Iterable[UUID]) -> dict[UUID, StoryArticle]:
    """The article of each story that was told first, or else has the earliest date."""
    rows = await db.scalars(
        select(StoryArticle)
        .where(StoryArticle.story_id.in_(story_ids))
        .order_by(
            StoryArticle.story_id,
            StoryArticle.article_id.in_(list(first)).desc(),
            StoryArticle.published_at,
            StoryArticle.id,
        )
        .ext(distinct_on(StoryArticle.story_id))
    )
    return {row.story_id: row for row in rows}


async def _doubtful(
    db: Db, brands: dict[UUID, Brand], since: datetime, until: datetime
) -> tuple[tuple[Doubtful, ...], int]:
    waiting = (
        Mention.standing == "doubtful",
        Mention.judgement.is_(None),
        Mention.brand_id.in_(list(brands)),
        Mention.published_at > since - STALE,
        Mention.created_at > since,
        Mention.created_at <= until,
    )
    in_all = await db.scalar(select(func.count()).select_from(Mention).where(*waiting)) or 0
    rows = await db.scalars(
        select(Mention).where(*waiting).order_by(Mention.confidence.desc(), Mention.id).limit(MOST_DOUBTFUL)
    )
    shown = tuple(
        Doubtful(
            id=one.id,
            story_id=one.story_id,
            brand=brands[one.brand_id].name,
            title=printable(one.title),
            url=one.url,
            outlet=one.outlet or one.site,
            sentence=shortened(sentence_beside(one.evidence, one.title, stored_text(one.text_sha256)), 280),
            confidence=one.confidence,
        )
        for one in rows
    )
    return shown, in_all


async def _usual(db: Db, own: set[UUID], since: datetime, until: datetime, time_zone: str) -> str:
    """How many there are in as much time as a rule; nothing while too little is known to call anything usual."""
    zone = ZoneInfo(time_zone)
    last_on = since.astimezone(zone).date()
    first_on = last_on - timedelta(days=USUAL_DAYS)
    mine = Mention.standing == "accepted", Mention.brand_id.in_(list(own))
    day = func.date(func.timezone(time_zone, Mention.published_at))
    rows = await db.execute(
        select(day, func.count())
        .where(*mine, Mention.published_at >= datetime(first_on.year, first_on.month, first_on.day, tzinfo=zone))
        .where(Mention.published_at < datetime(last_on.year, last_on.month, last_on.day, tzinfo=zone))
        .group_by(day)
    )
    per_day: dict[date, int] = {row[0]: row[1] for row in rows}
    if not per_day or (last_on - min(per_day)).days < ENOUGH_DAYS:
        return ""
    known = (last_on - min(per_day)).days
    counts = [per_day.get(last_on - timedelta(days=back), 0) for back in range(1, known + 1)]
    days = max(1, round((until - since) / timedelta(days=1)))
    usual = median(counts) * days
    return f"usually {usual:g} in {'a day' if days == 1 else count_of(days, 'day')}"


async def _broken(db: Db, since: datetime, role: Role) -> tuple[Broken, ...]:
    """Incidents that are not over."""
    audiences = ("everyone", "admins") if role >= Role.ADMIN else ("everyone",)
    rows = await db.scalars(
        select(Notification)
        .where(
            Notification.settled_at.is_(None),
            Notification.incident_key.is_not(None),
            Notification.user_id.is_(None),
            Notification.severity.in_(("warning", "critical")),
            Notification.audience.in_(audiences),
            or_(Notification.last_at > since, Notification.kind.in_(("feed_failing", "provider_key", "quota_spent"))),
            Notification.last_at > since - timedelta(days=30),
        )
        .order_by(Notification.last_at.desc())
        .limit(MOST_BROKEN)
    )
    return tuple(Broken(one.title, one.href, one.alerted_at > since) for one in rows)
