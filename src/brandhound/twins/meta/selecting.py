"""Field expansion: `id,name,creative{id,title},ads.limit(2){id}`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

from brandhound.twins.meta.refusing import Refused

Record = Mapping[str, Any]
Edge = Callable[["Wanted"], Any]


@dataclass(frozen=True)
class Wanted:
    """One field that is asked for, with its modifiers and the fields below it."""

    name: str
    modifiers: Mapping[str, str] = field(default_factory=dict[str, str])
    below: tuple["Wanted", ...] = ()


def edge(tell: Callable[[Wanted], Any]) -> Any:
    """A value that is told only when it is asked for, by what is asked for below it."""
    return tell


@lru_cache(maxsize=512)
def read_fields(text: str) -> tuple[Wanted, ...]:
    """What a `fields` parameter asks for. Raises Refused when its brackets do not match."""
    found, end = _list(text, 0)
    if end != len(text):
        raise Refused("parameter", detail=f"Syntax error in fields at {text[end : end + 20]!r}")
    return found


def _list(text: str, at: int) -> tuple[tuple[Wanted, ...], int]:
    found: list[Wanted] = []
    while at < len(text) and text[at] != "}":
        one, at = _one(text, at)
        if one.name:
            found.append(one)
        if at < len(text) and text[at] == ",":
            at += 1
    return tuple(found), at


def _one(text: str, at: int) -> tuple[Wanted, int]:
    start = at
    while at < len(text) and text[at] not in ",{}.(":
        at += 1
    name, modifiers, below = text[start:at].strip(), dict[str, str](), ()
    while at < len(text) and text[at] == ".":
        opening = text.find("(", at)
        closing = text.find(")", opening)
        if opening < 0 or closing < 0:
            raise Refused("parameter", detail=f"Syntax error in fields at {text[at : at + 20]!r}")
        modifiers[text[at + 1 : opening]] = text[opening + 1 : closing]
        at = closing + 1
    if at < len(text) and text[at] == "{":
        below, at = _list(text, at + 1)
        if at >= len(text):
            raise Refused("parameter", detail="Syntax error in fields: a bracket is not closed")
        at += 1
    return Wanted(name, modifiers, below), at


def pick(record: Record, wanted: Sequence[Wanted], node: str, known: frozenset[str] | None = None) -> dict[str, Any]:
    """The fields that were asked for, and always the id. What has no value is left out, as Meta leaves it out.

    Raises Refused for a field that objects of this kind do not have.
    """
    picked: dict[str, Any] = {}
    for one in wanted:
        if one.name not in record:
            if known is not None and one.name not in known:
                raise Refused("no_such_field", field=one.name, node=node)
            continue
        value = record[one.name]
        if callable(value):
            value = cast(Edge, value)(one)
        elif one.below and isinstance(value, Mapping):
            value = pick(cast(Record, value), one.below, one.name)
        if value is not None:
            picked[one.name] = value
    if "id" in record:
        picked.setdefault("id", record["id"])
    return picked
