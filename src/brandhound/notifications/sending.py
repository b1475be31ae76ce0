"""One attempt to say something to one address, through the guard of outside services. No transaction may be open around it.

What is wrong with a message or with one address is that delivery's own matter. What is wrong with the mail server, or with
the host at which a hook lives, is everybody's: it counts there, and while it is left alone deliveries wait and fail not.
"""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from email.message import EmailMessage
from time import monotonic
from urllib.parse import urlsplit
from uuid import UUID

from brandhound.core import clock
from brandhound.core.http.client import FetchFailed, FetchResult, fetcher
from brandhound.core.mail_addresses import NOT_PLAIN, ascii_address, is_plain
from brandhound.core.settings import settings
from brandhound.jobs.redacting import MASK, redact
from brandhound.notifications.mailing import mail_of, sender
from brandhound.notifications.smtp import MailFailed, mail_server, send_mail
from brandhound.notifications.wording import ID_HEADER, SIGNATURE_HEADER, TIME_HEADER, Message, Post, fitted, post_of
from brandhound.providers.callees import key_fingerprint
from brandhound.providers.calling import guarded_call
from brandhound.providers.errors import ProviderFailed, problem_of
from brandhound.providers.failures import FailureClass, classify
from brandhound.providers.parking import Parked

ZERO_EGRESS = "this installation sends nothing outside (BRANDHOUND_ZERO_EGRESS)"
NO_MAIL = "no mail server is configured (BRANDHOUND_SMTP_URL)"

_SHOWN = 4_000
_LARGEST_ANSWER = 64 * 1024
_SHORTEST_KEY = 6
_LONG = 12
"""Pieces of an address that are as long are no words that others would write, too."""

_PATIENCE = timedelta(seconds=15)
"""So long a delivery waits for its turn at a service; after that it waits without holding a worker."""
_LEASE = timedelta(minutes=3)

# Of a refused recipient only these speak of the server: the rest is about somebody's mailbox.
_OF_THE_SERVER = frozenset({FailureClass.SLOW_DOWN, FailureClass.WAIT_QUOTA, FailureClass.AUTH})
# Of a hook that cannot be reached only these speak of its host: the rest is about the address that somebody gave.
_OF_THE_HOST = frozenset({FailureClass.NETWORK, FailureClass.BACKOFF, FailureClass.RETRY_AFTER})

# What is wrong with the address, not with the moment.
_FOR_GOOD = frozenset({"bad-url", "scheme", "port", "private-address", "zero-egress"})


@dataclass(frozen=True)
class Way:
    """Where a message goes. The secret signs webhooks, or is the other side's token."""

    sort: str
    address: str
    secret: str | None = None
    unsubscribe: str = ""
    why: str = ""


@dataclass(frozen=True)
class Attempt:
    """What came of it. `permanent`: trying again does not help. `gone`: the other side wants nothing more, ever.

    `parked`: the service is left alone, and the delivery waits for it; without a request, nothing was even tried.
    `nobody`: there is no person any more whom it is for, and the address is not to blame.
    Of a mail also: `refused`, the server knows no such recipient; `uncertain`, it may have been taken all the same.
    """

    ok: bool
    took_ms: int
    request: str = ""
    response: str = ""
    status: int | None = None
    error: str | None = None
    permanent: bool = False
    gone: bool = False
    retry_after: float | None = None
    parked: Parked | None = None
    refused: bool = False
    uncertain: bool = False
    nobody: bool = False


async def say(way: Way, message: Message) -> Attempt:
    """Say it once. Never raises for what the other side does; safe to repeat, because the message keeps its identifier."""
    started = monotonic()
    if settings().zero_egress:
        return Attempt(False, 0, error=ZERO_EGRESS, permanent=True)
    if way.sort == "email":
        return await _mail(way, message, started)
    return await _hook(way, message, started)


async def check_address(url: str) -> None:
    """Find out whether that address may be asked at all; asks the name service and nobody else. Raises FetchFailed."""
    is_own = await fetcher().check(url)
    if not is_own and not url.lower().startswith("https://"):
        raise FetchFailed("scheme", "the address must begin with https://, or everybody on the way could read along")


def refusal(failed: FetchFailed) -> str:
    """Why an address cannot be used, and what would help."""
    return failed.detail


async def _mail(way: Way, message: Message, started: float) -> Attempt:
    if not is_plain(way.address):
        return Attempt(False, 0, error=NOT_PLAIN, permanent=True)
    try:
        mail = mail_of(message, way.address, way.unsubscribe, way.why)
    except MailFailed as failed:
        return Attempt(False, 0, error=failed.detail, permanent=failed.permanent)
    except ValueError as error:
        return Attempt(False, 0, error=f"the mail cannot be written: {error}", permanent=True)
    return await hand_over(mail, way.address, message.organization_id, started)


async def hand_over(mail: EmailMessage, address: str, organization_id: UUID, started: float | None = None) -> Attempt:
    """Hand a mail that is written to the mail server of the settings, once. Never raises for what that one does."""
    started = monotonic() if started is None else started
    if settings().zero_egress:
        return Attempt(False, 0, error=ZERO_EGRESS, permanent=True)
    shown = "\n".join(f"{name}: {mail[name]}" for name in ("From", "To", "Subject", "Message-ID"))
    try:
        server = mail_server()
    except MailFailed as error:
        return Attempt(False, 0, error=error.detail, permanent=error.permanent)
    if server is None:
        return Attempt(False, 0, error=NO_MAIL, permanent=True)
    key, host = key_fingerprint(server.account), f"{server.host}:{server.port}"
    words = ""
    failed: MailFailed | None = None
    parked: Parked | None = None
    try:
        async with guarded_call("smtp", key, host, organization_id, patience=_PATIENCE, lease=_LEASE):
            try:
                words = await send_mail(server, mail, sender(), ascii_address(address))
            except MailFailed as error:
                failed = error
                _blame_the_server(error)
    except Parked as reason:
        parked = reason
        if failed is None:
            return Attempt(False, _since(started), error=reason.reason, parked=reason)
    except ProviderFailed:
        pass  # Its words are in `failed`, as the server said them.
    if failed is None:
        return Attempt(True, _since(started), shown, redact(words[:_SHOWN]), status=250)
    return Attempt(
        False,
        _since(started),
        shown,
        status=failed.status,
        error=redact(failed.detail),
        permanent=failed.permanent,
        refused=failed.permanent and failed.code == "recipient-refused",
        uncertain=failed.uncertain,
        parked=parked,
    )


def _blame_the_server(failed: MailFailed) -> None:
    """Raises ProviderFailed for what is not the matter of this one mail."""
    if failed.code == "bad-mail":
        return
    failure = classify("smtp", body_or_error=failed.__cause__ or failed)
    if failed.code != "recipient-refused" or failure.cls in _OF_THE_SERVER:
        raise problem_of(failure) from failed


async def _hook(way: Way, message: Message, started: float) -> Attempt:
    post = post_of(way.sort, way.address, way.secret, message, clock.now())
    shown, host = _shown(way, post), urlsplit(post.url).netloc.rpartition("@")[2]
    answer: FetchResult | None = None
    failed: FetchFailed | None = None
    parked: Parked | None = None
    try:
        async with guarded_call(way.sort, "", host, message.organization_id, patience=_PATIENCE, lease=_LEASE) as slot:
            try:
                answer = await fetcher().post(post.url, post.body, post.headers, _LARGEST_ANSWER)
            except FetchFailed as error:
                failed = error
                if classify(way.sort, body_or_error=error).cls in _OF_THE_HOST:
                    raise
            # A hook that is full says so of itself: many share the host.
            if answer is not None and (answer.status >= 500 or (answer.status == 429 and way.sort == "webhook")):
                slot.check(answer.status, answer.headers, answer.body)
    except Parked as reason:
        parked = reason
        if answer is None and failed is None:
            return Attempt(False, _since(started), error=reason.reason, parked=reason)
    except ProviderFailed:
        pass  # What it said, or did not, is at hand.
    if answer is not None:
        return replace(_judged(way, answer, shown, _since(started)), parked=parked)
    assert failed is not None
    return Attempt(
        False,
        _since(started),
        shown,
        error=_unsaid(way, failed.detail),
        permanent=failed.code in _FOR_GOOD,
        retry_after=failed.retry_after,
        parked=parked,
    )


def _judged(way: Way, answer: FetchResult, shown: str, took_ms: int) -> Attempt:
    status = answer.status
    said = _unsaid(way, answer.body.decode("utf-8", "replace"))[:_SHOWN]
    if 200 <= status < 300:
        return Attempt(True, took_ms, shown, said, status)
    if 300 <= status < 400:
        error = f"it answers {status}, which leads elsewhere: give the address where notices are really taken"
    else:
        error = f"it answers {status}" + (f": {fitted(said, 200)}" if said.strip() else "")
    # The services say so when a hook was removed or a token is wrong; somebody's own receiver may be half deployed.
    for_good = way.sort != "webhook" and status in (400, 401, 403, 404)
    gone = status == 410 or (way.sort == "slack" and status == 404)
    return Attempt(
        False,
        took_ms,
        shown,
        said,
        status,
        error,
        permanent=for_good or gone,
        gone=gone,
        retry_after=answer.retry_after,
    )


def _shown(way: Way, post: Post) -> str:
    """The request as the log of deliveries shows it: neither address nor token, which are keys."""
    named = {name: post.headers[name] for name in (ID_HEADER, TIME_HEADER) if name in post.headers}
    lines = [
        f"POST {urlsplit(post.url).scheme}://{urlsplit(post.url).hostname}/…",
        *(f"{name}: {value}" for name, value in named.items()),
    ]
    if SIGNATURE_HEADER in post.headers:
        lines.append(f"{SIGNATURE_HEADER}: v1=…")
    return _unsaid(way, "\n".join([*lines, "", post.body[:_SHOWN].decode("utf-8", "replace")]))


def _unsaid(way: Way, text: str) -> str:
    """The text without what is a key of that way: the other side may repeat what it was sent.

    Of a path that is a word only the place behind its host is one: elsewhere others mean something else by it.
    """
    parts = urlsplit(way.address)
    path, host = parts.path.strip("/"), parts.netloc.rpartition("@")[2]
    if path or parts.query:
        behind = f"{parts.path}?{parts.query}" if parts.query else parts.path.rstrip("/")
        text = re.sub(rf"(?i)({re.escape(way.address)}|{re.escape(host + behind)})(?!\w)", MASK, text)
    keys = [key for key in (way.secret or "", parts.password or "") if len(key) >= _SHORTEST_KEY]
    keys += [key for key in (path, parts.query) if _is_no_word(key)]
    keys += [piece for piece in re.split(r"[/?&=]", f"{parts.path}?{parts.query}") if len(piece) >= _LONG]
    if way.sort == "ntfy" and path:
        # Its name is all that keeps others from a topic.
        keys.append(f'"{path.rpartition("/")[2]}"')
    for key in sorted(keys, key=len, reverse=True):
        text = text.replace(key, MASK)
    return redact(text)


def _is_no_word(key: str) -> bool:
    return len(key) >= _LONG or (len(key) >= _SHORTEST_KEY and re.search(r"\d", key) is not None)


def _since(started: float) -> int:
    return round((monotonic() - started) * 1000)
