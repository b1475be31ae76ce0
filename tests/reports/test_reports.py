"""A report over HTTP: made, read, questioned, kept apart."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from brandhound.core.db import tenant_session
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.registry import enqueue
from brandhound.reports import keeping
from tests.reports.telling import Told

pytestmark = pytest.mark.anyio

SUMMER = datetime(2026, 7, 1, tzinfo=UTC)
OCTOBER = {"since_on": "2026-10-01", "until_on": "2026-10-31"}


def october(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 10, day, hour, tzinfo=UTC)


async def made(client: httpx.AsyncClient, **wish: object) -> dict[str, Any]:
    answer = await client.post("/api/reports", json={**OCTOBER, **wish})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def evidence(client: httpx.AsyncClient, report: dict[str, Any], figure: str, **more: str | int) -> dict[str, Any]:
    answer = await client.get(f"/api/reports/{report['id']}/evidence", params={"figure": figure, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_report_tells_what_was_said_in_its_range_and_before(client: httpx.AsyncClient, told: Told) -> None:
    acme, rival = await told.brand("Acme"), await told.brand("Rival", "competitor")
    story = await told.story("Acme opens a shop")
    await told.mention(acme, october(3), story_id=story, outlet="Wire", tone="positive")
    await told.mention(acme, october(4), story_id=story, outlet="Paper", tone="positive", copy=True)
    await told.mention(rival, october(5), title="Rival closes")
    await told.mention(acme, datetime(2026, 9, 20, tzinfo=UTC))
    await told.feed(since=SUMMER)

    report = await made(client)
    document = report["document"]

    assert report["state"] == "ready"
    assert report["title"] == document["title"] == "Acme: 1 story, 2 mentions"
    assert document["headline"]["mentions"]["value"] == 2
    assert document["headline"]["mentions"]["before"] == 1
    assert document["headline"]["stories"]["value"] == 1
    assert document["headline"]["outlets"]["value"] == 2
    assert document["headline"]["tone"]["value"] is None
    assert document["share"]["out_of"] == 2
    assert document["stories"][0]["first_outlet"] == "Wire"
    assert document["stories"][0]["quote"] == "Acme opened a shop in Leipzig."
    assert document["mentions"][0]["sentence"] == "Acme opened a shop in Leipzig."
    assert document["before"]["since_on"] == "2026-08-31"


async def test_every_count_is_as_many_mentions_as_its_evidence_holds(client: httpx.AsyncClient, told: Told) -> None:
    acme, rival = await told.brand("Acme"), await told.brand("Rival", "competitor")
    story = await told.story()
    tones = ("positive", "negative", "unclear", "neutral", "mixed")
    for at in range(25):
        await told.mention(
            acme,
            october(1 + at),
            story_id=story if at % 3 == 0 else None,
            tone=tones[at % 5],
            outlet=f"Paper {at % 4}",
            copy=at % 6 == 3,
        )
    await told.mention(rival, october(9), story_id=story)
    await told.mention(acme, datetime(2026, 9, 10, tzinfo=UTC))
    await told.feed(since=SUMMER)
    report = await made(client)
    document = report["document"]

    async def total(figure: str) -> int:
        return int((await evidence(client, report, figure, limit=1))["total"])

    head = document["headline"]
    assert await total(head["mentions"]["evidence"]) == head["mentions"]["value"] == 25
    assert await total(head["mentions"]["evidence_before"]) == head["mentions"]["before"] == 1
    assert await total(head["tone"]["evidence"]) == head["tone"]["out_of"]
    for series in document["volume"]["series"]:
        for count, key in zip(series["mentions"], series["evidence"], strict=True):
            assert await total(key) == count
    for brand in document["tone"]:
        assert await total(brand["balance"]["evidence"]) == brand["out_of"]
        for count in brand["counts"]:
            assert await total(count["share"]["evidence"]) == count["mentions"]
    for outlet in document["outlets"]:
        assert await total(outlet["evidence"]) == outlet["mentions"]
        assert await total(outlet["balance"]["evidence"]) == outlet["balance"]["out_of"]
    for card in document["stories"]:
        assert await total(card["evidence"]) == card["articles"]
    for mention in document["mentions"]:
        assert await total(mention["evidence"]) == 1
    for finding in document["findings"]:
        assert await total(finding["evidence"]) > 0


async def test_evidence_shows_the_sentence_the_reasons_and_the_hash(client: httpx.AsyncClient, told: Told) -> None:
    acme = await told.brand()
    for day in (3, 4, 5):
        await told.mention(acme, october(day))
    report = await made(client)
    page = await evidence(client, report, "mentions", limit=2)
    assert page["label"] == "Mentions of Acme"
    assert page["items"][0]["sentence"] == "Acme opened a shop in Leipzig."
    assert page["items"][0]["reasons"][0]["text"] == "The name stands in the text"
    assert page["items"][0]["body_sha256"] == "b" * 64
    rest = await evidence(client, report, "mentions", limit=2, cursor=page["next"])
    assert len(rest["items"]) == 1
    assert rest["next"] is None
    assert len({item["mention_id"] for item in [*page["items"], *rest["items"]]}) == 3


async def test_what_stands_behind_a_number_of_stories_or_outlets_says_how_many_of_those_it_is(
    client: httpx.AsyncClient, told: Told
) -> None:
    acme = await told.brand()
    story = await told.story()
    for at in range(5):
        await told.mention(acme, october(3 + at), story_id=story if at < 3 else None, outlet=f"Paper {at % 2}")
    report = await made(client)
    head = report["document"]["headline"]
    stories = await evidence(client, report, head["stories"]["evidence"], limit=2)
    assert (stories["label"], stories["stories"], stories["total"]) == ("Stories about Acme", 3, 5)
    assert stories["stories"] == head["stories"]["value"]
    outlets = await evidence(client, report, head["outlets"]["evidence"])
    assert (outlets["label"], outlets["outlets"]) == ("Outlets that wrote about Acme", head["outlets"]["value"])


async def test_a_mention_counts_by_confidence_or_by_a_persons_word(client: httpx.AsyncClient, told: Told) -> None:
    acme = await told.brand()
    await told.mention(acme, october(3), confidence=0.8)
    await told.mention(acme, october(3), confidence=0.5)
    await told.mention(acme, october(3), confidence=0.5, judgement="yes")
    await told.mention(acme, october(3), confidence=0.99, judgement="no")
    document = (await made(client))["document"]
    assert document["headline"]["mentions"]["value"] == 2
    waiting = next(caveat for caveat in document["caveats"] if caveat["code"] == "waiting-for-judgement")
    assert waiting["text"].startswith("One doubtful mention")
    assert (await made(client, min_confidence=0.4))["document"]["headline"]["mentions"]["value"] == 3
    assert (await made(client, min_confidence=0.9))["document"]["headline"]["mentions"]["value"] == 1


async def test_a_day_begins_and_ends_in_the_organizations_zone(client: httpx.AsyncClient, told: Told) -> None:
    acme = await told.brand()
    await told.mention(acme, datetime(2026, 10, 24, 21, 59, 59, tzinfo=UTC))  # 23:59 on the 24th in Berlin.
    await told.mention(acme, datetime(2026, 10, 24, 22, 0, tzinfo=UTC))  # Midnight: the 25th, which has 25 hours.
    await told.mention(acme, datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC))
    await told.mention(acme, datetime(2026, 10, 25, 23, 0, tzinfo=UTC))
    await told.feed(since=SUMMER)
    report = await made(client, since_on="2026-10-25", until_on="2026-10-25")
    assert report["document"]["headline"]["mentions"]["value"] == 2
    assert report["document"]["headline"]["mentions"]["before"] == 1


async def test_a_report_stays_as_it_was_told(client: httpx.AsyncClient, told: Told) -> None:
    acme = await told.brand()
    await told.mention(acme, october(3))
    report = await made(client)
    await told.mention(acme, october(3))
    await client.delete(f"/api/brands/{acme}")
    again = (await client.get(f"/api/reports/{report['id']}")).json()
    assert again["document"] == report["document"]
    assert again["document_sha256"] == report["document_sha256"]
    assert (await evidence(client, report, "mentions"))["items"][0]["brand_name"] == "Acme"


async def test_the_same_input_gives_the_same_document_and_the_same_print(client: httpx.AsyncClient, told: Told) -> None:
    acme = await told.brand()
    for day in (3, 3, 9):
        await told.mention(acme, october(day))
    one, two = await made(client), await made(client)
    assert one["document_sha256"] == two["document_sha256"]
    prints = [(await client.get(f"/api/reports/{report['id']}/export.pdf")).content for report in (one, two)]
    assert prints[0] == prints[1]
    assert prints[0].startswith(b"%PDF")


async def test_a_preview_says_the_same_and_keeps_nothing(client: httpx.AsyncClient, told: Told) -> None:
    await told.mention(await told.brand(), october(3))
    preview = await client.post("/api/reports/preview", json=OCTOBER)
    assert preview.status_code == 200
    assert (await client.get("/api/reports")).json()["items"] == []
    assert (await made(client))["document"] == preview.json()


async def test_a_preview_counts_all_and_tells_as_many_as_were_asked_for(client: httpx.AsyncClient, told: Told) -> None:
    brand = await told.brand()
    for day in (3, 4, 5):
        await told.mention(brand, october(day))
    short = (await client.post("/api/reports/preview?mentions=2", json=OCTOBER)).json()
    assert short["mentions_in_all"] == short["headline"]["mentions"]["value"] == 3
    assert [row["published_at"][:10] for row in short["mentions"]] == ["2026-10-05", "2026-10-04"]
    assert any("newest 2 of 3" in caveat["text"] for caveat in short["caveats"])
    assert (await client.post("/api/reports/preview?mentions=501", json=OCTOBER)).status_code == 422


async def test_a_quiet_report_says_what_to_do(client: httpx.AsyncClient, told: Told) -> None:
    await told.brand()
    report = await made(client)
    assert report["title"] == "Acme: nothing heard yet"
    codes = {caveat["code"] for caveat in report["document"]["caveats"]}
    assert {"no-feeds", "no-mentions"} <= codes
    for kind in ("pdf", "html", "csv", "xlsx", "json"):
        assert (await client.get(f"/api/reports/{report['id']}/export.{kind}")).status_code == 200


async def test_nothing_is_compared_with_days_when_nobody_listened(client: httpx.AsyncClient, told: Told) -> None:
    acme = await told.brand()
    await told.mention(acme, datetime(2026, 9, 29, tzinfo=UTC))
    for day in range(1, 31):
        await told.mention(acme, october(day))
    await told.feed(since=datetime(2026, 9, 28, tzinfo=UTC))
    document = (await made(client))["document"]
    assert document["title"] == "Acme: 30 stories, 30 mentions"
    assert document["headline"]["mentions"]["change"] is None
    assert document["before"] is None
    assert "before-incomplete" in {caveat["code"] for caveat in document["caveats"]}

    await told.feed("Wire", since=datetime(2026, 9, 2, tzinfo=UTC))
    document = (await made(client))["document"]
    assert document["headline"]["mentions"]["change"] == 29
    assert "before-incomplete" not in {caveat["code"] for caveat in document["caveats"]}


async def test_what_spoils_a_report_stands_in_it(client: httpx.AsyncClient, told: Told) -> None:
    await told.mention(await told.brand(), october(31))
    await told.feed("Courier", "failing")
    await told.feed("Wire", paused=True)
    report = await made(client, until_on="2026-11-02")
    said = {caveat["code"]: caveat["text"] for caveat in report["document"]["caveats"]}
    assert said["feeds-failing"] == "1 feed could not be read: Courier. Their articles are missing."
    assert "feeds-paused" in said
    assert "day-not-over" in said
    assert "before-incomplete" in said


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"since_on": "2026-10-31", "until_on": "2026-10-01"}, "reports/range-reversed"),
        ({"since_on": "2024-10-01", "until_on": "2026-10-31"}, "reports/range-too-long"),
        ({"since_on": "2026-10-01", "until_on": "2026-11-03"}, "reports/range-in-future"),
        ({"since_on": "0001-01-01", "until_on": "2026-10-31"}, "reports/range-out-of-calendar"),
        ({**OCTOBER, "brand_ids": [str(uuid4())]}, "reports/unknown-brand"),
        ({"since_on": "2026-02-30", "until_on": "2026-10-31"}, "core/invalid-input"),
        ({**OCTOBER, "min_confidence": 2}, "core/invalid-input"),
        ({**OCTOBER, "title": "x" * 201}, "core/invalid-input"),
    ],
)
async def test_a_wish_that_cannot_be_met_says_why(
    client: httpx.AsyncClient, told: Told, wish: dict[str, object], code: str
) -> None:
    await told.brand()
    for address in ("/api/reports", "/api/reports/preview"):
        answer = await client.post(address, json=wish)
        assert answer.status_code == 422
        assert answer.json()["code"] == code


async def test_without_a_brand_there_is_no_report(client: httpx.AsyncClient, monday: datetime) -> None:
    answer = await client.post("/api/reports", json=OCTOBER)
    assert (answer.status_code, answer.json()["code"]) == (409, "reports/no-brands")


async def test_a_title_of_ones_own_is_kept_and_cleaned(client: httpx.AsyncClient, told: Told) -> None:
    await told.brand()
    report = await made(client, title="  Oktober\u0000 für den Vorstand ")
    assert report["title"] == "Oktober für den Vorstand"


async def test_a_figure_that_is_none_is_refused(client: httpx.AsyncClient, told: Told) -> None:
    await told.brand()
    report = await made(client)
    answer = await client.get(f"/api/reports/{report['id']}/evidence", params={"figure": "sales"})
    assert (answer.status_code, answer.json()["code"]) == (422, "reports/unknown-figure")
    answer = await client.get(f"/api/reports/{report['id']}/charts/pie.svg")
    assert (answer.status_code, answer.json()["code"]) == (404, "reports/unknown-chart")


async def test_reports_are_listed_newest_first_and_can_be_removed(client: httpx.AsyncClient, told: Told) -> None:
    from brandhound.core import clock

    await told.brand()
    ids: list[str] = []
    for _ in range(3):
        ids.append((await made(client))["id"])
        clock.advance(timedelta(minutes=1))
    page = (await client.get("/api/reports", params={"limit": 2})).json()
    assert [item["id"] for item in page["items"]] == ids[:0:-1]
    assert "document" not in page["items"][0]
    rest = (await client.get("/api/reports", params={"limit": 2, "cursor": page["next"]})).json()
    assert [item["id"] for item in rest["items"]] == ids[:1]
    assert (await client.delete(f"/api/reports/{ids[0]}")).status_code == 204
    assert (await client.get(f"/api/reports/{ids[0]}")).status_code == 404


async def test_another_organization_sees_nothing_of_it(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient, told: Told
) -> None:
    acme = await told.brand()
    await told.mention(acme, october(3))
    report = await made(client)
    address = f"/api/reports/{report['id']}"
    tails = ("", "/evidence?figure=mentions", "/charts/volume.svg", "/export.pdf", "/export.csv", "/export.xlsx",
             "/export.json", "/export.html")  # fmt: skip
    for tail in tails:
        assert (await other_client.get(address + tail)).status_code == 404
    assert (await other_client.delete(address)).status_code == 404
    assert (await other_client.get("/api/reports")).json()["items"] == []
    answer = await other_client.post("/api/reports", json={**OCTOBER, "brand_ids": [str(acme)]})
    assert answer.json()["code"] == "reports/unknown-brand"


async def test_a_big_report_is_composed_by_a_run(
    client: httpx.AsyncClient, told: Told, organization_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "BIG", 2)
    acme = await told.brand()
    for day in (3, 4, 5):
        await told.mention(acme, october(day))
    report = await made(client, title="October")
    assert report["state"] == "composing"
    assert report["document"] is None
    waiting = await client.get(f"/api/reports/{report['id']}/export.pdf")
    assert (waiting.status_code, waiting.json()["code"]) == (409, "reports/not-ready")

    await run_until_idle(organization_id)

    ready = (await client.get(f"/api/reports/{report['id']}")).json()
    assert ready["state"] == "ready"
    assert ready["title"] == "October"
    assert ready["document"]["headline"]["mentions"]["value"] == 3
    notices = (await client.get("/api/notifications")).json()["items"]
    assert [notice["title"] for notice in notices] == ["Report ready: October"]
    assert notices[0]["href"] == f"/reports/{report['id']}"


async def test_a_report_whose_run_was_cancelled_does_not_look_busy_for_ever(
    client: httpx.AsyncClient, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "BIG", 0)
    await told.mention(await told.brand(), october(3))
    report = await made(client)
    assert (await client.put(f"/api/runs/{report['run_id']}/cancellation")).is_success
    assert (await client.get(f"/api/reports/{report['id']}")).json()["state"] == "failed"
    assert (await client.get("/api/reports")).json()["items"][0]["state"] == "failed"


async def test_a_report_made_again_and_again_can_have_a_template(
    client: httpx.AsyncClient, told: Told, organization_id: UUID
) -> None:
    await told.mention(await told.brand(), october(28))
    blocks = [{"kind": "title"}, {"kind": "text", "heading": "Dear board", "text": "All is well."}]
    template = (await client.post("/api/reports/templates", json={"name": "Board", "blocks": blocks})).json()
    for _ in range(2):
        async with tenant_session(organization_id) as db:
            await enqueue(db, "reports.make", {"period": "last_7_days", "template_id": template["id"]})
    await run_until_idle(organization_id)
    (report, other) = (await client.get("/api/reports")).json()["items"]
    assert report["id"] != other["id"]
    document = (await client.get(f"/api/reports/{report['id']}")).json()["document"]
    assert document["presentation"]["template"] == "Board"
    assert "Dear board" in [block.get("heading") for block in document["presentation"]["blocks"]]

    await client.delete(f"/api/reports/templates/{template['id']}")
    async with tenant_session(organization_id) as db:
        run = await enqueue(db, "reports.make", {"template_id": template["id"]})
    await run_until_idle(organization_id)
    ended = (await client.get(f"/api/runs/{run.id}")).json()
    assert (ended["state"], ended["outcome"]) == ("cancelled", "its template was removed")


async def test_a_scheduled_report_is_on_the_days_just_past_and_made_once(
    client: httpx.AsyncClient, told: Told, organization_id: UUID
) -> None:
    await told.mention(await told.brand(), october(28))
    async with tenant_session(organization_id) as db:
        await enqueue(db, "reports.make", {"period": "last_7_days"})
    await run_until_idle(organization_id)
    items = (await client.get("/api/reports")).json()["items"]
    assert [(item["since_on"], item["until_on"], item["mentions"]) for item in items] == [
        ("2026-10-26", "2026-11-01", 1)
    ]
    notices = (await client.get("/api/notifications")).json()["items"]
    assert [notice["title"] for notice in notices] == [f"Report ready: {items[0]['title']}"]
