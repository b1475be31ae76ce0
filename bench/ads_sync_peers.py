"""The other ways to get the rows that `bench.ads_sync` syncs: Meta's own SDK, and the made-up Meta by itself."""

import asyncio
import json
import time
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx


async def twin_alone(told: dict[str, str], since: date, until: date) -> dict[str, Any]:
    """How fast Meta itself is here: a few days' pages of 500, six at a time, thrown away unread."""
    days = min(10, (until - since).days + 1)
    parameters = [asked_of_day(told, until - timedelta(days=number)) for number in range(days)]
    rows = 0
    began = time.monotonic()
    async with httpx.AsyncClient(base_url=told["url"], timeout=600) as client:
        waiting = asyncio.Semaphore(6)

        async def read(given: dict[str, str]) -> int:
            found, after = 0, None
            while True:
                async with waiting:
                    answer = await client.get(
                        f"/v26.0/{told['act']}/insights", params=given | ({"after": after} if after else {})
                    )
                found += answer.content.count(b'"date_stop"')
                place = answer.content.rfind(b'"paging"')
                told_of_pages: dict[str, Any] = (
                    json.loads(b"{" + answer.content[place:]) if place >= 0 else {"paging": {}}
                )
                if "next" not in told_of_pages["paging"]:
                    return found
                after = told_of_pages["paging"]["cursors"]["after"]

        rows = sum(await asyncio.gather(*map(read, parameters)))
    seconds = time.monotonic() - began
    return {"rows": rows, "seconds": round(seconds, 2), "rows_per_second": round(rows / seconds)}


def asked_of_day(told: dict[str, str], day: date) -> dict[str, str]:
    from brandhound.ads.meta.facts_of_meta import fields

    return {
        "level": "ad",
        "time_range": json.dumps({"since": day.isoformat(), "until": day.isoformat()}),
        "time_increment": "1",
        "limit": "500",
        "fields": ",".join(fields()["insights"]),
        "action_attribution_windows": json.dumps(fields()["attribution_windows"]),
        "access_token": told["token"],
    }


async def sdk(told: dict[str, str], since: date, until: date) -> dict[str, Any]:
    """Meta's own client, day by day; nothing is kept."""

    def read() -> int:
        return sum(1 for day in days_between(since, until) for _ in sdk_rows(told, day))

    began, cpu = time.monotonic(), time.process_time()
    rows = await asyncio.to_thread(read)
    return took(rows, time.monotonic() - began, time.process_time() - cpu)


async def sdk_that_stores(told: dict[str, str], since: date, until: date) -> dict[str, Any]:
    """The same, and each 500 rows are put into the table of facts the plain way, while the next page waits."""
    from sqlalchemy.dialects.postgresql import insert

    from brandhound.ads.fact_models import AdDailyFact
    from brandhound.ads.object_models import Ad
    from brandhound.ads.syncing.reading_rows import MEASURES, read_rows
    from brandhound.core.clock import now
    from brandhound.core.db import tenant_session
    from brandhound.core.ids import uuid7

    owner, account = await connected(told)
    names = await asyncio.to_thread(lambda: {row["ad_id"]: row["ad_name"] for row in sdk_rows(told, until)})
    ids = {external: uuid7() for external in names}
    values = [
        {"id": ids[one], "account_id": account, "external_id": one, "name": name, "seen_at": now()}
        for one, name in names.items()
    ]
    async with tenant_session(owner) as db:
        for start in range(0, len(values), 1000):
            await db.execute(insert(Ad), values[start : start + 1000])
    statement = insert(AdDailyFact)
    statement = statement.on_conflict_do_update(
        index_elements=["organization_id", "ad_id", "day"],
        set_={name: statement.excluded[name] for name in (*MEASURES, "attribution_setting", "observed_at")},
    )
    loop = asyncio.get_running_loop()

    async def store(page: list[dict[str, Any]]) -> None:
        seen = {"ad_account_id": account, "source": "meta", "observed_at": now()}
        facts = [
            {"ad_id": ids[fact[0]], "day": fact[1], **dict(zip(MEASURES, fact[2:-1], strict=True)),
             "attribution_setting": fact[-1], **seen}
            for fact in read_rows(page, told["act"]).facts
        ]  # fmt: skip
        async with tenant_session(owner) as db:
            await db.execute(statement, facts)

    def read() -> int:
        rows, page = 0, list[dict[str, Any]]()
        for day in days_between(since, until):
            for row in sdk_rows(told, day):
                rows += 1
                page.append(row.export_all_data())
                if len(page) == 500:
                    asyncio.run_coroutine_threadsafe(store(page), loop).result()
                    page = []
        if page:
            asyncio.run_coroutine_threadsafe(store(page), loop).result()
        return rows

    began, cpu = time.monotonic(), time.process_time()
    rows = await asyncio.to_thread(read)
    return took(rows, time.monotonic() - began, time.process_time() - cpu)


def sdk_rows(told: dict[str, str], day: date) -> Any:
    """One day as the SDK tells it, page after page."""
    from facebook_business.adobjects.adaccount import AdAccount
    from facebook_business.api import FacebookAdsApi
    from facebook_business.session import FacebookSession

    from brandhound.ads.meta.facts_of_meta import fields

    FacebookSession.GRAPH = told["url"]  # pyright: ignore[reportAttributeAccessIssue]
    if FacebookAdsApi.get_default_api() is None:  # pyright: ignore[reportUnknownMemberType]
        FacebookAdsApi.init(told["app_id"], told["secret"], told["token"])  # pyright: ignore[reportUnknownMemberType]
    account: Any = AdAccount(told["act"])
    params = {
        "level": "ad",
        "time_range": {"since": day.isoformat(), "until": day.isoformat()},
        "time_increment": 1,
        "limit": 500,
        "action_attribution_windows": fields()["attribution_windows"],
    }
    return account.get_insights(fields=list(fields()["insights"]), params=params)


def days_between(since: date, until: date) -> list[date]:
    return [since + timedelta(days=number) for number in range((until - since).days + 1)]


def took(rows: int, seconds: float, cpu: float) -> dict[str, Any]:
    return {
        "rows": rows,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu, 2),
        "rows_per_second": round(rows / seconds),
    }


async def connected(told: dict[str, str]) -> tuple[UUID, UUID]:
    """An organization of its own with the account."""
    from brandhound.ads.access import keep_token
    from brandhound.ads.models import AdAccount, BrandAdAccount
    from brandhound.brands.models import Brand
    from brandhound.core.clock import now
    from brandhound.core.db import tenant_session
    from brandhound.core.ids import uuid7
    from brandhound.core.system import system_session
    from brandhound.tenancy.models import Organization

    owner = uuid7()
    async with system_session() as db:
        db.add(Organization(id=owner, name="Bench", time_zone="Europe/Berlin", created_at=now()))
    async with tenant_session(owner) as db:
        brand = Brand(
            name="Bench", name_key=f"bench {owner}", kind="own", color="#1d4ed8", created_at=now(), updated_at=now()
        )
        account = AdAccount(
            platform="meta",
            external_id=told["act"],
            name="Bench",
            currency="EUR",
            time_zone="Europe/Berlin",
            account_status=1,
        )
        db.add_all([brand, account])
        await db.flush()
        link = BrandAdAccount(brand_id=brand.id, ad_account_id=account.id, auth_method="oauth", state="connected",
                              connected_at=now(), state_since=now(), scopes=[], granular=[], tasks=[])  # fmt: skip
        keep_token(link, told["token"])
        db.add(link)
        await db.flush()
        return owner, account.id
