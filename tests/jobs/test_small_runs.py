"""Small runs that went well do not crowd out the others; what waits or failed is always there."""

from dataclasses import replace
from uuid import UUID

import httpx
import pytest

from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.registry import JOBS
from brandhound.notifications.addressing import DELIVER
from tests.jobs.sample_jobs import Trouble
from tests.jobs.test_runs import start

pytestmark = pytest.mark.anyio


async def listed(client: httpx.AsyncClient, **query: str) -> list[tuple[str, str]]:
    page = (await client.get("/api/runs", params=query)).json()
    return [(run["job"], run["state"]) for run in page["items"]]


async def test_small_runs_that_went_well_are_listed_for_who_asks_for_them(
    client: httpx.AsyncClient, organization_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("samples.nothing", "samples.trouble"):
        monkeypatch.setitem(JOBS, name, replace(JOBS[name], small=True))
    await start(organization_id, "samples.nothing")
    await start(organization_id, "samples.talk")
    await start(organization_id, "samples.trouble", Trouble(kind="partial"))
    await run_until_idle(organization_id)
    await start(organization_id, "samples.nothing")
    every = await listed(client)
    assert len(every) == 4
    gone = ("samples.nothing", "done")
    assert every.count(gone) == 1
    assert await listed(client, small="false") == [one for one in every if one != gone]


def test_bringing_a_notice_is_small() -> None:
    assert JOBS[DELIVER].small
