"""What can go wrong when ads are brought in."""

from brandhound.core.problems import Problem


class FieldMissing(Problem):
    """Meta's answer lacks a field that nothing can be counted without."""

    status = 502
    code = "ads/field-missing"
    what_to_do = (
        "Nothing was changed. Meta may answer in a newer version of its interface than was asked for: compare the version "
        "shown with the sync with BRANDHOUND_META_VERSION, and look for an update of brandhound. The answer is kept as it "
        "came, so that nothing has to be fetched again."
    )

    def __init__(self, kind: str, field: str) -> None:
        super().__init__(kind=kind, field=field, detail=f"{kind}: the field {field} is missing")
        self.field = field

    @property
    def detail(self) -> str:
        """Which field of what."""
        return str(self.facts["detail"])


class AnswerUnreadable(Problem):
    """A number or a time in Meta's answer is none."""

    status = 502
    code = "ads/answer-unreadable"
    what_to_do = (
        "Nothing of this slice was stored. The run's log names the field and what stood there; the answer is kept as it "
        "came. Start the sync again; if it stays so, the interface has changed: look for an update of brandhound."
    )

    def __init__(self, kind: str, field: str, said: str) -> None:
        super().__init__(kind=kind, field=field, detail=f"{kind}: {field} is {said}")

    @property
    def detail(self) -> str:
        """Which field, and what stood there."""
        return str(self.facts["detail"])


class NotSynced(Problem):
    """This account's numbers come from files, so there is nothing to be synced."""

    status = 409
    code = "ads/not-synced"
    what_to_do = "Import a newer table under the account, or connect the account at Meta."


class NotConnected(Problem):
    """No brand may read this account at the moment."""

    status = 409
    code = "ads/not-connected"
    what_to_do = "Reconnect it under Ad accounts. Everything that was brought in so far stays."


class DaysReversed(Problem):
    """The first day is after the last one."""

    status = 422
    code = "ads/days-reversed"
    what_to_do = "Exchange the two, or leave one of them out."
