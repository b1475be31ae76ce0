"""Being told that a brand is in the news far more, or far less, than usual: before it is switched on, and then once."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import httpx

from brandhound.core import clock, live
from brandhound.core.db import tenant_session
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.registry import enqueue
from brandhound.mentions.alerts.keeping import all_alerts
from tests.mentions.alerts.conftest import NOW, Press


async def checked(organization_id: UUID) -> None:
    # What changed of a brand is looked for first: no alert is looked at meanwhile.
    await run_until_idle(organization_id)
    async with tenant_session(organization_id) as db:
        await enqueue(db, "alerts.check")
    await run_until_idle(organization_id)


async def notices(client: httpx.AsyncClient, kind: str = "brand_spike") -> list[dict[str, object]]:
    items = (await client.get("/api/notifications")).json()["items"]
    return [notice for notice in items if notice["kind"] == kind]


async def test_an_alert_is_tried_on_the_past_before_it_is_switched_on(client: httpx.AsyncClient, press: Press) -> None:
    acme = await press.brand()
    await press.writes_as_usual(acme, 120)
    fire = NOW - timedelta(days=20)
    await press.writes(acme, [fire + timedelta(minutes=20 * n) for n in range(12)], title="Fire at Acme", outlets=3)
    tried = (await client.post("/api/alerts/back-test", json={"brand_id": str(acme)})).json()
    assert tried["says"] == "It would have told you once in 90 days: 13 October."
    (incident,) = tried["incidents"]
    assert incident["stories"] >= 4 > 2 * incident["expected"]
    assert incident["why"]["stories"][0]["title"] == "Fire at Acme"
    assert incident["why"]["stories"][0]["outlets"] == 3
    assert "Fire at Acme" in incident["words"]
    assert incident["closed_at"] > incident["opened_at"]
    assert sum(day["stories"] for day in tried["by_day"]) == 90 * 2 + 12
    assert not tried["is_thin"]
    assert (await client.get("/api/alerts")).json()["items"] == []


async def test_a_spike_is_told_once_with_its_stories_and_closed_when_it_is_over(
    client: httpx.AsyncClient, press: Press, organization_id: UUID
) -> None:
    acme = await press.brand()
    await press.writes_as_usual(acme, 60)
    made = (await client.post("/api/alerts", json={"brand_id": str(acme)})).json()
    assert made["title"] == "Spikes of Acme"
    await checked(organization_id)
    assert await notices(client) == []
    morning = NOW - timedelta(hours=2)
    await press.writes(acme, [morning + timedelta(minutes=n) for n in range(8)], title="Acme recalls", tone="negative")
    await checked(organization_id)
    await checked(organization_id)
    (notice,) = await notices(client)
    assert notice["severity"] == "critical"
    assert "Acme recalls" in str(notice["body"])
    assert notice["href"] == f"/alerts?alert={made['id']}"
    (listed,) = (await client.get("/api/alerts")).json()["items"]
    assert (listed["incidents"], listed["is_open"]) == (1, True)
    clock.advance(timedelta(days=2))
    await checked(organization_id)
    (incident,) = (await client.get(f"/api/alerts/{made['id']}/incidents")).json()
    assert incident["closed_at"] is not None
    assert len(await notices(client)) == 1


async def test_screens_hear_of_alerts_and_of_what_begins_and_ends(
    client: httpx.AsyncClient, press: Press, organization_id: UUID
) -> None:
    acme = await press.brand()
    await press.writes_as_usual(acme, 60)

    async def heard(after: int) -> tuple[list[str], int]:
        await asyncio.to_thread(live.drain, 30)
        told = (await client.get("/api/events/since", params={"after": after})).json()
        return [one["key"] for one in told["items"] if one["topic"] == "alerts"], told["last"]

    start = (await client.get("/api/events/since")).json()["last"]
    alert = (await client.post("/api/alerts", json={"brand_id": str(acme)})).json()["id"]
    made, last = await heard(start)
    await checked(organization_id)
    quiet, last = await heard(last)
    await press.writes(acme, [NOW - timedelta(minutes=n) for n in range(60, 68)], title="Acme recalls")
    await checked(organization_id)
    rings, last = await heard(last)
    await checked(organization_id)
    still, last = await heard(last)
    clock.advance(timedelta(days=2))
    await checked(organization_id)
    over, last = await heard(last)
    assert [made, quiet, rings, still, over] == [[alert], [], [alert], [], [alert]]
    await client.delete(f"/api/alerts/{alert}")
    assert (await heard(last))[0] == [alert]


async def test_forty_copies_of_one_text_are_no_spike(client: httpx.AsyncClient, press: Press) -> None:
    acme = await press.brand()
    await press.writes_as_usual(acme, 100)
    await press.writes(acme, [NOW - timedelta(days=9)], title="Acme says", outlets=40)
    tried = (await client.post("/api/alerts/back-test", json={"brand_id": str(acme)})).json()
    assert tried["incidents"] == []
    assert tried["says"] == "It would not have told you anything in 90 days."


async def test_when_the_whole_trade_is_in_the_news_it_is_not_this_brands_spike(
    client: httpx.AsyncClient, press: Press
) -> None:
    brands = [await press.brand(name) for name in ("Acme", "Rival", "Third", "Fourth")]
    day = NOW - timedelta(days=5, hours=4)
    for brand in brands:
        await press.writes_as_usual(brand, 100)
    surge = [day + timedelta(minutes=11 * n) for n in range(9)]
    await press.writes(brands[0], surge, title="Acme and the strike")
    alone = (await client.post("/api/alerts/back-test", json={"brand_id": str(brands[0])})).json()
    for brand in brands[1:]:
        await press.writes(brand, surge + [at + timedelta(hours=1) for at in surge], title="Strike in the trade")
    together = (await client.post("/api/alerts/back-test", json={"brand_id": str(brands[0])})).json()
    assert (len(alone["incidents"]), len(together["incidents"])) == (1, 0)


async def test_only_bad_news_with_a_word_in_it_is_waited_for(client: httpx.AsyncClient, press: Press) -> None:
    acme = await press.brand()
    await press.writes_as_usual(acme, 100)
    at = NOW - timedelta(days=5)
    times = [at + timedelta(minutes=9 * n) for n in range(8)]
    await press.writes(acme, times, title="Acme wins a prize", tone="positive")
    wish = {"brand_id": str(acme), "tones": ["negative", "mixed"], "words": ["Rückruf"]}
    assert (await client.post("/api/alerts/back-test", json=wish)).json()["incidents"] == []
    await press.writes(acme, times, title="acme ruckruf", tone="negative")
    (incident,) = (await client.post("/api/alerts/back-test", json=wish)).json()["incidents"]
    assert incident["why"]["tones"] == {"negative": incident["stories"]}


async def test_a_silence_says_whether_it_is_quiet_or_nobody_could_hear_and_rings_while_it_lasts(
    client: httpx.AsyncClient, press: Press, organization_id: UUID
) -> None:
    acme = await press.brand()
    await press.feed()
    await press.writes_as_usual(acme, 90, 6, until=NOW - timedelta(days=3))
    wish = {"brand_id": str(acme), "kind": "silence", "hours": 48}
    tried = (await client.post("/api/alerts/back-test", json=wish)).json()
    (incident,) = tried["incidents"]
    assert incident["closed_at"] is None
    assert "really quiet" in incident["words"]
    await press.feed("failing")
    await client.post("/api/alerts", json={**wish, "title": "Quiet?"})
    clock.freeze(datetime.fromisoformat(incident["opened_at"]) + timedelta(minutes=5))
    await checked(organization_id)
    (notice,) = await notices(client, "brand_silence")
    assert "may be you who hears nothing" in str(notice["body"])
    (kept,) = (await client.get("/api/alerts")).json()["items"]
    (told,) = (await client.get(f"/api/alerts/{kept['id']}/incidents")).json()
    assert told["why"] == {"feeds": 2, "feeds_in_trouble": ["Courier"], "is_deaf": True}
    async with tenant_session(organization_id) as db:
        (lasting,) = await all_alerts(db, clock.now() + timedelta(days=120))
    assert (lasting.incidents, lasting.is_open) == (1, True)


async def test_a_silence_that_is_nothing_rare_is_said_never_to_be_told_of_and_how_long_one_must_be(
    client: httpx.AsyncClient, press: Press
) -> None:
    acme = await press.brand()
    await press.writes_as_usual(acme, 90, 1)
    wish = {"brand_id": str(acme), "kind": "silence", "hours": 48}
    says = (await client.post("/api/alerts/back-test", json=wish)).json()["says"]
    assert "hardly ever will" in says
    assert "none in 2 days is not rare; wait for" in says
    days = int(says.rsplit("wait for ", 1)[1].split(" days")[0])
    longer = {**wish, "hours": 24 * days}
    assert (await client.post("/api/alerts/back-test", json=longer)).json()["says"].endswith("anything in 90 days.")


async def test_a_story_whose_title_names_the_brand_is_quoted_once(client: httpx.AsyncClient, press: Press) -> None:
    acme = await press.brand()
    at = NOW - timedelta(days=5)
    await press.writes(acme, [at], title="Acme opened a shop in Leipzig.", outlets=3)
    await press.writes(acme, [at - timedelta(days=3)], title="Acme grows", outlets=3)
    wish = {"brand_id": str(acme), "kind": "story", "least_outlets": 3}
    named, other = (await client.post("/api/alerts/back-test", json=wish)).json()["incidents"]
    assert named["words"].count("Acme opened a shop in Leipzig.") == 1
    assert "It says: “Acme opened a shop in Leipzig.”" in other["words"]


async def test_a_brand_with_a_short_past_is_judged_with_care_and_one_without_any_not_at_all(
    client: httpx.AsyncClient, press: Press
) -> None:
    acme, nobody = await press.brand(), await press.brand("Nobody")
    await press.writes_as_usual(acme, 8)
    await press.writes(acme, [NOW - timedelta(hours=5, minutes=n) for n in range(15)])
    young = (await client.post("/api/alerts/back-test", json={"brand_id": str(acme)})).json()
    assert (young["is_thin"], young["days_known"]) == (True, 7)
    assert all("less than two weeks" in incident["words"] for incident in young["incidents"])
    empty = (await client.post("/api/alerts/back-test", json={"brand_id": str(nobody)})).json()
    assert (empty["incidents"], empty["days_known"]) == ([], 0)
    await press.writes(nobody, [NOW - timedelta(hours=5, minutes=n) for n in range(15)])
    first = (await client.post("/api/alerts/back-test", json={"brand_id": str(nobody)})).json()
    assert first["incidents"] == []


async def test_alerts_are_changed_switched_off_and_removed(
    client: httpx.AsyncClient, press: Press, organization_id: UUID
) -> None:
    acme = await press.brand()
    await press.writes_as_usual(acme, 60)
    made = (await client.post("/api/alerts", json={"brand_id": str(acme), "keenness": "keen"})).json()
    off = {"brand_id": str(acme), "title": "Only big ones", "least_stories": 20, "enabled": False}
    changed = (await client.put(f"/api/alerts/{made['id']}", json=off)).json()
    assert (changed["title"], changed["least_stories"], changed["enabled"]) == ("Only big ones", 20, False)
    await press.writes(acme, [NOW - timedelta(hours=2, minutes=n) for n in range(30)])
    await checked(organization_id)
    assert await notices(client) == []
    assert (await client.delete(f"/api/alerts/{made['id']}")).status_code == 204
    assert (await client.get(f"/api/alerts/{made['id']}")).status_code == 404


async def test_an_alert_on_a_brand_that_is_not_there_says_so(client: httpx.AsyncClient, press: Press) -> None:
    for address in ("/api/alerts", "/api/alerts/back-test"):
        answer = await client.post(address, json={"brand_id": str(uuid4())})
        assert (answer.status_code, answer.json()["code"]) == (422, "alerts/unknown-brand")
    assert (await client.post("/api/alerts", json={"brand_id": str(uuid4()), "hours": 1})).status_code == 422
