"""Syncs on real worker processes: killed in the middle they go on elsewhere, and no organization starves another."""

import asyncio
from collections.abc import Callable, Generator
from datetime import datetime
from pathlib import Path
from uuid import UUID

import httpx
import psycopg
import pytest

from brandhound.ads.access import keep_token
from brandhound.ads.models import AdAccount, BrandAdAccount
from brandhound.ads.syncing.queueing import queue_sync
from brandhound.ads.syncing.scope import SyncAccount
from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.twins.meta import MetaTwin, serve_meta
from tests.ad_syncing.accounts import Connected, connect, rows, run_of, sync
from tests.ad_syncing.conftest import small
from tests.databases import TestDatabase
from tests.factories.things import make_brand
from tests.jobs.workers import Workers, state_of, wait_for_state, wait_until

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
Set = Callable[..., None]

# Everything that a sync brings, without the names that we give it and the times at which we did.
_OF_AN_AD = "- array['organization_id', 'ad_account_id', 'ad_id', 'observed_at']"
BROUGHT = {
    "facts": f"select a.external_id, (to_jsonb(f) {_OF_AN_AD})::text from ad_daily_facts f join ads a on a.id = f.ad_id",
    "actions": f"select a.external_id, (to_jsonb(f) {_OF_AN_AD})::text from ad_action_values f join ads a on a.id = f.ad_id",
    "reach": f"select a.external_id, (to_jsonb(f) {_OF_AN_AD})::text from ad_window_reach f join ads a on a.id = f.ad_id",
    "days": "select day, spend_micros, impressions, clicks, link_clicks, purchases, purchase_value_micros from ad_account_days",
    "ads": "select external_id, name, effective_status from ads",
    "ad sets": "select external_id, name from ad_sets",
    "campaigns": "select external_id, name from ad_campaigns",
    "creatives": "select external_id from ad_creatives",
    "activities": "select content_hash from ad_activities",
    "moved": "select metric from ad_restatements",
}


@pytest.fixture
def still_meta(set_to: Set) -> Generator[MetaTwin]:
    """A Meta whose clock stands still at this moment: workers go by the real one, and its numbers are the same for all."""
    moment = clock.now()
    with serve_meta(now=moment, first=moment.date(), accounts=[]) as twin:
        set_to(META_APP_ID=twin.app_id, META_APP_SECRET=twin.app_secret, META_GRAPH_URL=twin.url)
        yield twin


@pytest.fixture
def workers(database: TestDatabase, tmp_path: Path) -> Generator[Workers]:
    made = Workers(database, tmp_path, forgets="%")
    yield made
    made.end()


async def test_a_sync_whose_workers_are_killed_goes_on_elsewhere_and_comes_to_what_an_undisturbed_one_comes_to(
    still_meta: MetaTwin,
    workers: Workers,
    client: httpx.AsyncClient,
    organization_id: UUID,
    other_client: httpx.AsyncClient,
    other_organization_id: UUID,
    database: TestDatabase,
) -> None:
    spec = small(still_meta, ads=60)
    in_peace = await connect(still_meta, other_client, other_organization_id, spec)
    assert (await sync(in_peace)).state == "done"
    wanted = await brought(in_peace)
    assert len(wanted["facts"]) > 1_000
    disturbed = await connect(still_meta, client, organization_id, spec)
    for _ in range(3):
        workers.spawn()
    await asyncio.to_thread(
        wait_until,
        lambda: all('"working"' in workers.log_of(one).read_text() for one in workers.processes),
        180,
        "start",
    )
    still_meta.kept.forget_calls()
    still_meta.kept.delay = 0.1
    run_id = await begin(disturbed)
    # The first dies while it learns which ads there are, the second when the first of their numbers are in.
    await asyncio.to_thread(wait_until, lambda: asked_for(still_meta, "ads"), 120, "ads are asked for")
    kill_holder(workers, run_id)
    await asyncio.to_thread(wait_until, lambda: count(database, organization_id) > 0, 120, "numbers come in", 0.01)
    kill_holder(workers, run_id)
    there = count(database, organization_id)
    assert 0 < there < len(wanted["facts"])
    still_meta.kept.delay = 0.0
    await asyncio.to_thread(wait_for_state, database, run_id, "done", 120)
    state = state_of(database, run_id)
    assert (state.attempts, state.interruptions) == (3, 2)
    assert await brought(disturbed) == wanted
    # What was finished before the second death was not asked for again after it.
    campaigns = [call for call in still_meta.calls if call.path.endswith("/campaigns")]
    assert len(campaigns) == 1


async def test_an_organization_with_fifty_accounts_syncs_several_at_once_and_does_not_hold_up_one_with_a_single_one(
    still_meta: MetaTwin,
    workers: Workers,
    client: httpx.AsyncClient,
    organization_id: UUID,
    other_client: httpx.AsyncClient,
    other_organization_id: UUID,
    database: TestDatabase,
    set_to: Set,
) -> None:
    # A worker that fetches four things at once, of which one organization may have three.
    set_to(WORKER_CONCURRENCY="1")
    brand_id = UUID(await make_brand(client, "Agency"))
    many = [await add_account(still_meta, organization_id, brand_id) for _ in range(50)]
    for account_id in many:
        await begin_account(organization_id, account_id)
    single = await connect(still_meta, other_client, other_organization_id, small(still_meta, ads=4, days=10))
    late = await begin(single)
    still_meta.kept.delay = 0.05
    workers.start()
    await asyncio.to_thread(wait_for_state, database, late, "done", 120)
    await asyncio.to_thread(wait_until, lambda: len(ended(database, organization_id)) >= 4, 120, "some are in")
    theirs = await run_of(single, late)
    assert theirs.started_at is not None
    begun = started(database, organization_id)
    # Queued after fifty others, it began with the first of them, and had ended long before the last.
    assert theirs.started_at < begun[3][0]
    assert len(begun) < 50
    assert 2 <= most_at_once(begun) <= 3


async def begin(shop: Connected) -> UUID:
    return await begin_account(shop.organization_id, shop.id)


async def begin_account(organization_id: UUID, account_id: UUID) -> UUID:
    parameters = SyncAccount.model_validate({"ad_account_id": account_id, "max_images": 0, "max_videos": 0})
    async with tenant_session(organization_id) as db:
        return (await queue_sync(db, parameters)).id


async def add_account(twin: MetaTwin, organization_id: UUID, brand_id: UUID) -> UUID:
    """One more small account of a brand."""
    spec = small(twin, ads=4, days=10)
    async with tenant_session(organization_id) as db:
        account = AdAccount(
            platform="meta",
            external_id=spec.act,
            name=spec.name,
            currency=spec.currency,
            time_zone=spec.time_zone,
        )
        db.add(account)
        await db.flush()
        link = BrandAdAccount(brand_id=brand_id, ad_account_id=account.id, auth_method="oauth", scopes=["ads_read"])
        keep_token(link, twin.user_token())
        db.add(link)
        return account.id


async def brought(shop: Connected) -> dict[str, list[tuple[object, ...]]]:
    """All that is there of the account, in an order of its own."""
    return {name: sorted(await rows(shop, statement), key=str) for name, statement in BROUGHT.items()}


def kill_holder(workers: Workers, run_id: UUID) -> None:
    """Kill the process that has the run, as the system does when memory is short."""
    holder = workers.holder_first(run_id)[0]
    holder.kill()
    holder.wait()


def asked_for(twin: MetaTwin, edge: str) -> bool:
    return any(call.path.endswith(f"/{edge}") for call in twin.calls)


def count(database: TestDatabase, organization_id: UUID) -> int:
    with psycopg.connect(database.url) as owner:
        row = owner.execute(
            "select count(*) from ad_daily_facts where organization_id = %s", [organization_id]
        ).fetchone()
    assert row
    return int(row[0])


def started(database: TestDatabase, organization_id: UUID) -> list[tuple[datetime, datetime | None]]:
    """From when to when syncs of an organization were at work, by their beginning."""
    with psycopg.connect(database.url) as owner:
        return owner.execute(
            "select started_at, finished_at from runs where organization_id = %s and job = 'ads.sync'"
            " and started_at is not null order by started_at",
            [organization_id],
        ).fetchall()


def ended(database: TestDatabase, organization_id: UUID) -> list[datetime]:
    return [finished for _, finished in started(database, organization_id) if finished is not None]


def most_at_once(spans: list[tuple[datetime, datetime | None]]) -> int:
    """How many of them were at work at the same moment."""
    return max(sum(begun <= moment and (over is None or over > moment) for begun, over in spans) for moment, _ in spans)
