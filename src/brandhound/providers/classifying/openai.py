"""OpenAI, and the many that speak like it: Groq, Mistral, OpenRouter, DeepSeek, vLLM."""

from brandhound.providers.classifying import waits
from brandhound.providers.classifying.failure import Failure, FailureClass
from brandhound.providers.classifying.reading import Answer, Json, as_list, as_object, failure, number_of, text_of
from brandhound.providers.classifying.statuses import by_status

# The four of 2026 that replaced insufficient_quota, and older ones.
_BILLING = {
    "insufficient_quota",
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
    "billing_hard_limit_reached",
    "billing_not_active",
    "insufficient_balance",
    "insufficient_credits",
    "payment_required",
}
_BLOCKED = {
    "content_policy_violation",
    "content_filter",
    "moderation_blocked",
    "sanitized_moderation_blocked",
    "invalid_prompt",
    "responsibleaipolicyviolation",
    "cyber_policy_violation",
    "image_generation_user_error",
}
_TOO_LARGE = {
    "context_length_exceeded",
    "string_above_max_length",
    "array_above_max_length",
    "request_too_large",
    "max_tokens_exceeded",
    "tokens_limit_reached",
}
# The third and fourth: one question that is larger than the limit of a minute never passes, however long one waits.
_TOO_LARGE_IN_WORDS = (
    "maximum context length",
    "token limit reached",
    "request too large",
    "must be reduced in order to run",
)
_KEY = {"invalid_api_key", "invalid_organization", "account_deactivated", "ip_not_authorized", "incorrect_api_key"}
_PAY = "Add credit or raise the limit of spending at the provider, then press Try now."
_MODEL = "Choose a model that this account may use."


def classify(answer: Answer) -> Failure | None:
    """What an answer of OpenAI means; None when it is a good one."""
    error = answer.error
    if not error:
        return _of_success(answer) if (answer.status or 0) < 300 and answer.status else by_status(answer)
    kind = text_of(error.get("type")).lower()
    # Brokers give the status of who is behind them, as a number.
    number = number_of(error.get("code"))
    code = text_of(error.get("code")).lower() if number is None else f"http-{number}"
    return _by_code(answer, code, kind, text_of(error.get("message"))) or _by_status(answer, code or kind)


def _by_code(answer: Answer, code: str, kind: str, message: str) -> Failure | None:
    words, name, shown = message.lower(), answer.title, code or kind
    # What it is about outweighs the status: the same codes arrive with 429, with 403, and in the middle of a stream.
    if {code, kind} & _BILLING or answer.status == 402 or "exceeded your current quota" in words:
        detail = f"The account at {name} has no credit left, or has reached its limit of spending."
        return failure(answer, FailureClass.BILLING, shown, detail, what_to_do=_PAY)
    if code == "slow_down" or (kind == "rate_limit_error" and "slow down" in words):
        return failure(answer, FailureClass.SLOW_DOWN, "slow-down", f"We have asked {name} more and more too quickly.")
    if {code, kind} & _TOO_LARGE or any(part in words for part in _TOO_LARGE_IN_WORDS):
        return failure(answer, FailureClass.SHRINK, shown, f"The text is longer than {name} takes at once.")
    if {code, kind} & _BLOCKED:
        return failure(answer, FailureClass.CONTENT_BLOCKED, shown, f"{name} refuses to deal with this content.")
    if {code, kind} & {"rate_limit_exceeded", "rate_limit_error", "tokens", "requests"} or answer.status == 429:
        return _rate_limited(answer, shown, message)
    if {code, kind} & _KEY or kind == "authentication_error":
        return failure(
            answer,
            FailureClass.AUTH,
            shown,
            f"{name} does not accept the key.",
            what_to_do="Check the key in the settings: it may be mistyped, removed, or bound to other addresses.",
        )
    if code in ("model_not_found", "model_not_available", "model_decommissioned") or kind == "model_not_found":
        return failure(answer, FailureClass.CONFIG, shown, f"{name} has no such model for us.", what_to_do=_MODEL)
    if code == "unsupported_country_region_territory":
        return failure(
            answer,
            FailureClass.CONFIG,
            code,
            f"{name} does not serve the country that this machine is in.",
            what_to_do="Use another provider, or an endpoint that is offered for your country.",
        )
    if code in ("json_validate_failed", "tool_use_failed"):
        return failure(
            answer, FailureClass.BAD_OUTPUT, code, f"{name} could not answer in the form that was asked for."
        )
    if {code, kind} & {"server_is_overloaded", "service_unavailable_error", "server_error", "overloaded_error"}:
        return _passing(answer, shown)
    return None


def _by_status(answer: Answer, code: str) -> Failure | None:
    name, status = answer.title, answer.status
    if status == 401:
        return failure(
            answer,
            FailureClass.AUTH,
            code or "http-401",
            f"{name} does not accept the key.",
            what_to_do="Check the key in the settings.",
        )
    if status == 403:
        detail = f"The key may not do this at {name}."
        return failure(answer, FailureClass.CONFIG, code or "http-403", detail, what_to_do=_MODEL)
    if status is not None and 300 <= status < 500 and status not in (408, 409, 413):
        wanted = answer.headers.get("x-should-retry", "").lower()
        if wanted == "true":
            return _passing(answer, code)
        return failure(
            answer, FailureClass.FATAL, code or f"http-{status}", f"{name} does not understand our question."
        )
    if status is None or status < 300:
        # An error in the middle of a stream that began well.
        return _passing(answer, code or "stream-error")
    return _passing(answer, code) if status >= 500 else by_status(answer)


def _passing(answer: Answer, code: str) -> Failure:
    name, status = answer.title, answer.status
    if answer.headers.get("x-should-retry", "").lower() == "false" and status is not None and status < 500:
        return failure(answer, FailureClass.FATAL, code, f"{name} asks not to be asked this again.")
    if (wait := answer.retry_after) is not None:
        return failure(answer, FailureClass.RETRY_AFTER, code, f"{name} asks us to wait.", retry_after=wait)
    words = "is overloaded" if "overload" in code or status == 503 else "has an error of its own"
    return failure(answer, FailureClass.BACKOFF, code or f"http-{status}", f"{name} {words}.")


def _rate_limited(answer: Answer, code: str, message: str) -> Failure:
    name, headers, now = answer.title, answer.headers, answer.now
    of = "tokens" if "token" in message.lower() else "requests"
    wait = answer.retry_after
    if wait is None:
        wait = waits.wait_in_words(message)
    if wait is None and headers.get(f"x-ratelimit-remaining-{of}", "0") == "0":
        wait = waits.reset_header(headers.get(f"x-ratelimit-reset-{of}"), now)
    if wait is None:
        detail = f"The limit of {of} at {name} is reached."
        return failure(answer, FailureClass.BACKOFF, code or "rate-limit-exceeded", detail)
    detail = f"The limit of {of} at {name} is reached for a moment."
    return failure(answer, FailureClass.RETRY_AFTER, code or "rate-limit-exceeded", detail, retry_after=wait)


def _of_success(answer: Answer) -> Failure | None:
    """What an answer with status 200 says in its body."""
    if answer.data is None:
        return failure(answer, FailureClass.BAD_OUTPUT, "unreadable", f"{answer.title} answered something unreadable.")
    data = as_object(answer.data)
    choices = as_list(data.get("choices"))
    # The last piece of a stream has no choices: it tells what was used.
    if "choices" in data and not choices and data.get("object") != "chat.completion.chunk" and "usage" not in data:
        return failure(answer, FailureClass.BAD_OUTPUT, "no-choices", f"{answer.title} answered nothing.")
    choice = as_object(choices[0]) if choices else _of_response(data)
    if choice.get("finish_reason") == "content_filter" or as_object(choice.get("message")).get("refusal"):
        detail = f"{answer.title} refuses to deal with this content."
        return failure(answer, FailureClass.CONTENT_BLOCKED, "refusal", detail, message="")
    if choice.get("finish_reason") == "length":
        detail = f"The answer of {answer.title} was cut off."
        return failure(answer, FailureClass.BAD_OUTPUT, "cut-off", detail, message="")
    return None


def _of_response(data: Json) -> Json:
    """What the Responses interface says of its end, in the words of the older one."""
    if data.get("status") == "incomplete":
        reason = as_object(data.get("incomplete_details")).get("reason")
        return {"finish_reason": "content_filter" if reason == "content_filter" else "length"}
    parts = [
        as_object(part) for item in as_list(data.get("output")) for part in as_list(as_object(item).get("content"))
    ]
    refused = next((part["refusal"] for part in parts if part.get("type") == "refusal" and part.get("refusal")), None)
    return {"message": {"refusal": refused}}
