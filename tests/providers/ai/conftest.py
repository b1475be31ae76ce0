"""Model servers on loopback, and organizations that ask them with the real clients."""

from collections.abc import Awaitable, Callable, Generator
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from brandhound.core.settings import reload_settings
from brandhound.mentions.opinions import jobs
from brandhound.mentions.reconsidering import SECOND_OPINION
from brandhound.providers.ai.kinds import Kind
from brandhound.twins.models import ModelTwin

# Imported for what it registers.
assert jobs

USE = SECOND_OPINION.name
KINDS: tuple[Kind, ...] = ("openai", "openai_compatible", "anthropic", "gemini")
Configure = Callable[..., None]
Choose = Callable[..., Awaitable[str]]


@pytest.fixture
def twin(model_twin: ModelTwin) -> ModelTwin:
    """Models that answer by rules until a test says otherwise."""
    return model_twin


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch) -> Generator[Configure]:
    """Sets settings for this test: `configure(zero_egress="true")`."""

    def set_them(**given: str) -> None:
        for name, value in given.items():
            monkeypatch.setenv(f"BRANDHOUND_{name.upper()}", value)
        reload_settings()

    yield set_them
    monkeypatch.undo()
    reload_settings()


def address_of(twin: ModelTwin, kind: Kind) -> str:
    return {"anthropic": twin.anthropic, "gemini": twin.gemini}.get(kind, twin.openai)


@pytest.fixture
def choose(client: httpx.AsyncClient, twin: ModelTwin) -> Choose:
    """Sets up an account of a kind and has it give second opinions: `await choose("openai", model="m")`; its identifier."""

    async def set_up(
        kind: Kind = "openai", model: str = "made-up-1", priced: bool = True, key: str = "sk-test-key"
    ) -> str:
        new = {"kind": kind, "name": f"{kind} {model}", "address": address_of(twin, kind), "key": key}
        made = await client.post("/api/models/accounts", json=new)
        assert made.status_code == 201, made.text
        account_id: str = made.json()["id"]
        prices = {"input_price": 1_000_000, "output_price": 4_000_000} if priced else {}
        chosen = await client.put(
            f"/api/models/choices/{USE}", json={"account_id": account_id, "model": model, **prices}
        )
        assert chosen.status_code == 200, chosen.text
        return account_id

    return set_up


async def rows(organization_id: UUID, statement: str) -> list[dict[str, object]]:
    """Rows as the organization itself sees them."""
    from brandhound.core.db import tenant_session

    async with tenant_session(organization_id) as db:
        return [dict(row) for row in (await db.execute(text(statement))).mappings()]
