"""An ad opens whatever is said of it, and whatever could not be."""

from typing import get_args
from uuid import UUID, uuid4

import httpx
from sqlalchemy import insert, update

from brandhound.ads.diagnosing.rules import RULES
from brandhound.ads.diagnosing.verdicts import Beside, Diagnosis, Evidence, Lack, Span, Verdict
from brandhound.ads.object_models import Ad, AdCampaign
from brandhound.ads.standings.keeping_verdicts import keep_verdicts, said_of_ads
from brandhound.core.clock import now
from brandhound.core.db import tenant_session
from tests.ads.test_standing import judged, usual
from tests.factories.ads import UNTIL, AdTruth, make_ads

LACKS = get_args(Lack)
NUMBERS = tuple(
    Evidence(metric, span, 0.5, beside, 0.25)
    for metric in ("checkout_rate", "spend", "quiet_days")
    for span in get_args(Span)
    for beside in get_args(Beside)
)


async def test_an_ad_opens_with_every_rule_of_every_days_beside_whatever_it_is_held_against(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    board = await make_ads(organization_id, usual(len(RULES)), days=2)
    await judged(organization_id, board)
    verdicts = [
        Verdict("warning", (Diagnosis(rule, 0.9, NUMBERS),), (), None, ((rule, LACKS[at % len(LACKS)]),))
        for at, rule in enumerate(RULES)
    ]
    assert len(LACKS) <= len(RULES)
    async with tenant_session(organization_id) as db:
        rows = [one.row() for one in said_of_ads(board.ads, verdicts, {}, {}, UNTIL)]
        await keep_verdicts(db, board.account_id, (UNTIL, UNTIL), now(), rows)
    for ad_id, rule, verdict in zip(board.ads, RULES, verdicts, strict=True):
        for wanted in ({}, {"currency": "USD"}):
            answer = await client.get(f"/api/ads/{ad_id}", params=wanted)
            assert answer.status_code == 200, rule
            ad = answer.json()
            (said,) = ad["diagnoses"]
            assert said["rule"] == rule
            told = [(one["metric"], one["span"], one["beside"]) for one in said["evidence"]]
            assert told == [(one.metric, one.span, one.beside) for one in NUMBERS]
            assert [(one["rule"], one["lacks"]) for one in ad["unsaid"]] == list(verdict.unsaid)


async def test_the_panel_names_whom_an_ad_is_compared_with(client: httpx.AsyncClient, organization_id: UUID) -> None:
    sales = [AdTruth(ctr=0.01, money=60) for _ in range(9)]
    traffic = [AdTruth(ctr=0.03, buys=0, money=60) for _ in range(12)]
    board = await make_ads(organization_id, [AdTruth(ctr=0.002, money=60, name="Dull"), *sales, *traffic])
    async with tenant_session(organization_id) as db:
        campaign = {"id": uuid4(), "account_id": board.account_id, "external_id": "visits", "name": "Visits"}
        await db.execute(insert(AdCampaign).values(**campaign, objective="OUTCOME_TRAFFIC", seen_at=now()))
        await db.execute(update(Ad).where(Ad.id.in_(board.ads[10:])).values(campaign_id=campaign["id"]))
    await judged(organization_id, board)
    ad = (await client.get(f"/api/ads/{board.ads[0]}")).raise_for_status().json()
    said = {one["rule"]: one for one in ad["diagnoses"]}
    like_it = {"ads": 10, "aim": "sales", "format": "video"}
    assert said["very_low_click_rate"]["among"] == like_it
    estimates = {one["metric"]: one for one in ad["estimates"]}
    assert (estimates["ctr"]["ads"], estimates["ctr"]["among"]) == (10, like_it)
    assert estimates["ctr"]["p75"] < 0.015
    assert estimates["cost_per_purchase"]["among"] == like_it
    for usual_one in board.ads[1:10]:
        ad = (await client.get(f"/api/ads/{usual_one}")).raise_for_status().json()
        assert not {one["rule"] for one in ad["diagnoses"]} & {"low_click_rate", "very_low_click_rate"}
    visit = (await client.get(f"/api/ads/{board.ads[-1]}")).raise_for_status().json()
    estimates = {one["metric"]: one for one in visit["estimates"]}
    assert estimates["ctr"]["among"] == {"ads": 12, "aim": "traffic", "format": "video"}
    assert "cost_per_purchase" not in estimates, "nobody bought by any of them"
