"""A call to the Graph API and its answer, whichever way they came in: alone or as a part of a batch."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from brandhound.twins.meta.refusing import Refused


@dataclass(frozen=True)
class Call:
    """One call. `path` has no version and no slashes at its ends; `base` is where the twin was asked."""

    method: str
    path: str
    version: str
    params: Mapping[str, str]
    base: str = ""
    etag: str = ""
    in_batch: bool = False

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(part for part in self.path.split("/") if part)

    def param(self, name: str, default: str = "") -> str:
        return self.params.get(name, default)

    def json(self, name: str, default: Any = None) -> Any:
        """A parameter that is JSON. Raises Refused when it is none."""
        text = self.params.get(name)
        if text is None or not text:
            return default
        try:
            return json.loads(text)
        except ValueError:
            raise Refused("parameter", detail=f"param {name} must be valid JSON") from None

    def names(self, name: str) -> list[str]:
        """A parameter that is a list of words, as JSON or with commas."""
        text = self.params.get(name, "").strip()
        if text.startswith("["):
            return [str(one) for one in self.json(name, [])]
        return [word.strip() for word in text.split(",") if word.strip()]

    def number(self, name: str, default: int) -> int:
        """A parameter that is a whole number. Raises Refused when it is none."""
        text = self.params.get(name)
        if text is None or not text:
            return default
        try:
            return int(text)
        except ValueError:
            raise Refused("parameter", detail=f"param {name} must be an integer.") from None


@dataclass
class Answer:
    """What goes back. `hangs_up` breaks the connection off after the body; `waits` is in seconds."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict[str, str])
    kind: str = "application/json; charset=UTF-8"
    hangs_up: bool = False
    waits: float = 0.0


def answer_json(body: Any, status: int = 200) -> Answer:
    """An answer that is JSON. What is bytes already stays as it is."""
    return Answer(body if isinstance(body, bytes) else json.dumps(body, separators=(",", ":")).encode(), status)


def form(text: str) -> dict[str, str]:
    """The fields of a query or a form; a name that comes twice has its last value."""
    return dict(parse_qsl(text, keep_blank_values=True))
