"""What Meta signs and calls us back with: `signed_request`, the signature and the payload, each in base64 without padding."""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from brandhound.ads.meta.calling import Application
from brandhound.core.problems import Problem


class NotSigned(Problem):
    """That was not signed by Meta for this application."""

    status = 400
    code = "ads/not-signed"
    what_to_do = (
        "Only Meta calls this address. If it is Meta, the secret in BRANDHOUND_META_APP_SECRET is another than the "
        "application's: correct it."
    )


@dataclass(frozen=True)
class Signed:
    """Whom it is about, and when it was signed."""

    subject_id: str
    issued_at: datetime


def read_signed(app: Application, text: str) -> Signed:
    """Who and when. Raises NotSigned for anything but what Meta signed with our secret."""
    signature, dot, payload = text.partition(".")
    if not dot:
        raise NotSigned
    expected = hmac.new(app.secret.encode(), payload.encode(), hashlib.sha256).digest()
    try:
        if not hmac.compare_digest(_decoded(signature), expected):
            raise NotSigned
        told: Any = json.loads(_decoded(payload))
    except (ValueError, binascii.Error) as error:
        raise NotSigned from error
    facts = cast("dict[str, Any]", told) if isinstance(told, dict) else {}
    subject, issued = facts.get("user_id"), facts.get("issued_at")
    if str(facts.get("algorithm", "")).upper() != "HMAC-SHA256" or not subject or not isinstance(issued, int | float):
        raise NotSigned
    return Signed(str(subject), datetime.fromtimestamp(issued, UTC))


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
