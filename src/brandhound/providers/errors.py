"""What can go wrong with outside services, one kind for each class of failures."""

from collections.abc import Mapping

from brandhound.core.problems import Problem
from brandhound.providers.classifying.failure import Failure, FailureClass


class ProviderFailed(Problem):
    """An outside service did not do what was asked of it."""

    status = 502
    tried_by_hand: str | None = None
    """What somebody can do who tries it out, where the work itself waits and is done again without anybody."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(
            provider=failure.provider,
            detail=failure.detail,
            provider_code=failure.code,
            provider_message=failure.message,
            request_id=failure.request_id,
            next_action=failure.what_to_do or None,
        )
        self.failure = failure
        self.detail = f"{failure.detail} {failure.what_to_do}".strip()
        self.retry_after = failure.retry_after
        self.error_class = str(failure.cls)

    def __reduce__(self) -> tuple[type["ProviderFailed"], tuple[Failure]]:
        return type(self), (self.failure,)

    def __str__(self) -> str:
        return self.detail


class ProviderBusy(ProviderFailed):
    """The outside service asks to be left alone for a while."""

    status = 503
    code = "providers/retry_after"
    what_to_do = (
        "Nothing: the work goes on by itself after the wait. If it happens often, raise the limit at the provider."
    )
    tried_by_hand = (
        "Try it again {soon}: a trial is not repeated by itself. If it happens often, raise the limit there."
    )


class ProviderTroubled(ProviderFailed):
    """The outside service has trouble of its own."""

    status = 503
    code = "providers/backoff"
    what_to_do = "Nothing: it is tried again. If it lasts, the provider's own status page says more."
    tried_by_hand = "Try it again {soon}. If it lasts, the provider's own status page says more."


class ProviderOverrun(ProviderFailed):
    """The outside service gets more questions at the same time than it takes."""

    status = 503
    code = "providers/slow_down"
    what_to_do = "Nothing: we halve the calls at the same time for a quarter of an hour."
    tried_by_hand = "Try it again {soon}: the product's own work asks fewer questions at a time until then."


class QuotaSpent(ProviderFailed):
    """The quota at the outside service is used up."""

    status = 503
    code = "providers/wait_quota"
    what_to_do = "The work waits until the quota begins anew. Sooner: raise it at the provider, then press Try now."


class BillingProblem(ProviderFailed):
    """The outside service wants to be paid before it goes on."""

    status = 402
    code = "providers/billing"
    what_to_do = (
        "Add credit or raise the limit of spending at the provider. Then press Try now under Providers: "
        "until then it is not called, and the work waits."
    )


class KeyRefused(ProviderFailed):
    """The outside service does not accept the key, or the key may not do this."""

    code = "providers/auth"
    what_to_do = (
        "Check the key in the settings. Then press Try now under Providers: until then it is not called, and "
        "the work waits."
    )


class ProviderMisconfigured(ProviderFailed):
    """The outside service is set up wrongly."""

    code = "providers/config"
    what_to_do = (
        "The detail says what: a model that is not there, an address that cannot be, a server that was not started."
    )


class InputTooLarge(ProviderFailed):
    """The question is larger than the outside service takes at once."""

    code = "providers/shrink"
    what_to_do = "Choose a smaller piece, or a model that takes longer texts."


class ContentBlocked(ProviderFailed):
    """The outside service refuses to deal with this content."""

    code = "providers/content_blocked"
    what_to_do = "Asking again would be refused again. Use another provider, or a local model, for such content."


class BadOutput(ProviderFailed):
    """The outside service answered something else than was asked for."""

    code = "providers/bad_output"
    what_to_do = "Try again, or try another model."


class ProviderUnreachable(ProviderFailed):
    """The outside service cannot be reached."""

    status = 503
    code = "providers/network"
    what_to_do = "Check that this machine reaches the internet: its DNS, its firewall and its proxy."


class ProviderRefused(ProviderFailed):
    """The outside service refuses what was asked of it."""

    code = "providers/fatal"
    what_to_do = "The detail says what the provider answered. The same again would fail again."


PROBLEMS: Mapping[FailureClass, type[ProviderFailed]] = {
    FailureClass.RETRY_AFTER: ProviderBusy,
    FailureClass.BACKOFF: ProviderTroubled,
    FailureClass.SLOW_DOWN: ProviderOverrun,
    FailureClass.WAIT_QUOTA: QuotaSpent,
    FailureClass.BILLING: BillingProblem,
    FailureClass.AUTH: KeyRefused,
    FailureClass.CONFIG: ProviderMisconfigured,
    FailureClass.SHRINK: InputTooLarge,
    FailureClass.CONTENT_BLOCKED: ContentBlocked,
    FailureClass.BAD_OUTPUT: BadOutput,
    FailureClass.NETWORK: ProviderUnreachable,
    FailureClass.FATAL: ProviderRefused,
}


def problem_of(failure: Failure) -> ProviderFailed:
    """The failure as something that can be raised."""
    return PROBLEMS[failure.cls](failure)


class BreakerNotOpen(Problem):
    """This service is called already, so there is nothing to try."""

    status = 409
    code = "providers/breaker-not-open"
    what_to_do = "Reload the screen: it has been found well in the meantime, or somebody else was faster."
