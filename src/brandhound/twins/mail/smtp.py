"""As much of a mail server as a sender needs (RFC 5321): greeting, STARTTLS, AUTH, one mail after the other."""

import asyncio
import base64
import contextlib
import ssl
from dataclasses import dataclass, field

from brandhound.twins.mail.keeping import Kept, Mail, Stage

LARGEST = 20 * 1024 * 1024


class HungUp(Exception):
    """The conversation is over."""


@dataclass
class _Envelope:
    sender: str | None = None
    recipients: list[str] = field(default_factory=list[str])


class Conversation:
    """One connection."""

    def __init__(
        self,
        kept: Kept,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        context: ssl.SSLContext | None,
        account: tuple[str, str] | None,
    ) -> None:
        self._kept = kept
        self._reader = reader
        self._writer = writer
        self._context = context
        self._account = account
        self._encrypted = writer.get_extra_info("ssl_object") is not None
        self._user: str | None = None
        self._envelope = _Envelope()

    async def hold(self) -> None:
        """Talk until the other side has had enough."""
        self._kept.dialled += 1
        with contextlib.suppress(
            HungUp, ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ssl.SSLError
        ):
            await self._say("greeting", 220, "mail twin")
            while True:
                line = (await self._reader.readuntil(b"\r\n")).decode("utf-8", "replace").rstrip("\r\n")
                verb, _, rest = line.partition(" ")
                await self._answer(verb.upper(), rest.strip())
        self._writer.close()

    async def _answer(self, verb: str, rest: str) -> None:
        match verb:
            case "EHLO" | "HELO":
                await self._greet(verb)
            case "STARTTLS" if self._context is not None and not self._encrypted:
                await self._say(None, 220, "go ahead")
                await self._writer.start_tls(self._context)
                self._encrypted = True
            case "AUTH" if self._account is not None:
                await self._sign_in(rest)
            case "MAIL" if self._account is not None and self._user is None:
                await self._say(None, 530, "5.7.0 sign in first")
            case "MAIL":
                self._envelope = _Envelope(_path(rest))
                await self._say("sender", 250, "2.1.0 ok")
            case "RCPT":
                recipient = _path(rest)
                if await self._say("recipient", 250, "2.1.5 ok", recipient):
                    self._envelope.recipients.append(recipient)
            case "DATA":
                await self._take()
            case "RSET" | "NOOP":
                self._envelope = _Envelope() if verb == "RSET" else self._envelope
                await self._say(None, 250, "2.0.0 ok")
            case "QUIT":
                await self._say(None, 221, "2.0.0 bye")
                raise HungUp
            case _:
                await self._say(None, 502, "5.5.1 not here")

    async def _greet(self, verb: str) -> None:
        can = ["8BITMIME", "SMTPUTF8", f"SIZE {LARGEST}"]
        if self._context is not None and not self._encrypted:
            can.append("STARTTLS")
        if self._account is not None:
            can.append("AUTH PLAIN LOGIN")
        if verb == "HELO":
            await self._say("hello", 250, "mail twin")
            return
        trouble = self._kept.trouble("hello")
        if trouble is not None:
            await self._go_wrong(trouble.code, trouble.text, stall=trouble.stall)
            return
        lines = ["mail twin", *can]
        text = "".join(f"250{'-' if at < len(lines) - 1 else ' '}{line}\r\n" for at, line in enumerate(lines))
        self._writer.write(text.encode())
        await self._writer.drain()

    async def _sign_in(self, rest: str) -> None:
        mechanism, _, given = rest.partition(" ")
        if mechanism.upper() == "PLAIN":
            if not given:
                await self._say(None, 334, "")
                given = (await self._reader.readuntil(b"\r\n")).decode().strip()
            _, user, password = base64.b64decode(given).decode().split("\0")
        else:
            await self._say(None, 334, base64.b64encode(b"Username:").decode())
            user = base64.b64decode(await self._reader.readuntil(b"\r\n")).decode()
            await self._say(None, 334, base64.b64encode(b"Password:").decode())
            password = base64.b64decode(await self._reader.readuntil(b"\r\n")).decode()
        if (user, password) != self._account:
            await self._say(None, 535, "5.7.8 user or password is wrong")
        elif await self._say("sign-in", 235, "2.7.0 welcome"):
            self._user = user

    async def _take(self) -> None:
        if self._envelope.sender is None or not self._envelope.recipients:
            await self._say(None, 503, "5.5.1 sender and recipient first")
            return
        if not await self._say("data", 354, "go on, end with a dot"):
            return
        raw = b""
        while (line := await self._reader.readuntil(b"\r\n")) != b".\r\n":
            raw += line[1:] if line.startswith(b".") else line
        mail = Mail(self._envelope.sender, tuple(self._envelope.recipients), raw, self._encrypted, self._user)
        self._kept.mails.append(mail)
        self._envelope = _Envelope()
        await self._say("end", 250, f"2.0.0 kept as {len(self._kept.mails)}")

    async def _say(self, stage: Stage | None, code: int, text: str, recipient: str | None = None) -> bool:
        """Answer as planned, or as the trouble of this stage wants it; says whether it went well."""
        trouble = self._kept.trouble(stage, recipient) if stage else None
        if trouble is not None:
            await self._go_wrong(trouble.code, trouble.text, stall=trouble.stall)
            return False
        self._writer.write(f"{code} {text}\r\n".encode())
        await self._writer.drain()
        return True

    async def _go_wrong(self, code: int | None, text: str, *, stall: bool) -> None:
        if stall:
            # Until the other side gives up.
            await self._reader.read()
            raise HungUp
        if code is None:
            raise HungUp
        self._writer.write(f"{code} {text}\r\n".encode())
        await self._writer.drain()


def _path(text: str) -> str:
    """ "FROM:<ann@acme.example> SIZE=12" → "ann@acme.example" """
    return text.partition("<")[2].partition(">")[0]
