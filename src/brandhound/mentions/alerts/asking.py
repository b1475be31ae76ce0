"""Having a model read a sentence that our own grammar did not understand. What it says is a proposal like any other."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from brandhound.core.db import tenant_session
from brandhound.mentions.alerts.blanking import Part
from brandhound.mentions.alerts.keeping import known_brands
from brandhound.mentions.alerts.naming import KnownBrand
from brandhound.mentions.alerts.understanding import Keenness, Kind, Understood, understand
from brandhound.mentions.standings import ToneLabel
from brandhound.providers.ai.asking import CANNOT_ASK, Question, ask
from brandhound.providers.ai.errors import NoModel
from brandhound.providers.ai.features import Feature, feature
from brandhound.providers.ai.prompts import prompt
from brandhound.providers.ai.quarantine import verbatim

ALERT_SENTENCE = feature(
    Feature(
        name="alerts.sentence",
        title="Sentences that ask for an alert",
        about="When words of such a sentence were not understood, and somebody asks to have it read again.",
        adds="It reads other languages and unusual wording. The rule is shown for you to look at and change, as always.",
        without="A small grammar reads English sentences, always alike, and names the words that it did not understand.",
        sends="The sentence, and the names of your brands. Nothing of your people, articles or judgements.",
    )
)
_MOST_BRANDS = 100


class RuleSaid(BaseModel):
    """The rule that a sentence asks for."""

    model_config = ConfigDict(extra="forbid")

    brand: str | None = Field(description="One of the brands' names, as it is given.")
    kind: Kind
    keenness: Keenness | None = None
    least_stories: int | None = None
    silent_hours: int | None = None
    least_outlets: int | None = None
    within_hours: int | None = None
    tones: Annotated[list[ToneLabel], Field(max_length=5)] = []
    words: Annotated[list[str], Field(max_length=20)] = []
    left_out: Annotated[list[str], Field(max_length=10)] = []


async def read_by_model(organization_id: UUID, sentence: str) -> Understood:
    """The rule that a sentence asks for, by the model that is chosen for it; without one, and if it fails, by our grammar.

    Hold no transaction around it: it waits for the model.
    """
    async with tenant_session(organization_id) as db:
        brands = await known_brands(db)
    question = Question(
        feature=ALERT_SENTENCE.name,
        prompt=prompt("brandhound.mentions", "alert_sentence"),
        facts={"sentence": sentence, "brands": [brand.name for brand in brands[:_MOST_BRANDS]]},
        sources={},
        form=RuleSaid,
        most_written=500,
    )
    try:
        answer = await ask(organization_id, question, once=True)
    except CANNOT_ASK as why:
        found = understand(sentence, brands)
        detail = getattr(why, "detail", None)
        words = "none is chosen" if isinstance(why, NoModel) else detail if isinstance(detail, str) and detail else why
        found.notes.append(f"No model read it: {words}".rstrip(".") + ".")
        return found
    return rule_of(answer.value, sentence, brands, answer.model)


def rule_of(said: RuleSaid, sentence: str, brands: list[KnownBrand], model: str) -> Understood:
    """What a model said, within the bounds of a rule. Words that the sentence does not hold are left out."""
    found = Understood(kind=said.kind, keenness=said.keenness or "usual", tones=list(dict.fromkeys(said.tones)))
    if said.brand and (brand := next((one for one in brands if _is_named(one, str(said.brand))), None)):
        found.brand_id, found.brand = brand.id, brand.name
    found.least_stories = _within(said.least_stories, 2, 1000, found.least_stories)
    found.hours = _within(said.silent_hours, 24, 720, found.hours)
    found.least_outlets = _within(said.least_outlets, 1, 100, found.least_outlets)
    found.within_hours = _within(said.within_hours, 1, 720, found.within_hours)
    found.words = [word for word in dict.fromkeys(map(str.strip, said.words)) if word and word in sentence][:20]
    spans = verbatim(said.left_out, {"sentence": sentence}, most=10)
    found.ignored = sorted((Part(span.start, span.end, span.text) for span in spans), key=lambda part: part.start)
    found.notes.append(f"Read by {model}: look at each field before you switch it on.")
    return found


def _is_named(brand: KnownBrand, name: str) -> bool:
    return name.strip().casefold() in {one.casefold() for one in (brand.name, *brand.names)}


def _within(value: int | None, least: int, most: int, usual: int) -> int:
    return usual if value is None else min(max(value, least), most)
