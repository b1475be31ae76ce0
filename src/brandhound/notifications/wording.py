"""What is said outside the app: facts only, in the form that each sort of channel reads."""

import hashlib
import hmac
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from brandhound.core.settings import settings

ID_HEADER = "Brandhound-Delivery"
TIME_HEADER = "Brandhound-Timestamp"
SIGNATURE_HEADER = "Brandhound-Signature"

_COLORS = {"info": 0x3B82F6, "warning": 0xD97706, "critical": 0xDC2626}
_NTFY_PRIORITY = {"info": 3, "warning": 4, "critical": 5}
_NTFY_TAGS = {"info": "information_source", "warning": "warning", "critical": "rotating_light"}
_MOST_LINES = 50
_MORE = len("\n… and 1000 more")
_NTFY_BYTES = 4000
"""What is longer than 4,096 bytes is made a file of, or refused."""
_LONGEST_WORD = 40
# Not beyond a sign that is markup: what a title only puts behind “https://” is no address.
_ADDRESS = re.compile(r"(https?://[^\s\\*`|\[\]<>]+)")
_MARKUP = re.compile(r"([\\*_~`|#\[\]])")


@dataclass(frozen=True)
class Line:
    """One notice in a summary."""

    title: str
    severity: str
    link: str | None


@dataclass(frozen=True)
class Message:
    """A notice, a summary of several, or a test, as it leaves. `id` stays the same however often it is sent."""

    id: UUID
    type: str
    """notification, summary or test."""
    organization_id: UUID
    organization: str
    kind: str
    severity: str
    title: str
    body: str
    link: str | None
    at: datetime
    count: int = 1
    notification_id: UUID | None = None
    incident_key: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])
    lines: tuple[Line, ...] = ()

    @property
    def text(self) -> str:
        """The body in plain text, with the notices of a summary."""
        return self.text_within(None)

    def text_within(
        self, most: int | None, written: Callable[[str], str] = str, linked: Callable[[str], str] = str
    ) -> str:
        """The same in so many characters at the most: whole notices, and how many more there are.

        `written` and `linked` put words and addresses as the other side reads them.
        """
        times = f"This happened {self.count} times." if self.count > 1 else ""
        said = "\n\n".join(part for part in (self.body, times) if part)
        head = written(said) if most is None else fitted(said, most, written)
        lines = ["- " + written(line.title) + (f" {linked(line.link)}" if line.link else "") for line in self.lines]
        shown, left = lines[:_MOST_LINES], most
        if left is not None:
            left -= len(head) + 2 + _MORE
            while shown and sum(len(line) + 1 for line in shown) > left:
                shown.pop()
        if len(lines) > len(shown):
            shown.append(f"… and {len(lines) - len(shown)} more")
        return "\n\n".join(part for part in (head, "\n".join(shown)) if part)


@dataclass(frozen=True)
class Post:
    """An HTTP request that says it."""

    url: str
    body: bytes
    headers: Mapping[str, str]


def own_address() -> str:
    """The address under which people reach this installation, without a slash at the end."""
    host = settings().host
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host
    return settings().public_url or f"http://{shown}:{settings().port}"


def absolute(href: str | None) -> str | None:
    """A place in the product as an address that can be opened from outside."""
    if href is None or "://" in href:
        return href
    return f"{own_address()}{href}"


def fitted(text: str, most: int, written: Callable[[str], str] = str) -> str:
    """The text as it is written there, in so many characters at the most; what is cut ends at a word, and in an ellipsis."""
    if len(whole := written(text)) <= most:
        return whole
    cut = text[:most]
    while cut and (over := len(written(cut)) + 1 - most) > 0:
        # A sign becomes six at the most, so that not too many are taken away.
        cut = cut[: -max(1, over // 6)]
    cut = text[: _whole_until(text, len(cut))]
    return f"{written(cut.rstrip())}…" if cut else ""


def _whole_until(text: str, at: int) -> int:
    """Where to cut so that a word stays whole; in writing without spaces at least what people see as one sign."""
    if text[at : at + 1].isspace():
        return at
    words = max((found.end() for found in re.finditer(r"\s", text[max(0, at - _LONGEST_WORD) : at])), default=0)
    return max(0, at - _LONGEST_WORD) + words if words else _sign_until(text, at)


def _sign_until(text: str, at: int) -> int:
    while 0 < at < len(text) and (_goes_on(text[at]) or text[at - 1] == "\u200d"):
        at -= 1
    flags = 0
    while at - flags > 0 and _is_half_a_flag(text[at - flags - 1]):
        flags += 1
    return at - flags % 2


def _goes_on(sign: str) -> bool:
    """Whether it belongs to what stands before: an accent, a joiner, the look or the skin of an emoji."""
    return sign == "\u200d" or unicodedata.category(sign) in ("Mn", "Me") or "\U0001f3fb" <= sign <= "\U0001f3ff"


def _is_half_a_flag(sign: str) -> bool:
    return "\U0001f1e6" <= sign <= "\U0001f1ff"


def post_of(sort: str, address: str, secret: str | None, message: Message, now: datetime) -> Post:
    """The request that tells a channel of that sort. `secret` signs webhooks; for ntfy it is the access token."""
    url, body = _BODIES[sort](address, message)
    data = json.dumps(body, ensure_ascii=False, separators=(",", ":"), default=str).encode()
    headers = {"content-type": "application/json", ID_HEADER: str(message.id)}
    if sort == "webhook":
        timestamp = str(int(now.timestamp()))
        headers[TIME_HEADER] = timestamp
        headers[SIGNATURE_HEADER] = signature(secret or "", timestamp, data)
    elif secret:
        headers["authorization"] = f"Bearer {secret}"
    return Post(url, data, headers)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """`v1=` and the HMAC-SHA-256 of the timestamp, a dot and the body, in hexadecimal."""
    return "v1=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _webhook(address: str, message: Message) -> tuple[str, object]:
    return address, {
        "id": message.id,
        "type": message.type,
        "organization": {"id": message.organization_id, "name": message.organization},
        "notification": {
            "id": message.notification_id,
            "kind": message.kind,
            "severity": message.severity,
            "title": message.title,
            "body": message.body,
            "link": message.link,
            "count": message.count,
            "at": message.at.isoformat(),
            "incident": message.incident_key,
            "facts": dict(message.facts),
        },
        "notices": [{"title": line.title, "severity": line.severity, "link": line.link} for line in message.lines],
    }


def _slack(address: str, message: Message) -> tuple[str, object]:
    title = fitted(message.title, 1000, _slack_text)
    head = f"*<{message.link}|{title}>*\n" if message.link else f"*{title}*\n"
    words = head + message.text_within(2900 - len(head), _slack_text, _slack_text)
    return address, {
        "text": _slack_text(f"{message.title} ({message.organization})"),
        "unfurl_links": False,
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": words}},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": _slack_text(_foot(message))}]},
        ],
    }


def _slack_text(text: str) -> str:
    # The only three that Slack reads as markup of its own: mentions of everybody, links and entities.
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _markdown(text: str) -> str:
    """Words that hold no markup, for those who read Markdown: else a stranger's title is a link to wherever he likes."""
    parts = _ADDRESS.split(text)
    return "".join(part if at % 2 else _MARKUP.sub(r"\\\1", part) for at, part in enumerate(parts))


def _teams(address: str, message: Message) -> tuple[str, object]:
    color = {"info": "Default", "warning": "Warning", "critical": "Attention"}[message.severity]
    title = _markdown(message.title)
    content: dict[str, object] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [
            {"type": "TextBlock", "size": "Medium", "weight": "Bolder", "color": color, "wrap": True, "text": title},
            {"type": "TextBlock", "wrap": True, "text": message.text_within(8000, _markdown) or " "},
            {"type": "TextBlock", "isSubtle": True, "spacing": "None", "wrap": True, "text": _markdown(_foot(message))},
        ],
    }  # fmt: skip
    if message.link:
        content["actions"] = [{"type": "Action.OpenUrl", "title": "Open", "url": message.link}]
    return address, {
        "type": "message",
        "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": content}],
    }


def _discord(address: str, message: Message) -> tuple[str, object]:
    embed: dict[str, object] = {
        "title": fitted(message.title, 256, _markdown),
        "description": message.text_within(4000, _markdown),
        "color": _COLORS[message.severity],
        "footer": {"text": _foot(message)[:2048]},
        "timestamp": message.at.isoformat(),
    }
    if message.link:
        embed["url"] = message.link
    # Whatever a title holds, it calls nobody.
    return address, {"embeds": [embed], "allowed_mentions": {"parse": []}}


def _ntfy(address: str, message: Message) -> tuple[str, object]:
    # As JSON to the server and not as text to the topic: headers hold no letters beyond Latin-1.
    parts = urlsplit(address)
    server, _, topic = parts.path.rstrip("/").rpartition("/")
    body: dict[str, object] = {
        "topic": topic,
        "title": fitted(message.title, 250),
        "message": _in_bytes(message, _NTFY_BYTES) or message.title,
        "priority": _NTFY_PRIORITY[message.severity],
        "tags": [_NTFY_TAGS[message.severity]],
    }
    if message.link:
        body["click"] = message.link
    return f"{parts.scheme}://{parts.netloc}{server}/", body


def _in_bytes(message: Message, most: int) -> str:
    room = most
    while (size := len((text := message.text_within(room)).encode())) > most:
        room = room * most // size - 1
    return text


def _foot(message: Message) -> str:
    return f"{message.organization} · {message.at.astimezone(UTC):%d %b %Y, %H:%M} UTC"


_BODIES = {"webhook": _webhook, "slack": _slack, "teams": _teams, "discord": _discord, "ntfy": _ntfy}
