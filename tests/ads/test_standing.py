"""Ads as the screen shows them: summed, judged, filtered and sorted, with as many questions for one ad as for many."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import Engine, delete, event, select, update

from brandhound.ads.fact_models import AdDailyFact
from brandhound.ads.object_models import Ad
from brandhound.ads.standings.diagnosing_accounts import diagnose_account
from brandhound.ads.standings.models import AdVerdict
from brandhound.core.clock import now
from brandhound.core.db import tenant_session
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.registry import enqueue, job_named
from tests.factories.ads import UNTIL, AdBoard, AdTruth, make_ads, serve_brand


async def judged(organization_id: UUID, board: AdBoard) -> None:
    """As after a sync."""
    async with tenant_session(organization_id) as db:
        await enqueue(db, "ads.diagnose", job_named("ads.diagnose").parameters(account_id=board.account_id))
    await run_until_idle(organization_id)


def usual(count: int) -> list[AdTruth]:
    return [AdTruth(ctr=0.011 + 0.0002 * (at % 10), money=20 + at % 7 * 5) for at in range(count)]


@contextmanager
def counted() -> Generator[list[str]]:
    """The statements that reach the database."""
    statements: list[str] = []

    def note(_1: Any, _2: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield statements
    event.remove(Engine, "before_cursor_execute", note)


async def test_after_a_sync_every_ad_is_summed_and_judged(client: httpx.AsyncClient, organization_id: UUID) -> None:
    board = await make_ads(organization_id, [*usual(20), AdTruth(ctr=0.0024, money=60, name="Dull")])
    await judged(organization_id, board)
    page = (await client.get("/api/ads", params={"sort": "ctr", "columns": "spend,ctr,roas,frequency"})).json()
    assert page["total"] == 21
    dull = page["items"][0]
    assert dull["name"] == "Dull"
    assert dull["values"]["spend"] == 60 * 28
    assert dull["values"]["frequency"] == pytest.approx(1.8, abs=0.01)
    assert dull["health"] == "critical"
    assert "very_low_click_rate" in [said["rule"] for said in dull["said"]]
    week = (await client.get("/api/ads", params={"window": 7, "columns": "spend", "q": "Dull"})).json()
    assert (week["window_days"], week["items"][0]["values"]["spend"]) == (7, 60 * 7)
    assert (await client.get("/api/ads", params={"window": 8})).status_code == 422


async def test_an_ad_that_nobody_clicks_has_a_rate_of_nought_and_not_none(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    board = await make_ads(organization_id, [*usual(20), AdTruth(ctr=0, buys=0, money=60, name="Dull")])
    async with tenant_session(organization_id) as db:
        # Meta leaves out what was not clicked.
        await db.execute(update(AdDailyFact).where(AdDailyFact.ad_id == board.ads[-1]).values(link_clicks=None))
    await judged(organization_id, board)
    asked = {"columns": "ctr,cpc,link_clicks", "q": "Dull"}
    (dull,) = (await client.get("/api/ads", params=asked)).json()["items"]
    assert dull["values"] == {"ctr": 0, "cpc": None, "link_clicks": 0}
    assert "very_low_click_rate" in [said["rule"] for said in dull["said"]]
    # Where an account counts none at all, nothing is said of them.
    async with tenant_session(organization_id) as db:
        of_account = AdDailyFact.ad_account_id == board.account_id
        await db.execute(update(AdDailyFact).where(of_account).values(link_clicks=None))
    await judged(organization_id, board)
    (dull,) = (await client.get("/api/ads", params=asked)).json()["items"]
    assert dull["values"] == {"ctr": None, "cpc": None, "link_clicks": None}


async def test_columns_may_be_own_metrics_and_their_totals_are_divided_anew(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    await judged(organization_id, await make_ads(organization_id, usual(6)))
    own = {"name": "profit", "title": "Profit", "formula": "purchase_value - spend", "shown": "money", "summable": True}
    assert (await client.post("/api/ads/metrics", json=own)).status_code == 201
    per = {"name": "per_cart", "title": "Per cart", "formula": "spend / adds_to_cart", "shown": "money"}
    assert (await client.post("/api/ads/metrics", json=per)).status_code == 201
    asked = {"columns": "spend,adds_to_cart,purchase_value,profit,per_cart", "sort": "-profit"}
    page = (await client.get("/api/ads", params=asked)).json()
    rows = [row["values"] for row in page["items"]]
    assert [row["profit"] for row in rows] == sorted((row["profit"] for row in rows), reverse=True)
    totals = page["totals"]["values"]
    assert totals["profit"] == pytest.approx(sum(row["profit"] for row in rows))
    assert totals["per_cart"] == pytest.approx(totals["spend"] / totals["adds_to_cart"])
    assert totals["per_cart"] != pytest.approx(sum(row["per_cart"] for row in rows) / 6)
    names = [metric["name"] for metric in (await client.get("/api/ads/metrics")).json()]
    assert {"spend", "roas", "profit"} <= set(names)
    again = await client.post("/api/ads/metrics", json=own)
    assert (again.status_code, again.json()["code"]) == (409, "ads/name-taken")


async def test_an_own_metric_is_changed_under_the_name_that_views_have_for_it(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    await judged(organization_id, await make_ads(organization_id, usual(6)))
    own = {"name": "profit", "title": "Profit", "formula": "purchase_value - spend", "shown": "money", "summable": True}
    made = (await client.post("/api/ads/metrics", json=own)).json()
    address = f"/api/ads/metrics/{made['id']}"
    other = {"title": "Return", "formula": "purchase_value / spend", "shown": "times", "direction": "up"}
    changed = await client.put(address, json=other)
    assert changed.status_code == 200
    assert {**made, **other, "summable": False} == changed.json()
    page = (await client.get("/api/ads", params={"columns": "spend,purchase_value,profit"})).json()
    values = page["totals"]["values"]
    assert values["profit"] == pytest.approx(values["purchase_value"] / values["spend"])
    refused = await client.put(address, json={**other, "formula": "purchase_value / spend / 0"})
    assert (refused.status_code, refused.json()["code"]) == (422, "ads/formula-without-value")
    assert (await client.get("/api/ads/metrics")).json()[-1]["formula"] == "purchase_value / spend"
    await client.delete(address)
    assert (await client.put(address, json=other)).status_code == 404


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ("spend +", "ads/formula-unreadable"),
        ("spend / sales", "ads/formula-unknown-name"),
        ("spend + clicks", "ads/formula-units"),
        ("clicks / impressions", "ads/formula-format"),
        ("spend / 0", "ads/formula-without-value"),
        ("spend * " + "9" * 300, "ads/formula-without-value"),
        ("spend / clicks * reach", "ads/formula-not-summable"),
    ],
)
async def test_a_wrong_formula_is_answered_with_what_is_wrong(
    client: httpx.AsyncClient, formula: str, code: str
) -> None:
    answer = await client.post(
        "/api/ads/metrics",
        json={"name": "mine", "title": "Mine", "formula": formula, "shown": "money", "summable": True},
    )
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    unknown = await client.get("/api/ads", params={"columns": "spend,nonsense"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "ads/unknown-column")


async def test_ads_are_filtered_by_brand_health_what_is_said_and_words(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    board = await make_ads(organization_id, [*usual(20), AdTruth(ctr=0.0024, money=60, name="Dull_50%")])
    await judged(organization_id, board)
    await judged(organization_id, await make_ads(organization_id, usual(3), name="Other"))
    brand = await serve_brand(organization_id, board, "Bloom")

    async def names(**asked: object) -> list[str]:
        answer = await client.get("/api/ads", params={key: str(value) for key, value in asked.items()})
        return [row["name"] for row in answer.json()["items"]]

    assert len(await names()) == 24
    assert len(await names(brand_id=brand)) == 21
    assert await names(health="critical") == ["Dull_50%"]
    assert await names(rule="very_low_click_rate") == ["Dull_50%"]
    rules = {one["code"]: one["title"] for one in (await client.get("/api/ads/rules")).json()}
    assert rules["very_low_click_rate"] == "Hardly anybody clicks"
    mistyped = await client.get("/api/ads", params={"columns": "preset:performence"})
    assert (mistyped.status_code, mistyped.json()["code"]) == (422, "ads/unknown-column")
    assert await names(q="l_50%") == ["Dull_50%"]
    assert await names(q="_") == ["Dull_50%"]
    assert await names(account_id=board.account_id, sort="name", limit=1, offset=20) == ["Dull_50%"]
    assert await names(status="PAUSED") == []


async def test_money_of_two_currencies_has_no_total(client: httpx.AsyncClient, organization_id: UUID) -> None:
    await judged(organization_id, await make_ads(organization_id, usual(2)))
    await judged(organization_id, await make_ads(organization_id, usual(2), currency="JPY", name="Tokyo"))
    totals = (await client.get("/api/ads", params={"columns": "spend,ctr,roas"})).json()["totals"]
    assert totals["currency"] is None
    # Nor is it divided by each other: yen and dollars for yen and dollars are no return.
    assert (totals["values"]["spend"], totals["values"]["roas"]) == (None, None)
    assert totals["values"]["ctr"] == pytest.approx(0.012, abs=0.003)


async def test_an_ad_opens_with_its_days_what_it_likely_is_and_the_numbers_behind(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    board = await make_ads(
        organization_id,
        [*usual(20), AdTruth(ctr=0.02, money=80, frequency=5.5, tired_from=9, name="Tired")],
        days=40,
    )
    await judged(organization_id, board)
    ad = (await client.get(f"/api/ads/{board.ads[-1]}")).json()
    said = {one["rule"]: one for one in ad["diagnoses"]}
    assert "fatigue" in said
    assert said["fatigue"]["confidence"] > 0.8
    assert {one["metric"] for one in said["fatigue"]["evidence"]} == {"ctr", "frequency", "impressions"}
    assert len(ad["trend"]) == 28
    assert ad["trend"][-1]["values"]["spend"] == 80
    estimates = {one["metric"]: one for one in ad["estimates"]}
    for one in estimates.values():
        assert one["low90"] <= one["low50"] <= one["high50"] <= one["high90"]
    assert estimates["ctr"]["ads"] == 21
    assert (ad["reach_low"], ad["title"]) == (ad["reach_high"], "A title")


async def test_what_changed_names_accounts_new_verdicts_and_the_best_and_worst(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    truths = [*usual(12), AdTruth(buys=0.12, name="Best"), AdTruth(buys=0.003, money=80, name="Worst")]
    board = await make_ads(organization_id, truths)
    await judged(organization_id, board)
    changes = (await client.get("/api/ads/changes")).json()
    assert changes["accounts"][0]["values"]["spend"] == pytest.approx(changes["accounts"][0]["usual"]["spend"])
    assert changes["top"][0]["name"] == "Best"
    assert changes["bottom"][0]["name"] == "Worst"
    assert "Worst" in [new["name"] for new in changes["new"]]
    # The same verdict a second time is no news of another day, and keeps its first one.
    await judged(organization_id, board)
    assert (await client.get("/api/ads/changes")).json()["new"] == changes["new"]


async def test_days_without_tracking_are_told_of_the_account_and_held_against_no_ad(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    board = await make_ads(organization_id, [AdTruth(money=60) for _ in range(20)])
    async with tenant_session(organization_id) as db:
        blind = (UNTIL - timedelta(days=9), UNTIL - timedelta(days=6))
        await db.execute(
            update(AdDailyFact)
            .where(AdDailyFact.ad_account_id == board.account_id, AdDailyFact.day.between(*blind))
            .values(purchases=None, purchase_value_micros=None, landing_page_views=0)
        )
    await judged(organization_id, board)
    happened = (await client.get("/api/ads/changes")).json()["happened"]
    assert [(one["what"], one["since"], one["until"]) for one in happened] == [
        ("tracking_outage", str(blind[0]), str(blind[1]))
    ]
    assert (await client.get("/api/ads", params={"health": "critical"})).json()["total"] == 0


async def test_an_ad_that_began_while_nothing_was_counted_makes_its_page_no_better_afterwards(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    others = [AdTruth(money=60, link="https://shop.example/chair") for _ in range(10)]
    late, small = (AdTruth(money=money, link="https://shop.example/sofa") for money in (900, 25))
    board = await make_ads(organization_id, [late, small, *others])
    blind = (UNTIL - timedelta(days=9), UNTIL - timedelta(days=6))
    lost = {"purchases": None, "purchase_value_micros": None, "landing_page_views": 0, "adds_to_cart": 0}
    async with tenant_session(organization_id) as db:
        of_account = AdDailyFact.ad_account_id == board.account_id
        await db.execute(update(AdDailyFact).where(of_account, AdDailyFact.day.between(*blind)).values(**lost))
        await db.execute(delete(AdDailyFact).where(AdDailyFact.ad_id == board.ads[0], AdDailyFact.day < blind[0]))
    await judged(organization_id, board)
    happened = (await client.get("/api/ads/changes")).json()["happened"]
    assert [one["what"] for one in happened] == ["tracking_outage"]


async def test_the_weeks_before_the_window_tell_what_a_page_usually_does(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    rates = (
        ("https://shop.example/chair", 0.03),
        ("https://shop.example/sofa", 0.03),
        ("https://shop.example/lamp", 0.02),
    )
    truths = [
        AdTruth(money=10 if "lamp" in link else 40, buys=buys, link=link) for link, buys in rates for _ in range(4)
    ]
    board = await make_ads(organization_id, truths, days=95)
    page_of_lamps = AdDailyFact.ad_id.in_(board.ads[-4:])
    # Since a week or so its visitors put a quarter as much into the cart: too few for these four weeks to tell it by themselves.
    lately = AdDailyFact.day > UNTIL - timedelta(days=8)
    async with tenant_session(organization_id) as db:
        await db.execute(
            update(AdDailyFact).where(page_of_lamps, lately).values(adds_to_cart=AdDailyFact.adds_to_cart / 4)
        )
    await judged(organization_id, board)
    told = (await client.get("/api/ads/changes")).json()["happened"]
    assert [(one["what"], one["page"]) for one in told] == [("page_worse", "https://shop.example/lamp")]
    async with tenant_session(organization_id) as db:
        await db.execute(delete(AdDailyFact).where(AdDailyFact.day <= UNTIL - timedelta(days=28)))
    await judged(organization_id, board)
    assert (await client.get("/api/ads/changes")).json()["happened"] == []


async def test_as_many_questions_for_forty_ads_as_for_four(
    client: httpx.AsyncClient, organization_id: UUID, other_client: httpx.AsyncClient, other_organization_id: UUID
) -> None:
    asked: list[int] = []
    for whose, owner, count in ((client, organization_id, 4), (other_client, other_organization_id, 40)):
        board = await make_ads(owner, usual(count))
        await judged(owner, board)
        with counted() as statements:
            for path in ("/api/ads", "/api/ads/changes", f"/api/ads/{board.ads[0]}"):
                assert (await whose.get(path)).status_code == 200
            async with tenant_session(owner) as db:
                await diagnose_account(db, board.account_id, now())
        asked.append(len(statements))
    assert asked[0] == asked[1]
    with counted() as statements:
        assert (await client.get("/api/ads", params={"q": "nowhere"})).json()["items"] == []
    assert not [statement for statement in statements if "LATERAL" in statement or "ad_assets" in statement]


async def test_judging_asks_no_more_where_every_other_ad_lacks_spend(organization_id: UUID) -> None:
    boards = [
        await make_ads(organization_id, usual(40)),
        await make_ads(organization_id, [AdTruth(money=(0.4, 80)[at % 2]) for at in range(40)], name="Every other"),
    ]
    asked: list[int] = []
    for board in boards:
        with counted() as statements:
            await judged(organization_id, board)
        asked.append(len([statement for statement in statements if "ad_verdicts" in statement]))
    async with tenant_session(organization_id) as db:
        lacking = list(
            await db.scalars(select(AdVerdict.more_spend_micros).where(AdVerdict.ad_account_id == boards[1].account_id))
        )
    assert 0 < sum(more is None for more in lacking) < 40
    assert asked[0] == asked[1]


async def test_views_aims_and_verdicts_stay_in_their_organization(
    client: httpx.AsyncClient, organization_id: UUID, other_client: httpx.AsyncClient
) -> None:
    board = await make_ads(organization_id, usual(3))
    await judged(organization_id, board)
    view = await client.post("/api/ads/views", json={"name": "Video", "query": {"columns": "preset:video"}})
    again = await client.post("/api/ads/views", json={"name": "Video", "query": {"sort": "-spend"}})
    assert view.json()["id"] == again.json()["id"]
    assert [v["query"] for v in (await client.get("/api/ads/views")).json()] == [{"sort": "-spend"}]
    for path in (f"/api/ads/{board.ads[0]}", f"/api/ad-accounts/{board.account_id}/aims"):
        assert (await client.get(path)).status_code == 200
        assert (await other_client.get(path)).status_code == 404
    assert (await other_client.get("/api/ads")).json()["total"] == 0
    assert (await other_client.get("/api/ads/views")).json() == []
    assert (await other_client.delete(f"/api/ads/views/{view.json()['id']}")).status_code == 404
    assert (await other_client.patch(f"/api/ads/views/{view.json()['id']}", json={"name": "Mine"})).status_code == 404


async def test_what_no_ad_can_be_is_refused_in_words_instead_of_an_empty_list(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    board = await make_ads(organization_id, usual(3))
    await judged(organization_id, board)
    for path in ("/api/ads", "/api/ads/by-page"):
        for parameter, value, one in (("rule", "fatigued", "fatigue"), ("status", "RUNNING", "ACTIVE")):
            refused = await client.get(path, params={parameter: value})
            assert refused.status_code == 422
            problem = refused.json()
            assert (problem["code"], problem["parameter"], problem["value"]) == ("ads/unknown-filter", parameter, value)
            assert one in problem["known"]
            assert (await client.get(path, params={parameter: one})).status_code == 200
        for parameter, value in (("currency", "dollars"), ("page", "")):
            assert (await client.get(path, params={parameter: value})).status_code == 422
    # A word that the platform made up since our list was written is known by the ads that have it.
    async with tenant_session(organization_id) as db:
        await db.execute(update(Ad).where(Ad.id == board.ads[0]).values(effective_status="RUNNING"))
    assert (await client.get("/api/ads", params={"status": "RUNNING"})).json()["total"] == 1


async def test_a_target_is_what_verdicts_take_from_then_on(client: httpx.AsyncClient, organization_id: UUID) -> None:
    board = await make_ads(organization_id, usual(12))
    await judged(organization_id, board)
    path = f"/api/ad-accounts/{board.account_id}/aims"
    before = (await client.get(path)).json()
    assert before["target_cost"] is None
    assert before["usual_cost"] < before["taken_cost"]
    await client.put(path, json={"target_cost": 5})
    await run_until_idle(organization_id)
    assert (await client.get(path)).json()["taken_cost"] == 5
    page = (await client.get("/api/ads", params={"rule": "dear_purchases"})).json()
    assert page["total"] >= 10
    assert (await client.put(path, json={"target_cost": -1})).status_code == 422


async def test_names_are_read_by_their_pattern_and_those_that_do_not_follow_it_are_listed(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    names = ["chair_price_video_2610", "chair_range_image_2610", "Sofa - price - video - 2611", "no pattern at all!"]
    board = await make_ads(organization_id, [AdTruth(name=name) for name in names], days=3)
    path = f"/api/ad-accounts/{board.account_id}/naming"
    pattern = "{product}_{angle}_{format}_{date}"
    tried = (await client.get(path, params={"pattern": pattern})).json()
    assert (tried["ads"], tried["fitting"], tried["coverage"]) == (4, 2, 0.5)
    assert {"part": "product", "value": "chair", "ads": 2} in tried["parts"]
    assert [(bad["name"], bad["suggestion"]) for bad in tried["bad"]] == [
        ("Sofa - price - video - 2611", "Sofa_price_video_2611"),
        ("no pattern at all!", "no_pattern_at_all!"),
    ]
    await client.put(f"/api/ad-accounts/{board.account_id}/aims", json={"naming": pattern})
    assert (await client.get(path)).json()["pattern"] == pattern
    wrong = await client.get(path, params={"pattern": "{a}{b}"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "ads/bad-naming-pattern")
