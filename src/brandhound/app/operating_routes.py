"""What machines ask: whether the process lives, whether it is ready, its figures. And the doctor, and the bundle for support."""

import asyncio
import hmac
from collections.abc import AsyncGenerator, Mapping
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Annotated, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict
from sqlalchemy import text

from brandhound import __version__
from brandhound.admin.errors import BadMetricsToken
from brandhound.admin.exposing import figures_text
from brandhound.admin.growth import lags, migrations
from brandhound.app.bundling import make_bundle
from brandhound.app.checks.passing import APART, PATH
from brandhound.app.doctor import examine_in_time
from brandhound.core.settings import settings
from brandhound.core.system import system_session
from brandhound.tenancy.callers import Operator

router = APIRouter()

READY_WITHIN = 3.0
EXPOSITION = "text/plain; version=0.0.4; charset=utf-8"


class Alive(BaseModel):
    """The process lives."""

    status: Literal["alive"] = "alive"


class Readiness(BaseModel):
    """Whether it can do its work, and what is missing if not."""

    status: Literal["ready", "not ready"]
    missing: Literal["database", "migrations"] | None = None


class DoctorFinding(BaseModel):
    """What one check found."""

    model_config = ConfigDict(from_attributes=True)

    check: str
    verdict: Literal["good", "warning", "bad", "unknown"]
    found: str
    what_to_do: str


class DoctorOut(BaseModel):
    """Every check, in order."""

    checked_at: datetime
    findings: list[DoctorFinding]


@router.get("/healthz", tags=["health"])
async def read_liveness() -> Alive:
    """Whether the process lives. Asks nothing and nobody, so that a slow database does not get it killed."""
    return Alive()


@router.get("/readyz", tags=["health"], responses={503: {"model": Readiness}})
async def read_readiness(response: Response) -> Readiness:
    """Whether requests can be served: the database answers and has the tables that this program needs."""
    try:
        async with asyncio.timeout(READY_WITHIN):
            state = await _readiness()
    # Whatever keeps the database from answering, the answer to the one who asks is the same.
    except Exception:
        state = Readiness(status="not ready", missing="database")
    if state.missing:
        response.status_code = 503
    return state


async def _readiness() -> Readiness:
    async with system_session() as db:
        await db.execute(text("select 1"))
        known = await migrations(db)
    if lags(known["migration"]):
        return Readiness(status="not ready", missing="migrations")
    return Readiness(status="ready")


@router.get(
    PATH,
    tags=["health"],
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}}},
)
async def probe_event_stream() -> StreamingResponse:
    """Two events a second apart: whoever asks sees whether a proxy in between keeps them back."""

    async def events() -> AsyncGenerator[str]:
        yield "data: 1\n\n"
        await asyncio.sleep(APART)
        yield "data: 2\n\n"

    headers = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}
    return StreamingResponse(events(), media_type="text/event-stream", headers=headers)


@router.get("/metrics", tags=["health"], response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def read_figures(request: Request, authorization: Annotated[str, Header()] = "") -> Response:
    """The figures of all processes for Prometheus. With the token of BRANDHOUND_METRICS_TOKEN, or from this machine."""
    if not may_read_figures(request.client.host if request.client else "", request.headers, authorization):
        raise BadMetricsToken
    return Response(await figures_text(), media_type=EXPOSITION)


def may_read_figures(client: str, headers: Mapping[str, str], authorization: str) -> bool:
    """Whether this caller may see the figures: with the token if one is set, else only from this machine itself.

    With a public address there is a proxy, and what it passes on comes from this machine, too: then only with the token.
    """
    token = settings().metrics_token
    if token is not None:
        given = authorization.removeprefix("Bearer ").strip()
        return hmac.compare_digest(given.encode(), token.get_secret_value().encode())
    passed_on = any(name in headers for name in ("x-forwarded-for", "forwarded", "x-real-ip", "via"))
    asked_here = urlsplit(f"//{headers.get('host', '')}").hostname in ("localhost", "127.0.0.1", "::1")
    try:
        return ip_address(client).is_loopback and asked_here and not passed_on and not settings().public_url
    except ValueError:
        return False


@router.get("/api/admin/doctor", tags=["admin"])
async def examine_installation(_: Operator) -> DoctorOut:
    """Run every check of the doctor. What takes longer than 20 seconds is told as unknown."""
    findings = await examine_in_time(20)
    return DoctorOut(checked_at=datetime.now(UTC), findings=[DoctorFinding.model_validate(one) for one in findings])


@router.get("/api/admin/support-bundle", tags=["admin"], response_class=Response,
            responses={200: {"content": {"application/zip": {}}}})  # fmt: skip
async def download_support_bundle(_: Operator) -> Response:
    """What somebody who helps needs to know, in a ZIP file, without secrets and without anything of an organization."""
    data = await make_bundle()
    name = f"brandhound-support-{datetime.now(UTC):%Y%m%d-%H%M}.zip"
    return Response(
        data,
        media_type="application/zip",
        headers={"content-disposition": f'attachment; filename="{name}"', "x-brandhound-version": __version__},
    )
