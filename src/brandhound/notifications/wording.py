"""What is said outside the app: facts only, in the form that each sort of channel reads."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
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
        shown = [f"- {line.title}" + (f" {line.link}" if line.link else "") for line in self.lines[:_MOST_LINES]]
        if len(self.lines) > _MOST_LINES:
            shown.append(f"… and {len(self.lines) - _MOST_LINES} more")
        times = f"This happened {self.count} times." if self.count > 1 else ""
        return "\n\n".join(part for part in (self.body, times, "\n".join(shown)) if part)


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
    title = _slack_text(message.title)
    head = f"<{message.link}|{title}>" if message.link else title
    words = f"*{head}*\n{_slack_text(message.text)}"[:2900]
    return address, {
        "text": f"{message.title} ({message.organization})",
        "unfurl_links": False,
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": words}},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": _slack_text(_foot(message))}]},
        ],
    }


def _slack_text(text: str) -> str:
    # The only three that Slack reads as markup of its own: mentions of everybody, links and entities.
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _teams(address: str, message: Message) -> tuple[str, object]:
    color = {"info": "Default", "warning": "Warning", "critical": "Attention"}[message.severity]
    content: dict[str, object] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [
            {"type": "TextBlock", "size": "Medium", "weight": "Bolder", "color": color, "wrap": True, "text": message.title},
            {"type": "TextBlock", "wrap": True, "text": message.text[:8000] or " "},
            {"type": "TextBlock", "isSubtle": True, "spacing": "None", "wrap": True, "text": _foot(message)},
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
        "title": message.title[:256],
        "description": message.text[:4000],
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
        "title": message.title[:250],
        "message": (message.text or message.title)[:3500],
        "priority": _NTFY_PRIORITY[message.severity],
        "tags": [_NTFY_TAGS[message.severity]],
    }
    if message.link:
        body["click"] = message.link
    return f"{parts.scheme}://{parts.netloc}{server}/", body


def _foot(message: Message) -> str:
    return f"{message.organization} · {message.at:%d %b %Y, %H:%M} UTC"


_BODIES = {"webhook": _webhook, "slack": _slack, "teams": _teams, "discord": _discord, "ntfy": _ntfy}
