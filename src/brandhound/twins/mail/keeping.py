"""What was caught, and what is to go wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Literal

Stage = Literal["greeting", "hello", "sign-in", "sender", "recipient", "data", "end"]


@dataclass(frozen=True)
class Mail:
    """A mail that was taken."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    encrypted: bool
    user: str | None
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def message(self) -> EmailMessage:
        """The mail, read."""
        return message_from_bytes(self.raw, policy=policy.default)  # pyright: ignore[reportReturnType]

    @property
    def subject(self) -> str:
        return str(self.message["subject"])

    @property
    def text(self) -> str:
        """Its plain text."""
        return self._part("plain")

    @property
    def html(self) -> str:
        """Its HTML."""
        return self._part("html")

    def _part(self, kind: str) -> str:
        body = self.message.get_body((kind,))
        return str(body.get_content()) if body is not None else ""


@dataclass
class Trouble:
    """What goes wrong at a stage: a refusal with a code, silence, or a hang-up. `times` is how often; -1: always.

    At the stage "end" the mail has been taken before the answer goes wrong, as when a server dies at the wrong moment.
    """

    stage: Stage
    code: int | None = None
    text: str = "not now"
    stall: bool = False
    times: int = -1
    recipient: str | None = None

    def strikes(self, stage: Stage, recipient: str | None = None) -> bool:
        """Whether it happens now. Counts."""
        if self.stage != stage or self.times == 0 or (self.recipient is not None and self.recipient != recipient):
            return False
        self.times -= 1 if self.times > 0 else 0
        return True


@dataclass(frozen=True)
class Hook:
    """A webhook that came in."""

    name: str
    headers: Mapping[str, str]
    body: bytes
    status: int
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True)
class Reply:
    """How a webhook is answered. With `stall` not at all."""

    status: int = 200
    body: bytes = b"ok"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    stall: bool = False


@dataclass
class Kept:
    """Everything that was caught, oldest first, and what is still to go wrong."""

    mails: list[Mail] = field(default_factory=list[Mail])
    hooks: list[Hook] = field(default_factory=list[Hook])
    troubles: list[Trouble] = field(default_factory=list[Trouble])
    replies: dict[str, list[Reply]] = field(default_factory=dict[str, list[Reply]])
    """Answers to webhooks by name, taken in order; the last one stays."""
    dialled: int = 0
    """Connections to the mail server."""

    def trouble(self, stage: Stage, recipient: str | None = None) -> Trouble | None:
        """What goes wrong now."""
        return next((one for one in self.troubles if one.strikes(stage, recipient)), None)

    def reply(self, name: str) -> Reply:
        """How to answer the next webhook of that name."""
        waiting = self.replies.get(name)
        if not waiting:
            return Reply()
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    def forget(self) -> None:
        """Begin anew, and let everything go well."""
        self.mails.clear()
        self.hooks.clear()
        self.troubles.clear()
        self.replies.clear()
        self.dialled = 0
