"""Handing a mail to a mail server: one connection, one mail, and a name for everything that goes wrong."""

import asyncio
import contextlib
import smtplib
import socket
import ssl
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import cache
from typing import Literal
from urllib.parse import unquote, urlsplit

import certifi

from brandhound.core.settings import settings
from brandhound.notifications.mailing import sender_host

Tls = Literal["implicit", "starttls", "none"]

LONGEST = 150.0
"""Seconds after which a mail is let go, whatever the settings allow for each answer: its run has three minutes."""

# A mail server that says nothing holds its thread until the time is up: never the threads of others.
_threads = ThreadPoolExecutor(max_workers=8, thread_name_prefix="mail")


@dataclass(frozen=True)
class MailServer:
    """Where mails leave. `timeout` is in seconds, for each answer; three times that for the whole of it."""

    host: str
    port: int
    tls: Tls
    timeout: float
    user: str = ""
    password: str = field(default="", repr=False)
    context: ssl.SSLContext | None = None

    @property
    def account(self) -> str | None:
        """Who signs in, and how; a secret. None where nobody does."""
        return f"{self.user}:{self.password}" if self.user else None


class MailFailed(Exception):
    """The mail was not taken. `permanent`: asking again does not help. `status` is the server's, where it gave one.

    `uncertain`: all of it was on its way when the line went dead, so that it may have been taken after all.
    """

    uncertain = False

    def __init__(self, code: str, detail: str, *, permanent: bool = False, status: int | None = None) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.permanent = permanent
        self.status = status


def mail_server() -> MailServer | None:
    """The server that the settings name; None without one. Raises MailFailed if they do not name one properly."""
    given = settings().smtp_url
    if given is None:
        return None
    try:
        parts = urlsplit(given.get_secret_value().strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if parts.scheme not in ("smtp", "smtps") or not host:
        raise MailFailed(
            "bad-setting", "BRANDHOUND_SMTP_URL must be smtp://host:port or smtps://host:port", permanent=True
        )
    implicit = parts.scheme == "smtps"
    tls: Tls = "implicit" if implicit else settings().smtp_tls
    return MailServer(
        host=host,
        port=port or (465 if implicit else 587),
        tls=tls,
        timeout=settings().smtp_timeout,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


async def send_mail(server: MailServer, mail: EmailMessage, sender: str, to: str) -> str:
    """Hand it over; returns the server's last words. Raises MailFailed, and nothing else.

    An answer that is lost on the way leaves open whether the mail was taken; sent again, it has the same Message-ID.
    """
    call = _Call(server)
    longest = min(server.timeout * 3, LONGEST)
    loop = asyncio.get_running_loop()
    work = loop.run_in_executor(_threads, call.hand_over, mail, sender, to)
    try:
        async with asyncio.timeout(longest):
            return await asyncio.shield(work)
    except TimeoutError as error:
        raise call.marked(MailFailed("timeout", f"{server.host} did not finish in {longest:g} seconds")) from error
    finally:
        if not work.done():
            # Pulls the line from under the thread, which then ends by itself.
            call.hang_up()
            work.add_done_callback(lambda ended: ended.cancelled() or ended.exception())


class _Line(smtplib.SMTP):
    """Remembers the other side's last words, which smtplib throws away when they are good ones."""

    words = ""
    handing = False
    """Whether the mail itself is on its way: begun, and not answered yet."""

    def getreply(self) -> tuple[int, bytes]:
        code, said = super().getreply()
        self.handing = code == 354
        self.words = f"{code} {said.decode('utf-8', 'replace')}"
        return code, said


class _TlsLine(smtplib.SMTP_SSL, _Line):
    pass


class _Call:
    def __init__(self, server: MailServer) -> None:
        self.server = server
        self.line: _Line | None = None

    def marked(self, failed: MailFailed) -> MailFailed:
        """The failure, with whether the mail may have been taken all the same."""
        failed.uncertain = self.line is not None and self.line.handing
        return failed

    def hang_up(self) -> None:
        line = self.line
        if line is not None and line.sock is not None:
            # Closing alone would not wake a thread that waits for the other side.
            with contextlib.suppress(OSError):
                line.sock.shutdown(socket.SHUT_RDWR)
            with contextlib.suppress(OSError):
                line.sock.close()

    def hand_over(self, mail: EmailMessage, sender: str, to: str) -> str:
        server = self.server
        try:
            self.line = line = self._dialled()
            if server.user:
                line.login(server.user, server.password)
            line.send_message(mail, sender, [to])
            taken = line.words
            with contextlib.suppress(smtplib.SMTPException, OSError):
                line.quit()
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise self.marked(_failure(server, error)) from error
        finally:
            self.hang_up()
        return taken

    def _dialled(self) -> "_Line":
        server = self.server
        # Named, because smtplib would else ask the name service for this machine's own name.
        name = sender_host()
        if server.tls == "implicit":
            context = server.context or trusted_context()
            return _TlsLine(server.host, server.port, name, timeout=server.timeout, context=context)
        line = _Line(server.host, server.port, name, timeout=server.timeout)
        self.line = line
        if server.tls == "starttls":
            line.starttls(context=server.context or trusted_context())
        return line


@cache
def trusted_context() -> ssl.SSLContext:
    """Certificates are always verified: against Mozilla's roots and those of this machine."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _failure(server: MailServer, error: Exception) -> MailFailed:
    where = f"{server.host}:{server.port}"
    match error:
        case smtplib.SMTPRecipientsRefused():
            status, words = _first(error.recipients)
            told = f"{where} refuses the recipient: {status} {words}"
            return MailFailed("recipient-refused", told, permanent=status >= 500, status=status)
        case smtplib.SMTPResponseException():
            # 4xx is for now, 5xx for good: a wrong password does not heal by being tried again.
            is_password = isinstance(error, smtplib.SMTPAuthenticationError)
            told = f"{where} refuses {'user or password' if is_password else 'the mail'}: {_said(error)}"
            permanent = 500 <= error.smtp_code < 600
            return MailFailed("auth" if is_password else "refused", told, permanent=permanent, status=error.smtp_code)
        case smtplib.SMTPNotSupportedError() if "SMTPUTF8" in str(error):
            # Only for what is before the @ (see `ascii_address`): another recipient has nothing to do with it.
            told = f"{where} takes no address with letters beyond a to z before the @"
            return MailFailed("recipient-refused", told, permanent=True)
        case smtplib.SMTPNotSupportedError():
            return MailFailed("no-tls", f"{where} offers no encryption or no sign-in: {error}", permanent=True)
        case smtplib.SMTPServerDisconnected() if isinstance(error.__context__, TimeoutError):
            return MailFailed("timeout", f"{where} did not answer in {server.timeout:g} seconds")
        case smtplib.SMTPServerDisconnected():
            return MailFailed("connection", f"{where} hung up: {error}")
        case ssl.SSLCertVerificationError():
            return MailFailed("tls", f"{where}: the certificate is not trusted: {error.verify_message}")
        case ssl.SSLError():
            return MailFailed("tls", f"{where} does not speak TLS properly: {error.reason or error}")
        case TimeoutError():
            return MailFailed("timeout", f"{where} did not answer in {server.timeout:g} seconds")
        case ConnectionRefusedError():
            return MailFailed("connection", f"{where} refuses connections")
        case OSError():
            return MailFailed("connection", f"{where} cannot be reached: {error.strerror or error}")
        case _:
            return MailFailed("bad-mail", f"the mail cannot be sent as it is: {error}", permanent=True)


def _first(recipients: Mapping[str, tuple[int, bytes]]) -> tuple[int, str]:
    status, words = next(iter(recipients.values()), (550, b""))
    return status, words.decode("utf-8", "replace")


def _said(error: smtplib.SMTPResponseException) -> str:
    words = (
        error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else str(error.smtp_error)
    )
    return f"{error.smtp_code} {words}"[:500]
