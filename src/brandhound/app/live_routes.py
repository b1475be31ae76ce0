"""One stream a tab: as server-sent events, by polling where streams do not pass, and as a web socket for programs."""

import asyncio
import re
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, WebSocket, WebSocketDisconnect
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import HTTPConnection

from brandhound.app.guarding import same_origin
from brandhound.app.live import Hub, LiveChange, changes_since, kept, newest
from brandhound.core.problems import Problem
from brandhound.tenancy.asking_again import MEMBERS, may_still_read
from brandhound.tenancy.callers import Viewer, current_caller
from brandhound.tenancy.errors import RoleTooLow
from brandhound.tenancy.people import Caller
from brandhound.tenancy.roles import Role

HEARTBEAT = 15.0

router = APIRouter(tags=["live"])


class LiveChangeOut(BaseModel):
    """Something changed: ask for it again if the screen shows it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    topic: str
    key: str


class LiveChanges(BaseModel):
    """What changed, oldest first, and the number to ask from next time.

    Not `complete` when more than this changed, which is not known any more: ask for everything that is shown.
    """

    items: list[LiveChangeOut]
    last: int
    complete: bool


@router.get("/api/events", response_class=StreamingResponse, responses={200: {"content": {"text/event-stream": {}}}})
async def stream_events(
    request: Request,
    caller: Viewer,
    since: Annotated[int | None, Query(ge=0, lt=2**63)] = None,
    last_event_id: Annotated[str | None, Header()] = None,
) -> StreamingResponse:
    """The organization's changes as server-sent events, each `{id, topic, key}`; resumes after `Last-Event-ID`, or else `since`.

    A number that was never given here, as after a backup was brought back, resumes with all that is kept: an hour. The stream
    ends once the caller may not read it any more.
    """
    after = int(last_event_id) if last_event_id and re.fullmatch("[0-9]{1,18}", last_event_id) else since
    return StreamingResponse(
        _stream(request, caller, await _start(caller, after)),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"},
    )


@router.get("/api/events/since")
async def list_events_since(caller: Viewer, after: Annotated[int | None, Query(ge=0, lt=2**63)] = None) -> LiveChanges:
    """The same changes for a screen whose stream does not pass. Without `after`: none yet, and where to start."""
    if after is None:
        return LiveChanges(items=[], last=await newest(caller.organization_id), complete=True)
    numbers = await kept()
    changes = await changes_since(caller.organization_id, numbers.start(after))
    complete = numbers.tells_all_since(after)
    return LiveChanges(
        items=[LiveChangeOut.model_validate(change) for change in changes],
        last=changes[-1].id if changes else after if complete else numbers.until,
        complete=complete,
    )


@router.websocket("/api/events/socket")
async def socket_events(socket: WebSocket, after: Annotated[int | None, Query(ge=0, lt=2**63)] = None) -> None:
    """The same changes with the same numbers as JSON text frames; `?after=` resumes."""
    try:
        caller = await current_caller(socket)
    except Problem as problem:
        await _refuse(socket, 4401, problem.code)
        return
    if caller.role < Role.VIEWER:
        await _refuse(socket, 4403, RoleTooLow.code)
        return
    origin = socket.headers.get("origin")
    if origin is not None and not same_origin(origin, socket.headers):
        await _refuse(socket, 4403, "identity/cross-site-request")
        return
    after = await _start(caller, after)
    await socket.accept()
    sender = asyncio.create_task(_send(socket, caller, after))
    try:
        while True:
            await socket.receive_text()  # Nothing is expected; this is how a closed connection is noticed.
    except WebSocketDisconnect:
        pass
    finally:
        sender.cancel()


async def _refuse(socket: WebSocket, code: int, reason: str) -> None:
    # Accepted first: a refusal of the handshake itself could not say why.
    await socket.accept()
    await socket.close(code=code, reason=reason)


async def _start(caller: Caller, after: int | None) -> int:
    """Where to go on; for a new screen, here. Read before it is answered, so that nothing falls in between."""
    return await newest(caller.organization_id) if after is None else (await kept()).start(after)


async def _send(socket: WebSocket, caller: Caller, after: int) -> None:
    try:
        async with aclosing(_readable(socket, caller, after)) as changes:
            async for change in changes:
                if change is not None:
                    await socket.send_text(LiveChangeOut.model_validate(change).model_dump_json())
        may_go_on = await may_still_read(socket, caller)
    except SQLAlchemyError:
        # Nobody can say who may read it: a socket that stayed open would be silent for ever.
        await socket.close(code=1012, reason="the database is away: connect again")
        return
    if may_go_on:
        await socket.close(code=1012, reason="the numbers began anew: connect again")
    else:
        await socket.close(code=4401, reason="you may not read this any more")


async def _stream(request: Request, caller: Caller, after: int) -> AsyncGenerator[str]:
    yield "retry: 3000\n\n"
    try:
        async with aclosing(_readable(request, caller, after)) as changes:
            async for change in changes:
                if change is None:
                    yield ": still here\n\n"
                else:
                    yield f"id: {change.id}\ndata: {LiveChangeOut.model_validate(change).model_dump_json()}\n\n"
    except SQLAlchemyError:
        # Nobody can say who may read it: it ends, and the screen connects again.
        return


async def _readable(connection: HTTPConnection, caller: Caller, after: int) -> AsyncGenerator[LiveChange | None]:
    """Changes for as long as the caller may read them: asked at each heartbeat, and at once when members change."""
    asked_at = time.monotonic()
    async with aclosing(_changes(connection.app.state.hub, caller, after)) as changes:
        async for change in changes:
            is_due = change is None or change.topic == MEMBERS or time.monotonic() - asked_at >= HEARTBEAT
            if is_due:
                if not await may_still_read(connection, caller):
                    return
                asked_at = time.monotonic()
            yield change


async def _changes(hub: Hub, caller: Caller, after: int) -> AsyncGenerator[LiveChange | None]:
    """Changes as they come, and None when nothing came for a heartbeat. Ends when the numbers begin anew."""
    with hub.screen(caller.organization_id) as queue:
        seen = after
        # Listening began before this is read, so that nothing falls in between; what comes twice is skipped below.
        while missed := await changes_since(caller.organization_id, seen):
            for change in missed:
                seen = change.id
                yield change
        while True:
            try:
                change = await asyncio.wait_for(queue.get(), HEARTBEAT)
            except TimeoutError:
                yield None
                continue
            if change is None:
                return
            if change.id > seen:
                seen = change.id
                yield change
