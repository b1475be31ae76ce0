"""Ad accounts with ads and their days, as a sync would have left them."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID, uuid4

import numpy as np
from sqlalchemy import insert

from brandhound.ads.fact_models import AdDailyFact, AdWindowReach
from brandhound.ads.models import AdAccount, AdConnectLink, AdLogin, BrandAdAccount
from brandhound.ads.object_models import Ad, AdCampaign, AdCreative, AdCreativeVersion, AdSet
from brandhound.brands.models import Brand
from brandhound.core.clock import now
from brandhound.core.db import tenant_session

UNTIL = date(2026, 11, 20)


@dataclass
class AdTruth:
    """What is true of an ad a day, by its place among the others."""

    ctr: float = 0.012
    buys: float = 0.03
    money: float = 30.0
    hook: float = 0.27
    tired_from: int | None = None
    """Days before the end from which on its CTR is half."""
    frequency: float = 1.8
    name: str = ""
    on: bool = True
    link: str | None = None
    sold_out: tuple[int, int] | None = None
    """From so many days before the end to so many, nobody could buy."""


@dataclass
class AdBoard:
    """What was made."""

    account_id: UUID
    ads: list[UUID] = field(default_factory=list[UUID])
    campaign_id: UUID = field(default_factory=uuid4)


async def make_ads(
    organization_id: UUID,
    truths: list[AdTruth],
    *,
    days: int = 28,
    until: date = UNTIL,
    currency: str = "USD",
    name: str = "Shop",
    seed: int = 3,
) -> AdBoard:
    """An account with these ads, each with a row a day."""
    chance = np.random.default_rng(seed)
    at = now()
    board = AdBoard(uuid4())
    external = str(uuid4().int)[:12]
    async with tenant_session(organization_id) as db:
        await db.execute(
            insert(AdAccount).values(
                id=board.account_id,
                platform="meta",
                external_id=f"act_{external}",
                name=name,
                currency=currency,
                time_zone="Europe/Berlin",
            )
        )
        own = {"account_id": board.account_id, "seen_at": at}
        await db.execute(
            insert(AdCampaign).values(
                id=board.campaign_id, external_id=f"c{external}", name=f"{name} sales", objective="OUTCOME_SALES", **own
            )
        )
        set_id = uuid4()
        await db.execute(
            insert(AdSet).values(
                id=set_id, external_id=f"s{external}", campaign_id=board.campaign_id, name="All", **own
            )
        )
        for place, truth in enumerate(truths):
            creative, ad = uuid4(), uuid4()
            board.ads.append(ad)
            await db.execute(insert(AdCreative).values(id=creative, external_id=f"k{place}", version=1, **own))
            await db.execute(
                insert(AdCreativeVersion).values(
                    creative_id=creative,
                    number=1,
                    content_hash=f"h{place}",
                    format="video",
                    title="A title",
                    body="A text",
                    link=truth.link,
                    spec={},
                    seen_from=at,
                )
            )
            status = "ACTIVE" if truth.on else "PAUSED"
            await db.execute(
                insert(Ad).values(
                    id=ad,
                    external_id=f"a{place}",
                    name=truth.name or f"Ad {place}",
                    ad_set_id=set_id,
                    campaign_id=board.campaign_id,
                    creative_id=creative,
                    status=status,
                    effective_status=status,
                    **own,
                )
            )
            rows = [_day(chance, truth, board.account_id, ad, until - timedelta(days=d), d, at) for d in range(days)]
            await db.execute(insert(AdDailyFact), rows)
            await db.execute(insert(AdWindowReach), _reaches(truth, board.account_id, ad, rows, until, at))
    return board


async def serve_brand(organization_id: UUID, board: AdBoard, name: str) -> UUID:
    """A brand that an account serves."""
    brand_id = uuid4()
    async with tenant_session(organization_id) as db:
        await db.execute(
            insert(Brand).values(
                id=brand_id,
                name=name,
                name_key=name.lower(),
                kind="own",
                color="#336699",
                created_at=now(),
                updated_at=now(),
            )
        )
        await db.execute(
            insert(BrandAdAccount).values(brand_id=brand_id, ad_account_id=board.account_id, is_primary=True)
        )
    return brand_id


def _day(
    chance: np.random.Generator, truth: AdTruth, account: UUID, ad: UUID, day: date, age: int, at: object
) -> dict[str, object]:
    shown = int(truth.money * 100 * chance.uniform(0.9, 1.1))
    ctr = truth.ctr / 2 if truth.tired_from is not None and age < truth.tired_from else truth.ctr
    clicks = int(chance.binomial(shown, ctr))
    bought = int(chance.binomial(clicks, truth.buys))
    could = truth.sold_out is None or not truth.sold_out[1] <= age <= truth.sold_out[0]
    hooked = int(chance.binomial(shown, truth.hook))
    return {
        "ad_account_id": account,
        "ad_id": ad,
        "day": day,
        "spend_micros": round(truth.money * 1_000_000),
        "impressions": shown,
        "reach": int(shown / 1.1),
        "clicks": clicks + 5,
        "link_clicks": clicks,
        "outbound_clicks": clicks,
        "plays": int(shown * 0.9),
        "views_3s": hooked,
        "thruplays": int(chance.binomial(hooked, 0.3)),
        "p25": int(hooked * 0.6),
        "p100": int(hooked * 0.1),
        "watch_seconds_avg": 4.0,
        "landing_page_views": int(clicks * 0.8),
        "adds_to_cart": min(clicks, bought * 3 + 1),
        "checkouts": min(clicks, bought * 2 + 1),
        # The platform does not name what did not happen.
        "purchases": (bought if could else 0) or None,
        "purchase_value_micros": (bought if could else 0) * 60_000_000 or None,
        "attribution_setting": "7d_click_1d_view",
        "observed_at": at,
        "source": "meta",
    }


def _reaches(
    truth: AdTruth, account: UUID, ad: UUID, rows: list[dict[str, object]], until: date, at: object
) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for since, end, times in (
        (27, 0, truth.frequency),
        (6, 0, max(1.1, truth.frequency * 0.5)),
        (13, 7, max(1.1, truth.frequency * 0.45)),
    ):
        shown = sum(int(str(row["impressions"])) for row in rows[end : since + 1])
        found.append(
            {
                "ad_account_id": account,
                "ad_id": ad,
                "since": until - timedelta(days=since),
                "until": until - timedelta(days=end),
                "impressions": shown,
                "reach": int(shown / times),
                "observed_at": at,
            }
        )
    return found


async def make_ad_account(organization_id: UUID, brand_id: UUID, mark: str) -> dict[str, str]:
    """An ad account that serves the brand, a login that waits for a choice, and a link for a client; their identifiers."""
    async with tenant_session(organization_id) as db:
        account = AdAccount(
            platform="meta", external_id="act_9271", name=f"Account {mark}", currency="EUR", time_zone="Europe/Berlin"
        )
        db.add(account)
        await db.flush()
        link = BrandAdAccount(brand_id=brand_id, ad_account_id=account.id, subject_name=f"Person {mark}")
        login = AdLogin(
            brand_id=brand_id,
            state_hash=uuid4().hex,
            auth_method="oauth",
            created_at=now(),
            expires_at=now() + timedelta(hours=1),
            found={"outcome": "failed", "said": mark},
        )
        by_link = AdConnectLink(
            brand_id=brand_id,
            label=f"Client {mark}",
            token_hash=uuid4().hex,
            created_at=now(),
            expires_at=now() + timedelta(days=1),
        )
        db.add_all([link, login, by_link])
        await db.flush()
    ids = {"account": account.id, "connection": link.id, "login": login.id, "link": by_link.id}
    return {name: str(one) for name, one in ids.items()}
