"""A worker with a job that computes without end and gives nobody else a turn: `python -m tests.admin.stalling_worker`."""

import time
from datetime import timedelta
from functools import partial
from pathlib import Path

from pydantic import BaseModel

from brandhound.admin.pulsing import Pulse
from brandhound.app import watching_over
from brandhound.app.worker import main
from brandhound.jobs.outcomes import Done, Outcome
from brandhound.jobs.registry import Run, job


class Until(BaseModel):
    """It stands still from when the first file is there until the second is."""

    begun: str
    over: str


@job("samples.stand-still", timeout=timedelta(minutes=5))
async def stand_still(run: Run, until: Until) -> Outcome:
    """Do what a job must never do."""
    Path(until.begun).touch()  # noqa: ASYNC240
    compute_until(Path(until.over))
    return Done()


def compute_until(file: Path) -> None:
    while not file.exists():
        time.sleep(0.05)


if __name__ == "__main__":
    # Signs of life come sooner than in the product.
    watching_over.Pulse = partial(Pulse, every=1.0)  # pyright: ignore[reportAttributeAccessIssue]
    main(beat=1.0, dead=8.0)
