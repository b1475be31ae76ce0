"""A real PostgreSQL with the real migrations, a fresh organization for every test, and clients that are signed in to it."""

import gc
import os
import tempfile
from collections.abc import AsyncGenerator, Callable, Generator
from functools import lru_cache
from pathlib import Path
from uuid import UUID

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from sqlalchemy import text

from brandhound.core.settings import reload_settings
from brandhound.core.system import system_session
from brandhound.providers.breaker import breakers
from brandhound.twins.models import ModelTwin, serve_models
from tests.databases import TestDatabase, test_database
from tests.loops import lasting_loops, loop_of_database

ROOT = Path(__file__).parents[1]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What a test printed travels between processes as UTF-8, which half a character is not."""
    report = yield
    report.sections = [(name, said.encode("utf-8", "replace").decode()) for name, said in report.sections]
    return report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that take long come first: the others fill the time beside them, and none is left for the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    """What is loaded stays: to look for cycles among it again and again took a tenth of the suite's time."""
    gc.collect()
    gc.freeze()


def pytest_configure(config: pytest.Config) -> None:
    """Settings of the suite, before any module of the product reads them."""
    gc.set_threshold(20_000, 20, 20)
    for name in [
        name for name in os.environ if name.startswith("BRANDHOUND_") and not name.startswith("BRANDHOUND_TEST_")
    ]:
        del os.environ[name]
    os.environ["BRANDHOUND_PRIVATE_NETWORKS"] = "127.0.0.0/8"
    os.environ["BRANDHOUND_PER_HOST_INTERVAL"] = "0"
    os.environ["BRANDHOUND_TONE_ENGINE"] = "lexicon"
    os.environ["BRANDHOUND_EXTRACTION_PROCESSES"] = "1"
    # The same examples each time, however slow the machine: what they find is found where it was written.
    settings.register_profile("suite", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("suite")
    config.addinivalue_line("markers", "slow: takes more than a few seconds")


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, object]]:
    return "asyncio", {"loop_factory": loop_of_database}


@pytest.fixture
def open_folder() -> Generator[Path]:
    """An empty folder that the embedded server's own user can reach: pytest closes its own to everybody else."""
    with tempfile.TemporaryDirectory(prefix="brandhound-test-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.fixture
def set_to() -> Generator[Callable[..., None]]:
    """Settings of this test, by their names without the prefix."""
    before: dict[str, str | None] = {}

    def set_them(**values: str) -> None:
        for name, value in values.items():
            before.setdefault(f"BRANDHOUND_{name}", os.environ.get(f"BRANDHOUND_{name}"))
            os.environ[f"BRANDHOUND_{name}"] = value
        reload_settings()

    yield set_them
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    reload_settings()


@pytest.fixture(scope="session")
def database(worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> Generator[TestDatabase]:
    """A database of this test process, migrated, with the product's settings pointing at it."""
    with test_database(worker_id, tmp_path_factory.mktemp("data")) as made, lasting_loops():
        yield made


# What would be done, or counted, beside what a test speaks of.
LEFT_TO_BE_DONE = (
    "delete from runs",
    "delete from schedules",
    "delete from notification_deliveries where state in ('pending', 'failed', 'held')",
    "update feed_documents set next_check_at = null",
    "delete from provider_breakers",
    "delete from provider_retries",
)
_last_file: list[Path] = []


@pytest.fixture
async def connected(request: pytest.FixtureRequest, database: TestDatabase) -> AsyncGenerator[TestDatabase]:
    """The database for a test that is asynchronous.

    Which tests a process has done before is nobody's choice: what those of another file left to be done is forgotten.
    """
    from brandhound.core import live

    if _last_file != [request.path]:
        _last_file[:] = [request.path]
        with psycopg.connect(database.url, autocommit=True) as owner:
            for statement in LEFT_TO_BE_DONE:
                owner.execute(statement)
    yield database
    live.drain()


@pytest.fixture
def app(connected: TestDatabase) -> FastAPI:
    """The web application, with nobody listening to it yet: a test must not add anything to it.

    One a process: FastAPI makes a route's models when it is first asked for, a tenth of a second for each application.
    """
    from brandhound.app.live import Hub

    app = _application()
    app.state.hub = Hub()
    return app


@lru_cache(maxsize=1)
def _application() -> FastAPI:
    from brandhound.app.web import create_app

    return create_app()


@pytest.fixture
async def anonymous(app: FastAPI) -> AsyncGenerator[httpx.AsyncClient]:
    """Somebody who is not signed in."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://brandhound.test") as client:
        yield client


@pytest.fixture
async def client(app: FastAPI) -> AsyncGenerator[httpx.AsyncClient]:
    """The owner of a fresh organization. `client.headers["x-organization"]` names it for fixtures."""
    from tests.factories.people import signed_in

    async with signed_in(app) as (client, _):
        yield client


@pytest.fixture
async def other_client(app: FastAPI) -> AsyncGenerator[httpx.AsyncClient]:
    """The owner of another fresh organization."""
    from tests.factories.people import signed_in

    async with signed_in(app) as (client, _):
        yield client


@pytest.fixture
def organization_id(client: httpx.AsyncClient) -> UUID:
    """The organization that `client` is signed in to."""
    return UUID(client.headers["x-organization"])


@pytest.fixture
def other_organization_id(other_client: httpx.AsyncClient) -> UUID:
    return UUID(other_client.headers["x-organization"])


@pytest.fixture(scope="module")
def served_models() -> Generator[ModelTwin]:
    """Model servers on loopback, for the tests of a file."""
    with serve_models() as running:
        yield running


@pytest.fixture
async def model_twin(served_models: ModelTwin, connected: TestDatabase) -> AsyncGenerator[ModelTwin]:
    """Models that answer by rules until a test says otherwise. What one test finds out about them is nothing to the next."""
    yield served_models
    served_models.is_well()
    await breakers().close()
    async with system_session() as db:
        await db.execute(text("delete from provider_breakers"))
        await db.execute(text("delete from provider_retries"))
