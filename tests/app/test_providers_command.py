"""The command that shows outside services and has them tried."""

import asyncio
import json
from uuid import UUID

import pytest
from sqlalchemy import text

from brandhound.app.providing import providers_main
from brandhound.core.system import system_session
from brandhound.providers.breaker import breakers
from brandhound.providers.callees import Service
from brandhound.providers.failures import classify
from tests.databases import TestDatabase


async def command(*words: object) -> int:
    return await asyncio.to_thread(providers_main, [str(word) for word in words])


async def test_a_service_that_is_left_alone_is_listed_and_tried(
    connected: TestDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    board, service = breakers(), Service("openai", "0123456789abcdef", "gpt-command")
    await board.leave(await board.enter(service), classify("openai", 401, {}, {"error": {"code": "invalid_api_key"}}))
    await board.close()

    assert await command("list") == 0
    told = capsys.readouterr().out
    assert "left alone   OpenAI gpt-command 012345" in told
    assert "until you say so. Check the key" in told
    assert await command("list", "--json") == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (mine,) = [line for line in lines if line["model"] == "gpt-command"]

    assert await command("try", mine["id"]) == 0
    assert "the next call tries" in capsys.readouterr().out
    board.forget()
    await board.leave(await board.enter(service), None)
    assert await command("try", mine["id"], UUID(int=9)) == 1
    assert "called already" in capsys.readouterr().err
    async with system_session() as db:
        await db.execute(text("delete from provider_breakers where model = 'gpt-command'"))
