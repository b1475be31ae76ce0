"""Services that no other test has called, and a clock that is put right again."""

from collections.abc import AsyncGenerator, Generator
from uuid import UUID

import pytest
from sqlalchemy import text

from brandhound.core import clock
from brandhound.core.ids import uuid7
from brandhound.core.system import system_session
from brandhound.providers.breaker import breakers
from brandhound.providers.callees import Service
from tests.databases import TestDatabase

ORGANIZATION = UUID(int=7)


@pytest.fixture
async def service(connected: TestDatabase) -> AsyncGenerator[Service]:
    """A service of OpenAI's with a model of its own."""
    yield Service("openai", "0123456789abcdef", f"model-{uuid7()}")
    await breakers().close()
    async with system_session() as db:
        await db.execute(text("delete from provider_breakers"))
        await db.execute(text("delete from provider_retries"))


@pytest.fixture(autouse=True)
def running_clock() -> Generator[None]:
    yield
    clock.unfreeze()
