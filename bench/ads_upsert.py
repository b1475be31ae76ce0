"""A million daily rows into the table of facts, beside COPY and INSERT ON CONFLICT written by hand. Prints JSON.

    python -m bench.ads_upsert [--rows 1000000] [--batch 20000] [--rounds 1]

`ours` is `store_facts`: compared, with the ledger of what moved. `by_hand` is what one would write without it, into the same
table with the same references, as the same role. Three passes each: all new, one row in twenty changed, nothing changed. Both in
turn, each in an organization of its own.
"""

import argparse
import asyncio
import json
import logging
import random
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from brandhound.ads.models import AdAccount
from brandhound.ads.object_models import Ad
from brandhound.ads.syncing.reading_rows import MEASURES, Fact
from brandhound.ads.syncing.storing_facts import FACT_TYPES, raw_cursor, store_facts
from brandhound.app import slices
from brandhound.core.db import close_engines, tenant_session
from brandhound.core.ids import uuid7
from brandhound.core.system import system_session
from brandhound.tenancy.models import Organization
from tests.databases import test_database

assert slices

DAYS = 364
FIRST = date(2025, 1, 1)
AT = datetime(2026, 1, 1, tzinfo=UTC)
COLUMNS = tuple(FACT_TYPES)
UPSERT = (
    f"insert into ad_daily_facts as f ({', '.join(COLUMNS)}) select {', '.join(COLUMNS)} from _by_hand order by ad_id, day"
    f" on conflict (organization_id, ad_id, day) do update set"
    f" {', '.join(f'{name} = excluded.{name}' for name in COLUMNS if name not in ('ad_id', 'day'))}"
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--batch", type=int, default=20_000)
    options.add_argument("--rounds", type=int, default=1)
    chosen = options.parse_args()
    logging.disable(logging.CRITICAL)
    with (
        tempfile.TemporaryDirectory(prefix="bh-bench-", ignore_cleanup_errors=True) as folder,
        test_database("ads_upsert", Path(folder) / "data"),
    ):
        print(json.dumps(asyncio.run(measure(chosen)), indent=1))


async def measure(chosen: argparse.Namespace) -> dict[str, Any]:
    rounds = [await one_round(chosen, number) for number in range(chosen.rounds)]
    await close_engines()
    return {"rows": chosen.rows, "batch": chosen.batch, "rounds": rounds}


PASSES = ("new", "a_twentieth_changed", "the_same")


async def one_round(chosen: argparse.Namespace, number: int) -> dict[str, Any]:
    """Seconds of each pass of each side, into an organization of its own. Who begins changes with every pass."""
    sides = {name: await prepared(-(-chosen.rows // DAYS)) for name in ("ours", "by_hand")}
    found: dict[str, dict[str, Any]] = {name: {} for name in sides}
    moved = 0
    names = list(sides["ours"][2])
    portions: list[list[Fact]] = []
    for turn, kind in enumerate(PASSES, start=number):
        if kind != "the_same":
            portions = list(batches(names, chosen.rows, chosen.batch, changed=kind != "new"))
        for name in sorted(sides, reverse=turn % 2 == 0):
            owner, account, ads = sides[name]
            began = time.perf_counter()
            for portion in portions:
                async with tenant_session(owner) as db:
                    if name == "ours":
                        moved += (await store_facts(db, account, portion, ads, AT)).moved
                    else:
                        await by_hand(db, account, portion, ads)
            found[name][kind] = round(time.perf_counter() - began, 2)
    ratios = {kind: round(found["ours"][kind] / found["by_hand"][kind], 2) for kind in PASSES}
    return {**found, "ratios": ratios, "rows_in_the_ledger": moved}


async def prepared(count: int) -> tuple[UUID, UUID, dict[str, UUID]]:
    """An organization with an account of so many ads."""
    owner, account = uuid7(), uuid7()
    async with system_session() as db:
        db.add(Organization(id=owner, name="Bench", time_zone="UTC", created_at=AT))
    ads = {str(120_000_000_000 + number): uuid7() for number in range(count)}
    async with tenant_session(owner) as db:
        db.add(
            AdAccount(
                id=account, platform="file", external_id=str(account), name="Bench", currency="EUR", time_zone="UTC"
            )
        )
        await db.flush()
        values = [
            {"id": own, "account_id": account, "external_id": name, "name": name, "seen_at": AT}
            for name, own in ads.items()
        ]
        for start in range(0, len(values), 1000):
            await db.execute(insert(Ad), values[start : start + 1000])
    return owner, account, ads


def batches(ads: Sequence[str], rows: int, batch: int, *, changed: bool) -> Iterator[list[Fact]]:
    """The same rows each time; with `changed` every twentieth says something else."""
    chance = random.Random(5)
    portion: list[Fact] = []
    for number in range(rows):
        ad, day = ads[number // DAYS], FIRST + timedelta(days=number % DAYS)
        shown = chance.randrange(100, 40_000)
        bought = Decimal(shown % 7) + (1 if changed and number % 20 == 0 else 0)
        measures: list[Any] = [shown * 9_731, shown, shown - shown // 9, shown // 40, shown // 60, shown // 70]
        measures += [
            shown // 2,
            shown // 3,
            shown // 4,
            shown // 9,
            shown // 5,
            shown // 7,
            shown // 11,
            shown // 13,
            shown // 15,
        ]
        measures += [
            float(shown % 17),
            shown // 80,
            Decimal(shown // 90),
            Decimal(shown // 200),
            Decimal(shown // 400),
            bought,
        ]
        measures += [None, int(bought) * 95_000_000]
        assert len(measures) == len(MEASURES)
        portion.append((ad, day, *measures, "7d_click_1d_view"))
        if len(portion) == batch:
            yield portion
            portion = []
    if portion:
        yield portion


async def by_hand(db: Any, account: UUID, facts: Sequence[Fact], ads: Mapping[str, UUID]) -> None:
    cursor = await raw_cursor(db)
    names = ", ".join(COLUMNS)
    await cursor.execute(
        f"create temp table _by_hand on commit drop as select {names} from ad_daily_facts where false".encode()
    )
    async with cursor.copy(f"copy _by_hand ({names}) from stdin (format binary)".encode()) as copy:
        copy.set_types(list(FACT_TYPES.values()))
        for fact in facts:
            await copy.write_row((account, ads[fact[0]], *fact[1:], AT, "meta"))
    await cursor.execute(UPSERT.encode())


if __name__ == "__main__":
    main()
