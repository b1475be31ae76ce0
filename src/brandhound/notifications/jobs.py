"""What notices listen to."""

from brandhound.core.db import Db
from brandhound.jobs.events import RunEnded
from brandhound.jobs.registry import hears
from brandhound.notifications.run_notices import tell_of_end


@hears(RunEnded)
async def hear_of_end(db: Db, ended: RunEnded) -> None:
    await tell_of_end(db, ended)
