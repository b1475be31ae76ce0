"""Moves the mentions of merged brands, portion by portion, where there are many."""

from datetime import timedelta
from uuid import UUID

from pydantic import BaseModel

from brandhound.core import clock
from brandhound.core.problems import NotThere
from brandhound.core.wording import count_of
from brandhound.jobs.outcomes import Cancel, Done, Outcome
from brandhound.jobs.registry import Run, job
from brandhound.mentions.merging.keeping import locked_merge, merge_portion, undo_portion
from brandhound.mentions.merging.moving import left_to_move, left_to_move_back


class MoveMentions(BaseModel):
    """A merge of two brands, and whether it is to be done or taken back."""

    merge_id: UUID
    undo: bool = False


@job("brands.move_mentions", queue="interactive", timeout=timedelta(hours=2), title="Merge brands", startable=False)
async def move_mentions(run: Run, parameters: MoveMentions) -> Outcome:
    """Move the mentions of a merged brand to the one that stays, or back. Safe to repeat: each portion is a transaction."""
    done = 0
    while True:
        await run.check()
        async with run.session() as db:
            try:
                merge = await locked_merge(db, parameters.merge_id)
            except NotThere:
                return Cancel("One of the brands is not there any more")
            if parameters.undo:
                portion = await undo_portion(db, merge, clock.now())
                left = await left_to_move_back(db, merge.id)
            else:
                portion = await merge_portion(db, merge)
                left = await left_to_move(db, merge.gone_id)
            moved = merge.mentions
        done += portion
        if not portion:
            break
        await run.progress(done, done + left, "Giving mentions back" if parameters.undo else "Moving mentions")
    return Done(
        f"{count_of(moved, 'mention is', 'mentions are')} with the brand they came from"
        if parameters.undo
        else f"{count_of(moved, 'mention')} moved"
    )
