"""The web application: dialog, control, and the Graph API under any version."""

import asyncio
import json
import re
from typing import Any
from urllib.parse import parse_qs

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from brandhound.twins.meta.calling import Answer, Call, form
from brandhound.twins.meta.control import control
from brandhound.twins.meta.control_access import control_access
from brandhound.twins.meta.control_world import control_world
from brandhound.twins.meta.dialog import Consent, answer_dialog, dialog_page, read_dialog
from brandhound.twins.meta.graph import Graph
from brandhound.twins.meta.keeping import Kept
from brandhound.twins.meta.refusing import Refused
from brandhound.twins.meta.shop_pages import find_page, page_html
from brandhound.twins.meta.showing import show
from brandhound.twins.news.asgi import Receive, Scope, Send, cut_connection

_WIRE = "brandhound.twins.wire"
_VERSIONED = re.compile(r"/?(v\d+\.\d+)(?:/(.*))?$")


def make_app(kept: Kept) -> FastAPI:
    """The twin as a web application."""
    app = FastAPI(title="Meta twin", openapi_url=None, docs_url=None, redoc_url=None)
    graph = Graph(kept)
    app.include_router(control(kept))
    app.include_router(control_access(kept))
    app.include_router(control_world(kept))

    @app.exception_handler(ValueError)
    async def say_what_is_wrong(request: Request, error: ValueError) -> JSONResponse:
        if not request.url.path.startswith("/_control"):
            raise error
        return JSONResponse({"detail": str(error)}, 422)

    @app.get("/{version}/dialog/oauth", response_class=HTMLResponse)
    async def show_dialog(version: str, request: Request) -> Response:
        given = dict(request.query_params)
        if not _VERSIONED.match(version):
            return HTMLResponse("<p>This page isn't available</p>", 404)
        try:
            asked = read_dialog(kept.grants, given)
        except Refused as refused:
            return HTMLResponse(f"<p>{refused.body('')['error']['message']}</p>", 400)
        if kept.next_consent is not None:
            return RedirectResponse(answer_dialog(kept.grants, asked, kept.next_consent), 302)
        return HTMLResponse(dialog_page(kept.grants, asked, given))

    @app.post("/{version}/dialog/oauth")
    async def answer(version: str, request: Request) -> Response:
        text = (await request.body()).decode()
        given = dict(request.query_params) | form(text)
        if not _VERSIONED.match(version):
            return HTMLResponse("<p>This page isn't available</p>", 404)
        several = parse_qs(text)
        consent = Consent(
            "accept" if given.get("decision") == "accept" else "decline",
            given.get("person", "Runa Vik"),
            tuple(several.get("scopes", ())),
            tuple(several.get("accounts", ())),
        )
        try:
            return RedirectResponse(answer_dialog(kept.grants, read_dialog(kept.grants, given), consent), 302)
        except Refused as refused:
            return HTMLResponse(f"<p>{refused.body('')['error']['message']}</p>", 400)

    @app.get("/cdn/{kind}/{ordinal}/{name}")
    def show_media(kind: str, ordinal: int, name: str, request: Request) -> Response:
        return show(kept, kind, ordinal, name, request.query_params)

    @app.api_route("/shop/{key}", methods=["GET", "HEAD"], response_class=HTMLResponse)
    @app.api_route("/shop/{key}/{page}", methods=["GET", "HEAD"], response_class=HTMLResponse)
    async def show_page(key: str, request: Request, page: str = "") -> Response:
        shown = await asyncio.to_thread(find_page, kept, key, page)
        if shown is None:
            return HTMLResponse("<!doctype html><title>Not found</title><h1>There is no such page</h1>", 404)
        await asyncio.sleep(shown.seconds)
        return HTMLResponse(page_html(shown, base_of(request)))

    @app.api_route("/{path:path}", methods=["GET", "POST", "DELETE"])
    async def ask(path: str, request: Request) -> Response:
        call = await _read(kept, path, request)
        answer = await asyncio.to_thread(graph.answer, call)
        if wait := max(kept.delay, answer.waits):
            await asyncio.sleep(wait)
        return _written(answer)

    return app


async def _read(kept: Kept, path: str, request: Request) -> Call:
    found = _VERSIONED.match(path)
    version, rest = (found[1], found[2] or "") if found else (kept.current, path)
    params: dict[str, str] = dict(request.query_params)
    body = await request.body()
    if body:
        if request.headers.get("content-type", "").startswith("application/json"):
            given: dict[str, Any] = await request.json()
            params |= {name: value if isinstance(value, str) else json.dumps(value) for name, value in given.items()}
        else:
            params |= form(body.decode("utf-8", "replace"))
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() in ("bearer", "oauth") and token:
        params.setdefault("access_token", token)
    method = params.pop("method", request.method).upper()
    return Call(method, rest.strip("/"), version, params, base_of(request), request.headers.get("if-none-match", ""))


def base_of(request: Request) -> str:
    """Where the twin was asked."""
    return f"{request.url.scheme}://{request.headers.get('host', '127.0.0.1')}"


class Outermost:
    """Keeps the server's own way to send where a cut-off answer finds it: only that one knows the connection."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[_WIRE] = send
        await self._app(scope, receive, send)


class _CutOff(Response):
    """An answer that promises more than it sends."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.body:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await send({"type": "http.response.body", "body": self.body, "more_body": True})
        cut_connection(scope[_WIRE])


def _written(answer: Answer) -> Response:
    made = _CutOff if answer.hangs_up else Response
    return made(answer.body, answer.status, answer.headers, answer.kind)
