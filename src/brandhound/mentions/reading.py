"""Stories, mentions and articles put together for the screen."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from brandhound.brands.models import Brand
from brandhound.core.db import Db
from brandhound.core.files import files
from brandhound.core.pages import page_of
from brandhound.core.problems import NotThere
from brandhound.core.wording import count_of
from brandhound.feeds.models import Article
from brandhound.mentions import queries
from brandhound.mentions.deeds.bonds import story_at
from brandhound.mentions.deeds.tags import tags_of_stories
from brandhound.mentions.models import Mention, MentionJudgement
from brandhound.mentions.provenance import first_of, wires_in
from brandhound.mentions.saying_tone import tones_said_of
from brandhound.mentions.schemas import (
    ArticleOut,
    BrandTag,
    ContraryOut,
    EvidencePlace,
    FirstOut,
    HeadlineOut,
    JudgementOut,
    ListedMention,
    MentionBrief,
    MentionDetail,
    MentionOut,
    MentionPage,
    Quote,
    Reason,
    StoryArticleOut,
    StoryCounts,
    StoryDetail,
    StoryOut,
    StoryPage,
    TextWindow,
    ToneSaidOut,
    VoiceOut,
    WireUseOut,
)
from brandhound.mentions.standings import BEST_FIRST
from brandhound.mentions.story_models import Story, StoryArticle
from brandhound.mentions.tracing import traces_of, why_the_headline

MOST_ON_A_CARD = 12
AROUND = 600
"""Characters shown on each side of a mention."""

B = TypeVar("B", bound=MentionBrief)
Brands = Mapping[UUID, Brand]


async def read_stories(db: Db, wanted: queries.StoryFilter, cursor: str | None, limit: int) -> StoryPage:
    """A page of stories with headline, mentions and tags: five queries, whatever the number of stories."""
    found = (await db.scalars(queries.stories_statement(wanted, cursor, limit))).all()
    page = page_of(found, limit, lambda story: (story.last_published_at, story.id))
    headlines = await queries.headlines_of_stories(db, page.items)
    of_story = _by_story(await queries.mentions_of_stories(db, [story.id for story in page.items]))
    brands = await queries.brands_by_id(db)
    tags = await tags_of_stories(db, [story.id for story in page.items])
    items = [
        _story_out(story, headlines.get(story.id), of_story[story.id], brands, tags[story.id]) for story in page.items
    ]
    return StoryPage(items=items, next=page.next)


async def read_counts(db: Db) -> StoryCounts:
    """How many stories each view holds."""
    return await queries.story_counts(db)


async def read_story(db: Db, story_id: UUID) -> StoryDetail:
    """A story with its articles, earliest first. Raises NotThere."""
    story = await story_at(db, story_id)
    articles = await queries.timeline_of_story(db, story.id)
    mentions = await queries.mentions_of_stories(db, [story.id])
    brands = await queries.brands_by_id(db)
    contrary = await queries.contrary_of(db, mentions)
    traces = await traces_of(db, articles)
    outlets = {article.article_id: article.outlet or article.site for article in articles}
    headline = next((a for a in articles if a.article_id == story.headline_article_id), None)
    timeline = [
        StoryArticleOut.model_validate(
            {
                **_columns(article, StoryArticleOut),
                "first_seen_at": traces[article.article_id].witness.seen_at,
                "is_dated": traces[article.article_id].witness.is_dated,
                "wire": traces[article.article_id].credit,
                "copied_from": outlets.get(article.reprint_of) if article.reprint_of else None,
                "mentions": [
                    mention_out(m, brands, contrary[m.id]) for m in mentions if m.article_id == article.article_id
                ],
            }
        )
        for article in articles
    ]
    tags = (await tags_of_stories(db, [story.id]))[story.id]
    witnesses = [trace.witness for trace in traces.values()]
    first = first_of(witnesses)
    return StoryDetail(
        **dict(_story_out(story, headline, mentions, brands, tags)),
        timeline=timeline,
        first=FirstOut.model_validate(first) if first else None,
        wires=[WireUseOut.model_validate(one) for one in wires_in(witnesses)],
        headline_why=why_the_headline(story, articles, mentions),
        headline_by_hand=story.chosen_headline_id == story.headline_article_id,
    )


async def read_mentions(db: Db, wanted: queries.MentionFilter, cursor: str | None, limit: int) -> MentionPage:
    """A page of mentions with their evidence."""
    found = (await db.scalars(queries.mentions_statement(wanted, cursor, limit))).all()
    page = page_of(found, limit, lambda mention: (mention.published_at, mention.id))
    brands = await queries.brands_by_id(db)
    verdicts = await queries.verdicts_of(db, [mention.id for mention in page.items])
    contrary = await queries.contrary_of(db, page.items)
    items = [
        ListedMention(**dict(mention_out(one, brands, contrary[one.id])), opinion=verdicts.get(one.id))
        for one in page.items
    ]
    return MentionPage(items=items, next=page.next)


async def read_one(db: Db, mention_id: UUID) -> MentionOut:
    """One mention. Raises NotThere."""
    mention = await mention_by_id(db, mention_id)
    contrary = await queries.contrary_of(db, [mention])
    return mention_out(mention, await queries.brands_by_id(db), contrary[mention_id])


async def read_mention(db: Db, mention_id: UUID) -> MentionDetail:
    """One mention with the text around it and its history. Raises NotThere."""
    told = await read_one(db, mention_id)
    mention = await mention_by_id(db, mention_id)
    article = await db.get(Article, mention.article_id)
    history = await queries.history_of_mention(db, mention_id)
    return MentionDetail(
        **dict(told),
        window=_window(mention),
        fetched_at=article.fetched_at if article else None,
        history=[JudgementOut.model_validate(row) for row in history],
        tones_said=[ToneSaidOut.model_validate(row) for row in await tones_said_of(db, mention_id)],
    )


async def read_article(db: Db, article_id: UUID) -> ArticleOut:
    """A shared article this organization has, with its own mentions in it. Raises NotThere."""
    seen = await queries.visible_article(db, article_id)
    if seen is None:
        raise NotThere("article")
    article, story_id = seen
    mentions = await queries.mentions_of_article(db, article_id)
    contrary = await queries.contrary_of(db, mentions)
    brands = await queries.brands_by_id(db)
    text = text_of(article.text_sha256)
    problem = None
    if text is None:
        problem = "The text is no longer on disk." if article.text_sha256 else "The page gave no text."
    return ArticleOut.model_validate(
        {
            **_columns(article, ArticleOut),
            "title": article.title or "",
            "outlet": article.outlet or article.site or "",
            "site": article.site or "",
            "authors": list(article.authors or []),
            "text": text or "",
            "text_problem": problem,
            "story_id": story_id,
            "mentions": [mention_out(mention, brands, contrary[mention.id]) for mention in mentions],
        }
    )


async def mention_by_id(db: Db, mention_id: UUID) -> Mention:
    """Raises NotThere."""
    mention = await db.get(Mention, mention_id)
    if mention is None:
        raise NotThere("mention")
    return mention


def text_of(sha256: str | None) -> str | None:
    """The extracted text with this hash, if it is still on disk."""
    try:
        return files().get(sha256).decode() if sha256 else None
    except FileNotFoundError:
        return None


def mention_out(mention: Mention, brands: Brands, contrary: Sequence[MentionJudgement] = ()) -> MentionOut:
    """A mention with its evidence, as JSON, and who said the contrary of what counts."""
    read = mention.tone_evidence or {}
    quote = None
    if mention.tone_quote and "start" in read:
        quote = Quote(text=mention.tone_quote, field=read["field"], start=read["start"], end=read["end"])
    return MentionOut.model_validate(
        {
            **_columns(mention, MentionOut),
            "brand": _tag(mention.brand_id, brands),
            "reasons": [Reason.model_validate(reason) for reason in mention.reasons],
            "evidence": [EvidencePlace.model_validate(place) for place in mention.evidence],
            "quote": quote,
            "contrary": [ContraryOut.model_validate(one) for one in contrary],
            "tone_reasons": read.get("reasons", []),
            "voices": [_voice_out(voice) for voice in read.get("voices", [])],
        }
    )


def _voice_out(voice: Mapping[str, Any]) -> VoiceOut:
    quote = Quote(text=voice["text"], field=voice["field"], start=voice["start"], end=voice["end"])
    return VoiceOut(
        quoted=voice["quoted"],
        speaker=voice["speaker"],
        tone=voice["tone"],
        confidence=voice["confidence"],
        quote=quote,
    )


def _brief(mention: Mention, brands: Brands) -> MentionBrief:
    return MentionBrief.model_validate(
        {
            **_columns(mention, MentionBrief),
            "brand": _tag(mention.brand_id, brands),
            "reasons": [Reason.model_validate(reason) for reason in mention.reasons],
        }
    )


def _tag(brand_id: UUID, brands: Brands) -> BrandTag:
    return BrandTag.model_validate(brands[brand_id])


def _columns(row: object, out: type[Any]) -> dict[str, Any]:
    """What the row itself says of the fields of `out`."""
    values = vars(row)
    return {name: values[name] for name in out.model_fields if name in values}


def _by_story(mentions: Sequence[Mention]) -> dict[UUID, list[Mention]]:
    of_story: dict[UUID, list[Mention]] = defaultdict(list)
    for mention in mentions:
        of_story[mention.story_id].append(mention)
    return of_story


def _telling(mentions: Sequence[Mention], story: Story) -> list[Mention]:
    """The mentions a card shows: the headline's first, then by standing and confidence, one for a brand and outlet."""
    ranked = sorted(
        mentions,
        key=lambda m: (BEST_FIRST.index(m.standing), m.article_id != story.headline_article_id, -m.confidence),
    )
    shown: dict[tuple[UUID, str, str], Mention] = {}
    for mention in ranked:
        shown.setdefault((mention.brand_id, mention.standing, mention.tone), mention)
    return list(shown.values())[:MOST_ON_A_CARD]


def _story_out(
    story: Story, headline: StoryArticle | None, mentions: Sequence[Mention], brands: Brands, tags: Iterable[str]
) -> StoryOut:
    shown = _telling(mentions, story)
    counting = [mention for mention in mentions if mention.standing == "accepted"] or mentions
    values = {
        **_columns(story, StoryOut),
        "headline": _headline(story, headline),
        "mentions_total": story.mentions,
        "mentions": [_brief(mention, brands) for mention in shown],
        "tone_counts": Counter(mention.tone for mention in counting),
        "tags": sorted(tags, key=str.casefold),
        "why": _why(story, shown, brands),
    }
    return StoryOut.model_validate(values)


def _headline(story: Story, article: StoryArticle | None) -> HeadlineOut:
    if article is not None:
        return HeadlineOut.model_validate(article)
    return HeadlineOut(
        article_id=story.headline_article_id,
        title=story.title,
        url="",
        outlet="",
        site="",
        published_at=story.first_published_at,
    )


PLACES = {
    "title": "in the title",
    "subject": "as the subject",
    "mentioned": "in the text",
    "list": "in a list",
    "boilerplate": "beside the text",
}


def _sureness(confidence: float) -> str:
    """As whole percent, and never a certainty that a machine cannot have."""
    return "> 99 %" if confidence >= 0.995 else f"{confidence * 100:.0f} %"


def _why(story: Story, mentions: Sequence[Mention], brands: Brands) -> str:
    """One sentence: who is named where, how sure, and who else carries it."""
    if not mentions:
        return "No mention is left in this story."
    best = mentions[0]
    name = brands[best.brand_id].name
    if best.judgement:
        said = "said it is the brand" if best.judgement == "yes" else "said it is not the brand"
        sure = f"a person {said}"
    else:
        reason = str(best.reasons[0].get("text", "")) if best.reasons else ""
        sure = f"{_sureness(best.confidence)} sure" + (f": {reason.rstrip('.')}" if reason else "")
    others = len({m.brand_id for m in mentions}) - 1
    also = f", with {count_of(others, 'more brand')}" if others else ""
    carried = f"; {story.outlets} outlets carry it" if story.outlets > 1 else ""
    return f"{name} is named {PLACES[best.salience]}{also} ({sure}){carried}."


def _window(mention: Mention) -> TextWindow | None:
    text = text_of(mention.text_sha256)
    if text is None:
        return None
    places = [place for place in mention.evidence if place["field"] == "text"]
    first = places[0] if places else {"sentence_start": 0, "sentence_end": 0}
    start, end = _at_words(text, int(first["sentence_start"]) - AROUND, int(first["sentence_end"]) + AROUND)
    return TextWindow(text=text[start:end], start=start, end=end, length=len(text))


def _at_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The range widened to whole words, kept inside the text."""
    start, end = max(0, start), min(len(text), end)
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return start, end
