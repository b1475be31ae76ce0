"""What each way to write a name would have found in the articles of the last 30 days."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from brandhound.brands.names import BrandNames, Name, doubt_of, name_with_rules, possible_rules, unique_names
from brandhound.brands.varying import Variation, variations_of
from brandhound.core.db import tenant_session
from brandhound.feeds.articles import ArticleText, article_texts
from brandhound.mentions.matching import Document, Match, Matcher
from brandhound.mentions.matching_articles import LONGEST_TEXT
from brandhound.mentions.recent import count_recent_articles, recent_articles
from brandhound.mentions.standings import thresholds
from brandhound.mentions.variations.overhearing import overheard
from brandhound.mentions.variations.schemas import VariationList, VariationOut, VariationWish

LOOK_BACK = timedelta(days=30)
MOST_READ = 2_000
"""Articles that are read while somebody waits; beyond them the counts are scaled up."""
MOST_VARIATIONS = 60
LONGEST_EXAMPLE = 240


@dataclass(slots=True)
class _Tally:
    places: int = 0
    sure: int = 0
    articles: set[int] = field(default_factory=set[int])
    example: str = ""


async def counted_variations(organization_id: UUID, wish: VariationWish, now: datetime) -> VariationList:
    """Ways to write the brand's names with what they would have found, those that find most first. Nothing is stored."""
    since = now - LOOK_BACK
    # A transaction of its own, over before the thinking begins.
    async with tenant_session(organization_id) as db:
        total = await count_recent_articles(db, since)
        articles = await article_texts(db, await recent_articles(db, since, MOST_READ))
    items, found = await asyncio.to_thread(_counted, brand_of(wish), articles, total)
    return VariationList(items=items, articles=total, read=len(articles), found=found)


def brand_of(wish: VariationWish) -> BrandNames:
    """The brand of a form as matching wants it."""
    names = [
        Name(
            name.text,
            name.kind,
            case_sensitive=rule.case_sensitive if name.case_sensitive is None else name.case_sensitive,
            needs_context=rule.needs_context if name.needs_context is None else name.needs_context,
        )
        for name in wish.names
        if name.text
        for rule in (name_with_rules(name.text, name.kind),)
    ]
    return BrandNames(
        key="present",
        name=wish.name,
        names=tuple(unique_names([*names, name_with_rules(wish.name)])),
        context_words=tuple(wish.context_words),
        not_phrases=tuple(wish.not_phrases),
        category=wish.category,
        website=wish.website,
    )


def _counted(brand: BrandNames, articles: Sequence[ArticleText], total: int) -> tuple[list[VariationOut], int]:
    documents = [Document(article.text[:LONGEST_TEXT], article.title or "", article.url) for article in articles]
    present = {number for number, matches in enumerate(Matcher([brand]).find_all(documents)) if matches}
    variations = _all_variations(brand, documents)
    has_context = bool(brand.context_words or brand.website)
    rules = possible_rules([name_with_rules(one.text, one.kind) for one in variations], has_context=has_context)
    tallies = _tallied(brand, rules, documents)
    scale = total / len(articles) if articles else 0.0
    items = [
        _out(variation, rule, tally, present, scale)
        for variation, rule, tally in zip(variations, rules, tallies, strict=True)
    ]
    return sorted(items, key=lambda item: (-item.new_articles, -item.places, item.text)), len(present)


def _all_variations(brand: BrandNames, documents: Sequence[Document]) -> list[Variation]:
    texts = [f"{document.title}\n{document.text}" for document in documents]
    found: dict[str, Variation] = {}
    for variation in (*overheard(brand, texts), *variations_of(brand)):
        found.setdefault(variation.text.casefold(), variation)
    return list(found.values())[:MOST_VARIATIONS]


def _tallied(brand: BrandNames, rules: Sequence[Name], documents: Sequence[Document]) -> list[_Tally]:
    """Each way as a brand of its own, in the surroundings of the brand that it is a way to write."""
    tallies = [_Tally() for _ in rules]
    if not rules or not documents:
        return tallies
    # Without the site, whose address would be a name of each; a link there speaks for the brand all the same once it is saved.
    each = [
        BrandNames(str(number), brand.name, (rule,), brand.context_words, brand.not_phrases, brand.category)
        for number, rule in enumerate(rules)
    ]
    accept = thresholds().accept
    for at, matches in enumerate(Matcher(each).find_all(documents)):
        by_key: defaultdict[str, list[Match]] = defaultdict(list)
        for match in matches:
            by_key[match.brand].append(match)
        for key, places in by_key.items():
            tally = tallies[int(key)]
            tally.places += len(places)
            tally.sure += sum(place.confidence >= accept for place in places)
            tally.articles.add(at)
            tally.example = tally.example or _sentence(documents[at], places[0])
    return tallies


def _sentence(document: Document, match: Match) -> str:
    text = document.title if match.field == "title" else document.text
    return " ".join(text[match.sentence_start : match.sentence_end].split())[:LONGEST_EXAMPLE]


def _out(variation: Variation, rule: Name, tally: _Tally, present: set[int], scale: float) -> VariationOut:
    return VariationOut(
        text=variation.text,
        kind=variation.kind,
        case_sensitive=rule.case_sensitive,
        needs_context=rule.needs_context,
        why=variation.why,
        expected_per_month=round(tally.places * scale),
        places=tally.places,
        articles=len(tally.articles),
        new_articles=len(tally.articles - present),
        sure=round(tally.sure / tally.places, 2) if tally.places else None,
        doubts=list(doubt_of(variation.text).reasons),
        example=tally.example,
    )
