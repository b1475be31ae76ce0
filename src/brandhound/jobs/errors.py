"""What can go wrong with runs and schedules."""

from collections.abc import Sequence
from uuid import UUID

from brandhound.core.problems import Problem


class UnknownJob(Problem):
    """There is no job of that name."""

    status = 404
    code = "jobs/unknown-job"
    what_to_do = "Choose one of the jobs that GET /api/jobs lists. After an update a job may have been renamed."

    def __init__(self, job: str) -> None:
        super().__init__(job=job)


class BadParameters(Problem):
    """Some of the job's parameters are not valid."""

    status = 422
    code = "jobs/bad-parameters"
    what_to_do = "The list `errors` names each parameter and says what is wrong with it."

    def __init__(self, job: str, errors: Sequence[tuple[tuple[int | str, ...], str]]) -> None:
        """Each fault with where it is in the parameters, and what is wrong there."""
        # In the form of every refused form, so that each is shown at its field.
        super().__init__(job=job, errors=[{"loc": ["parameters", *loc], "msg": message} for loc, message in errors])
        self.errors = tuple(f"{'.'.join(map(str, loc)) or 'parameters'}: {message}" for loc, message in errors)
        """The same as sentences."""


class RunOver(Problem):
    """This run has ended already."""

    status = 409
    code = "jobs/run-over"
    what_to_do = "Look at its outcome. To do the work again, start a new run."

    def __init__(self, state: str) -> None:
        super().__init__(state=state)


class CannotDoThat(Problem):
    """That cannot be done to a run in its state."""

    status = 409
    code = "jobs/wrong-state"
    what_to_do = (
        "A paused or waiting run can be resumed, a failed, timed out, lost or dead one replayed. A run that was asked to "
        "pause comes to rest within seconds: ask again then."
    )

    def __init__(self, deed: str, state: str) -> None:
        super().__init__(deed=deed, state=state)


class AlreadyActive(Problem):
    """Another run does this work already."""

    status = 409
    code = "jobs/already-active"
    what_to_do = "Wait for the other run, whose id is in `run_id`; it does the same."

    def __init__(self, run_id: UUID) -> None:
        super().__init__(run_id=run_id)


class TooLateToUndo(Problem):
    """That cannot be taken back any more."""

    status = 409
    code = "jobs/too-late-to-undo"
    what_to_do = (
        "For a minute a pause can be taken back, and a cancellation of runs that had not begun. After that, resume the runs "
        "or start them again."
    )


class BadDuration(Problem):
    """That is not a length of time we can read."""

    status = 422
    code = "jobs/bad-duration"
    what_to_do = 'Write a number and a unit, such as "90s", "5m", "2h" or "1d"; at least 30 seconds.'

    def __init__(self, given: str) -> None:
        super().__init__(given=given)


class BadCron(Problem):
    """That is not a schedule we can read: five fields are needed, minute, hour, day of month, month and day of week."""

    status = 422
    code = "jobs/bad-cron"
    what_to_do = 'Write five fields, for instance "0 8 * * 1-5" for every weekday at 8:00.'

    def __init__(self, cron: str, detail: str) -> None:
        super().__init__(cron=cron, detail=detail)


class NeverDue(Problem):
    """A schedule like that would never come due."""

    status = 422
    code = "jobs/never-due"
    what_to_do = "Choose days that exist: the 30th of February, for one, does not."

    def __init__(self, cron: str) -> None:
        super().__init__(cron=cron)


class TooMuchJitter(Problem):
    """A start that varies that much would run into the next one."""

    status = 422
    code = "jobs/too-much-jitter"
    what_to_do = "Let it vary by at most half the time between two starts, which is `seconds`."

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds=seconds)


class UnknownTimeZone(Problem):
    """There is no time zone of that name."""

    status = 422
    code = "jobs/unknown-time-zone"
    what_to_do = 'Give the zone by its IANA name, such as "Europe/Berlin" or "America/New_York".'

    def __init__(self, time_zone: str) -> None:
        super().__init__(time_zone=time_zone)
