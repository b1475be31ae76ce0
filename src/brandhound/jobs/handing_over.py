"""What an event hands over to a job and does not fit: a dead letter that names the field, and nobody else's trouble."""

from brandhound.core import clock
from brandhound.core.db import Db, organization_of
from brandhound.core.ids import uuid7
from brandhound.core.live import publish
from brandhound.jobs.classes import class_of
from brandhound.jobs.controlling import told
from brandhound.jobs.fitting import misfit
from brandhound.jobs.models import RunRow
from brandhound.jobs.registry import HandoverFailed, announce, job_named

BAD_HANDOVER = "jobs/bad-handover"


async def bury_handover(db: Db, failed: HandoverFailed) -> None:
    """Keep what was announced as a dead letter of the job that should have heard it. Replayed, it is checked anew."""
    job = job_named(failed.job)
    now = clock.now()
    run = RunRow(
        id=uuid7(),
        organization_id=organization_of(db),
        job=job.name,
        title=job.title,
        queue=job.queue,
        parameters=failed.parameters,
        state="dead",
        error_code=BAD_HANDOVER,
        error_class=class_of(BAD_HANDOVER),
        error_detail=misfit(f"What {failed.event} hands over", failed.problems),
        progress_done=0,
        once=False,
        attempts=0,
        interruptions=0,
        round=0,
        put_offs=0,
        admitted=False,
        keep_steps=False,
        timeout_seconds=job.timeout.total_seconds(),
        timeout_from="job",
        created_at=now,
        finished_at=now,
    )
    db.add(run)
    await db.flush()
    publish(db, "runs", run.id)
    await announce(db, told(run))
