"""What a caller can do something about."""

from datetime import datetime

from brandhound.core.problems import Problem


class RangeUpsideDown(Problem):
    """The range ends before it begins."""

    status = 422
    code = "mentions/range-upside-down"
    what_to_do = "Give `until` a later moment than `since`. A moment without a zone is read in the organization's zone."

    def __init__(self, since: datetime, until: datetime) -> None:
        super().__init__(since=since.isoformat(), until=until.isoformat())


class JudgedMeanwhile(Problem):
    """Somebody else judged this mention meanwhile, so it was left as it is."""

    status = 409
    code = "mentions/judged-meanwhile"
    what_to_do = "Look at what they said. Judge it once more if you think otherwise: the word given last counts."
