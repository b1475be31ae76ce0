"""Whose work this is: what is bound here stands in every log line that follows in the same task."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar, Token
from types import MappingProxyType
from uuid import UUID

FIELDS = ("organization_id", "run_id", "feed_id", "provider", "request_id")
"""What a line can be found by, besides its words."""

_NOTHING: Mapping[str, str] = MappingProxyType({})
_bound: ContextVar[Mapping[str, str]] = ContextVar("log_context", default=_NOTHING)


def bind(
    *,
    organization_id: UUID | str | None = None,
    run_id: UUID | str | None = None,
    feed_id: UUID | str | None = None,
    provider: str | None = None,
    request_id: str | None = None,
) -> Token[Mapping[str, str]]:
    """Let the lines of this task say whose work they are about, from now on. `release` takes it back."""
    given = (organization_id, run_id, feed_id, provider, request_id)
    told = {name: str(value) for name, value in zip(FIELDS, given, strict=True) if value is not None}
    return _bound.set({**_bound.get(), **told})


def begin() -> Token[Mapping[str, str]]:
    """Forget what was bound: something new begins here, such as a request. `release` brings it back."""
    return _bound.set(_NOTHING)


def release(token: Token[Mapping[str, str]]) -> None:
    """Let the lines say again what they said before the `bind` or `begin` that gave this token."""
    _bound.reset(token)


@contextmanager
def bound(
    *,
    organization_id: UUID | str | None = None,
    run_id: UUID | str | None = None,
    feed_id: UUID | str | None = None,
    provider: str | None = None,
    request_id: str | None = None,
) -> Generator[None]:
    """The same for one block."""
    token = bind(
        organization_id=organization_id, run_id=run_id, feed_id=feed_id, provider=provider, request_id=request_id
    )
    try:
        yield
    finally:
        release(token)


def bound_now() -> Mapping[str, str]:
    """What the lines say at the moment, by field."""
    return _bound.get()
