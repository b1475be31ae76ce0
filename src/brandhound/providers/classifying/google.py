"""The form of errors that all of Google's services share: a status, and details that say more."""

from typing import Any

from brandhound.providers.classifying.reading import Answer, Json, as_list, as_object, text_of


def details_of(answer: Answer, kind: str) -> list[Json]:
    """The details of one kind, such as `QuotaFailure`."""
    found = [as_object(item) for item in as_list(answer.error.get("details"))]
    return [item for item in found if text_of(item.get("@type")).endswith(f".{kind}")]


def violations_of(answer: Answer) -> list[Json]:
    """The quotas that were exceeded."""
    return [as_object(one) for item in details_of(answer, "QuotaFailure") for one in as_list(item.get("violations"))]


def reasons_of(answer: Answer) -> set[str]:
    """Every reason that the error names, in the new form and the old one."""
    new: list[Any] = [item.get("reason") for item in details_of(answer, "ErrorInfo")]
    old: list[Any] = [as_object(item).get("reason") for item in as_list(answer.error.get("errors"))]
    return {reason for reason in (*new, *old) if isinstance(reason, str)}


def quota_words(answer: Answer) -> str:
    """All that names the quota, in lower case: `per day` and `perday` tell a day's from a minute's."""
    parts: list[Any] = [answer.error.get("message")]
    for violation in violations_of(answer):
        parts += [violation.get("quotaId"), violation.get("quotaMetric"), violation.get("description")]
    for item in details_of(answer, "ErrorInfo"):
        metadata = as_object(item.get("metadata"))
        parts += [metadata.get("quota_limit"), metadata.get("quota_limit_value"), metadata.get("quota_unit")]
    parts += [as_object(item).get("message") for item in as_list(answer.error.get("errors"))]
    return " ".join(part for part in parts if isinstance(part, str)).lower()


def is_of_a_day(words: str) -> bool:
    """Whether a quota is one of a day."""
    return any(part in words for part in ("perday", "per day", "per_day", "daily", "/d/", "1/d"))
