"""Stories and mentions as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from brandhound.mentions.standings import Before, Judgement, Salience, Standing, ToneLabel

Relation = Literal["original", "reprint", "update", "related"]
"""How an article stands to the story: first, a copy by another outlet, a new version by the same one, its own words."""


class Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class BrandTag(Out):
    """A brand, as much as a chip on a card needs."""

    id: UUID
    name: str
    kind: Literal["own", "client", "competitor"]
    color: str | None


class Reason(Out):
    """One reason in words; the weight says how much it moved the confidence, up or down."""

    code: str
    text: str
    weight: float = 0.0


class Quote(Out):
    """Words of the article, exactly; `start` and `end` count characters in the title or the text."""

    text: str
    field: Literal["title", "text"]
    start: int
    end: int


class EvidencePlace(Out):
    """One place where the brand is named, and the sentence around it."""

    field: Literal["title", "text"]
    start: int
    end: int
    surface: str
    sentence_start: int
    sentence_end: int
    surest: bool = Field(default=False, description="Whether the mention's reasons are those of this place.")


class MentionBrief(Out):
    """A mention on a story card."""

    id: UUID
    article_id: UUID
    brand: BrandTag
    confidence: float
    standing: Standing
    tone: ToneLabel = Field(description="By a person's word, else as it was read")
    tone_read: ToneLabel | None = Field(description="What was read, where a person said the tone; else null")
    tone_confidence: float
    tone_quote: str
    salience: Salience
    judgement: Judgement | None
    reasons: list[Reason]


class HeadlineOut(Out):
    """The article that speaks for the story."""

    article_id: UUID
    title: str
    url: str
    outlet: str
    site: str
    published_at: datetime


class StoryOut(Out):
    """A story in a list. Numbers count its articles; mentions are at most the twelve most telling."""

    id: UUID
    title: str
    headline: HeadlineOut
    first_published_at: datetime
    last_published_at: datetime
    articles: int
    outlets: int
    reprints: int
    mentions_total: int
    mentions: list[MentionBrief]
    tones: list[ToneLabel] = Field(description="Tones of all its mentions, each once")
    tone_counts: dict[ToneLabel, int] = Field(description="How many of its mentions that count have each tone")
    tags: list[str] = Field(description="What people put on it")
    standing: Standing
    confidence: float = Field(description="The highest confidence among its mentions")
    why: str = Field(description="In one sentence: why this is listed")
    starred: bool
    archived: bool


class StoryPage(Out):
    """Stories, newest first; `next` is the cursor of the following page."""

    items: list[StoryOut]
    next: str | None


class StoryArticleOut(Out):
    """An article of the story's timeline: who was first, who copied whom and how much."""

    article_id: UUID
    title: str
    url: str
    outlet: str
    site: str
    published_at: datetime
    first_seen_at: datetime = Field(description="When a feed first named it")
    is_dated: bool = Field(description="Whether it states when it was published; else that is when it was seen")
    wire: WireOut | None = Field(description="The news agency or press wire that it credits")
    relation: Relation
    reprint_of: UUID | None
    copied_from: str | None = Field(description="The outlet of the article that it copies")
    containment: float | None = Field(description="Share of the shorter text found word for word in the other one")
    mentions: list[MentionOut]


class WireOut(Out):
    """A wire service that an article goes back to: journalists, or a distributor of press releases."""

    name: str
    kind: Literal["agency", "releases"]
    itself: bool = Field(description="Whether the article is the wire's own")


class WireUseOut(Out):
    """A wire that articles of the story credit."""

    name: str
    articles: int
    here: bool = Field(description="Whether the wire's own article is in the story")


class FirstOut(Out):
    """Who told it first. Of a wire that none of your feeds carries there is no article."""

    name: str
    article_id: UUID | None
    sure: Literal["sure", "likely", "open"]
    why: str


class StoryDetail(StoryOut):
    """A story with its articles, earliest first. One that was merged is found under its old address, too."""

    timeline: list[StoryArticleOut]
    first: FirstOut | None = Field(description="Null where only one article tells it")
    wires: list[WireUseOut]
    headline_why: str = Field(description="Why that article speaks for the story")
    headline_by_hand: bool


class StoryCounts(Out):
    """How many stories each view holds; of what was rejected, or a model reads otherwise, how many mentions, 10,000 at most."""

    inbox: int
    doubtful: int
    starred: int
    archived: int
    rejected: int
    otherwise: int


class VoiceOut(Out):
    """A sentence that was read: the outlet's own words, or somebody's, and their tone toward the brand."""

    quoted: bool = Field(description="Whether they are somebody's words and not the outlet's own")
    speaker: str = Field(description="Who says it; empty for the outlet, and where the text names nobody")
    tone: ToneLabel
    confidence: float
    quote: Quote


class ContraryOut(Out):
    """Somebody who said the contrary of what counts now."""

    user_id: UUID | None = Field(description="null: a program")
    verdict: Judgement
    created_at: datetime


class MentionOut(MentionBrief):
    """A mention with its evidence."""

    story_id: UUID
    title: str
    url: str
    outlet: str
    site: str
    language: str | None
    published_at: datetime
    quote: Quote | None = Field(description="What the tone was read from")
    tone_reasons: list[str]
    tone_said_at: datetime | None
    voices: list[VoiceOut] = Field(description="Who says what, one for each sentence that was read")
    evidence: list[EvidencePlace]
    reprint_of: UUID | None
    judged_at: datetime | None
    judged_by: UUID | None = Field(description="Whose word it is; null: a program's, or nobody has judged it")
    contrary: list[ContraryOut] = Field(
        description="Others whose last word was the contrary, latest first; the word given last counts"
    )
    body_sha256: str | None
    text_sha256: str | None


class ListedMention(MentionOut):
    """A mention among others, with what a model takes it for."""

    opinion: Literal["yes", "no", "unsure"] | None = Field(description="null: no model has read it")


class MentionPage(Out):
    """Mentions, newest first; `next` is the cursor of the following page."""

    items: list[ListedMention]
    next: str | None


class TextWindow(Out):
    """A part of the article's text; offsets of the evidence count from the text's beginning, not the window's."""

    text: str
    start: int
    end: int
    length: int = Field(description="Characters in the whole text")


class JudgementOut(Out):
    """What was said about the mention, and when."""

    verdict: Literal["yes", "no", "withdrawn"]
    user_id: UUID | None
    confidence: float
    created_at: datetime


class ToneSaidOut(Out):
    """What a person said of the tone, and what was read then."""

    tone: ToneLabel | None = Field(description="null: the word was taken back")
    tone_read: ToneLabel
    user_id: UUID | None
    created_at: datetime


class MentionDetail(MentionOut):
    """A mention with the part of the article around it."""

    window: TextWindow | None
    fetched_at: datetime | None
    history: list[JudgementOut]
    tones_said: list[ToneSaidOut]


class ArticleOut(Out):
    """An article as it was fetched, with the mentions found in it."""

    id: UUID
    url: str
    canonical_url: str | None
    title: str
    outlet: str
    site: str
    authors: list[str]
    language: str | None
    published_at: datetime | None
    modified_at: datetime | None
    fetched_at: datetime | None
    first_seen_at: datetime | None
    body_sha256: str | None
    text_sha256: str | None
    text: str
    text_problem: str | None = Field(description="Why there is no text, if there is none")
    story_id: UUID | None
    mentions: list[MentionOut]


class OpinionAsked(Out):
    """A second opinion is on its way."""

    run_id: UUID


class NewJudgement(BaseModel):
    """Is this the brand?"""

    verdict: Judgement
    over: Before | None = Field(
        default=None,
        description="What is judged now, as far as you know; refused where somebody said otherwise meanwhile",
    )


class NewTone(BaseModel):
    """How it speaks of the brand."""

    tone: ToneLabel


class ToneOfOne(BaseModel):
    """A mention and its tone; null gives the word back to the machine."""

    mention_id: UUID
    tone: ToneLabel | None


class NewTones(BaseModel):
    """The tones of many mentions at once."""

    tones: list[ToneOfOne] = Field(min_length=1, max_length=500)


class TonesSaid(BaseModel):
    """What was changed. Sent back as it is, `before` undoes it."""

    changed: int
    before: list[ToneOfOne] = Field(description="What people had said of each changed mention; null: nothing")


class OpinionQuote(Out):
    """Words of the article that an opinion rests on, exactly."""

    kind: Literal["identity", "tone"]
    field: Literal["title", "text"]
    start: int
    end: int
    text: str


class OpinionOut(Out):
    """A second opinion on a mention. It is advice: the mention stays where it is until a person judges."""

    mention_id: UUID
    verdict: Literal["yes", "no", "unsure"] = Field(description="Whether it is the brand")
    because: list[str]
    tone: ToneLabel
    quotes: list[OpinionQuote]
    dropped: int = Field(description="Quotations that were left out because the article does not have them")
    engine: Literal["model", "embedded"]
    provider: str | None
    model: str | None
    prompt_version: str | None
    cost_micros: int | None = Field(description="In millionths of a dollar; null where no price is known")
    cached: bool = Field(description="Answered from what was kept: nobody was asked")
    instead_because: str | None = Field(description="Why the embedded analysis answered in place of a model")
    created_at: datetime


StoryArticleOut.model_rebuild()
StoryDetail.model_rebuild()
