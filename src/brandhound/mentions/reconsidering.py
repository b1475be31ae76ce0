"""A second opinion on a mention: is it the brand, and how does the passage speak of it?

A model looks at the passage, if one is chosen; else, and whenever that cannot be asked, the embedded analysis says what it
has. Either way it is advice: the mention stays where it is until a person judges.

What a model says gets out only as choices of a closed set, and as quotations that stand in the article letter by letter.
A verdict without such a quotation is none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from brandhound.brands.models import Brand
from brandhound.brands.names import BrandNames
from brandhound.core.db import Db, tenant_session
from brandhound.mentions.models import Mention
from brandhound.mentions.opinion_models import OpinionEngine, OpinionVerdict
from brandhound.mentions.reading import mention_by_id, text_of
from brandhound.mentions.standings import Standing, ToneLabel, standing_of, thresholds
from brandhound.providers.ai.asking import CANNOT_ASK, Answer, Question, ask
from brandhound.providers.ai.errors import NoModel
from brandhound.providers.ai.features import Feature, feature
from brandhound.providers.ai.prompts import prompt
from brandhound.providers.ai.quarantine import verbatim

SECOND_OPINION = feature(
    Feature(
        name="mentions.second_opinion",
        title="Second opinion on a mention",
        about="Whether a mention of a name that may mean something else is your brand, and how it speaks of it.",
        adds="It reads the passage as a whole, knows namesakes from general knowledge, and understands irony, comparisons "
        "and languages other than English, where the embedded analysis has word lists and similarity.",
        without="The embedded analysis says how sure it is and why, and quotes the sentences it looked at.",
        sends="The brand's name, description, names, context words and namesakes; the article's title and outlet; and at "
        "most 2,400 characters around the mention. Nothing of your people, notes, judgements or other brands.",
    )
)

MOST_CHARACTERS = 2400
AROUND = 500

Because = Literal[
    "full_name",
    "product_named",
    "person_named",
    "industry_words",
    "place_fits",
    "website_named",
    "ordinary_word",
    "namesake_company",
    "person_or_place",
    "other_industry",
    "only_listed",
    "nothing_shows_it",
]
BECAUSE: Mapping[Because, str] = {
    "full_name": "its full name is used",
    "product_named": "a product of the brand is named",
    "person_named": "somebody who belongs to the brand is named",
    "industry_words": "the passage is about what the brand does",
    "place_fits": "the place fits the brand",
    "website_named": "the brand's own address is named",
    "ordinary_word": "the name is used as an ordinary word",
    "namesake_company": "another company of that name is meant",
    "person_or_place": "a person or a place of that name is meant",
    "other_industry": "the passage is about something the brand does not do",
    "only_listed": "the name only stands in a list",
    "nothing_shows_it": "nothing in the passage shows which is meant",
}


_VERDICTS: Mapping[Standing, OpinionVerdict] = {"accepted": "yes", "doubtful": "unsure", "rejected": "no"}


class Reading(BaseModel):
    """What the passage says of the brand."""

    model_config = ConfigDict(extra="forbid")

    is_brand: OpinionVerdict = Field(description="Whether the name in the passage means this brand.")
    because: Annotated[list[Because], Field(max_length=4)] = Field(description="Why, as far as these reasons fit.")
    identity_quotes: Annotated[list[str], Field(max_length=3)] = Field(
        description="Words of the data, copied letter by letter, that show which meaning the name has."
    )
    tone: ToneLabel = Field(description="Tone of the passage toward the brand.")
    tone_quotes: Annotated[list[str], Field(max_length=3)] = Field(
        description="Words of the data, copied letter by letter, that show the tone."
    )


@dataclass(frozen=True)
class QuotedWords:
    """Words of the article, and what they show; `start` and `end` count in the title or the text."""

    kind: Literal["identity", "tone"]
    field: Literal["title", "text"]
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Opinion:
    """A second opinion, ready to be shown."""

    verdict: OpinionVerdict
    because: tuple[str, ...]
    tone: ToneLabel
    quotes: tuple[QuotedWords, ...]
    dropped: int
    engine: OpinionEngine
    provider: str | None = None
    model: str | None = None
    prompt_version: str | None = None
    cost_micros: int | None = None
    cached: bool = False
    instead_because: str | None = None


@dataclass(frozen=True)
class Passage:
    """A mention as it is put to a model."""

    brand: BrandNames
    description: str
    outlet: str
    title: str
    text: str
    text_start: int
    """Where in the article's text the passage begins."""
    namesakes: tuple[str, ...] = ()
    """What else the name means, a line each."""


async def second_opinion(organization_id: UUID, mention_id: UUID) -> Opinion:
    """The opinion on one mention. Never fails for want of a model. Raises NotThere.

    Hold no transaction around it: it may wait for a model.
    """
    try:
        return await opinion_of_model(organization_id, mention_id)
    except CANNOT_ASK as why:
        return await opinion_instead(organization_id, mention_id, None if isinstance(why, NoModel) else in_words(why))


async def opinion_of_model(organization_id: UUID, mention_id: UUID) -> Opinion:
    """The opinion of the model that is chosen. Raises NotThere, and what CANNOT_ASK names. Hold no transaction around it."""
    async with tenant_session(organization_id) as db:
        passage = await passage_of(db, await mention_by_id(db, mention_id))
    return opinion_of(await ask(organization_id, question_of(passage)), passage)


async def opinion_instead(organization_id: UUID, mention_id: UUID, because: str | None) -> Opinion:
    """What the embedded analysis has to say in the place of a model. Raises NotThere."""
    async with tenant_session(organization_id) as db:
        return embedded_opinion(await mention_by_id(db, mention_id), because)


def question_of(passage: Passage) -> Question[Reading]:
    """The passage as it is put to a model."""
    return Question(
        feature=SECOND_OPINION.name,
        prompt=prompt("brandhound.mentions", "second_opinion"),
        facts=facts_of(passage),
        sources={"title": passage.title, "text": passage.text},
        form=Reading,
    )


def opinion_of(answer: Answer[Reading], passage: Passage) -> Opinion:
    """What a model said, as far as the article bears it out."""
    reading = answer.value
    sources = {"title": passage.title, "text": passage.text}
    identity = _quoted("identity", reading.identity_quotes, sources, passage)
    tone = _quoted("tone", reading.tone_quotes, sources, passage)
    given = len(reading.identity_quotes) + len(reading.tone_quotes)
    # What nothing in the article supports is left out: it may be anybody's word.
    verdict: OpinionVerdict = reading.is_brand if identity else "unsure"
    label: ToneLabel = reading.tone if tone or reading.tone in ("neutral", "unclear") else "unclear"
    because = [BECAUSE["nothing_shows_it"]] if verdict == "unsure" else [BECAUSE[code] for code in reading.because]
    return Opinion(
        verdict=verdict,
        because=tuple(dict.fromkeys(because)),
        tone=label,
        quotes=(*identity, *tone),
        dropped=given - len(identity) - len(tone),
        engine="model",
        provider=answer.provider,
        model=answer.model,
        prompt_version=answer.prompt_version,
        cost_micros=answer.cost_micros,
        cached=answer.cached,
    )


def embedded_opinion(mention: Mention, instead_because: str | None) -> Opinion:
    """What the embedded analysis has to say: how sure it is and why, with the sentences it looked at."""
    verdict = _VERDICTS[standing_of(mention.confidence, None, thresholds())]
    read = mention.tone_evidence or {}
    quotes: list[QuotedWords] = []
    for place in mention.evidence[:2]:
        start, end = int(place["sentence_start"]), int(place["sentence_end"])
        source = mention.title if place["field"] == "title" else text_of(mention.text_sha256)
        words = source[start:end] if source else ""
        # A headline is often the first sentence, too.
        if words.strip() and words not in [quote.text for quote in quotes]:
            quotes.append(QuotedWords("identity", place["field"], start, end, words))
    if mention.tone_quote and "start" in read and mention.tone_quote not in [quote.text for quote in quotes]:
        quotes.append(QuotedWords("tone", read["field"], read["start"], read["end"], mention.tone_quote))
    reasons = tuple(str(reason["text"]) for reason in mention.reasons if reason.get("text"))
    return Opinion(verdict, reasons, mention.tone, tuple(quotes), 0, "embedded", instead_because=instead_because)


def facts_of(passage: Passage) -> dict[str, object]:
    """What the organization itself says of its brand: these words are its own, and trusted."""
    brand = passage.brand
    return {
        "brand": brand.name,
        "description": passage.description,
        "category": brand.category,
        "website": brand.website,
        "names": [name.text for name in brand.names][:20],
        "words_around_it": list(brand.context_words)[:30],
        "namesakes": [*brand.not_phrases, *passage.namesakes][:30],
        "outlet": passage.outlet,
    }


def _quoted(
    kind: Literal["identity", "tone"], quotes: Sequence[str], sources: Mapping[str, str], passage: Passage
) -> list[QuotedWords]:
    found: list[QuotedWords] = []
    for span in verbatim(quotes, sources, most=3):
        if span.source == "title":
            found.append(QuotedWords(kind, "title", span.start, span.end, span.text))
        else:
            shift = passage.text_start
            found.append(QuotedWords(kind, "text", span.start + shift, span.end + shift, span.text))
    return found


def window_around(text: str, places: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The part of a text that is shown to a model: around the mention, to whole words, and no more than is needed."""
    if not places:
        return 0, min(len(text), MOST_CHARACTERS)
    first, last = places[0], places[-1]
    start = max(0, first[0] - AROUND)
    end = min(len(text), max(first[1], min(last[1] + AROUND, start + MOST_CHARACTERS)))
    # Some writing has no spaces to end at.
    whole = next((at for at in range(start, first[0]) if at == 0 or text[at - 1].isspace()), start)
    ends = next((at for at in range(end, first[1], -1) if at == len(text) or text[at].isspace()), end)
    return whole, ends


async def passage_of(db: Db, mention: Mention) -> Passage:
    """The mention with its brand and the words around it."""
    brand = (
        await db.scalars(select(Brand).where(Brand.id == mention.brand_id).options(selectinload(Brand.names)))
    ).one()
    text = text_of(mention.text_sha256) or ""
    places = [(int(place["start"]), int(place["end"])) for place in mention.evidence if place["field"] == "text"]
    start, end = window_around(text, places)
    own, namesakes = brand.as_names(), tuple(brand.namesakes)
    return Passage(own, brand.description, mention.outlet, mention.title, text[start:end], start, namesakes)


def in_words(why: Exception) -> str:
    """Why a model could not be asked."""
    detail = getattr(why, "detail", None)
    return str(detail) if isinstance(detail, str) and detail else str(why)
