"""HEAD, answered wherever GET is: the same status and headers, and no body."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Heads:
    """Lets the routes answer a HEAD as a GET, and keeps the body back.

    Here and not at the routes: a further method of each would be a further operation in the API's description.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return
        ended = False

        async def without_body(message: Message) -> None:
            nonlocal ended
            if message["type"] == "http.response.start":
                # The route is found by now. The server and the log have to know what was asked for.
                scope["method"] = "HEAD"
                await send(message)
            elif not ended:
                # The first piece is the end: a stream goes on for hours, and stops when it hears that nobody is there.
                ended = True
                await send({"type": "http.response.body", "body": b"", "more_body": False})

        # In place, since what the router notes in it is read outside.
        scope["method"] = "GET"
        try:
            await self.app(scope, receive, without_body)
        finally:
            scope["method"] = "HEAD"
