"""What a person sends once more: at once, and with a link that works."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from brandhound.jobs.inline import run_until_idle
from brandhound.twins.mail import MailTwin, Trouble
from tests.notifications.conftest import Configure
from tests.reports.leaving import pass_to, path_of, plan, sendings
from tests.reports.telling import Told

pytestmark = pytest.mark.anyio

TUESDAY = datetime(2026, 11, 3, 7, 0, 30, tzinfo=UTC)
"""Half a minute past eight in Berlin."""


@pytest.fixture
async def news(told: Told) -> UUID:
    """The brand Acme, and one thing said of it on Friday."""
    brand_id = await told.brand()
    await told.mention(brand_id, datetime(2026, 10, 30, 12, tzinfo=UTC))
    return brand_id


async def send_again(client: httpx.AsyncClient, organization_id: UUID) -> dict[str, Any]:
    """The only mail there is, once more."""
    (sending,) = await sendings(client)
    answer = await client.post(f"/api/reports/sendings/{sending['id']}/resending")
    assert answer.status_code == 202, answer.text
    await run_until_idle(organization_id)
    (sending,) = await sendings(client)
    return sending


def links(twin: MailTwin) -> list[str]:
    """The links of the mails that arrived, as paths."""
    found = [re.search(r"https://\S+/shared-reports/\S+", mail.text) for mail in twin.kept.mails]
    return [path_of(one.group()) if one else "" for one in found]


async def test_a_mail_that_waits_for_its_next_attempt_leaves_at_once_when_a_person_sends_it_again(
    client: httpx.AsyncClient, organization_id: UUID, news: UUID, twin: MailTwin
) -> None:
    await plan(client)
    twin.kept.troubles.append(Trouble("data", 452, "4.3.1 disk full", times=4))
    moment, waiting = TUESDAY, dict[str, Any]()
    for _ in range(4):
        await pass_to(organization_id, moment)
        (waiting,) = await sendings(client)
        moment = datetime.fromisoformat(waiting["due_at"]) + timedelta(seconds=1)
    assert (waiting["state"], waiting["attempts"], twin.kept.mails) == ("failed", 4, [])
    # The next attempt is still minutes away.
    await pass_to(organization_id, moment - timedelta(minutes=5))
    sent = await send_again(client, organization_id)
    assert (sent["state"], len(twin.kept.mails)) == ("sent", 1)
    await pass_to(organization_id, moment + timedelta(hours=5))
    assert len(twin.kept.mails) == 1


async def test_a_mail_that_is_sent_again_after_the_days_of_its_link_has_one_that_works(
    client: httpx.AsyncClient,
    anonymous: httpx.AsyncClient,
    organization_id: UUID,
    news: UUID,
    twin: MailTwin,
    configure: Configure,
) -> None:
    configure(public_url="https://brand.example")
    await plan(client, link_days=1, rhythm="monthly", month_day=3)
    await pass_to(organization_id, TUESDAY)
    await pass_to(organization_id, TUESDAY + timedelta(days=2))
    await send_again(client, organization_id)
    old, new = links(twin)
    assert ((await anonymous.get(old)).status_code, (await anonymous.get(new)).status_code) == (404, 200)


async def test_a_link_that_was_taken_back_stays_so_and_a_mail_that_a_person_sends_again_has_another(
    client: httpx.AsyncClient,
    anonymous: httpx.AsyncClient,
    organization_id: UUID,
    news: UUID,
    twin: MailTwin,
    configure: Configure,
) -> None:
    configure(public_url="https://brand.example")
    await plan(client)
    twin.kept.troubles.append(Trouble("data", 452, "4.3.1 disk full", times=1))
    await pass_to(organization_id, TUESDAY)
    (waiting,) = await sendings(client)
    (share,) = (await client.get(f"/api/reports/{waiting['report_id']}/shares")).json()
    await client.delete(f"/api/reports/{waiting['report_id']}/shares/{share['id']}")
    await pass_to(organization_id, TUESDAY + timedelta(minutes=2))
    # The mail that was tried again leaves without the link, and not with a dead one.
    assert links(twin) == [""]
    await send_again(client, organization_id)
    assert (await anonymous.get(links(twin)[1])).status_code == 200
