"""Does to many stories what a person asked for, portion by portion."""

from datetime import timedelta
from uuid import UUID

from pydantic import BaseModel

from brandhound.core import clock
from brandhound.core.problems import NotThere
from brandhound.core.wording import count_of
from brandhound.jobs.outcomes import Cancel, Done, Outcome, Partial
from brandhound.jobs.registry import Run, job
from brandhound.mentions.deeds.marking import deed_by_id, do_portion, undo_portion
from brandhound.mentions.deeds.models import SAYINGS
from brandhound.mentions.judging import Hand


class MarkStories(BaseModel):
    """A deed, and whether it is to be done or taken back, and by whom: a person, or a program by its key."""

    deed_id: UUID
    undo: bool = False
    user_id: UUID | None = None
    key_id: UUID | None = None


@job("stories.mark", queue="interactive", timeout=timedelta(hours=2), title="Mark stories", startable=False)
async def mark(run: Run, parameters: MarkStories) -> Outcome:
    """Star, archive, tag or delete all stories that matched, or judge all mentions; or take that back.

    Safe to repeat: each portion is a transaction.
    """
    done = 0
    while True:
        await run.check()
        async with run.session() as db:
            try:
                deed = await deed_by_id(db, parameters.deed_id, for_update=True)
            except NotThere:
                return Cancel("What was asked for is not on file any more")
            portion = (
                await undo_portion(db, deed, Hand(parameters.user_id, parameters.key_id), clock.now())
                if parameters.undo
                else await do_portion(db, deed, clock.now())
            )
            one, what = ("mention", "mentions") if deed.kind in SAYINGS else ("story", "stories")
            total, changed, failed = deed.total, deed.changed, deed.failed
        done += portion
        if not portion:
            break
        await run.progress(min(done, total), total, "Taking back" if parameters.undo else f"Going through {what}")
    if parameters.undo:
        return Done(count_of(done, f"{one} is as it was", f"{what} are as they were"))
    if failed:
        return Partial(f"{changed:,} of {count_of(total, one, what)} changed; {failed:,} could not be")
    return Done(f"{changed:,} of {count_of(total, one, what)} changed")
