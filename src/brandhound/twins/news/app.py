"""The publisher as a bare ASGI application: fast enough that it is never what a measurement measures."""

from brandhound.twins.news.asgi import Receive, Scope, Send
from brandhound.twins.news.control import answer_control
from brandhound.twins.news.library import Library
from brandhound.twins.news.misbehaving import misbehave
from brandhound.twins.news.publisher import Logged, Publisher
from brandhound.twins.news.visits import Visit


class NewsApp:
    """Serves a library; `publisher` is its state."""

    def __init__(self, library: Library) -> None:
        self.publisher = Publisher(library)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if scope["path"].startswith("/_control/"):
            await answer_control(self.publisher, scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        publisher = self.publisher
        visit = Visit(publisher, scope, send, headers)
        publisher.begin(visit.place)
        try:
            fault = publisher.take_fault(visit.key) if publisher.faults else None
            if fault is None or not await misbehave(visit, fault):
                await visit.answer(fault)
        finally:
            at = publisher.clock().timestamp()
            publisher.end(visit.place, Logged(at, scope["method"], visit.key, visit.host, visit.status, headers))
