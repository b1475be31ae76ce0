"""The digest: what is new, why it is there, what waits for a word; nothing when there is nothing."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from brandhound.core import clock
from brandhound.core.db import tenant_session
from brandhound.jobs.inline import run_until_idle
from brandhound.mentions.models import Mention
from brandhound.notifications.notifying import notify
from brandhound.twins.mail import MailTwin, Trouble
from tests.factories.people import signed_in
from tests.notifications.conftest import Configure
from tests.reports.leaving import pass_to, path_of, sendings
from tests.reports.telling import Told

pytestmark = pytest.mark.anyio

TUESDAY = datetime(2026, 11, 3, 7, 0, 30, tzinfo=UTC)
LAST_NIGHT = datetime(2026, 11, 2, 20, tzinfo=UTC)


async def choose(client: httpx.AsyncClient, **wish: object) -> dict[str, object]:
    answer = await client.put("/api/reports/digest", json={"wanted": True, **wish})
    assert answer.status_code == 200, answer.text
    chosen: dict[str, object] = answer.json()
    return chosen


async def found_at(organization_id: UUID, mention_id: UUID, moment: datetime) -> UUID:
    """The mention was found then."""
    async with tenant_session(organization_id) as db:
        (await db.get_one(Mention, mention_id)).created_at = moment
    return mention_id


@pytest.fixture
async def night(told: Told, organization_id: UUID) -> dict[str, UUID]:
    """Last night three outlets told of a recall, and one article may be about Acme or not."""
    brand_id = await told.brand()
    story_id = await told.story("Acme recalls its kettles")
    for number, outlet in enumerate(("Courier", "Harbour Times", "Market Wire")):
        mention_id = await told.mention(
            brand_id,
            LAST_NIGHT + timedelta(minutes=number),
            story_id=story_id,
            title="Acme recalls its kettles",
            outlet=outlet,
            tone="negative",
            copy=number == 2,
        )
        await found_at(organization_id, mention_id, LAST_NIGHT + timedelta(hours=1))
    doubtful = await told.mention(
        brand_id, LAST_NIGHT, title="An acme of taste", confidence=0.55, text="x" * 18 + " Acme is the peak of it."
    )
    await found_at(organization_id, doubtful, LAST_NIGHT + timedelta(hours=1))
    return {"brand": brand_id, "story": story_id, "doubtful": doubtful}


async def test_the_digest_says_the_one_thing_then_what_is_new_and_why(
    client: httpx.AsyncClient,
    organization_id: UUID,
    night: dict[str, UUID],
    twin: MailTwin,
    configure: Configure,
) -> None:
    configure(public_url="https://brand.example")
    chosen = await choose(client, time="08:00", time_zone="Europe/Berlin")
    assert chosen["when"] == "Every weekday at 8:00"
    await pass_to(organization_id, TUESDAY)
    (mail,) = twin.kept.mails
    assert mail.subject == "Acme recalls its kettles in 3 outlets, tone ↓"
    for words in (mail.text, mail.html):
        assert "Courier · 3 outlets" in words
        assert "Acme opened a shop in Leipzig." in words
        assert "it is about Acme" in words
        assert "An acme of taste" in words
        assert f"https://brand.example/stories?story={night['story']}" in words
    # The first line is a sentence to its end.
    assert re.search(r"of your brands\. Told by <a [^>]+>Courier</a>\.</p>", mail.html)
    assert mail.message["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert len(mail.html.encode()) < 90_000
    assert "<img" not in mail.html
    assert "<script" not in mail.html
    (sent,) = await sendings(client)
    assert (sent["sort"], sent["state"]) == ("digest", "sent")


async def test_why_names_the_brand_that_the_title_names_and_says_of_whom_it_speaks_badly(
    client: httpx.AsyncClient, organization_id: UUID, told: Told, twin: MailTwin
) -> None:
    acme, beta = await told.brand("Acme"), await told.brand("Beta")
    title = "A prize for a maker of kettles"
    story_id = await told.story(title)
    for number, (brand_id, salience, tone, judgement) in enumerate(
        [
            (acme, "mentioned", "negative", "yes"),
            (beta, "title", "positive", None),
            (beta, "mentioned", "neutral", None),
        ]
    ):
        mention_id = await told.mention(
            brand_id,
            LAST_NIGHT + timedelta(minutes=number),
            story_id=story_id,
            title=title,
            salience=salience,
            tone=tone,
            judgement=judgement,
        )
        await found_at(organization_id, mention_id, LAST_NIGHT + timedelta(hours=1))
    await choose(client)
    await pass_to(organization_id, TUESDAY)
    (mail,) = twin.kept.mails
    assert mail.subject.startswith("Beta: A prize for a maker of kettles")
    assert "  Why: Beta is named in the title, it speaks badly of Acme" in mail.text.splitlines()


async def test_nothing_new_is_no_mail_and_told_once_is_told(
    client: httpx.AsyncClient, organization_id: UUID, night: dict[str, UUID], twin: MailTwin
) -> None:
    await choose(client)
    await pass_to(organization_id, TUESDAY)
    await pass_to(organization_id, TUESDAY + timedelta(days=1))
    assert len(twin.kept.mails) == 1
    assert [(one["state"], one["reason"]) for one in await sendings(client)] == [
        ("skipped", "There is nothing new."),
        ("sent", None),
    ]


async def test_monday_tells_of_the_weekend(
    client: httpx.AsyncClient, organization_id: UUID, told: Told, twin: MailTwin
) -> None:
    brand_id = await told.brand()
    clock.freeze(datetime(2026, 11, 5, 12, tzinfo=UTC))
    await choose(client)
    for day in (5, 7):
        moment = datetime(2026, 11, day, 20, tzinfo=UTC)
        await found_at(organization_id, await told.mention(brand_id, moment, title=f"Acme on the {day}th"), moment)
    for day in (6, 7, 8, 9):
        await pass_to(organization_id, datetime(2026, 11, day, 7, 0, 5, tzinfo=UTC))
    friday, monday = twin.kept.mails
    assert ("5th" in friday.text, "7th" in friday.text) == (True, False)
    assert ("5th" in monday.text, "7th" in monday.text) == (False, True)


async def test_history_that_is_filled_in_is_no_news(
    client: httpx.AsyncClient, organization_id: UUID, told: Told, twin: MailTwin
) -> None:
    brand_id = await told.brand()
    old = await told.mention(brand_id, datetime(2026, 9, 1, tzinfo=UTC), title="Acme in summer")
    await found_at(organization_id, old, LAST_NIGHT)
    await choose(client)
    await pass_to(organization_id, TUESDAY)
    assert twin.kept.mails == []


async def test_a_button_asks_first_so_that_a_scanner_that_opens_every_link_decides_nothing(
    client: httpx.AsyncClient,
    anonymous: httpx.AsyncClient,
    organization_id: UUID,
    night: dict[str, UUID],
    twin: MailTwin,
) -> None:
    await choose(client)
    await pass_to(organization_id, TUESDAY)
    mail = twin.kept.mails[0]
    links = re.findall(r'href="([^"]+/api/[^"]+)"', mail.html)
    for link in links:
        assert (await anonymous.get(path_of(link))).status_code == 200
        await anonymous.head(path_of(link))
    mention = (await client.get(f"/api/mentions/{night['doubtful']}")).json()
    assert mention["judgement"] is None
    assert (await client.get("/api/reports/digest")).json()["wanted"] is True
    yes, no = (next(line for line in mail.text.splitlines() if f"  {word}: " in line) for word in ("Yes", "No"))
    asked = await anonymous.get(path_of(no.split(": ")[1]))
    assert "Is this Acme?" in asked.text
    assert "No, it is not Acme" in asked.text
    assert (await anonymous.post(path_of(no.split(": ")[1]))).status_code == 200
    assert (await client.get(f"/api/mentions/{night['doubtful']}")).json()["judgement"] == "no"
    await anonymous.post(path_of(yes.split(": ")[1]))
    judged = (await client.get(f"/api/mentions/{night['doubtful']}")).json()
    assert judged["judgement"] == "yes"
    clock.freeze(TUESDAY + timedelta(days=15))
    for ask in (anonymous.get, anonymous.post):
        late = await ask(path_of(no.split(": ")[1]))
        assert (late.status_code, late.headers["content-type"]) == (404, "text/html; charset=utf-8")
        assert "wait for the next digest" in late.text
    # Mail programs break long addresses: who opens half of one is told so on a page.
    ending = str(mail.message["list-unsubscribe"]).strip("<>")
    broken = await anonymous.get(path_of(ending)[:-9])
    assert (broken.status_code, "<h1>This link does not work any more</h1>" in broken.text) == (404, True)


async def test_who_may_not_judge_is_shown_where_to_look_and_a_button_ends_with_the_role(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient, app: FastAPI, organization_id: UUID,
    night: dict[str, UUID], twin: MailTwin,
) -> None:  # fmt: skip
    async with signed_in(app, organization_id, "viewer") as (viewer, viewer_address):
        await choose(viewer)
    async with signed_in(app, organization_id, "analyst") as (analyst, analyst_address):
        await choose(analyst)
    await pass_to(organization_id, TUESDAY)
    by_address = {mail.recipients[0]: mail for mail in twin.kept.mails}
    assert "/api/reports/judgements/" not in by_address[viewer_address].html
    assert "view=doubtful" in by_address[viewer_address].html
    button = re.search(r'href="([^"]+/judgements/[^"]+)"', by_address[analyst_address].html)
    assert button
    member = next(one for one in (await client.get("/api/members")).json() if one["email"] == analyst_address)
    await client.patch(f"/api/members/{member['id']}", json={"role": "viewer"})
    assert (await anonymous.post(path_of(button[1]))).status_code == 404
    assert (await client.get("/api/reports/sendings")).json()["items"] == []


async def test_somebody_who_is_a_guest_by_now_gets_no_digest_and_it_is_switched_off(
    client: httpx.AsyncClient, app: FastAPI, organization_id: UUID, night: dict[str, UUID], twin: MailTwin
) -> None:
    async with signed_in(app, organization_id, "viewer") as (reader, address):
        await choose(reader)
        member = next(one for one in (await client.get("/api/members")).json() if one["email"] == address)
        await client.patch(f"/api/members/{member['id']}", json={"role": "guest"})
        await pass_to(organization_id, TUESDAY)
        assert twin.kept.mails == []
        await client.patch(f"/api/members/{member['id']}", json={"role": "viewer"})
        digest = (await reader.get("/api/reports/digest")).json()
    assert (digest["wanted"], digest["last"]["state"]) == (False, "cancelled")
    assert digest["last"]["reason"] == "Guests get no digest: it tells of everything that is found."


async def test_one_click_ends_the_digest_and_choosing_it_begins_anew(
    client: httpx.AsyncClient,
    anonymous: httpx.AsyncClient,
    organization_id: UUID,
    night: dict[str, UUID],
    twin: MailTwin,
) -> None:
    await choose(client)
    await pass_to(organization_id, TUESDAY)
    address = path_of(str(twin.kept.mails[0].message["list-unsubscribe"]).strip("<>"))
    assert (await anonymous.post(address, data={"List-Unsubscribe": "One-Click"})).status_code == 200
    digest = (await client.get("/api/reports/digest")).json()
    assert (digest["wanted"], digest["next_times"]) == (False, [])
    assert (await choose(client))["next_times"] != []


async def test_what_is_broken_stands_in_it(
    client: httpx.AsyncClient, organization_id: UUID, told: Told, twin: MailTwin
) -> None:
    await told.brand()
    await choose(client)
    clock.freeze(LAST_NIGHT)
    async with tenant_session(organization_id) as db:
        await notify(db, "feed_failing", "Courier cannot be read since Sunday", href="/feeds", key="feed-failing:1")
    await pass_to(organization_id, TUESDAY)
    (mail,) = twin.kept.mails
    assert mail.subject == "Courier cannot be read since Sunday"
    # It is said once; as long as nothing else is new it is no reason to write again.
    await pass_to(organization_id, TUESDAY + timedelta(days=1))
    assert len(twin.kept.mails) == 1


async def test_numbers_stand_beside_what_is_usual_once_that_is_known(
    client: httpx.AsyncClient, organization_id: UUID, told: Told, night: dict[str, UUID], twin: MailTwin
) -> None:
    for back in range(1, 21):
        for _ in range(2):
            moment = LAST_NIGHT - timedelta(days=back)
            await found_at(organization_id, await told.mention(night["brand"], moment), moment)
    await choose(client)
    await pass_to(organization_id, TUESDAY)
    assert "3 mentions of your brands (usually 2 in a day)" in twin.kept.mails[0].text


async def test_it_says_how_much_may_have_been_missed(
    client: httpx.AsyncClient, organization_id: UUID, night: dict[str, UUID], twin: MailTwin
) -> None:
    await choose(client)
    await pass_to(organization_id, TUESDAY)
    (mail,) = twin.kept.mails
    trust = (await client.get(f"/api/brands/{night['brand']}/trust")).json()
    (kept,) = [at["kept"] for at in trust["curve"] if at["limit"] == trust["limit"]]
    assert 0.05 < 1 - kept < 0.5
    for words in (mail.text, mail.html):
        assert f"We may have missed {round(100 * (1 - kept))} % of what is about your brands" in words


async def test_a_digest_whose_address_is_refused_is_switched_off_and_can_be_chosen_again(
    client: httpx.AsyncClient, organization_id: UUID, night: dict[str, UUID], twin: MailTwin
) -> None:
    await choose(client)
    twin.kept.troubles.append(Trouble("recipient", 550, "5.1.1 nobody of that name"))
    await pass_to(organization_id, TUESDAY)
    digest = (await client.get("/api/reports/digest")).json()
    assert (digest["wanted"], digest["last"]["state"]) == (False, "given_up")
    titles = [notice["title"] for notice in (await client.get("/api/notifications")).json()["items"]]
    assert "Your digest is refused by the mail server" in titles


async def test_a_test_comes_at_once_even_if_nothing_is_new(
    client: httpx.AsyncClient, organization_id: UUID, told: Told, twin: MailTwin
) -> None:
    assert (await client.post("/api/reports/digest/test")).json()["code"] == "reports/digest-off"
    await choose(client)
    assert (await client.post("/api/reports/digest/test")).status_code == 202
    await run_until_idle(organization_id)
    assert "No new story since" in twin.kept.mails[0].text


async def test_a_sentence_that_is_the_headline_is_told_once(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient, organization_id: UUID, told: Told, twin: MailTwin
) -> None:
    # The sentence of the text that names it says the same, with a full stop.
    headline = "Acme opened a shop in Leipzig"
    doubtful = await told.mention(await told.brand(), LAST_NIGHT, title=headline, confidence=0.55)
    await found_at(organization_id, doubtful, LAST_NIGHT + timedelta(hours=1))
    await choose(client)
    await pass_to(organization_id, TUESDAY)
    (mail,) = twin.kept.mails
    assert mail.text.count(headline) == mail.html.count(headline) == 1
    button = re.search(r'href="([^"]+/judgements/[^"]+)"', mail.html)
    assert button
    assert (await anonymous.get(path_of(button[1]))).text.count(headline) == 1


async def test_what_came_into_the_database_only_after_a_digest_was_written_is_told_by_the_next(
    client: httpx.AsyncClient, organization_id: UUID, night: dict[str, UUID], told: Told, twin: MailTwin
) -> None:
    await choose(client)
    await pass_to(organization_id, TUESDAY)
    # It was found before the digest was written, and committed behind it.
    late = await told.mention(night["brand"], LAST_NIGHT, title="Acme answers its critics")
    await found_at(organization_id, late, TUESDAY - timedelta(seconds=20))
    await pass_to(organization_id, TUESDAY + timedelta(days=1))
    await pass_to(organization_id, TUESDAY + timedelta(days=2))
    assert ["Acme answers its critics" in mail.text for mail in twin.kept.mails] == [False, True]
