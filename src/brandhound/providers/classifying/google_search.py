"""Google's Custom Search JSON API, for those who still have it."""

from brandhound.providers.classifying import google, waits
from brandhound.providers.classifying.failure import Failure, FailureClass
from brandhound.providers.classifying.reading import Answer, as_object, failure, text_of
from brandhound.providers.classifying.statuses import by_status

_DAY_IS_SPENT = {"dailyLimitExceeded", "quotaExceeded", "variableTermLimitExceeded", "limitExceeded"}
_KEY = {
    "keyInvalid",
    "keyExpired",
    "API_KEY_INVALID",
    "API_KEY_EXPIRED",
    "dailyLimitExceededUnreg",
    "required",
    "authError",
    "API_KEY_HTTP_REFERRER_BLOCKED",
    "API_KEY_IP_ADDRESS_BLOCKED",
    "API_KEY_SERVICE_BLOCKED",
    "ipRefererBlocked",
    "refererBlocked",
}
_SWITCHED_OFF = {"accessNotConfigured", "SERVICE_DISABLED", "CONSUMER_INVALID", "usageLimits.accessNotConfigured"}
_BUSY = {"rateLimitExceeded", "RATE_LIMIT_EXCEEDED", "userRateLimitExceeded", "concurrentLimitExceeded"}


def classify(answer: Answer) -> Failure | None:
    """What an answer of Google's search means; None when it is a good one."""
    error = answer.error
    if not error:
        if answer.status is not None and answer.status < 300 and not as_object(answer.data):
            return failure(answer, FailureClass.BAD_OUTPUT, "unreadable", f"{answer.title} answered no results.")
        return by_status(answer)
    name, reasons = answer.title, google.reasons_of(answer)
    code = next(iter(sorted(reasons)), text_of(error.get("status")) or f"http-{answer.status}")
    words = google.quota_words(answer)
    if reasons & _KEY or "api key not valid" in words or "api key expired" in words:
        what = "Check the key in the settings: it may be mistyped, removed, or restricted to other addresses."
        return failure(answer, FailureClass.AUTH, code, f"{name} does not accept the key.", what_to_do=what)
    if reasons & {"billingNotEnabled", "BILLING_DISABLED"}:
        detail = f"More questions a day cost money at {name}, and the project has no billing."
        return failure(answer, FailureClass.BILLING, code, detail, what_to_do="Enable billing for the project.")
    # The reason is rateLimitExceeded even for the quota of a day: only the words tell.
    if reasons & _DAY_IS_SPENT or (google.is_of_a_day(words) and (reasons & _BUSY or answer.status == 429)):
        return failure(
            answer,
            FailureClass.WAIT_QUOTA,
            code,
            f"The day's questions at {name} are used up.",
            until=waits.midnight_pacific(answer.now),
            what_to_do="It begins anew at midnight in California. Sooner: billing, or another search provider.",
        )
    if reasons & _BUSY or answer.status == 429:
        if (wait := answer.retry_after) is not None:
            return failure(answer, FailureClass.RETRY_AFTER, code, f"{name} asks us to wait.", retry_after=wait)
        return failure(answer, FailureClass.BACKOFF, code, f"{name} gets more questions a minute than it allows.")
    if reasons & _SWITCHED_OFF or "does not have the access to custom search" in words:
        return failure(
            answer,
            FailureClass.CONFIG,
            code,
            f"The project of the key may not use {name}.",
            what_to_do="It is closed to new customers, and ends on 1 January 2027: use another search provider.",
        )
    if answer.status == 400:
        return failure(answer, FailureClass.FATAL, code, f"{name} does not understand our question.")
    if answer.status == 403:
        return failure(answer, FailureClass.AUTH, code, f"The key may not do this at {name}.")
    if answer.status is not None and answer.status < 300:
        return failure(answer, FailureClass.BACKOFF, code, f"{name} has an error of its own.")
    return by_status(answer)
