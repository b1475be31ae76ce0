"""Which failures are tried again, and after how long: a table, not code."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from brandhound.core.problems import Problem
from brandhound.jobs.fitting import misfit, problems_of
from brandhound.jobs.redacting import redact
from brandhound.providers.budget import take_retry
from brandhound.providers.errors import ProviderFailed
from brandhound.providers.strategies import FIRST_WAIT, LONGEST_WAIT, PATIENCE, STRATEGIES, Move, Strategy


@dataclass(frozen=True)
class Backoff:
    """Try again after waits that double, each drawn anew between nothing and its limit (full jitter)."""

    attempts: int
    first: timedelta
    limit: timedelta
    patience: timedelta = PATIENCE
    """The longest wait that a stranger's Retry-After may ask of us within one run."""

    def wait(self, failures: int, retry_after: float | None) -> timedelta | None:
        """How long to wait after that many failures; None to give up."""
        if failures >= self.attempts:
            return None
        if retry_after is not None:
            asked = timedelta(seconds=retry_after)
            return asked if asked <= self.patience else None
        return random.uniform(0, 1) * min(self.limit, self.first * 2 ** min(failures - 1, 30))


Retries = Mapping[str, Backoff]

_NETWORK = Backoff(attempts=3, first=timedelta(seconds=1), limit=timedelta(seconds=10))
_DATABASE = Backoff(attempts=12, first=timedelta(seconds=1), limit=timedelta(seconds=10))
_SERVER = Backoff(attempts=4, first=timedelta(seconds=2), limit=timedelta(seconds=30))

# What the same question, put again by the step, may mend. To shorten it or to ask somebody else is for who asks: `pursue`.
_THE_SAME_AGAIN = {Move.RETRY_AFTER, Move.BACK_OFF, Move.ASK_AGAIN}


def _of_provider(strategy: Strategy) -> Backoff | None:
    if not _THE_SAME_AGAIN & set(strategy.moves):
        return None
    return Backoff(strategy.tries, FIRST_WAIT, LONGEST_WAIT)


# A code that is not here is not tried again: a bad key, a bill or a programming error does not heal by itself.
RETRIES: Retries = {
    "core/database-away": _DATABASE,
    "core/storage-full": Backoff(attempts=3, first=timedelta(seconds=5), limit=timedelta(seconds=30)),
    "dns": _NETWORK,
    "refused": _NETWORK,
    "connection": _NETWORK,
    "timeout": _NETWORK,
    "tls": Backoff(attempts=2, first=timedelta(seconds=2), limit=timedelta(seconds=5)),
    "robots-unreachable": _NETWORK,
    "rate-limited": _SERVER,
    "server-error": _SERVER,
    **{f"providers/{cls}": policy for cls, strategy in STRATEGIES.items() if (policy := _of_provider(strategy))},
}

NO_RETRIES: Retries = {"core/database-away": _DATABASE}
"""For steps whose caller decides about failures by itself; only the database is waited for."""


class StepFailed(Exception):
    """A step failed for good: with the code of its failure, its words, and how often it was tried."""

    def __init__(
        self,
        step: str,
        code: str,
        detail: str,
        attempts: int,
        retry_after: float | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{step}: {detail}" if detail else step)
        self.step = step
        self.code = code
        self.detail = detail
        self.attempts = attempts
        self.retry_after = retry_after
        self.facts = dict(facts or {})
        """What else is known of the failure, for the log: the provider's number of the request, and the like."""


UNEXPECTED = "jobs/unexpected"


def code_of(error: Exception) -> str:
    """The kind of a failure: its own code if it has one."""
    if is_database_away(error):
        return "core/database-away"
    if isinstance(error, ValidationError):
        return "jobs/bad-parameters"
    code = getattr(error, "code", None)
    # SQLAlchemy's errors have a `code` too, which means nothing outside its documentation.
    if isinstance(code, str) and not isinstance(error, DBAPIError):
        return code
    return UNEXPECTED


def detail_of(error: Exception) -> str:
    """The failure in words that may be stored and shown."""
    detail = getattr(error, "detail", None)
    if isinstance(detail, str) and detail:
        return redact(detail)[:2000]
    if isinstance(error, Problem | StepFailed):
        return redact(str(error))[:2000]
    if isinstance(error, ValidationError):
        return misfit(error.title, problems_of(error))
    # The statement and its values, which SQLAlchemy appends, are not for everyone's eyes.
    words = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    return redact(f"{type(error).__name__}: {words}")[:2000]


def retry_after_of(error: Exception) -> float | None:
    """The seconds that the other side asked us to wait, if it did."""
    seconds = getattr(error, "retry_after", None)
    return float(seconds) if isinstance(seconds, int | float) else None


def provider_of(error: Exception) -> str | None:
    """The outside service that failed, if one did: its budget of retries counts then."""
    return error.failure.provider if isinstance(error, ProviderFailed) else None


def facts_of(error: Exception) -> dict[str, Any]:
    """What a provider's support would ask for, for the log; nothing for other failures."""
    if not isinstance(error, ProviderFailed):
        return {}
    failure = error.failure
    known = {
        "provider": failure.provider,
        "provider_code": failure.code,
        "http": failure.http,
        "request_id": failure.request_id,
        "said": redact(failure.message),
        "next_action": failure.what_to_do,
    }
    return {name: value for name, value in known.items() if value not in (None, "")}


async def spend_retry(provider: str) -> None:
    """Take a retry out of a provider's budget. Raises Parked when there is none left, so that the run waits instead."""
    await take_retry(provider)


def is_database_away(error: Exception) -> bool:
    """Whether the database could not be reached or went away, rather than refused what was asked of it."""
    if isinstance(error, NoConnectionFree):
        return True
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return _is_absence(error.sqlstate)
    if isinstance(error, OperationalError | InterfaceError):
        return error.connection_invalidated or _is_absence(getattr(error.orig, "sqlstate", None))
    return False


def _is_absence(state: str | None) -> bool:
    # 57014: a statement that was cancelled or took too long. 40001 and 40P01: a conflict, not an absence.
    return state is None or (state[:2] in ("08", "57", "53") and state != "57014")
