"""What Meta refuses, and what is to be done about it: found in a table, not in code."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from brandhound.ads.meta.facts_of_meta import policies
from brandhound.ads.meta.refusing import Refusal, refusal_in

Policy = Literal[
    "again",
    "split",
    "wait_app",
    "wait_account",
    "gone",
    "permission",
    "reconnect",
    "revoked",
    "settings",
    "stopped",
    "not_ready",
    "page_anew",
    "too_old",
    "permanent",
]

MENDS_ITSELF: frozenset[Policy] = frozenset({"again"})
"""The same question, put again, may be answered."""
TOKEN_IS_OF_NO_USE: frozenset[Policy] = frozenset({"reconnect", "revoked"})


@dataclass
class MetaFailed(Exception):
    """Meta answered with an error, or with something that is no answer."""

    policy: Policy
    message: str
    number: int | None = None
    subcode: int | None = None
    status: int | None = None
    trace_id: str | None = None
    """Meta's own name for the call, which its support asks for."""
    access: Refusal | None = None
    """It is the token that is not taken."""

    @property
    def code(self) -> str:
        """Which kind of failure it is, for a run's row."""
        return f"ads/meta-{self.policy.replace('_', '-')}"

    @property
    def detail(self) -> str:
        """In words, with the numbers that Meta's documentation lists."""
        numbers = "" if self.number is None else f" ({self.number}{f'/{self.subcode}' if self.subcode else ''})"
        trace = f" [{self.trace_id}]" if self.trace_id else ""
        return f"Meta{numbers}: {self.message}{trace}"

    def __str__(self) -> str:
        return self.detail


def failure_of(status: int, told: object) -> MetaFailed:
    """The failed that an answer's `error` is."""
    error: Mapping[str, Any] = cast("Mapping[str, Any]", told) if isinstance(told, dict) else {}
    number, subcode = _whole(error.get("code")), _whole(error.get("error_subcode"))
    words = str(error.get("error_user_msg") or error.get("message") or f"HTTP {status}")[:500]
    policy = policy_of(number, subcode, f"{error.get('message', '')} {words}", bool(error.get("is_transient")), status)
    trace = error.get("fbtrace_id")
    return MetaFailed(
        policy, words, number, subcode, status, str(trace) if trace else None, refusal_in({"error": error})
    )


def no_answer(status: int, why: str) -> MetaFailed:
    """What came was no JSON: a proxy's page, or half an answer."""
    return MetaFailed("again", f"no answer to make sense of: {why}", status=status)


def policy_of(number: int | None, subcode: int | None, words: str, transient: bool, status: int) -> Policy:
    """What to do, by subcode, words, code and status, in that order."""
    by_code: Mapping[str, Policy] = policies()["by_code"]
    if number is not None and (found := by_code.get(f"{number}/{subcode}")):
        return found
    lowered = words.lower()
    for part, policy in policies()["by_words"]:
        if part in lowered:
            return policy
    first, last = policies()["permissions"]
    if number is not None and first <= number <= last:
        return "permission"
    if found := by_code.get(str(number)):
        return found
    return "again" if transient or status >= 500 or status in (408, 429) else "permanent"


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None
