"""Somebody who runs the installation."""

from collections.abc import AsyncGenerator, Generator

import httpx
import pytest
from fastapi import FastAPI

from brandhound.core import measuring
from tests.factories.people import signed_in


@pytest.fixture
async def operator(app: FastAPI) -> AsyncGenerator[httpx.AsyncClient]:
    """The owner of a fresh organization who also runs the installation."""
    async with signed_in(app, operator=True) as (client, _):
        yield client


@pytest.fixture(autouse=True)
def fresh_figures() -> Generator[None]:
    """What other tests counted does not count."""
    measuring.forget()
    yield
    measuring.forget()
