"""Silence: quiet hours, a full hour, and what comes of what was held back."""

from collections.abc import Generator
from datetime import UTC, datetime
from uuid import UUID

import httpx
import pytest

from brandhound.core import clock
from brandhound.jobs.inline import run_until_idle
from brandhound.notifications.quieting import quiet_until
from brandhound.twins.mail import MailTwin, Trouble
from tests.notifications.conftest import deliveries, tell, wants_mail

pytestmark = pytest.mark.anyio

NIGHT = (22 * 60, 7 * 60)
NOON = (12 * 60, 13 * 60)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "hours", "zone", "ends"),
    [
        ("2026-11-25T20:59", NIGHT, "Europe/Berlin", None),
        ("2026-11-25T21:00", NIGHT, "Europe/Berlin", "2026-11-26T06:00"),
        ("2026-11-26T05:59", NIGHT, "Europe/Berlin", "2026-11-26T06:00"),
        ("2026-11-26T06:00", NIGHT, "Europe/Berlin", None),
        ("2026-11-26T12:30", NOON, "UTC", "2026-11-26T13:00"),
        ("2026-11-26T13:00", NOON, "UTC", None),
        ("2026-11-26T12:30", (720, 720), "UTC", None),
        # The night in which clocks go forward is an hour shorter, the one in which they go back an hour longer.
        ("2026-03-28T22:00", NIGHT, "Europe/Berlin", "2026-03-29T05:00"),
        ("2026-10-24T21:00", NIGHT, "Europe/Berlin", "2026-10-25T06:00"),
        # An end that the clocks skip: half past two does not exist in that night.
        ("2026-03-29T00:30", (60, 150), "Europe/Berlin", "2026-03-29T01:30"),
        ("2026-11-26T18:00", NIGHT, "Asia/Kathmandu", "2026-11-27T01:15"),
    ],
)
def test_quiet_hours_end_when_the_clock_on_the_wall_says_so(
    now: str, hours: tuple[int, int], zone: str, ends: str | None
) -> None:
    assert quiet_until(at(now), *hours, zone) == (at(ends) if ends else None)


@pytest.fixture
def evening() -> Generator[None]:
    """It is eleven at night in Berlin."""
    clock.freeze(at("2026-11-25T22:00"))
    yield
    clock.unfreeze()


async def quiet(client: httpx.AsyncClient, **more: object) -> None:
    chosen = {"quiet_from": "22:00", "quiet_until": "07:00", "time_zone": "Europe/Berlin", **more}
    answer = await client.put("/api/notifications/preferences", json=chosen)
    assert answer.status_code == 200, answer.text


async def test_at_night_nothing_calls_but_what_is_critical(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin, evening: None
) -> None:
    await quiet(client)
    await wants_mail(client)
    await tell(organization_id, "One")
    await tell(organization_id, "The house burns", severity="critical")
    await run_until_idle(organization_id)
    assert [mail.subject for mail in twin.kept.mails] == ["The house burns"]
    held = next(one for one in await deliveries(client) if one["state"] == "held")
    assert (held["due_at"], held["reason"]) == ("2026-11-26T06:00:00Z", "Quiet hours.")
    # In the app it is there at once.
    assert (await client.get("/api/notifications")).json()["unread"] == 2
    clock.freeze(at("2026-11-26T06:00:05"))
    await run_until_idle(organization_id)
    assert [mail.subject for mail in twin.kept.mails] == ["The house burns", "One"]


async def test_the_morning_brings_one_mail_for_all_that_came_at_night(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin, evening: None
) -> None:
    await quiet(client)
    await wants_mail(client)
    read = None
    for number in range(4):
        read = await tell(organization_id, f"Notice {number}", href="/feeds")
        await run_until_idle(organization_id)
    await client.put(f"/api/notifications/{read}/reading")
    clock.freeze(at("2026-11-26T06:00:05"))
    twin.kept.troubles.append(Trouble("end", times=1))
    await run_until_idle(organization_id)
    clock.freeze(at("2026-11-26T06:01:00"))
    await run_until_idle(organization_id)
    clock.freeze(at("2026-11-26T06:01:10"))
    await run_until_idle(organization_id)
    first, again = twin.kept.mails
    assert first.message["message-id"] == again.message["message-id"]
    assert again.subject == "3 notices: Notice 2 and more"
    assert [f"Notice {number}" in again.text for number in range(4)] == [True, True, True, False]
    assert sorted(one["state"] for one in await deliveries(client)) == ["dropped", "summed", "summed", "summed"]


async def test_more_than_an_hour_may_bring_comes_in_one_summary(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin
) -> None:
    clock.freeze(at("2026-11-26T12:00"))
    await quiet(client, quiet_from=None, quiet_until=None, per_hour=3)
    await wants_mail(client)
    for number in range(8):
        await tell(organization_id, f"Notice {number}")
    await run_until_idle(organization_id)
    assert len(twin.kept.mails) == 3
    await tell(organization_id, "The house burns", severity="critical")
    await run_until_idle(organization_id)
    assert len(twin.kept.mails) == 4
    clock.freeze(at("2026-11-26T13:00:01"))
    await run_until_idle(organization_id)
    assert len(twin.kept.mails) == 5
    assert twin.kept.mails[-1].subject.startswith("5 notices: ")


async def test_preferences_that_cannot_be_are_refused(client: httpx.AsyncClient) -> None:
    for wrong, code in (
        ({"time_zone": "Europe/Atlantis"}, "jobs/unknown-time-zone"),
        ({"quiet_from": "25:00"}, "core/invalid-input"),
        ({"per_hour": 0}, "core/invalid-input"),
    ):
        refused = await client.put("/api/notifications/preferences", json=wrong)
        assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert (await client.patch("/api/notifications/preferences/nothing", json={"app": True})).status_code == 422


async def test_without_choosing_anything_everybody_has_sensible_preferences(client: httpx.AsyncClient) -> None:
    found = (await client.get("/api/notifications/preferences")).json()
    assert (found["per_hour"], found["quiet_from"], found["organization_time_zone"]) == (20, None, "Europe/Berlin")
    choices = {one["kind"]: (one["app"], one["email"]) for one in found["choices"]}
    assert choices["run_done"] == (True, False)
    assert choices["quota_spent"] == (True, True)
    assert "disk_full" not in choices
