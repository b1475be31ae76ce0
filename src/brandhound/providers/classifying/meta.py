"""Meta's Graph and Marketing API: one table of codes and subcodes, most of them with status 400."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from brandhound.providers.classifying import waits
from brandhound.providers.classifying.failure import Failure, FailureClass
from brandhound.providers.classifying.reading import Answer, as_list, as_object, failure, number_of, text_of
from brandhound.providers.classifying.statuses import by_status


@dataclass(frozen=True)
class Meaning:
    """What a code stands for."""

    cls: FailureClass
    detail: str
    what_to_do: str = ""
    wait: float | None = None
    """Seconds to wait where the headers do not say: never at once, since every question makes it worse."""


_RECONNECT = "Connect the account again in the settings."
_LIMIT = FailureClass.RETRY_AFTER
_BLOCK = 300.0
"""The block after too many calls lasts 300 s at the lowest tier (read 2026-11-20)."""

_MEANINGS: Mapping[tuple[int, int | None], Meaning] = {
    (1, None): Meaning(FailureClass.BACKOFF, "{name} has an error of its own."),
    (2, None): Meaning(FailureClass.BACKOFF, "{name} has an error of its own."),
    (2, 1504018): Meaning(FailureClass.SHRINK, "The question took {name} too long: ask for less, or for a report."),
    (2, 1504038): Meaning(FailureClass.SHRINK, "The question took {name} too long: ask for less, or for a report."),
    (2, 1504041): Meaning(FailureClass.FATAL, "{name} does not know this break-down."),
    (2, 1504042): Meaning(FailureClass.FATAL, "{name} does not know this metric."),
    (2, 1504043): Meaning(FailureClass.BACKOFF, "{name} has an error of its own."),
    (2, 1504044): Meaning(FailureClass.BACKOFF, "{name} has an error of its own."),
    (-2, 2490547): Meaning(FailureClass.SHRINK, "{name} could not finish the report: ask for a shorter time."),
    (3, None): Meaning(FailureClass.CONFIG, "The application lacks a capability at {name}.", "Request it at Meta."),
    (4, None): Meaning(_LIMIT, "The application asks {name} too often.", wait=_BLOCK),
    (10, None): Meaning(FailureClass.AUTH, "The application lacks a permission at {name}.", _RECONNECT),
    (10, 2332002): Meaning(
        FailureClass.AUTH,
        "{name} wants to know who asks the ad library.",
        "Confirm your identity at facebook.com/ID, then connect again.",
    ),
    (17, None): Meaning(_LIMIT, "The account is asked too often at {name}.", wait=_BLOCK),
    (32, None): Meaning(_LIMIT, "The page is asked too often at {name}.", wait=_BLOCK),
    (100, None): Meaning(FailureClass.FATAL, "{name} does not understand our question."),
    (100, 33): Meaning(FailureClass.FATAL, "This does not exist at {name}, or may not be seen."),
    (100, 1487534): Meaning(FailureClass.SHRINK, "That is too much at once for {name}."),
    (100, 1504018): Meaning(FailureClass.SHRINK, "The question took {name} too long."),
    (100, 36007): Meaning(FailureClass.FATAL, "The code of {name} has expired.", "Begin again."),
    (100, 36008): Meaning(
        FailureClass.FATAL,
        "{name} was told two different addresses to come back to.",
        "Open brandhound under its public address, and begin again.",
    ),
    (100, 36009): Meaning(FailureClass.FATAL, "The code of {name} was used before.", "Begin again."),
    (101, None): Meaning(
        FailureClass.CONFIG, "{name} does not know the application.", "Check its number in the settings."
    ),
    (102, None): Meaning(FailureClass.AUTH, "The session at {name} has ended.", _RECONNECT),
    (104, None): Meaning(
        FailureClass.CONFIG, "{name} wants a proof of the application's secret.", "Check the secret in the settings."
    ),
    (190, None): Meaning(FailureClass.AUTH, "{name} does not accept the token any more.", _RECONNECT),
    (190, 458): Meaning(FailureClass.AUTH, "The application was removed from the account at {name}.", _RECONNECT),
    (190, 459): Meaning(
        FailureClass.AUTH, "{name} wants the person to sign in.", "Sign in at facebook.com, then connect again."
    ),
    (190, 460): Meaning(FailureClass.AUTH, "The password at {name} was changed.", _RECONNECT),
    (190, 463): Meaning(FailureClass.AUTH, "The token of {name} has expired.", _RECONNECT),
    (190, 464): Meaning(FailureClass.AUTH, "The person at {name} is not confirmed.", "Confirm, then connect again."),
    (190, 467): Meaning(FailureClass.AUTH, "The person has signed out at {name}.", _RECONNECT),
    (191, None): Meaning(
        FailureClass.FATAL,
        "{name} may not come back to this address.",
        "Add it to the application's valid OAuth redirect addresses.",
    ),
    (341, None): Meaning(_LIMIT, "The application has reached its limit at {name}.", wait=3600.0),
    (368, None): Meaning(
        FailureClass.CONFIG,
        "{name} has blocked this for a breach of its policies.",
        "Look into Account Quality at Meta.",
    ),
    (613, None): Meaning(_LIMIT, "The account is asked too often at {name}.", wait=_BLOCK),
    (960, None): Meaning(FailureClass.SHRINK, "The batch took {name} too long."),
    (2601, None): Meaning(FailureClass.BACKOFF, "The report of {name} is not ready yet."),
    (2635, None): Meaning(
        FailureClass.CONFIG, "{name} no longer offers this version of its interface.", "Update brandhound."
    ),
}
_BUSINESS_LIMITS = {80000, 80001, 80002, 80003, 80004, 80005, 80006, 80008, 80009, 80014}


def classify(answer: Answer) -> Failure | None:
    """What an answer of Meta means; None when it is a good one."""
    error = answer.error
    if not error:
        if answer.status is not None and answer.status < 300:
            return _of_success(answer)
        return by_status(answer)
    code, subcode = number_of(error.get("code")), number_of(error.get("error_subcode"))
    meaning = _meaning(answer, code, subcode)
    if meaning is None:
        if error.get("is_transient") is True:
            meaning = Meaning(FailureClass.BACKOFF, "{name} has an error of its own.")
        else:
            fallback = by_status(answer)
            return fallback or _say(answer, Meaning(FailureClass.FATAL, "{name} refuses this."), code, subcode)
    return _say(answer, meaning, code, subcode)


def _meaning(answer: Answer, code: int | None, subcode: int | None) -> Meaning | None:
    if code is None:
        return None
    if code in (1, 2) and "reduce the amount of data" in answer.text.lower():
        return Meaning(FailureClass.SHRINK, "That is too much at once for {name}.")
    if code == 1 and "validating client secret" in answer.text.lower():
        return Meaning(
            FailureClass.CONFIG, "{name} does not accept the application's secret.", "Check the secret in the settings."
        )
    if code in _BUSINESS_LIMITS:
        return Meaning(_LIMIT, "The account is asked too often at {name}.", wait=_BLOCK)
    if 200 <= code <= 299:
        return Meaning(
            FailureClass.AUTH, "A permission is missing at {name}.", "Give the permission, then connect again."
        )
    return _MEANINGS.get((code, subcode)) or _MEANINGS.get((code, None))


def _say(answer: Answer, meaning: Meaning, code: int | None, subcode: int | None) -> Failure:
    wait = _regain(answer) if meaning.cls is _LIMIT else None
    return failure(
        answer,
        meaning.cls,
        "-".join(str(part) for part in (code, subcode) if part is not None) or "error",
        meaning.detail.format(name=answer.title),
        what_to_do=meaning.what_to_do,
        retry_after=wait if wait is not None else meaning.wait,
        request_id=text_of(answer.error.get("fbtrace_id"))[:200] or None,
    )


def _regain(answer: Answer) -> float | None:
    """The longest wait that the headers name."""
    found = [wait for wait in _waits(answer) if wait > 0]
    return max(found, default=answer.retry_after)


def _waits(answer: Answer) -> Iterator[float]:
    """Minutes until access comes back for each use case, and seconds until the account's meter is reset."""
    for entries in _json(answer.headers.get("x-business-use-case-usage")).values():
        for entry in as_list(entries):
            minutes = waits.plain_seconds(as_object(entry).get("estimated_time_to_regain_access"))
            yield (minutes or 0.0) * 60
    usage = _json(answer.headers.get("x-ad-account-usage"))
    if (waits.plain_seconds(usage.get("acc_id_util_pct")) or 0.0) >= 100:
        yield waits.plain_seconds(usage.get("reset_time_duration")) or 0.0


def _json(text: str | None) -> dict[str, object]:
    try:
        return as_object(json.loads(text)) if text else {}
    except (ValueError, RecursionError):
        return {}


def _of_success(answer: Answer) -> Failure | None:
    # A batch answers with a list, in which those that were not done are null.
    rows = as_list(as_object(answer.data).get("data"))
    if answer.data is None or not all(isinstance(row, dict) for row in rows):
        return failure(answer, FailureClass.BAD_OUTPUT, "unreadable", f"{answer.title} answered something unreadable.")
    status = as_object(answer.data).get("async_status")
    if status in ("Job Failed", "Job Skipped"):
        detail = f"{answer.title} could not finish the report: ask for a shorter time."
        return failure(answer, FailureClass.SHRINK, "report-failed", detail)
    return None
