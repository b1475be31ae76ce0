"""Gemini, by its own interface and by Vertex."""

from brandhound.providers.classifying import google, waits
from brandhound.providers.classifying.failure import Failure, FailureClass
from brandhound.providers.classifying.reading import Answer, as_list, as_object, failure, number_of, text_of
from brandhound.providers.classifying.statuses import by_status

PROBE_AFTER = 900.0
_BLOCKED = {
    "SAFETY",
    "RECITATION",
    "PROHIBITED_CONTENT",
    "BLOCKLIST",
    "SPII",
    "IMAGE_SAFETY",
    "IMAGE_PROHIBITED_CONTENT",
    "IMAGE_RECITATION",
}
_BROKEN = {"MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "LANGUAGE", "OTHER", "NO_IMAGE", "TOO_MANY_TOOL_CALLS"}
_STATUSES = {
    "RESOURCE_EXHAUSTED": 429,
    "UNAVAILABLE": 503,
    "INTERNAL": 500,
    "UNKNOWN": 500,
    "ABORTED": 503,
    "INVALID_ARGUMENT": 400,
    "FAILED_PRECONDITION": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "CANCELLED": 499,
    "DEADLINE_EXCEEDED": 504,
}
_PASSING = {
    500: "has an error of its own; often the text was too long",
    503: "is overloaded",
    504: "did not finish in time",
    499: "was interrupted",
}
_KEY = "Check the key in the settings: it may be mistyped, removed, expired or restricted."


def classify(answer: Answer) -> Failure | None:
    """What an answer of Gemini means; None when it is a good one."""
    error = answer.error
    if not error:
        return _of_success(answer) if answer.status is not None and answer.status < 300 else by_status(answer)
    status = _STATUSES.get(text_of(error.get("status"))) or number_of(error.get("code")) or answer.status or 500
    words, name = text_of(error.get("message")).lower(), answer.title
    if status == 402 or "prepayment credits are depleted" in words or "prepay credits are depleted" in words:
        return _billing(answer)
    if status == 429:
        return _exhausted(answer)
    if status in (400, 401, 403, 404):
        return _refused(answer, status, words)
    if status in _PASSING:
        code = text_of(error.get("status")) or f"http-{status}"
        if (wait := _retry_delay(answer)) is not None:
            return failure(answer, FailureClass.RETRY_AFTER, code, f"{name} asks us to wait.", retry_after=wait)
        return failure(answer, FailureClass.BACKOFF, code, f"{name} {_PASSING[status]}.")
    return by_status(answer) or failure(answer, FailureClass.BACKOFF, "stream-error", f"{name} broke off its answer.")


def _exhausted(answer: Answer) -> Failure:
    name, words = answer.title, google.quota_words(answer)
    if _allows_none(answer, words):
        return failure(
            answer,
            FailureClass.CONFIG,
            "not-on-this-tier",
            f"This model is not part of the account's plan at {name}: its limit is none at all.",
            what_to_do="Choose another model, or a plan that has it.",
        )
    if google.is_of_a_day(words):
        return failure(
            answer,
            FailureClass.WAIT_QUOTA,
            "quota-per-day",
            f"The day's quota at {name} is used up.",
            until=waits.midnight_pacific(answer.now),
            # The RetryInfo of a day's quota names half a minute; and some "PerDay" behave like those of a minute.
            probe_after=PROBE_AFTER,
            what_to_do="It begins anew at midnight in California. Sooner: a paid plan, or another model.",
        )
    if (wait := _retry_delay(answer)) is not None:
        detail = f"The quota of the minute at {name} is used up."
        return failure(answer, FailureClass.RETRY_AFTER, "quota-per-minute", detail, retry_after=wait)
    return failure(answer, FailureClass.BACKOFF, "resource-exhausted", f"{name} has no room for us at the moment.")


def _retry_delay(answer: Answer) -> float | None:
    for item in google.details_of(answer, "RetryInfo"):
        # 0 s is a legal answer, and not none.
        if (wait := waits.duration(item.get("retryDelay"))) is not None:
            return wait
    wait = waits.wait_in_words(text_of(answer.error.get("message")))
    return wait if wait is not None else answer.retry_after


def _allows_none(answer: Answer, words: str) -> bool:
    values = [violation.get("quotaValue") for violation in google.violations_of(answer)]
    # "0" in one of several quotas forbids, whatever the others allow.
    return "0" in values or "limit: 0," in words or "limit: 0\n" in words or words.rstrip().endswith("limit: 0")


def _refused(answer: Answer, status: int, words: str) -> Failure:
    name, reasons = answer.title, google.reasons_of(answer)
    code = next(iter(sorted(reasons)), text_of(answer.error.get("status")) or f"http-{status}")
    if reasons & {"API_KEY_INVALID", "API_KEY_EXPIRED", "ACCESS_TOKEN_EXPIRED"} or "api key not valid" in words:
        return failure(answer, FailureClass.AUTH, code, f"{name} does not accept the key.", what_to_do=_KEY)
    if "api key" in words and ("expired" in words or "leaked" in words):
        return failure(answer, FailureClass.AUTH, code, f"{name} has blocked the key.", what_to_do=_KEY)
    if "billing" in words or reasons & {"BILLING_DISABLED"}:
        return _billing(answer)
    if "location is not supported" in words:
        detail = f"{name} does not serve the country that this machine is in."
        return failure(answer, FailureClass.CONFIG, "location", detail, what_to_do="Use another provider, or Vertex.")
    if reasons & {"SERVICE_DISABLED"} or "has not been used in project" in words:
        detail = f"The interface of {name} is switched off in the project of the key."
        return failure(answer, FailureClass.CONFIG, code, detail, what_to_do="Enable it in the Google Cloud console.")
    if "exceeds the maximum number of tokens" in words or "payload size exceeds" in words:
        return failure(answer, FailureClass.SHRINK, "too-long", f"The text is longer than {name} takes at once.")
    if status == 404:
        detail = f"{name} has no such model for us."
        return failure(answer, FailureClass.CONFIG, code, detail, what_to_do="Choose a model that the account may use.")
    if status in (401, 403):
        return failure(answer, FailureClass.AUTH, code, f"The key may not do this at {name}.", what_to_do=_KEY)
    return failure(answer, FailureClass.FATAL, code, f"{name} does not understand our question.")


def _billing(answer: Answer) -> Failure:
    return failure(
        answer,
        FailureClass.BILLING,
        "billing",
        f"The account at {answer.title} cannot pay.",
        what_to_do="Set up billing or add credit for the project of the key, then press Try now.",
    )


def _of_success(answer: Answer) -> Failure | None:
    name, data = answer.title, as_object(answer.data)
    if not data:
        # What was removed or uploaded is answered with nothing, or with an empty object.
        if not answer.text.strip() or answer.data == {}:
            return None
        return failure(answer, FailureClass.BAD_OUTPUT, "unreadable", f"{name} answered something unreadable.")
    if reason := text_of(as_object(data.get("promptFeedback")).get("blockReason")):
        detail = f"{name} refuses to deal with this content."
        return failure(answer, FailureClass.CONTENT_BLOCKED, reason, detail, message="")
    candidates = as_list(data.get("candidates"))
    if "candidates" in data and not candidates:
        return failure(answer, FailureClass.BAD_OUTPUT, "no-candidates", f"{name} answered nothing.", message="")
    reason = text_of(as_object(candidates[0]).get("finishReason")) if candidates else ""
    if reason in _BLOCKED:
        detail = f"{name} refuses to deal with this content."
        return failure(answer, FailureClass.CONTENT_BLOCKED, reason, detail, message="")
    if reason == "MAX_TOKENS":
        return failure(answer, FailureClass.BAD_OUTPUT, "cut-off", f"The answer of {name} was cut off.", message="")
    if reason in _BROKEN:
        return failure(answer, FailureClass.BAD_OUTPUT, reason, f"{name} did not finish its answer.", message="")
    return None
