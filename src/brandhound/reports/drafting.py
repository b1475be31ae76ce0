"""Having a model draft the summary of a report, if one is chosen. What it writes is held against the articles elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from brandhound.core.db import tenant_session
from brandhound.core.problems import Problem
from brandhound.providers.ai.asking import CANNOT_ASK, Question, ask
from brandhound.providers.ai.choosing import chosen_for
from brandhound.providers.ai.errors import ModelKeyUnreadable, NoModel
from brandhound.providers.ai.features import Feature, feature
from brandhound.providers.ai.prompts import prompt
from brandhound.reports.blocks import Presentation, SummaryBlock, blocks_of
from brandhound.reports.building import Frame
from brandhound.reports.composing import frame_of, gather, sources_for
from brandhound.reports.schemas import ReportWish
from brandhound.reports.summarizing import Draft, DraftClaim, Source
from brandhound.reports.wording import range_text

SUMMARY = feature(
    Feature(
        name="reports.summary",
        title="Summary of a report",
        about="Where a template has a summary block: a few sentences on what happened, each with its sources.",
        adds="It puts together what several articles say. Each sentence is held against the passages it cites; what they "
        "do not bear out is dropped, and the report says how many were.",
        without="The headlines of the largest stories, as they were printed, each with its sources.",
        sends="The names of the report's brands, its days, and for at most 24 mentions the article's title, outlet and the one "
        "sentence that names the brand. Nothing of your people, notes or judgements.",
    )
)

MOST_SOURCES = 24
_LONGEST_PASSAGE = 700


class WrittenSentence(BaseModel):
    """One sentence with the passages it rests on."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(max_length=600)] = Field(description="One plain sentence.")
    cites: Annotated[list[str], Field(max_length=6)] = Field(description="Names of passages, such as m1.")


class Written(BaseModel):
    """A summary."""

    model_config = ConfigDict(extra="forbid")

    sentences: Annotated[list[WrittenSentence], Field(max_length=12)]


def wants_summary(presentation: Presentation | None) -> int:
    """How many sentences a presentation asks for; 0: none."""
    wanted = blocks_of(presentation.blocks, SummaryBlock) if presentation else []
    return wanted[0].most if wanted else 0


async def is_chosen(organization_id: UUID) -> bool:
    """Whether a model is chosen to write summaries."""
    try:
        await chosen_for(organization_id, SUMMARY.name)
    except NoModel:
        return False
    except ModelKeyUnreadable:
        return True
    return True


def with_draft(frame: Frame, draft: Mapping[str, Any] | None) -> Frame:
    """The frame of a report whose summary was drafted, as `draft_summary` gave it."""
    return frame if draft is None else replace(frame, draft=Draft.model_validate(draft))


async def draft_summary(
    organization_id: UUID, wish: ReportWish, version: int | None, now: datetime
) -> Mapping[str, Any] | None:
    """What a model wrote on what this report will tell, as JSON; None where none is to write. Fails for no model's sake.

    Hold no transaction around it: it waits for the model.
    """
    if wish.template_id is None:
        return None
    async with tenant_session(organization_id) as db:
        try:
            frame = await frame_of(db, wish, now, version)
        except Problem:
            # Whoever composes the report meets it too, and says it.
            return None
        most = wants_summary(frame.presentation)
        sources = await sources_for(db, frame, await gather(db, frame)) if most else []
    if not sources or not await is_chosen(organization_id):
        return None
    return (await _asked(organization_id, frame, sources[:MOST_SOURCES], most)).model_dump(mode="json")


async def _asked(organization_id: UUID, frame: Frame, sources: Sequence[Source], most: int) -> Draft:
    named = {f"m{number}": source for number, source in enumerate(sources, start=1)}
    question = Question(
        feature=SUMMARY.name,
        prompt=prompt("brandhound.reports", "summary"),
        facts={
            "brands_it_is_about": [brand.name for brand in frame.brands if brand.subject],
            "other_brands": [brand.name for brand in frame.brands if not brand.subject],
            "days": range_text(frame.range),
            "most_sentences": most,
        },
        sources={name: _passage(source) for name, source in named.items()},
        form=Written,
    )
    try:
        answer = await ask(organization_id, question)
    except CANNOT_ASK as why:
        detail = getattr(why, "detail", None)
        words = detail if isinstance(detail, str) and detail else str(why)
        return Draft(instead_because="" if isinstance(why, NoModel) else f"No model wrote it: {words}")
    claims = [
        DraftClaim(
            text=sentence.text,
            # A name that there is not stays as a citation of nothing, so that the sentence is dropped and counted.
            mention_ids=[named[name].mention_id if name in named else UUID(int=0) for name in sentence.cites],
        )
        for sentence in answer.value.sentences
    ]
    return Draft(model=answer.model, prompt_version=answer.prompt_version, claims=claims)


def _passage(source: Source) -> str:
    return f"{source.title}\n({source.outlet})\n{source.sentence or ''}"[:_LONGEST_PASSAGE]
