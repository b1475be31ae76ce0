"""A sync that goes on after another one has brought the account in adds nothing that is older."""

from collections.abc import Generator
from datetime import timedelta

import pytest

from brandhound.ads.meta import facts_of_meta, governing
from brandhound.ads.syncing.counting import Slice, count_wave
from brandhound.ads.syncing.scope import Scope, SyncAccount, open_scope
from brandhound.core.db import tenant_session
from brandhound.core.ids import uuid7
from brandhound.providers.parking import Parked
from brandhound.twins.meta import MetaTwin
from brandhound.twins.meta.faults import Fault
from tests.ad_syncing.accounts import Connected, facts, rows, sync
from tests.ad_syncing.conftest import later


@pytest.fixture(autouse=True)
def _well_again(meta: MetaTwin, quick: None) -> Generator[None]:
    yield
    meta.kept.faults.clear()


async def _gone(*_: object) -> None:
    raise RuntimeError("the worker went away")


async def test_a_run_that_was_paused_reads_anew_what_another_has_read_meanwhile(
    meta: MetaTwin, shop: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = facts_of_meta.limits()
    monkeypatch.setitem(limits["slices"], "direct_rows", -1)
    monkeypatch.setitem(limits["page"], "report", 100)
    meta.kept.reports.seconds = 0.05
    parameters = SyncAccount.model_validate({"ad_account_id": shop.id, "days_back": 5})
    async with tenant_session(shop.organization_id) as db:
        scope = await open_scope(db, uuid7(), parameters)
    assert isinstance(scope, Scope)
    days = [Slice(since=scope.until - timedelta(days=60), until=scope.until)]
    meta.kept.faults.append(Fault(error="limit_insights", edge="insights", method="GET", on_call=4))
    first = await count_wave(scope, days)
    assert [one.is_made for one in first.begun] == [True]
    governing.forget()
    later(meta, timedelta(days=1))
    await sync(shop, days_back=60)
    newer, moved = await facts(shop), await rows(shop, "select count(*) from ad_restatements")
    # It is resumed: what its report of the day before has left to tell is older than what is here.
    meta.kept.forget_calls()
    # Also where it is stopped as soon as it has begun to, and tried again.
    with monkeypatch.context() as stopped:
        stopped.setattr("brandhound.ads.syncing.counting.ids_of", _gone)
        with pytest.raises(RuntimeError, match="the worker went away"):
            await count_wave(scope, days, first.begun)
    second = await count_wave(scope, days, first.begun)
    assert second.done == days
    assert (second.added, second.changed) == (0, 0)
    assert await facts(shop) == newer
    assert await rows(shop, "select count(*) from ad_restatements") == moved
    # A sync that is at work meanwhile is waited for.
    other = (
        "insert into runs (id, job, title, queue, parameters, state, timeout_seconds) "
        "values (gen_random_uuid(), 'ads.sync', 'Other', 'fetch', '{}', 'running', 60) returning id"
    )
    at_work = (await rows(shop, other))[0][0]
    await rows(shop, "update ad_syncs set last_run_id = :run where account_id = :account returning 1", run=at_work)
    with pytest.raises(Parked, match="Another run"):
        await count_wave(scope, days)
