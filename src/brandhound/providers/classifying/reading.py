"""Whatever came back, made readable: never raises, however broken it is."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from brandhound.core import clock
from brandhound.providers.classifying import waits
from brandhound.providers.classifying.failure import Failure, FailureClass

LONGEST_BODY = 1_000_000
LONGEST_MESSAGE = 500
_SSE_DATA = re.compile(r"^data:[ \t]?(.*)$", re.MULTILINE)
_TAGS = re.compile(r"<(?:script|style)\b.*?(?:</(?:script|style)\s*>|$)|<[^>]{0,2000}>", re.DOTALL | re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]{0,200}>(.{1,300}?)</title", re.DOTALL | re.IGNORECASE)
_SECRETS = (
    (re.compile(r"(?i)([?&](?:key|api_?key|access_token|token|client_secret|appsecret_proof)=)[^&\s\"']+"), r"\1…"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[a-z0-9._~+/=-]{8,}"), r"\1 …"),
    (re.compile(r"\b(sk-|pk-|gsk_|xai-|AIza|EAA|ya29\.)[A-Za-z0-9_.*-]{6,}"), r"\1…"),
    (re.compile(r"(?i)(://[^\s/:@]{1,200}):[^\s/@]{1,200}@"), r"\1:…@"),
)
_WHOLE = re.compile(r"-?[0-9]{1,15}")
_WORD = re.compile(r"[^a-z0-9]+")

Json = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """An answer as the classifiers see it: lower-case headers, the body as text, and as data where it is any."""

    provider: str
    status: int | None
    headers: Mapping[str, str]
    text: str
    data: Any
    now: datetime
    title: str = field(default="")
    """The provider's name for people."""

    @property
    def error(self) -> Json:
        """The object under `error`, or an empty one; `{"error": "text"}` becomes `{"message": "text"}`."""
        found = as_object(self.data).get("error")
        return {"message": found} if isinstance(found, str) else as_object(found)

    @property
    def is_html(self) -> bool:
        """Whether a page for people came back instead of an answer for programs."""
        start = self.text[:600].lstrip("\ufeff \t\r\n").lower()
        return start.startswith(("<!doctype html", "<html", "<head", "<body", "<h1")) or (
            self.data is None and "text/html" in self.headers.get("content-type", "").lower()
        )

    @property
    def retry_after(self) -> float | None:
        """What the headers ask us to wait."""
        return waits.retry_after(self.headers, self.now)

    @property
    def request_id(self) -> str | None:
        """The provider's number of this request, to be told to its support."""
        for name in ("x-request-id", "request-id", "x-goog-request-id", "x-fb-trace-id", "x-amzn-requestid", "cf-ray"):
            if value := self.headers.get(name):
                return value[:200]
        return None

    def says(self, *parts: str) -> bool:
        """Whether the body has one of these in it, whatever the case."""
        text = self.text.lower()
        return any(part in text for part in parts)


def read(provider: str, title: str, status: object, headers: object, body: object) -> Answer:
    """Make an answer readable."""
    text = _text_of(body)
    data: Any = cast("Any", body) if isinstance(body, dict | list) else _data_of(text)
    plain = status if isinstance(status, int) and not isinstance(status, bool) else None
    return Answer(provider, plain, _headers_of(headers), text, _first_object(data), clock.now(), title or provider)


def in_sentence(words: str, title: str) -> str:
    """The words, with what people call the provider as it stands inside of a sentence: "of the mail server"."""
    return words.replace(f" {title}", f" the{title[3:]}") if title.startswith("The ") else words


def failure(
    answer: Answer,
    cls: FailureClass,
    code: str,
    detail: str,
    *,
    what_to_do: str = "",
    message: str | None = None,
    retry_after: float | None = None,
    until: datetime | None = None,
    request_id: str | None = None,
    probe_after: float | None = None,
) -> Failure:
    """The failure that an answer means. The provider's words are taken from the answer."""
    words = message if message is not None else text_of(answer.error.get("message"))
    if not words:
        words = page_words(answer.text) if answer.is_html else answer.text
    return Failure(
        cls,
        answer.provider,
        slug(code),
        in_sentence(detail, answer.title),
        retry_after=waits.sane(retry_after),
        until=until,
        http=answer.status,
        request_id=request_id or answer.request_id,
        what_to_do=in_sentence(what_to_do, answer.title),
        message=shown(words),
        probe_after=probe_after,
    )


def shown(text: str) -> str:
    """A provider's words as they may be stored and shown: on one line, short, without keys."""
    text = text[: LONGEST_MESSAGE * 8]
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    text = " ".join(text.replace("\x00", " ").split())
    return text if len(text) <= LONGEST_MESSAGE else text[: LONGEST_MESSAGE - 1] + "…"


def page_words(text: str) -> str:
    """What a page for people says: its title, or its words."""
    found = _TITLE.search(text[:20_000])
    return found[1] if found else _TAGS.sub(" ", text[:20_000])


def as_object(value: object) -> Json:
    """The value if it is an object, otherwise an empty one."""
    return cast("Json", value) if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """The value if it is a list, otherwise an empty one."""
    return cast("list[Any]", value) if isinstance(value, list) else []


def text_of(value: object) -> str:
    """The value if it is text, otherwise an empty one."""
    return value if isinstance(value, str) else ""


def number_of(value: object) -> int | None:
    """The whole number that the value is, or spells."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        return int(value.strip())
    return None


def slug(code: object) -> str:
    """A code in one spelling: lower case, with hyphens, short."""
    return _WORD.sub("-", str(code).lower()[:120]).strip("-")[:80]


def _text_of(body: object) -> str:
    if isinstance(body, bytes | bytearray):
        return bytes(body[:LONGEST_BODY]).decode("utf-8", "replace")
    if isinstance(body, str):
        return body[:LONGEST_BODY]
    if isinstance(body, dict | list):
        try:
            return json.dumps(body, ensure_ascii=False)[:LONGEST_BODY]
        except (TypeError, ValueError, RecursionError):
            return ""
    return ""


def _data_of(text: str) -> Any:
    """The data in a text: JSON, JSON in a JSON string, or the last event of a stream that reports an error."""
    data = _json(text)
    # Some gateways quote the whole answer, sometimes twice.
    for _ in range(3):
        if isinstance(data, str):
            data = _json(data)
    if data is not None:
        return None if isinstance(data, str) else data
    events = [_json(event) for event in _SSE_DATA.findall(text[-200_000:])] if "data:" in text else []
    objects = [found for found in map(as_object, reversed(events)) if found]
    return next((event for event in objects if "error" in event), objects[0] if objects else None)


def _json(text: str) -> Any:
    text = text.strip().removeprefix("\ufeff")
    if not text or text[0] not in '{["':
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _first_object(data: Any) -> Any:
    """Streams of Gemini are a list of answers, and an error is its only member."""
    items = as_list(data)
    if not items and data != []:
        return data
    objects = [found for found in map(as_object, items) if found]
    return next((item for item in objects if "error" in item), objects[0] if objects else None)


def _headers_of(headers: object) -> dict[str, str]:
    if not isinstance(headers, Mapping):
        return {}
    return {
        str(name).lower(): _header_value(value)[:4000] for name, value in cast("Mapping[Any, Any]", headers).items()
    }


def _header_value(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return ", ".join(str(item) for item in cast("list[Any]", value)) if isinstance(value, list | tuple) else str(value)
