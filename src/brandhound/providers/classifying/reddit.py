"""Reddit's data API."""

from brandhound.providers.classifying import waits
from brandhound.providers.classifying.failure import Failure, FailureClass
from brandhound.providers.classifying.reading import Answer, as_list, as_object, failure, number_of, text_of
from brandhound.providers.classifying.statuses import by_status

_KEY = "Check the client id and secret of the Reddit application in the settings."
_NOT_OPEN = {
    "private": "is private",
    "quarantined": "is under quarantine",
    "banned": "was banned",
    "gold_only": "is for members only",
}


def classify(answer: Answer) -> Failure | None:
    """What an answer of Reddit means; None when it is a good one."""
    name, status, data = answer.title, answer.status, as_object(answer.data)
    if status == 429 or (status == 403 and answer.headers.get("x-ratelimit-remaining", "").startswith("0")):
        return _rate_limited(answer)
    if answer.is_html and status == 403:
        return failure(
            answer,
            FailureClass.CONFIG,
            "blocked",
            f"{name} blocks questions without an application of its own.",
            what_to_do="Register an application at reddit.com/prefs/apps and put its id and secret into the settings.",
        )
    reason = text_of(data.get("reason"))
    if reason in _NOT_OPEN:
        return failure(answer, FailureClass.FATAL, reason, f"This community at {name} {_NOT_OPEN[reason]}.")
    if reason.lower() in ("rate_limit", "ratelimit"):
        return _rate_limited(answer)
    word = text_of(data.get("error"))
    if word in ("invalid_grant", "invalid_client", "unauthorized_client", "access_denied"):
        return failure(answer, FailureClass.AUTH, word, f"{name} does not accept the application.", what_to_do=_KEY)
    if word in ("unsupported_grant_type", "invalid_request", "invalid_scope"):
        return failure(
            answer, FailureClass.CONFIG, word, f"{name} does not offer this way to sign in.", what_to_do=_KEY
        )
    if status == 401:
        return failure(answer, FailureClass.AUTH, "http-401", f"{name} does not accept the token.", what_to_do=_KEY)
    if status == 403:
        return failure(answer, FailureClass.AUTH, "http-403", f"The application may not do this at {name}.")
    if found := _in_the_form(answer):
        return found
    if status is not None and status < 300:
        if answer.data is None:
            return failure(answer, FailureClass.BAD_OUTPUT, "unreadable", f"{name} answered something unreadable.")
        inner = number_of(data.get("error"))
        if inner is None:
            return None
        return failure(answer, FailureClass.BACKOFF, f"error-{inner}", f"{name} has an error of its own.")
    return by_status(answer)


def _rate_limited(answer: Answer) -> Failure:
    wait = answer.retry_after
    if wait is None:
        wait = waits.reset_header(answer.headers.get("x-ratelimit-reset"), answer.now)
    if wait is None:
        return failure(
            answer, FailureClass.BACKOFF, "rate-limit", f"{answer.title} gets more questions than it allows."
        )
    detail = f"{answer.title} wants to be left alone for a moment."
    return failure(answer, FailureClass.RETRY_AFTER, "rate-limit", detail, retry_after=wait)


def _in_the_form(answer: Answer) -> Failure | None:
    """Errors of the older interface, as lists inside an answer with status 200."""
    form = as_object(as_object(answer.data).get("json"))
    for error in as_list(form.get("errors")):
        code = text_of(as_list(error)[0]) if as_list(error) else ""
        words = " ".join(part for part in as_list(error) if isinstance(part, str))
        if code.upper() == "RATELIMIT":
            wait = waits.plain_seconds(form.get("ratelimit"))
            wait = wait if wait is not None else waits.wait_in_words(words)
            detail = f"{answer.title} wants to be left alone for a while."
            cls = FailureClass.BACKOFF if wait is None else FailureClass.RETRY_AFTER
            return failure(answer, cls, code, detail, retry_after=wait, message=words)
        return failure(answer, FailureClass.FATAL, code or "error", f"{answer.title} refuses this.", message=words)
    return None
