"""The doctor looks from outside: whether mails in our name are believed, and whether streams pass through the proxy."""

import asyncio
import socketserver
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import dns.message
import dns.rcode
import dns.rrset
import pytest
from dns import resolver
from fastapi import FastAPI

from brandhound.app.checks import mail, passing
from brandhound.app.findings import Finding
from tests.app.test_live import served
from tests.jobs.test_following import through_proxy

Records = dict[str, list[str]]


class NameService:
    """A name service on the loopback, and what it was asked."""

    def __init__(self) -> None:
        self.records: Records = {}
        self.asked: list[str] = []
        self.silent = False

    def answer(self, wire: bytes) -> bytes | None:
        question = dns.message.from_wire(wire)
        name = question.question[0].name.to_text(omit_final_dot=True)
        self.asked.append(name)
        if self.silent:
            return None
        reply = dns.message.make_response(question)
        if texts := self.records.get(name):
            # A record longer than 255 bytes comes in pieces.
            pieces = [" ".join(f'"{text[at : at + 200]}"' for at in range(0, len(text), 200)) for text in texts]
            reply.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "TXT", *pieces))
        else:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply.to_wire()


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Generator[NameService]:
    service = NameService()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            wire, line = self.request
            if (answer := service.answer(wire)) is not None:
                line.sendto(answer, self.client_address)

    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        asking = resolver.Resolver(configure=False)
        asking.nameservers = ["127.0.0.1"]
        asking.port = server.server_address[1]
        monkeypatch.setattr(resolver, "default_resolver", asking)
        yield service
        server.shutdown()


@pytest.fixture
def mailing(set_to: Callable[..., None]) -> None:
    set_to(SMTP_URL="smtp://mail.acme.com:587", SMTP_FROM="news@notes.acme.com")


def verdicts() -> dict[str, str]:
    return {finding.check: finding.verdict for finding in (check() for check in mail.CHECKS)}


def test_nobody_is_asked_where_no_mail_is_sent(names: NameService, set_to: Callable[..., None]) -> None:
    assert set(verdicts().values()) == {"good"}
    set_to(SMTP_URL="smtp://127.0.0.1:25")
    assert verdicts() == {"mail sender": "warning", "SPF": "good", "DKIM": "good", "DMARC": "good"}
    set_to(SMTP_FROM="news@acme.com", ZERO_EGRESS="true")
    assert verdicts() == {"mail sender": "good", "SPF": "good", "DKIM": "good", "DMARC": "good"}
    assert names.asked == []


def test_a_domain_that_vouches_for_its_mails_is_good(names: NameService, mailing: None) -> None:
    names.records = {
        "notes.acme.com": ["google-site-verification=x", f"v=spf1 ip4:192.0.2.1 {'include:a.example ' * 20}-all"],
        "selector2._domainkey.notes.acme.com": [f"v=DKIM1; k=rsa; p={'A' * 380}"],
        "_dmarc.acme.com": ["v=DMARC1; p=quarantine; rua=mailto:x@acme.com"],
    }
    assert set(verdicts().values()) == {"good"}
    # The policy of the organization's own domain holds for what is below it.
    assert "acme.com: policy quarantine" in mail.check_dmarc().found


@pytest.mark.parametrize(
    ("records", "check", "verdict", "words"),
    [
        ({}, mail.check_spf, "warning", "no record"),
        ({"notes.acme.com": ["v=spf1 -all", "v=spf1 mx"]}, mail.check_spf, "bad", "2 records"),
        ({"notes.acme.com": ["v=spf1 mx +all"]}, mail.check_spf, "warning", "everybody"),
        ({"notes.acme.com": ["v=spf10 -all"]}, mail.check_spf, "warning", "no record"),
        ({}, mail.check_dmarc, "warning", "no policy"),
        ({"_dmarc.acme.com": ["v=DMARC1; rua=mailto:x@acme.com"]}, mail.check_dmarc, "warning", "without a policy"),
        ({}, mail.check_dkim, "unknown", "usual names"),
        ({"k1._domainkey.notes.acme.com": ["v=DKIM1; p="]}, mail.check_dkim, "unknown", "usual names"),
    ],
)
def test_what_is_missing_is_told_with_what_to_publish(
    names: NameService, mailing: None, records: Records, check: Callable[[], Finding], verdict: str, words: str
) -> None:
    names.records = records
    finding = check()
    assert (finding.verdict, words in finding.found) == (verdict, True), finding
    assert "notes.acme.com" in finding.what_to_do or "acme.com" in finding.found
    assert finding.what_to_do


def test_the_key_that_is_named_in_the_settings_is_looked_for(
    names: NameService, mailing: None, set_to: Callable[..., None]
) -> None:
    set_to(SMTP_DKIM_SELECTOR="autumn")
    assert mail.check_dkim().verdict == "bad"
    names.records = {"autumn._domainkey.notes.acme.com": ["v=DKIM1; p="]}
    assert "revoked" in mail.check_dkim().found
    names.records = {"autumn._domainkey.notes.acme.com": ["v=DKIM1; p=MIGf"]}
    assert mail.check_dkim().verdict == "good"
    assert set(names.asked) == {"autumn._domainkey.notes.acme.com"}


def test_without_a_network_it_is_unknown_and_soon(
    names: NameService, mailing: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "PATIENCE", 0.3)
    names.silent = True
    assert verdicts() == {"mail sender": "good", "SPF": "unknown", "DKIM": "unknown", "DMARC": "unknown"}
    # The first question that nobody answers is the last of its check.
    assert len(set(names.asked)) == 3


@asynccontextmanager
async def through_buffer(url: str) -> AsyncGenerator[int]:
    """A proxy that hands on an answer when it has the whole of it."""
    target = urlsplit(url)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inward, outward = await asyncio.open_connection(target.hostname, target.port)
        outward.write(await reader.readuntil(b"\r\n\r\n"))
        writer.write(await inward.read())
        await writer.drain()
        writer.close()
        outward.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


async def test_streams_that_pass_are_told_from_those_that_a_proxy_keeps_back(
    app: FastAPI, set_to: Callable[..., None]
) -> None:
    async with served(app) as url:
        set_to(PUBLIC_URL=url)
        assert (await asyncio.to_thread(passing.check_event_streams)).verdict == "good"
        async with through_proxy(url) as straight:
            set_to(PUBLIC_URL=f"http://127.0.0.1:{straight.port}")
            assert (await asyncio.to_thread(passing.check_event_streams)).verdict == "good"
        async with through_buffer(url) as port:
            set_to(PUBLIC_URL=f"http://127.0.0.1:{port}")
            finding = await asyncio.to_thread(passing.check_event_streams)
            assert finding.verdict == "warning"
            assert "proxy_buffering off" in finding.what_to_do
        set_to(PUBLIC_URL=f"{url}/nowhere/")
        assert (await asyncio.to_thread(passing.check_event_streams)).verdict == "unknown"
    set_to(PUBLIC_URL="http://127.0.0.1:9")
    assert passing.check_event_streams().verdict == "unknown"
