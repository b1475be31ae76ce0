"""Answers that are kept: the same question to the same model in the same words is asked once.

Kept for each organization apart, because what was asked about may be its own.
"""

import hashlib
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from brandhound.core import clock
from brandhound.core.db import Db, tenant_session
from brandhound.core.ids import uuid7
from brandhound.providers.ai.accounts import Access
from brandhound.providers.ai.models import ModelAnswer
from brandhound.providers.ai.prompts import Prompt

KEPT = timedelta(days=90)
"""One that was of no use for so long is forgotten."""


def content_hash(data: str, form: dict[str, Any]) -> str:
    """What stands for the question: what it is about, and the form of the answer."""
    return hashlib.sha256(json.dumps([data, form], sort_keys=True, ensure_ascii=False).encode()).hexdigest()


async def kept_answer(db: Db, access: Access, prompt: Prompt, content: str) -> ModelAnswer | None:
    """The answer to that question, if it was given before; taken note of as used."""
    found = await db.scalar(
        select(ModelAnswer).where(
            ModelAnswer.provider == access.kind,
            ModelAnswer.model == access.model,
            ModelAnswer.prompt == prompt.name,
            ModelAnswer.prompt_version == prompt.version,
            ModelAnswer.content_sha256 == _asked_there(access, content),
        )
    )
    if found is not None:
        found.uses += 1
        found.used_at = clock.now()
    return found


async def keep_answer(
    organization_id: UUID,
    access: Access,
    prompt: Prompt,
    content: str,
    answer: dict[str, Any],
    cost_micros: int | None,
    tokens: int,
) -> None:
    """Keep an answer. Where another process was faster, its answer stays."""
    now = clock.now()
    new = insert(ModelAnswer).values(
        id=uuid7(),
        provider=access.kind,
        model=access.model,
        prompt=prompt.name,
        prompt_version=prompt.version,
        content_sha256=_asked_there(access, content),
        answer=answer,
        cost_micros=cost_micros,
        tokens=tokens,
        created_at=now,
        used_at=now,
    )
    async with tenant_session(organization_id) as db:
        await db.execute(new.on_conflict_do_nothing())
        await db.execute(delete(ModelAnswer).where(ModelAnswer.used_at < now - KEPT))


def _asked_there(access: Access, content: str) -> str:
    """The question as it is put to that server: two of the same kind may call different models by the same name."""
    return content_hash(content, {"address": access.own_address}) if access.own_address else content
