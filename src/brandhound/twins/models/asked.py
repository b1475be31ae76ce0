"""What a model is asked and says, whatever the wire it comes over."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

Wire = Literal["chat", "responses", "anthropic", "gemini"]
Json = dict[str, Any]


@dataclass(frozen=True)
class Tool:
    """Something the model may call."""

    name: str
    schema: Json


@dataclass(frozen=True)
class ToolCall:
    """A call the model makes."""

    name: str
    arguments: Json


@dataclass(frozen=True)
class Asked:
    """One question. `text` is what the user said, `system` the instructions, `results` what tools gave back."""

    wire: Wire
    model: str
    system: str
    text: str
    tools: Sequence[Tool]
    schema: Json | None
    """The form the answer has to have, where the interface itself was told."""
    streams: bool
    results: Sequence[str] = ()
    must_call: bool = False
    """Whether a tool has to be called."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: Json = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class Said:
    """An answer: words, calls, or a refusal."""

    text: str = ""
    calls: Sequence[ToolCall] = ()
    refused: bool = False
    cut: bool = False


def tokens(text: str) -> int:
    """About how many tokens that is."""
    return max(1, len(text) // 4)


def as_json(value: object) -> str:
    """As it goes over the wire."""
    return json.dumps(value, ensure_ascii=False)


def objects(value: object) -> list[Json]:
    """The objects of a list."""
    items = cast("list[Any]", value) if isinstance(value, list) else []
    return [cast("Json", item) for item in items if isinstance(item, dict)]


def an_object(value: object) -> Json:
    """The value if it is an object, otherwise an empty one."""
    return cast("Json", value) if isinstance(value, dict) else {}


def words_in(content: object) -> str:
    """The text of a message, whichever way it is written down."""
    if isinstance(content, str):
        return content
    return "\n".join(str(part["text"]) for part in objects(content) if isinstance(part.get("text"), str))


def pieces(text: str, size: int = 12) -> list[str]:
    """A text in the pieces in which it streams."""
    return [text[at : at + size] for at in range(0, len(text), size)] or [""]
