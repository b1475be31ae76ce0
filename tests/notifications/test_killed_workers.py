"""A worker that dies between sending a notice and writing that it was sent."""

import asyncio
from collections.abc import Generator
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from brandhound.twins.mail import MailTwin, Trouble
from tests.databases import TestDatabase
from tests.jobs.workers import Workers, wait_until
from tests.notifications.conftest import Configure, deliveries, tell, wants_mail

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


@pytest.fixture
def workers(connected: TestDatabase, tmp_path: Path) -> Generator[Workers]:
    made = Workers(connected, tmp_path)
    yield made
    made.end()


async def test_the_mail_is_sent_again_and_its_identifier_tells_that_it_is_the_same(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin, configure: Configure, workers: Workers
) -> None:
    configure(smtp_timeout="120")
    await wants_mail(client)
    # It takes the mail and does not say so: nobody can know whether it has it.
    twin.kept.troubles.append(Trouble("end", stall=True, times=1))
    dying = workers.start()
    await tell(organization_id)
    await asyncio.to_thread(wait_until, lambda: len(twin.kept.mails) == 1, 60, "the mail is taken")
    dying.kill()
    dying.wait()
    workers.start()
    await asyncio.to_thread(wait_until, lambda: len(twin.kept.mails) == 2, 90, "the mail is sent again")
    first, second = twin.kept.mails
    assert first.message["message-id"] == second.message["message-id"]
    for _ in range(200):
        if [one["state"] for one in await deliveries(client)] == ["sent"]:
            break
        await asyncio.sleep(0.2)
    (row,) = await deliveries(client)
    assert (row["state"], row["attempts"]) == ("sent", 2)
