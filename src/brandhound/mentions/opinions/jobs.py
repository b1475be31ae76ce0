"""Jobs: ask a model about mentions that somebody named, about those that wait for it, and about new ones."""

from datetime import timedelta
from uuid import UUID

from pydantic import BaseModel, Field

from brandhound.core.db import Db
from brandhound.core.problems import NotThere
from brandhound.core.wording import count_of
from brandhound.jobs.outcomes import Done, Outcome, Snooze
from brandhound.jobs.registry import Run, enqueue, hears, job
from brandhound.mentions.events import MentionsStored
from brandhound.mentions.opining import keep_opinion
from brandhound.mentions.opinion_models import OpinionEngine
from brandhound.mentions.opinions.reaching import new_without_opinion, reach_of, without_opinion
from brandhound.mentions.reconsidering import (
    SECOND_OPINION,
    in_words,
    opinion_instead,
    opinion_of_model,
    second_opinion,
)
from brandhound.providers.ai.choosing import is_chosen
from brandhound.providers.ai.errors import BudgetSpent, ModelKeyUnreadable, NoModel
from brandhound.providers.errors import ProviderFailed

PORTION = 50
MOST_AT_ONCE = 500
"""New mentions that are asked about before others may have their turn."""
PATIENCE = 3
"""Mentions at which a model may fail before the others are left for later."""
_WHO: dict[OpinionEngine, str] = {"model": "a model", "embedded": "the embedded analysis"}


class SecondOpinions(BaseModel):
    """Mentions to look at once more; none named: those of the last 30 days that wait, as the organization chose."""

    mention_ids: list[UUID] = Field(default=[], max_length=500)
    most: int = Field(default=50, ge=1, le=500, description="How many at the most, where none are named")


@job(
    "mentions.second_opinion",
    queue="interactive",
    timeout=timedelta(hours=1),
    title="Ask for second opinions",
)
async def second_opinions(run: Run, parameters: SecondOpinions) -> Outcome:
    """Look at mentions once more, with the model chosen for it, else at the doubtful ones with the embedded analysis."""
    wanted = parameters.mention_ids
    if not wanted:
        async with run.session() as db:
            reach = await reach_of(db) if await is_chosen(db, SECOND_OPINION.name) else "doubtful"
            wanted = await without_opinion(db, reach, parameters.most)
    engines: dict[OpinionEngine, int] = {}
    stayed = 0
    for place, mention_id in enumerate(wanted):
        await run.progress(place, len(wanted), "Asking for second opinions")
        await run.check()
        try:
            # Safe to repeat without a step: what a model answered is kept, and not paid for twice.
            opinion = await second_opinion(run.organization_id, mention_id)
            async with run.session() as db:
                kept = await keep_opinion(db, mention_id, opinion)
        except NotThere:
            await run.log("info", "A mention is gone meanwhile", mention_id=str(mention_id))
            continue
        if not kept:
            stayed += 1
            await run.log("warning", f"What a model said before stays: {opinion.instead_because}")
            continue
        engines[opinion.engine] = engines.get(opinion.engine, 0) + 1
        if opinion.instead_because:
            await run.log("warning", f"The embedded analysis answered: {opinion.instead_because}")
    await run.progress(len(wanted), len(wanted), "Done")
    said = ", ".join(
        [f"{count_of(number, 'opinion')} of {_WHO[engine]}" for engine, number in engines.items()]
        + (
            [f"{count_of(stayed, 'opinion')} as before: the model could not be asked, its log says why"]
            if stayed
            else []
        )
    )
    return Done(said or "Nothing waits for an opinion")


@hears(MentionsStored)
async def _ask_about_new(db: Db, _: MentionsStored) -> None:
    if await is_chosen(db, SECOND_OPINION.name) and await reach_of(db) != "asked":
        await enqueue(db, "mentions.opinions_on_new", key="new")


@job(
    "mentions.opinions_on_new",
    queue="analyse",
    timeout=timedelta(hours=1),
    title="Ask a model about new mentions",
    startable=False,
)
async def opinions_on_new(run: Run) -> Outcome:
    """Ask the chosen model about new mentions, the doubtful ones first, as far as the organization chose and the budget goes.

    Safe to repeat: what has an opinion is not asked about again. While the model is left alone the run waits.
    """
    read, failures = 0, 0
    while wanted := await _next_portion(run):
        for mention_id in wanted:
            await run.progress(read, read + len(wanted), "Asking a model about new mentions")
            await run.check()
            try:
                opinion = await opinion_of_model(run.organization_id, mention_id)
            except NotThere:
                continue
            except NoModel:
                return Done(f"{count_of(read, 'opinion')} of a model; none is chosen any more")
            except (BudgetSpent, ModelKeyUnreadable) as why:
                return Done(f"{count_of(read, 'opinion')} of a model. The others wait: {in_words(why)}")
            except ProviderFailed as why:
                failures += 1
                await run.log("warning", f"A model failed at a mention: {in_words(why)}", mention_id=str(mention_id))
                # What it fails at with one text it may do with the next.
                if failures == PATIENCE:
                    return Done(f"{count_of(read, 'opinion')} of a model. The others wait: {in_words(why)}")
                opinion = await opinion_instead(run.organization_id, mention_id, in_words(why))
            else:
                read += 1
            try:
                async with run.session() as db:
                    await keep_opinion(db, mention_id, opinion)
            except NotThere:
                continue
        if read >= MOST_AT_ONCE:
            return Snooze(
                timedelta(seconds=5), f"{count_of(read, 'opinion')} of a model; others have their turn before the rest"
            )
    return Done(f"{count_of(read, 'opinion')} of a model" if read else "Nothing new waits for an opinion")


async def _next_portion(run: Run) -> list[UUID]:
    async with run.session() as db:
        return await new_without_opinion(db, await reach_of(db), PORTION)
