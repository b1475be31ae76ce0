"""Real clients of the product that ask the models on loopback, in a database of their own, and what was asked there."""

import os
import tempfile
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from brandhound.core import clock
from brandhound.core.db import close_engines, tenant_session
from brandhound.core.ids import uuid7
from brandhound.core.settings import reload_settings
from brandhound.core.system import system_session
from brandhound.mentions.discovery.asking import BRAND_NAMES
from brandhound.mentions.reconsidering import SECOND_OPINION
from brandhound.providers.ai.accounts import add_account
from brandhound.providers.ai.choosing import choose_model
from brandhound.providers.ai.prompts import Prompt, prompt
from brandhound.providers.breaker import breakers
from brandhound.tenancy.models import Organization
from brandhound.twins.models import Asked, ModelTwin, question_id, serve_models
from tests.databases import test_database

PROMPTS: Mapping[str, str] = {SECOND_OPINION.name: "second_opinion", BRAND_NAMES.name: "brand_names"}
"""What each use says to a model."""


@contextmanager
def served() -> Generator[ModelTwin]:
    """The models, and a database for those who ask them."""
    os.environ["BRANDHOUND_PRIVATE_NETWORKS"] = "127.0.0.0/8"
    with (
        tempfile.TemporaryDirectory(prefix="bh-bench-", ignore_cleanup_errors=True) as folder,
        test_database("with_model", Path(folder) / "data"),
        serve_models() as twin,
    ):
        reload_settings()
        yield twin


@asynccontextmanager
async def asking(twin: ModelTwin) -> AsyncGenerator[UUID]:
    """An organization for which a model does all that one can do."""
    organization_id = uuid7()
    async with system_session() as db:
        db.add(Organization(id=organization_id, name="Bench", time_zone="UTC", created_at=clock.now()))
    async with tenant_session(organization_id) as db:
        account = await add_account(db, "openai", "Recorded", twin.openai, "none", None)
        for feature in PROMPTS:
            await choose_model(db, feature, account.id, "recorded", None, None)
    try:
        yield organization_id
    finally:
        await breakers().close()
        await close_engines()


def prompts() -> dict[str, tuple[str, Prompt]]:
    """Uses and their prompts, by the hash that both a prompt's version and a question's identifier have."""
    found = {name: prompt("brandhound.mentions", file) for name, file in PROMPTS.items()}
    return {one.version.rsplit("-", 1)[1]: (name, one) for name, one in found.items()}


def name_of(asked: Asked) -> str:
    """A question's identifier: the version of its prompt, and the hash of its words and form."""
    instructions, content = question_id(asked).split("-")
    return f"{prompts()[instructions][1].version}-{content}"


def row_of(asked: Asked) -> dict[str, Any]:
    """A question as it went over the wire."""
    feature, _ = prompts()[question_id(asked).split("-", maxsplit=1)[0]]
    return {
        "id": name_of(asked),
        "feature": feature,
        "system": asked.system,
        "user": asked.text,
        "schema": asked.schema,
    }
