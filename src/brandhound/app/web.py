"""The web process: routes, problems, live changes, and the built front end."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel
from sqlalchemy import text
from starlette.middleware.gzip import GZipMiddleware

from brandhound import __version__
from brandhound.admin.measures import LIVE_STREAMS
from brandhound.app.bodies import Bodies
from brandhound.app.doors import ROUTERS
from brandhound.app.guarding import Guard
from brandhound.app.handbook import serve_handbook
from brandhound.app.heads import Heads
from brandhound.app.live import Hub
from brandhound.app.live_routes import router as live
from brandhound.app.measuring import Measured
from brandhound.app.problems import ProblemOut, render_problems
from brandhound.app.requests import Requests
from brandhound.app.spa import STATIC, SinglePageApp
from brandhound.app.watching_over import watched_over
from brandhound.core.db import close_engines
from brandhound.core.measuring import gauge
from brandhound.core.system import system_session

_GZIP_LEVEL = 5
"""Level 9, the library's own choice, takes three times as long on a report and saves a twentieth."""


class Health(BaseModel):
    """Whether the web process reaches its database."""

    status: str
    version: str


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
    listening = asyncio.create_task(app.state.hub.run())
    async with watched_over("web", active=lambda: app.state.hub.screens):
        yield
    listening.cancel()
    with suppress(asyncio.CancelledError):
        await listening
    await close_engines()


def operation_id(route: APIRoute) -> str:
    """The function's own name: it becomes the client's."""
    return route.name


def create_app() -> FastAPI:
    """The whole web application."""
    app = FastAPI(
        title="brandhound",
        version=__version__,
        summary="Hears what is said about your brands, shows why, and helps you act on it.",
        lifespan=lifespan,
        generate_unique_id_function=operation_id,
        # The page that the framework would make loads its scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        responses={"default": {"model": ProblemOut, "description": "What went wrong."}},
    )
    app.state.hub = Hub()
    render_problems(app)
    app.add_middleware(Bodies)
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=_GZIP_LEVEL)
    app.add_middleware(Heads)
    app.add_middleware(Guard)
    app.add_middleware(Requests)
    app.add_middleware(Measured)
    gauge(LIVE_STREAMS, lambda: {(): float(app.state.hub.screens)})

    @app.get("/api/health", tags=["health"])
    async def read_health() -> Health:  # pyright: ignore[reportUnusedFunction]
        """Whether the web process reaches its database."""
        async with system_session() as db:
            await db.execute(text("select 1"))
        return Health(status="ok", version=__version__)

    app.include_router(live)
    for router in ROUTERS:
        app.include_router(router)
    serve_handbook(app)
    if STATIC.is_dir():
        app.mount("/", SinglePageApp(STATIC))
    return app
