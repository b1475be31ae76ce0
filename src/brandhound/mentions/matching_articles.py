"""Looking through articles for an organization's brands, and reading the tone of what is found. Thinking only."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

from brandhound.brands.queries import brand_names_of, names_version
from brandhound.core.db import Db, organization_of
from brandhound.feeds.articles import ArticleText
from brandhound.mentions.matching import BrandMention, Document, Match, Matcher, gather_mentions
from brandhound.mentions.standings import QUICK, is_quick, thresholds
from brandhound.mentions.tone import MentionToJudge, Place, ToneOfMention, judge_mentions
from brandhound.mentions.tone_pull import TonePull

Rescored = Callable[[Sequence[tuple[str, str, BrandMention]]], list[BrandMention]]
"""Mentions with title and text of their articles in, the same mentions with another confidence and other reasons out."""

KEPT_MATCHERS = 32
LONGEST_TEXT = 200_000
"""Characters of a text that are looked through: a book is no article."""


@dataclass(frozen=True)
class FoundMention:
    """A brand in an article, and the tone toward it."""

    brand_id: UUID
    mention: BrandMention
    tone: ToneOfMention


@dataclass(frozen=True)
class ReadArticle:
    """An article with the mentions found in it; at least one."""

    article: ArticleText
    mentions: tuple[FoundMention, ...]


_matchers: OrderedDict[UUID, tuple[str, Matcher]] = OrderedDict()
_lock = Lock()


async def matcher_of(db: Db) -> Matcher | None:
    """The organization's matcher, built again only when its brands' names have changed; None without brands."""
    stamp = await names_version(db)
    owner = organization_of(db)
    with _lock:
        kept = _matchers.get(owner)
        if kept and kept[0] == stamp:
            _matchers.move_to_end(owner)
            return kept[1]
    names = await brand_names_of(db)
    if not names:
        return None
    matcher = Matcher(names)
    with _lock:
        _matchers[owner] = (stamp, matcher)
        _matchers.move_to_end(owner)
        while len(_matchers) > KEPT_MATCHERS:
            _matchers.popitem(last=False)
    return matcher


def look_through(
    articles: Sequence[ArticleText],
    matcher: Matcher,
    rescored: Rescored | None = None,
    pull: TonePull | None = None,
) -> list[ReadArticle]:
    """The articles that name a brand, with tone. Uses one core for about a tenth of a second an article; run it in a thread."""
    named = [
        (article, kept)
        for article, mentions in name_brands(articles, matcher, rescored)
        if (kept := [mention for mention in mentions if _is_worth_keeping(mention)])
    ]
    asked = [_to_judge(article, mention) for article, mentions in named for mention in mentions]
    tones = iter(judge_mentions(asked, pull))
    return [
        ReadArticle(article, tuple(FoundMention(UUID(m.brand), m, next(tones)) for m in mentions))
        for article, mentions in named
    ]


def _is_worth_keeping(mention: BrandMention) -> bool:
    """Common words are no mentions that anybody would want to see rejected: in small letters a name has to be likely."""
    return not mention.is_small or mention.confidence >= thresholds().doubtful


def name_brands(
    articles: Sequence[ArticleText], matcher: Matcher, rescored: Rescored | None = None
) -> list[tuple[ArticleText, list[BrandMention]]]:
    """The articles that name a brand, with their mentions, the surest first."""
    documents = [Document(a.text[:LONGEST_TEXT], a.title or "", a.url) for a in articles]
    found = [gather_mentions(matches) for matches in matcher.find_all(documents)]
    named = [(article, mentions) for article, mentions in zip(articles, found, strict=True) if mentions]
    if rescored is None:
        return named
    again = iter(rescored([(a.title or "", a.text[:LONGEST_TEXT], m) for a, mentions in named for m in mentions]))
    return [
        (article, sorted((next(again) for _ in mentions), key=lambda mention: -mention.confidence))
        for article, mentions in named
    ]


def _to_judge(article: ArticleText, mention: BrandMention) -> MentionToJudge:
    places = tuple(
        Place(match.field, match.start, match.end, match.sentence_start, match.sentence_end)
        for match in _worth_reading(mention)
    )
    quick = is_quick(mention.salience, mention.confidence)
    return MentionToJudge(article.title or "", article.text[:LONGEST_TEXT], article.language, places, quick)


def _worth_reading(mention: BrandMention) -> list[Match]:
    """Places as sure as the surest, and not beside the text, as long as there are such."""
    likely = [match for match in mention.evidence if match.confidence >= mention.confidence / 2]
    inside = [match for match in likely if match.salience not in QUICK]
    return inside or likely or list(mention.evidence)
