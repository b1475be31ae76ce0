"""The history of notices: found, read, unread, muted, put off until later."""

from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI

from brandhound.core import clock
from brandhound.notifications.sweeping import end_snoozes
from tests.factories.people import signed_in
from tests.notifications.conftest import tell

pytestmark = pytest.mark.anyio


async def titles(client: httpx.AsyncClient, **wanted: object) -> list[str]:
    answer = await client.get("/api/notifications", params=wanted)  # pyright: ignore[reportArgumentType]
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json()["items"]]


async def unread(client: httpx.AsyncClient) -> int:
    count: int = (await client.get("/api/notifications")).json()["unread"]
    return count


async def test_notices_are_found_by_kind_severity_words_and_time(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    began = clock.now()
    clock.freeze(began - timedelta(days=2))
    await tell(organization_id, "The report of May is ready", "report_ready")
    clock.freeze(began)
    await tell(organization_id, "A run failed", "run_failed", body="100 % of it_self", severity="critical")
    await tell(organization_id, "A feed is silent")
    assert await titles(client, kind="run_failed") == ["A run failed"]
    assert await titles(client, kind=["run_failed", "report_ready"]) == ["A run failed", "The report of May is ready"]
    assert await titles(client, severity="critical") == ["A run failed"]
    assert await titles(client, q="report MAY") == ["The report of May is ready"]
    assert await titles(client, q="100 % it_self") == ["A run failed"]
    assert await titles(client, q="itXself") == []
    day_ago = (began - timedelta(days=1)).isoformat()
    assert await titles(client, until=day_ago) == ["The report of May is ready"]
    assert await titles(client, since=day_ago) == ["A feed is silent", "A run failed"]


async def test_what_was_read_can_be_made_unread(client: httpx.AsyncClient, organization_id: UUID) -> None:
    notice = await tell(organization_id)
    await client.put(f"/api/notifications/{notice}/reading")
    assert await titles(client, unread=True) == []
    assert (await client.delete(f"/api/notifications/{notice}/reading")).json() == {"unread": 1}
    assert (await client.delete(f"/api/notifications/{uuid4()}/reading")).status_code == 404


async def test_a_muted_incident_is_in_the_history_and_does_not_call(
    client: httpx.AsyncClient, app: FastAPI, organization_id: UUID
) -> None:
    notice = await tell(organization_id, key="feed:1")
    muted = (await client.put(f"/api/notifications/{notice}/mute", json={"scope": "incident"})).json()
    await tell(organization_id, key="feed:1", severity="critical")
    await tell(organization_id, "Another")
    assert await unread(client) == 1
    assert await titles(client, muted=False) == ["Another"]
    assert len(await titles(client)) == 2
    async with signed_in(app, organization_id, "viewer") as (colleague, _):
        assert await unread(colleague) == 2
        assert (await colleague.delete(f"/api/notifications/mutes/{muted['id']}")).status_code == 404
    assert (await client.delete(f"/api/notifications/mutes/{muted['id']}")).status_code == 204
    assert await unread(client) == 2


async def test_a_muted_kind_is_not_chosen_in_the_app_any_more_and_the_other_way_round(
    client: httpx.AsyncClient, organization_id: UUID
) -> None:
    notice = await tell(organization_id)
    await client.put(f"/api/notifications/{notice}/mute", json={"scope": "kind"})
    choices = (await client.get("/api/notifications/preferences")).json()["choices"]
    assert next(one for one in choices if one["kind"] == "feed_silent")["app"] is False
    await client.patch("/api/notifications/preferences/feed_silent", json={"app": True})
    assert (await client.get("/api/notifications/mutes")).json() == []
    assert await unread(client) == 1


async def test_what_is_put_off_comes_back_unread(client: httpx.AsyncClient, organization_id: UUID) -> None:
    now = clock.now()
    clock.freeze(now)
    notice = await tell(organization_id)
    await client.put(f"/api/notifications/{notice}/reading")
    until = (now + timedelta(hours=1)).isoformat()
    put_off = await client.put(f"/api/notifications/{notice}/mute", json={"scope": "notice", "until": until})
    assert put_off.status_code == 200
    assert await unread(client) == 0
    await client.put("/api/notifications/reading")
    detail = (await client.get(f"/api/notifications/{notice}")).json()
    assert (detail["muted"], detail["read"], detail["muted_until"][:16]) == (True, False, until[:16])
    clock.freeze(now + timedelta(hours=1, seconds=1))
    assert await unread(client) == 1
    await end_snoozes()
    assert await unread(client) == 1
    assert (await client.get("/api/notifications/mutes")).json() == []


async def test_what_cannot_be_muted_is_refused(client: httpx.AsyncClient, organization_id: UUID) -> None:
    notice = await tell(organization_id)
    past = {"scope": "notice", "until": (clock.now() - timedelta(minutes=1)).isoformat()}
    assert (await client.put(f"/api/notifications/{notice}/mute", json=past)).json()["code"].endswith("until-is-past")
    incident = await client.put(f"/api/notifications/{notice}/mute", json={"scope": "incident"})
    assert (incident.status_code, incident.json()["code"]) == (409, "notifications/no-incident")


async def test_operators_and_administrators_read_what_is_for_them(
    client: httpx.AsyncClient, app: FastAPI, organization_id: UUID
) -> None:
    await tell(organization_id, "For all")
    await tell(organization_id, "For administrators", "breaker_open")
    await tell(organization_id, "For operators", "disk_full")
    assert await titles(client) == ["For administrators", "For all"]
    async with signed_in(app, organization_id, "analyst") as (analyst, _):
        assert await titles(analyst) == ["For all"]
    async with signed_in(app, organization_id, "viewer", operator=True) as (operator, _):
        assert await titles(operator) == ["For operators", "For administrators", "For all"]


async def test_a_key_reads_notices_but_has_no_preferences(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient, organization_id: UUID
) -> None:
    key = (await client.post("/api/keys", json={"name": "watch", "role": "viewer"})).json()["secret"]
    anonymous.headers["authorization"] = f"Bearer {key}"
    await tell(organization_id)
    assert await unread(anonymous) == 1
    refused = await anonymous.get("/api/notifications/preferences")
    assert (refused.status_code, refused.json()["code"]) == (403, "notifications/people-only")


async def test_all_is_read_at_once_however_much_it_is_and_one_can_be_kept_for_later(
    client: httpx.AsyncClient, app: FastAPI, organization_id: UUID
) -> None:
    first, _ = [await tell(organization_id, f"Notice {number}", key=f"feed:{number}") for number in range(2)]
    assert (await client.put("/api/notifications/reading")).json() == {"unread": 0}
    assert (await client.delete(f"/api/notifications/{first}/reading")).json() == {"unread": 1}
    assert await titles(client, unread=True) == ["Notice 0"]
    assert (await client.put("/api/notifications/reading")).json() == {"unread": 0}
    await tell(organization_id, "Notice 1", key="feed:1")
    assert await unread(client) == 0
    await tell(organization_id, "Notice 1", key="feed:1", severity="critical")
    assert await titles(client, unread=True) == ["Notice 1"]
    # Choosing nothing but to have read everything leaves all preferences as they were.
    assert (await client.get("/api/notifications/preferences")).json()["per_hour"] == 20
    async with signed_in(app, organization_id, "viewer") as (colleague, _):
        assert await unread(colleague) == 2
