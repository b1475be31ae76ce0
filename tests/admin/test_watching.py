"""Who watches is watched: a look that failed is no look, a process that stands still is seen, and a start is no alarm."""

import asyncio
import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy import text

from brandhound.admin import sampling, watching
from brandhound.admin.probing import own_address
from brandhound.admin.pulsing import Pulse
from brandhound.admin.stalling import LoopWatch
from brandhound.app.checks.operating import check_watching
from brandhound.core import measuring
from brandhound.core.system import system_session
from tests.databases import TestDatabase


@pytest.fixture
async def alone() -> Pulse:
    """The only process of an installation in which nobody has looked at anything yet."""
    async with system_session() as db:
        await db.execute(text("delete from installation_facts where name in ('watch', 'watched')"))
        await db.execute(text("delete from processes"))
    pulse = Pulse("web", "1", every=60)
    pulse.tell()
    return pulse


async def started(pulse: Pulse, ago: timedelta) -> None:
    async with system_session() as db:
        await db.execute(
            text("update processes set started_at = now() - cast(:ago as interval) where id = :id"),
            {"ago": ago, "id": pulse.process_id},
        )


async def part(operator: httpx.AsyncClient, name: str) -> dict[str, Any]:
    parts = (await operator.get("/api/admin/health")).json()["parts"]
    return next(one for one in parts if one["name"] == name)


async def test_a_new_installation_is_not_blamed_for_what_nobody_can_have_done_yet(
    operator: httpx.AsyncClient, alone: Pulse
) -> None:
    await started(alone, timedelta(seconds=20))
    assert (await part(operator, "watch"))["state"] == "ok"
    assert check_watching().verdict == "good"
    await started(alone, timedelta(minutes=10))
    assert (await part(operator, "watch"))["state"] == "warning"
    assert check_watching().verdict == "warning"


async def test_an_installation_that_was_off_for_the_night_is_not_blamed_when_it_starts(
    operator: httpx.AsyncClient, alone: Pulse
) -> None:
    async with system_session() as db:
        await db.execute(
            text("insert into installation_facts (name, at) values ('watched', now() - interval '9 hours')")
        )
    await started(alone, timedelta(seconds=20))
    assert (await part(operator, "watch"))["state"] == "ok"
    await started(alone, timedelta(hours=12))
    assert "540 minutes" in (await part(operator, "watch"))["words"]


async def test_what_a_process_tells_while_the_watch_looks_counts_in_the_next_minute(
    alone: Pulse, database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    def counted(number: int) -> str:
        return json.dumps({"brandhound_http_requests_total": {"feeds|2xx": number}})

    def tell(number: int) -> None:
        with psycopg.connect(database.url, autocommit=True) as owner:
            owner.execute("update processes set figures = %s", [counted(number)])

    def since_then(now: Any, before: Any) -> Any:
        if now == json.loads(counted(5)):
            tell(12)
        return measuring.since(now, before)

    tell(5)
    monkeypatch.setattr(watching, "since", since_then)
    async with system_session() as db:
        first = await watching._of_processes(db)  # pyright: ignore[reportPrivateUsage]
    async with system_session() as db:
        second = await watching._of_processes(db)  # pyright: ignore[reportPrivateUsage]
    assert [found[sampling.REQUESTS.name, ""] for found in (first, second)] == [5, 7]


async def test_a_minute_in_which_looking_failed_does_not_count_as_looked_at(
    operator: httpx.AsyncClient, alone: Pulse, monkeypatch: pytest.MonkeyPatch
) -> None:
    await started(alone, timedelta(hours=1))

    async def fail(*_: object) -> None:
        raise RuntimeError("a rule is broken")

    with monkeypatch.context() as broken:
        broken.setattr(watching, "evaluate", fail)
        with pytest.raises(RuntimeError):
            await watching.watch_once()
    assert (await part(operator, "watch"))["state"] == "warning"
    async with system_session() as db:
        await db.execute(text("delete from installation_facts where name = 'watch'"))
    await watching.watch_once()
    assert (await part(operator, "watch"))["state"] == "ok"


async def test_a_figure_that_cannot_be_read_does_not_make_a_process_look_gone(
    operator: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    answers = iter([BufferError(), BufferError(), 7])

    def active() -> int:
        answer = next(answers, 7)
        if isinstance(answer, Exception):
            raise answer
        return answer

    pulse = Pulse("worker", "1", active=active, every=0.01)
    pulse.start()
    deadline = time.monotonic() + 20
    told: list[int] = []
    while time.monotonic() < deadline and told != [7]:
        items = (await operator.get("/api/admin/processes")).json()["items"]
        told = [item["active"] for item in items if item["id"] == pulse.process_id]
    await asyncio.to_thread(pulse.stop)
    assert told == [7]
    assert [record.message for record in caplog.records if record.name == "brandhound.pulse"].count(
        "this process could not tell of itself; it tries again"
    ) == 1


async def test_a_loop_that_stands_still_is_noticed_with_the_place_it_is_busy_with(
    operator: httpx.AsyncClient, alone: Pulse, caplog: pytest.LogCaptureFixture
) -> None:
    watch = LoopWatch(every=0.02, long=0.2)
    watch.start()
    end = time.monotonic() + 20
    while not any(record.name == "brandhound.stall" for record in caplog.records):
        assert time.monotonic() < end
        time.sleep(0.05)  # noqa: ASYNC251  (this is what must not be done, and must be noticed)
    (told,) = [record for record in caplog.records if record.name == "brandhound.stall"]
    assert "in test_a_loop_that_stands_still_is_noticed" in told.__dict__["busy_with"]
    await started(alone, timedelta(hours=1))
    alone.tell()
    watch.stop()
    (process,) = [
        item for item in (await operator.get("/api/admin/processes")).json()["items"] if item["id"] == alone.process_id
    ]
    assert process["stall_seconds"] >= 0.2


async def test_operators_read_which_process_stands_still_and_what_to_do(
    operator: httpx.AsyncClient, alone: Pulse
) -> None:
    async with system_session() as db:
        await db.execute(
            text("update processes set host = 'far-away', figures = cast(:figures as jsonb) where id = :id"),
            {"figures": '{"brandhound_event_loop_stall_seconds": {"": 42.4}}', "id": alone.process_id},
        )
    told = await part(operator, "web")
    assert told["state"] == "critical"
    assert "on far-away has stood still for 42 s" in told["words"]
    assert "brandhound.stall" in told["what_to_do"]
    assert told["figures"]["longest_stall_seconds"] == 42.4


async def test_the_disk_is_told_in_one_unit(operator: httpx.AsyncClient) -> None:
    told = await part(operator, "disk")
    assert f"{told['figures']['free_bytes'] / 1e9:.1f} GB" in told["words"]


def test_the_product_asks_itself_where_it_can_be_reached(set_to: Callable[..., None]) -> None:
    set_to(HOST="::1", PORT="8399")
    assert own_address() == "http://[::1]:8399"
    set_to(HOST="0.0.0.0", PUBLIC_URL="https://hound.example")
    assert own_address() == "https://hound.example"
    # Without egress the public name cannot be asked, which is no fault of the web server's.
    set_to(ZERO_EGRESS="true")
    assert own_address() == "http://127.0.0.1:8399"
