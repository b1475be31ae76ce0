"""Runs are seen and controlled from a terminal."""

import asyncio
import json
from uuid import UUID, uuid4

import pytest

from brandhound.app.running import runs_main
from brandhound.jobs.inline import run_until_idle
from tests.jobs.sample_jobs import Trouble
from tests.jobs.test_runs import run_of, start

pytestmark = pytest.mark.anyio


async def runs(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    capsys.readouterr()
    code = await asyncio.to_thread(runs_main, [str(word) for word in words])
    said = capsys.readouterr()
    return code, said.out, said.err


async def test_runs_are_listed_with_their_reasons(organization_id: UUID, capsys: pytest.CaptureFixture[str]) -> None:
    waiting = await start(organization_id, "samples.trouble", Trouble(kind="parked"))
    await run_until_idle(organization_id)
    code, said, _ = await runs(capsys, "list", "--organization", organization_id, "--state", "active")
    assert code == 0
    assert str(waiting) in said
    assert "The quota is spent" in said
    _, said, _ = await runs(capsys, "list", "--organization", organization_id, "--json")
    assert [json.loads(line)["state"] for line in said.splitlines()] == ["waiting"]


async def test_a_run_is_paused_resumed_and_cancelled(organization_id: UUID, capsys: pytest.CaptureFixture[str]) -> None:
    run_id = await start(organization_id, "samples.nothing")
    for word, state in (("pause", "paused"), ("resume", "queued"), ("cancel", "cancelled")):
        assert (await runs(capsys, word, run_id))[0] == 0
        assert (await run_of(organization_id, run_id)).state == state
    code, _, complaint = await runs(capsys, "cancel", run_id)
    assert code == 1
    assert "left as it is" in complaint


async def test_all_that_match_are_replayed(organization_id: UUID, capsys: pytest.CaptureFixture[str]) -> None:
    ids = [await start(organization_id, "samples.trouble", Trouble(kind="refused")) for _ in range(2)]
    await run_until_idle(organization_id)
    only = ("--organization", organization_id, "--error-class", "network")
    assert (await runs(capsys, "replay", *only))[0] == 0
    assert {(await run_of(organization_id, run_id)).state for run_id in ids} == {"queued"}


async def test_nothing_is_done_to_everything_by_mistake(
    organization_id: UUID, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, complaint = await runs(capsys, "cancel")
    assert (code, "--all" in complaint) == (2, True)
    code, _, complaint = await runs(capsys, "pause", uuid4())
    assert (code, "no such run" in complaint) == (1, True)
