"""Long lists come in pages, each with the marker of the next one (keyset, so that nothing is skipped or seen twice)."""

import base64
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel

from brandhound.core.problems import BadCursor

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """Some of a list. `next` is null on the last page."""

    items: list[T]
    next: str | None = None


def page_of(rows: Sequence[T], limit: int, key: Callable[[T], tuple[object, ...]]) -> Page[T]:
    """A page of at most `limit` rows; ask the database for `limit + 1` and pass them all."""
    shown = list(rows[:limit])
    return Page(items=shown, next=to_cursor(*key(shown[-1])) if len(rows) > limit else None)


def to_cursor(*key: object) -> str:
    """An opaque marker for the row with this sort key (times, identifiers, numbers, texts)."""
    plain = [value.isoformat() if isinstance(value, datetime) else _plain(value) for value in key]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def from_cursor(cursor: str, *types: type) -> tuple[object, ...]:
    """The sort key back, each part as the type named for it.

    Raises BadCursor for anything that to_cursor did not make.
    """
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(parts, list) or len(parts) != len(types):  # pyright: ignore[reportUnknownArgumentType]
            raise BadCursor
        return tuple(_typed(part, kind) for part, kind in zip(parts, types, strict=True))  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    except (ValueError, TypeError, AttributeError) as error:
        raise BadCursor from error


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _typed(part: object, kind: type) -> object:
    if kind is datetime:
        return datetime.fromisoformat(str(part))
    if kind is UUID:
        return UUID(str(part))
    if kind is str:
        # JSON can spell half a character, which no row has: that is as wrong as a number without digits.
        str(part).encode()
    return kind(part)
