"""What can be wrong with a call to an outside service, in one vocabulary for all of them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class FailureClass(StrEnum):
    """What a failure asks of us. `brandhound.providers.strategies` says for each what is done."""

    RETRY_AFTER = "retry_after"
    """Too much at the moment, and the other side says for how long."""
    BACKOFF = "backoff"
    """Trouble on the other side that passes."""
    SLOW_DOWN = "slow_down"
    """Too many at the same time."""
    WAIT_QUOTA = "wait_quota"
    """The quota of a day or a month is used up."""
    BILLING = "billing"
    """Nothing goes on before somebody pays, or raises a limit of spending."""
    AUTH = "auth"
    """The key, the account or a permission is refused."""
    CONFIG = "config"
    """Something is set up wrongly: a model that is not there, an address that cannot be."""
    SHRINK = "shrink"
    """The question is too large, and a smaller one may pass."""
    CONTENT_BLOCKED = "content_blocked"
    """The other side does not want to deal with this content."""
    BAD_OUTPUT = "bad_output"
    """There is an answer, and it is not what was asked for."""
    NETWORK = "network"
    """No answer."""
    FATAL = "fatal"
    """The same again would fail again."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure of a provider, understood.

    `detail` is a sentence for people. `code` is the provider's own word for it where it has one. `retry_after` are
    seconds, `until` is when a quota begins anew.
    """

    cls: FailureClass
    provider: str
    code: str
    detail: str
    retry_after: float | None = None
    until: datetime | None = None
    http: int | None = None
    request_id: str | None = None
    what_to_do: str = ""
    message: str = ""
    """What the provider said, shortened and without secrets."""
    probe_after: float | None = None
    """Seconds after which one call is worth trying although `until` is later: providers call some short limits daily."""

    def __str__(self) -> str:
        return f"{self.detail} ({self.code})" if self.code else self.detail
