"""What can go wrong on the way to a model, before anybody is asked."""

from datetime import datetime

from brandhound.core.problems import Problem


class NoModel(Problem):
    """No model is chosen for this: the embedded analysis does it."""

    status = 409
    code = "models/none-chosen"
    what_to_do = (
        "Choose one under Settings, Models. Everything works without, and that screen says what a model would add."
    )

    def __init__(self, feature: str) -> None:
        super().__init__(feature=feature)
        self.feature = feature


class BudgetSpent(Problem):
    """What may be spent on models this month is spent, or reserved for calls under way, but for less than the next may take."""

    status = 429
    code = "models/budget-spent"
    what_to_do = (
        "Raise the budget under Settings, Models, or wait for the first of the month (UTC). `used` of `limit` is spent or "
        "reserved, and a call may take `needed`. Meanwhile the embedded analysis does the work, and nothing is lost."
    )

    def __init__(self, of: str, limit: int, used: int, needed: int, begins_anew_at: datetime) -> None:
        super().__init__(of=of, limit=limit, used=used, needed=needed, begins_anew_at=begins_anew_at.isoformat())
        self.of, self.limit, self.used, self.needed = of, limit, used, needed
        self.begins_anew_at = begins_anew_at


class ModelAddressRefused(Problem):
    """That address cannot be asked."""

    status = 422
    code = "models/address-refused"
    what_to_do = (
        "The detail says why. A server on your own network must lie in one of BRANDHOUND_PRIVATE_NETWORKS, which the "
        "operator sets; for one on this machine that is 127.0.0.0/8."
    )

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason=reason, detail=detail)


class ModelKeyMissing(Problem):
    """This provider cannot be asked without a key."""

    status = 422
    code = "models/key-missing"
    what_to_do = (
        "Make a key in the provider's own console, and enter it here. It is sealed at once and never shown again."
    )


class ModelKeyNeededAgain(Problem):
    """The key was entered for another server, and is not sent to this one."""

    status = 422
    code = "models/key-needed-again"
    what_to_do = "Enter the key for the server at the new address together with that address."


class ModelKeyUnreadable(Problem):
    """The key was sealed with a secret that this installation does not have any more, or has signs in it that no key has."""

    status = 409
    code = "models/key-unreadable"
    what_to_do = "Enter the key again, or give the earlier secret back in BRANDHOUND_PREVIOUS_SECRET_KEYS."


class TooManyModelAccounts(Problem):
    """There are as many model servers as one organization may have."""

    status = 409
    code = "models/too-many"
    what_to_do = "Remove one that is not used any more."

    def __init__(self, most: int) -> None:
        super().__init__(most=most)


class UnknownFeature(Problem):
    """Nothing of that name asks a model."""

    status = 404
    code = "models/unknown-feature"
    what_to_do = "Take a name from the list that GET /api/models gives."

    def __init__(self, feature: str) -> None:
        super().__init__(feature=feature)
