"""Doing what a fault says."""

import asyncio
from urllib.parse import parse_qs

from brandhound.twins.news.asgi import HTML, cut_connection, is_cut, typed
from brandhound.twins.news.faults import BOT_WALL, NOT_A_FEED, REDIRECTS, STATUSES, Fault, gzip_bomb, huge_pieces
from brandhound.twins.news.visits import Visit


async def misbehave(visit: Visit, fault: Fault) -> bool:
    """Do what the fault says; False when the ordinary answer follows."""
    kind = fault.kind
    waiting = [(b"retry-after", str(fault.retry_after).encode())] if fault.retry_after is not None else []
    if kind in STATUSES:
        await visit.reply(STATUSES[kind], f"<h1>{kind}</h1>".encode(), typed(HTML) + waiting)
    elif kind in REDIRECTS:
        await _redirect(visit, REDIRECTS[kind], fault.location or "/")
    elif kind == "redirect-loop":
        await _redirect(visit, 302, f"{visit.base}{visit.path}")
    elif kind == "redirect-chain":
        hop = int(parse_qs(visit.query.decode()).get("hop", ["0"])[0])
        if hop >= (fault.size or 3):
            return False
        await _redirect(visit, 302, f"{visit.base}{visit.path}?hop={hop + 1}")
    elif kind == "bot-wall":
        await visit.reply(403, BOT_WALL, [*typed(HTML), (b"cf-mitigated", b"challenge"), (b"server", b"cloudflare")])
    elif kind == "not-a-feed":
        await visit.reply(200, NOT_A_FEED, typed(HTML))
    elif kind == "empty":
        await visit.reply(200, b"", typed("application/xml"))
    elif kind == "gzip-bomb":
        bomb = gzip_bomb(fault.size or 200 * 1024 * 1024)
        await visit.reply(200, bomb, [*typed(HTML), (b"content-encoding", b"gzip")])
    elif kind == "huge":
        await _stream_huge(visit, fault.size or 1024**3)
    elif kind in ("slow", "hang"):
        await asyncio.sleep(fault.seconds if kind == "slow" else 3600)
        return False
    elif kind == "drip":
        await _drip(visit, fault.seconds)
    elif kind == "reset":
        cut_connection(visit.send)
    elif kind == "truncated":
        document = visit.find()
        body = document.body if document else NOT_A_FEED
        await visit.reply(200, body[: len(body) // 2], document.headers if document else typed(HTML), len(body))
        await asyncio.sleep(0.05)
        cut_connection(visit.send)
    elif kind == "endless-headers":
        await visit.reply(200, b"", [(f"x-{n}".encode(), b"x" * 4000) for n in range(100)])
    else:
        return False
    return True


async def _redirect(visit: Visit, status: int, location: str) -> None:
    await visit.reply(status, b"", [(b"location", location.encode())])


async def _stream_huge(visit: Visit, size: int) -> None:
    visit.status = 200
    await visit.send({"type": "http.response.start", "status": 200, "headers": typed(HTML)})
    for piece in huge_pieces(size):
        await visit.send({"type": "http.response.body", "body": piece, "more_body": True})
        await asyncio.sleep(0)
        if is_cut(visit.send):
            return
    await visit.send({"type": "http.response.body", "body": b""})


async def _drip(visit: Visit, seconds: float) -> None:
    visit.status = 200
    await visit.send({"type": "http.response.start", "status": 200, "headers": typed(HTML)})
    for _ in range(1000):
        await visit.send({"type": "http.response.body", "body": b" ", "more_body": True})
        await asyncio.sleep(seconds / 10)
        if is_cut(visit.send):
            return
    await visit.send({"type": "http.response.body", "body": b""})
