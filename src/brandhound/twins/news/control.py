"""The control API under /_control/: faults, clock, log, counters, new pages. For tests and for playing with the demo."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast
from urllib.parse import parse_qs

from brandhound.twins.news.asgi import Receive, Scope, Send, read_body, reply_json
from brandhound.twins.news.faults import Fault
from brandhound.twins.news.library import Item
from brandhound.twins.news.publisher import Publisher


async def answer_control(publisher: Publisher, scope: Scope, receive: Receive, send: Send) -> None:
    """Do one thing that a tester asks for.

    GET, POST, DELETE /_control/faults · GET, POST, DELETE /_control/clock · GET, DELETE /_control/requests ·
    GET /_control/counters · POST /_control/pages · POST /_control/items
    """
    method, thing = scope["method"], scope["path"].removeprefix("/_control/").strip("/")
    query = {name: values[0] for name, values in parse_qs(scope["query_string"].decode()).items()}
    body = await read_body(receive)
    try:
        given: Any = json.loads(body) if body else {}
        status, answer = _do(publisher, f"{method} {thing}", given, query)
    except (ValueError, TypeError, KeyError) as error:
        status, answer = 422, {"title": f"{type(error).__name__}: {error}"}
    await reply_json(send, status, answer)


def _do(publisher: Publisher, what: str, given: Any, query: Mapping[str, str]) -> tuple[int, object]:
    match what:
        case "GET faults":
            return 200, publisher.faults
        case "POST faults":
            wanted = cast("list[dict[str, Any]]", given if isinstance(given, list) else [given])
            publisher.faults += [Fault(**fault) for fault in wanted]
            return 201, publisher.faults
        case "DELETE faults":
            path = query.get("path")
            publisher.faults[:] = [fault for fault in publisher.faults if path is not None and fault.path != path]
            return 200, publisher.faults
        case "GET clock":
            return 200, {"now": publisher.clock().isoformat()}
        case "POST clock":
            if "advance_seconds" in given:
                publisher.advance(timedelta(seconds=float(given["advance_seconds"])))
            else:
                publisher.set_clock(_moment(given.get("now")))
            return 200, {"now": publisher.clock().isoformat()}
        case "DELETE clock":
            publisher.set_clock(None)
            return 200, {"now": publisher.clock().isoformat()}
        case "GET requests":
            path = query.get("path")
            seen = [logged for logged in publisher.requests if path is None or logged.path == path]
            return 200, {"count": len(seen), "requests": seen[-int(query.get("limit", "1000")) :]}
        case "DELETE requests":
            publisher.forget_requests()
            return 200, {"count": 0, "requests": []}
        case "GET counters":
            return 200, {"paths": publisher.counters, "most_active": publisher.most_active}
        case "POST pages":
            publisher.library.site(given["site"]).put(
                given["path"],
                given["body"],
                given.get("content_type", "text/html; charset=utf-8"),
                _moment(given.get("published_at")),
                given.get("headers"),
            )
            return 201, {"path": given["path"]}
        case "POST items":
            item = Item(
                given["title"],
                given["link"],
                _moment(given.get("published_at")) or publisher.clock(),
                given.get("description", ""),
                given.get("guid"),
                given.get("author"),
            )
            publisher.library.site(given["site"]).publish(given.get("feed", "/feed.xml"), item, given.get("page"))
            return 201, {"link": item.link}
        case _:
            return 404, {"title": f"There is no {what}"}


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time needs its zone")
    return moment
