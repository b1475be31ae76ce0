"""Anthropic."""

from brandhound.providers.classifying import waits
from brandhound.providers.classifying.failure import Failure, FailureClass
from brandhound.providers.classifying.reading import Answer, as_object, failure, text_of
from brandhound.providers.classifying.statuses import by_status

_LIMITS = ("requests", "tokens", "input-tokens", "output-tokens")
_BY_STATUS = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    409: "conflict_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    504: "timeout_error",
    529: "overloaded_error",
}
_PAY = "Add credit, or raise the limit of spending in the provider's console, then press Try now."


def classify(answer: Answer) -> Failure | None:
    """What an answer of Anthropic means; None when it is a good one."""
    error = answer.error
    if not error and answer.status is not None and answer.status < 300:
        return _of_success(answer)
    # 404 and 500 without the documented body come from something in between.
    if not error and answer.status not in (401, 402, 429, 529):
        return by_status(answer)
    kind = text_of(error.get("type")) or _BY_STATUS.get(answer.status or 0, "")
    found = _by_kind(answer, kind, text_of(error.get("message")).lower())
    return found or by_status(answer) or _passing(answer, kind or "stream-error", "has an error of its own")


def _by_kind(answer: Answer, kind: str, words: str) -> Failure | None:
    name = answer.title
    match kind:
        case "rate_limit_error":
            return _rate_limited(answer)
        case "overloaded_error":
            return _passing(answer, kind, "is overloaded")
        case "api_error" | "timeout_error" | "conflict_error":
            return _passing(answer, kind, "has an error of its own")
        case "billing_error":
            return _say(answer, FailureClass.BILLING, kind, f"The account at {name} cannot pay.", _PAY)
        case "authentication_error":
            detail = f"{name} does not accept the key."
            return _say(answer, FailureClass.AUTH, kind, detail, "Check the key in the settings.")
        case "permission_error":
            detail = f"The key may not do this at {name}."
            return _say(answer, FailureClass.CONFIG, kind, detail, "Give the key the permission, or use another.")
        case "not_found_error" if "model" in words:
            detail = f"{name} has no such model for us."
            return _say(
                answer, FailureClass.CONFIG, "model-not-found", detail, "Choose a model that the account may use."
            )
        case "request_too_large":
            return _say(answer, FailureClass.SHRINK, kind, f"The text is longer than {name} takes at once.")
        case "invalid_request_error":
            return _refused(answer, kind, words)
        case _:
            return None


def _refused(answer: Answer, kind: str, words: str) -> Failure | None:
    name = answer.title
    if "credit balance is too low" in words:
        return _say(answer, FailureClass.BILLING, "credit-balance", f"The account at {name} has no credit left.", _PAY)
    if "usage limits" in words or "spend limit" in words:
        return _month_is_spent(answer)
    if "prompt is too long" in words or "exceed context limit" in words or "too many tokens" in words:
        return _say(answer, FailureClass.SHRINK, "prompt-too-long", f"The text is longer than {name} takes at once.")
    if "content filtering policy" in words:
        detail = f"{name} refuses to deal with this content."
        return _say(answer, FailureClass.CONTENT_BLOCKED, "content-filter", detail)
    return _say(answer, FailureClass.FATAL, kind, f"{name} does not understand our question.")


def _rate_limited(answer: Answer) -> Failure:
    details = as_object(answer.error.get("details"))
    if details.get("error_code") == "enforced_spend_limit_reached":
        return _month_is_spent(answer)
    wait = answer.retry_after
    if wait is None:
        wait = _reset(answer)
    if wait is None:
        # A monthly cap hides inside rate_limit_error: it is the one that names no time.
        return _month_is_spent(answer)
    return failure(
        answer,
        FailureClass.RETRY_AFTER,
        "rate-limit-error",
        f"The limit at {answer.title} is reached for a moment.",
        retry_after=wait,
        request_id=_request_id(answer),
    )


def _reset(answer: Answer) -> float | None:
    """The wait for the limit that is used up, if the headers name it."""
    spent = [
        waits.reset_header(answer.headers.get(f"anthropic-ratelimit-{of}-reset"), answer.now)
        for of in _LIMITS
        if answer.headers.get(f"anthropic-ratelimit-{of}-remaining") == "0"
    ]
    return max((wait for wait in spent if wait is not None), default=None)


def _month_is_spent(answer: Answer) -> Failure:
    until = waits.moment_in_words(text_of(answer.error.get("message")))
    return failure(
        answer,
        FailureClass.WAIT_QUOTA,
        "enforced-spend-limit-reached",
        f"The month's limit of spending at {answer.title} is reached.",
        until=until if until and until > answer.now else waits.first_of_next_month(answer.now),
        what_to_do="It begins anew on the first of the month. Sooner: raise it in the console, then press Try now.",
        request_id=_request_id(answer),
    )


def _passing(answer: Answer, code: str, words: str) -> Failure:
    detail = f"{answer.title} {words}."
    if (wait := answer.retry_after) is not None:
        return failure(answer, FailureClass.RETRY_AFTER, code, detail, retry_after=wait, request_id=_request_id(answer))
    return _say(answer, FailureClass.BACKOFF, code, detail)


def _say(answer: Answer, cls: FailureClass, code: str, detail: str, what_to_do: str = "") -> Failure:
    return failure(answer, cls, code, detail, what_to_do=what_to_do, request_id=_request_id(answer))


def _request_id(answer: Answer) -> str | None:
    return answer.request_id or text_of(as_object(answer.data).get("request_id"))[:200] or None


def _of_success(answer: Answer) -> Failure | None:
    data = as_object(answer.data)
    if not data:
        return _say(answer, FailureClass.BAD_OUTPUT, "unreadable", f"{answer.title} answered something unreadable.")
    if data.get("stop_reason") == "refusal":
        detail = f"{answer.title} refuses to deal with this content."
        return failure(answer, FailureClass.CONTENT_BLOCKED, "refusal", detail, message="")
    if data.get("stop_reason") in ("max_tokens", "model_context_window_exceeded"):
        detail = f"The answer of {answer.title} was cut off."
        return failure(answer, FailureClass.BAD_OUTPUT, "cut-off", detail, message="")
    return None
