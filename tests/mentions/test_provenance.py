"""Who told it first, and how sure that is."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import update

from brandhound.core.db import tenant_session
from brandhound.feeds.models import Article, FeedEntry
from brandhound.mentions.provenance import Witness, first_of, is_midnight, wires_in
from brandhound.mentions.tracing import first_articles
from brandhound.mentions.wires import credit_of, wire_in
from tests.mentions.newsroom import MONDAY, Newsroom, stories, watch

NINE = datetime(2026, 1, 5, 9, 0, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def witness(outlet: str, stated: datetime | None, seen: datetime | None = None, **more: Any) -> Witness:
    return Witness(uuid4(), outlet, stated, seen or NINE + 10 * HOUR, **more)


def test_stated_times_that_lie_apart_decide() -> None:
    first = first_of([witness("Courier", NINE), witness("Echo", NINE + 2 * HOUR, copies=True)])
    assert first is not None
    assert (first.name, first.sure) == ("Courier", "sure")
    assert first.why == "Published 2 hours before Echo, by the dates that the pages state."


def test_one_alone_is_nobodys_first() -> None:
    assert first_of([witness("Courier", NINE)]) is None
    assert first_of([]) is None


def test_days_without_an_hour_do_not_decide_unless_they_differ() -> None:
    midnight = NINE.replace(hour=0, second=0)
    same_day = first_of([witness("Courier", midnight), witness("Echo", NINE, copies=True)])
    assert same_day is not None
    assert same_day.sure == "open"
    next_day = first_of([witness("Courier", midnight), witness("Echo", NINE + 24 * HOUR, NINE + 30 * HOUR)])
    assert next_day is not None
    assert next_day.sure == "sure"


def test_midnight_where_it_was_written_is_a_day_alone() -> None:
    for written in ("Mon, 05 Jan 2026 00:00:00 +0100", "2026-01-05T00:00:00.000+01:00", "2026-01-05 0:00 CET"):
        assert is_midnight(written)
    for written in ("2026-01-05T10:00:00+00:00", "Mon, 05 Jan 2026 00:00:01 GMT", "20260105T103000Z", "1767571200", ""):
        assert not is_midnight(written)
    midnight = datetime(2026, 1, 4, 23, tzinfo=UTC)
    day = witness("Berliner", midnight, midnight + 16 * HOUR, is_day=True)
    first = first_of([day, witness("Courier", midnight + 8 * HOUR, midnight + 16 * HOUR)])
    assert first is not None
    assert first.sure == "open"
    exact = first_of([witness("Berliner", midnight), witness("Courier", midnight + 8 * HOUR)])
    assert exact is not None
    assert (exact.name, exact.sure) == ("Berliner", "sure")


def test_a_wire_is_not_taken_for_the_first_where_somebody_surely_told_it_before() -> None:
    own = witness("Courier", NINE, NINE + HOUR)
    two_days_on = NINE + 48 * HOUR
    credited = [
        witness(outlet, two_days_on, two_days_on + HOUR, wire="Reuters", copies=copies)
        for outlet, copies in (("Ledger", False), ("Post", True))
    ]
    first = first_of([own, *credited])
    assert first is not None
    assert (first.name, first.sure) == ("Courier", "sure")
    # By the same hour nobody was surely before it.
    together = first_of([own, witness("Ledger", NINE, NINE + HOUR, wire="Reuters")])
    assert together is not None
    assert (together.name, together.sure) == ("Reuters", "likely")


def test_what_was_seen_first_is_likely_the_first_where_dates_are_missing() -> None:
    first = first_of([witness("Courier", None, NINE), witness("Echo", None, NINE + HOUR)])
    assert first is not None
    assert (first.name, first.sure) == ("Courier", "likely")
    both = first_of([witness("Courier", None, NINE), witness("Echo", None, NINE)])
    assert both is not None
    assert both.sure == "open"


def test_a_date_after_it_was_seen_is_not_believed() -> None:
    liar = witness("Courier", NINE + 5 * HOUR, NINE)
    assert not liar.is_dated
    first = first_of([liar, witness("Echo", NINE + HOUR, NINE + 2 * HOUR, copies=True)])
    assert first is not None
    assert (first.name, first.sure) == ("Courier", "likely")


def test_the_wire_that_others_credit_is_the_first_whatever_dates_say() -> None:
    wire = witness("Reuters", NINE + HOUR, wire="Reuters", is_the_wire=True)
    copy = witness("Courier", NINE, wire="Reuters", copies=True)
    first = first_of([copy, wire])
    assert first is not None
    assert (first.name, first.article_id, first.sure) == ("Reuters", wire.article_id, "sure")
    absent = first_of([copy, witness("Echo", NINE + HOUR, wire="Reuters", copies=True)])
    assert absent is not None
    assert (absent.name, absent.article_id, absent.sure) == ("Reuters", None, "likely")
    assert [(one.name, one.articles, one.here) for one in wires_in([copy, wire])] == [("Reuters", 2, True)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("BERLIN (dpa) - Die Firma wächst.", "dpa"),
        ("LONDON, Jan 3 (AP) — The firm grows.", "AP"),
        ("NEW YORK, Jan. 3, 2026 /PRNewswire/ -- The firm grows.", "PR Newswire"),
        ("By Ann Lee of The Associated Press\nThe firm grows.", "AP"),
        ("The firm grows.\nSource: Business Wire", "Business Wire"),
        ("Die Firma wächst.\nQuelle: dpa-AFX", "dpa"),
        ("The firm moves into the old Reuters building, it told Bloomberg in an interview.", None),
        ("The app (App) grows. It is an APA of sorts.", None),
        ("", None),
    ],
)
def test_wires_are_known_by_their_credit_lines_alone(text: str, name: str | None) -> None:
    found = wire_in(text)
    assert (found.name if found else None) == name


LONG = "The firm grows, it said. " * 40


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("NEW YORK (AP) — The firm grows.", "AP"),
        ("ALLENTOWN, Pa. (AP) — The firm grows.", "AP"),
        ("PARIS, 3 mars (AFP) - La firme grandit.", "AFP"),
        ("Madrid, 3 mar (EFE).- La empresa crece.", "EFE"),
        ("Rio de Janeiro, 3 de março (Reuters) - A empresa cresce.", "Reuters"),
        ("Frankfurt/Main (dpa/lhe) – Die Firma wächst.", "dpa"),
        ("The firm grows\nBEIJING, March 3 (Xinhua) -- The firm grows.", "Xinhua"),
        ("(Bloomberg) -- The firm grows.", "Bloomberg"),
        ("(AP) The firm grows.", "AP"),
        ("NEW YORK--(BUSINESS WIRE)--Acme grows.", "Business Wire"),
        ("NEW YORK, NY / ACCESSWIRE / January 3, 2026 / Acme grows.", "ACCESSWIRE"),
        ("WASHINGTON, March 3 /PRNewswire-USNewswire/ -- Acme grows.", "PR Newswire"),
        ("MOSCOW, March 3. /TASS/. The firm grows.", "TASS"),
        (f"{LONG}It is so. (Reuters)", "Reuters"),
        (f"{LONG}„So ist es“, sagte sie. „Ja.“ (dpa)\nVideo", "dpa"),
        (f"{LONG}\n(APA)", "APA"),
        (f"{LONG}\n(dpa/afp)", "dpa"),
        (f"{LONG}\n(apa/dpa)", "APA"),
        ("BERLIN (dpa/reuters) - Die Firma wächst.", "dpa"),
        ("BERLIN (lno/dpa) - Die Firma wächst.", "dpa"),
        ("BERLIN (Reuters/dpa/AFP) - Die Firma wächst.", "Reuters"),
        ("(AFP/Reuters/dpa) - Die Firma wächst.", "AFP"),
        ("Rothenburg ob der Tauber (dpa) - Die Firma wächst.", "dpa"),
        ("Bad Homburg vor der Höhe (dpa) - Die Firma wächst.", "dpa"),
        ("Newcastle upon Tyne (Reuters) - The firm grows.", "Reuters"),
        ("Rue de l'Eglise, Paris (AFP) - La firme grandit.", "AFP"),
        ("Abidjan, Côte d’Ivoire (AFP) - La firme grandit.", "AFP"),
        ("PARIS (AFP)\nThe firm grows.", "AFP"),
        ("PARIS, Jan 3 (AFP)\nThe firm grows.", "AFP"),
        ("The firm grows, in news curated by Dave Roe WASHINGTON (AP) — The firm grows.", "AP"),
        ("A story that was curated by Dave Roe NEW YORK, Jan. 3 (Reuters) - The firm grows.", "Reuters"),
    ],
)
def test_a_dateline_and_a_name_after_the_last_sentence_credit_a_wire(text: str, name: str) -> None:
    found = wire_in(text)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    "text",
    [
        "Unified Payments Interface (UPI) transactions rose.",
        "Unified Payments Interface (UPI) - what it is.",
        "Students take Advanced Placement (AP) - or they do not.",
        "The American Psychological Association (APA) said so.",
        f"{LONG}So says the American Psychological Association (APA).",
        "A street in Ghent. (Jane Doe/Reuters)\nThe firm grows.",
        f"{LONG}A street in Ghent. (Jane Doe/Reuters)",
        "(Reuters/Jane Doe) A street in Ghent.",
        "(AP Photo/John Doe) A street in Ghent.",
        "Jane Doe in Paris (AFP)\nThe firm grows.",
        "UNIFIED PAYMENTS INTERFACE (UPI)\nWhat it is.",
        "Students take ADVANCED PLACEMENT (AP) — Or they do not.",
        "It told NASA (Reuters) — and nobody else — so.",
        "Photo by Jane Doe/AFP/Getty Images",
        "A street in Ghent (picture alliance / dpa / Jane Doe)",
        "See https://kent.example/efe/2026/firm",
        f"A street in Ghent. (Reuters)\n{LONG}",
    ],
)
def test_what_letters_stand_for_and_whose_photo_it_is_credit_no_wire(text: str) -> None:
    assert wire_in(text) is None


def test_an_outlet_whose_article_explains_three_letters_is_still_the_first() -> None:
    payments = "Unified Payments Interface (UPI) transactions rose by a third in March."
    credit = credit_of(payments, "courier.example", "Courier", ["Ann Lee"])
    wire = credit.name if credit else ""
    first = first_of([witness("Courier", NINE, wire=wire), witness("Echo", NINE + 5 * HOUR, wire=wire, copies=True)])
    assert first is not None
    assert (first.name, first.sure) == ("Courier", "sure")


def test_a_wires_own_site_is_the_wire_itself() -> None:
    own = credit_of("The firm grows.", "www.reuters.com", "Reuters")
    assert own is not None
    assert (own.name, own.kind, own.itself) == ("Reuters", "agency", True)
    byline = credit_of("The firm grows.", "kent.example", "Courier", ["Associated Press"])
    assert byline is not None
    assert (byline.name, byline.itself) == ("AP", False)
    assert credit_of("The firm grows.", "notreuters.com", "Courier", ["Ann Lee"]) is None


RECALL = (
    "Lumara is recalling 40,000 of its Aria kettles after three kitchen fires in Kent and Devon. The maker said that a "
    "faulty switch supplied by Boltwerk could overheat. Owners should unplug the kettle at once and ask for a refund, "
    "chief executive Ines Holt said on Monday. Fire crews in Dover attended the first fire in March."
)


@pytest.mark.anyio
async def test_the_story_says_who_was_first_who_copied_whom_and_which_wire_it_was(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    await watch(client, "Lumara")
    at = MONDAY + timedelta(seconds=1)
    await newsroom.publish("Recall", f"LONDON (Reuters) - {RECALL}", outlet="Kent Courier", at=at)
    await newsroom.publish("Kettles", f"(Reuters) - {RECALL} More.", outlet="Daily Kettle", at=at + HOUR)
    (story,) = await stories(client)
    assert story["tone_counts"]
    detail = (await client.get(f"/api/stories/{story['id']}")).json()
    assert detail["wires"] == [{"name": "Reuters", "articles": 2, "here": False}]
    assert (detail["first"]["name"], detail["first"]["article_id"], detail["first"]["sure"]) == (
        "Reuters",
        None,
        "likely",
    )
    courier, kettle = detail["timeline"]
    assert courier["wire"] == {"name": "Reuters", "kind": "agency", "itself": False}
    assert (courier["is_dated"], courier["copied_from"]) == (True, None)
    story_id = UUID(str(story["id"]))
    async with tenant_session(newsroom.organization_id) as db:
        assert await first_articles(db, [story_id]) == {}, "the wire's own article is not read"
    assert (kettle["relation"], kettle["copied_from"]) == ("reprint", "Kent Courier")


@pytest.mark.anyio
async def test_an_article_without_a_date_of_its_own_is_told_from_when_it_was_seen(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    await watch(client, "Lumara")
    one = await newsroom.write("Recall", RECALL, outlet="Kent Courier")
    other = await newsroom.write("Kettles", RECALL + " More.", outlet="Daily Kettle")
    async with tenant_session(newsroom.organization_id) as db:
        for article_id, seen in ((one, MONDAY), (other, MONDAY + 3 * HOUR)):
            await db.execute(
                update(FeedEntry).where(FeedEntry.article_id == article_id).values(published_confidence="missing")
            )
            dates = {"published_at": None, "first_seen_at": seen}
            await db.execute(update(Article).where(Article.id == article_id).values(**dates))
    await newsroom.deliver(one, other)
    (story,) = await stories(client)
    detail = (await client.get(f"/api/stories/{story['id']}")).json()
    assert [article["is_dated"] for article in detail["timeline"]] == [False, False]
    assert UUID(detail["first"]["article_id"]) == one
    assert detail["first"]["sure"] == "likely"
    story_id = UUID(str(story["id"]))
    async with tenant_session(newsroom.organization_id) as db:
        assert await first_articles(db, [story_id]) == {story_id: one}


@pytest.mark.anyio
async def test_a_date_that_a_feed_writes_as_local_midnight_is_only_a_day(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    await watch(client, "Lumara")
    midnight = MONDAY.replace(hour=23) - timedelta(days=1)
    one = await newsroom.write("Recall", RECALL, outlet="Berliner", at=midnight)
    other = await newsroom.write("Kettles", RECALL + " More.", outlet="Daily Kettle", at=midnight + 8 * HOUR)
    for written, sure in (("Mon, 05 Jan 2026 00:00:00 +0100", "open"), ("Sun, 04 Jan 2026 23:00:00 +0000", "sure")):
        async with tenant_session(newsroom.organization_id) as db:
            named = update(FeedEntry).where(FeedEntry.article_id == one)
            await db.execute(named.values(published_raw=written))
            await db.execute(
                update(Article).where(Article.id.in_((one, other))).values(first_seen_at=midnight + 16 * HOUR)
            )
        await newsroom.deliver(one, other)
        (story,) = await stories(client)
        assert (await client.get(f"/api/stories/{story['id']}")).json()["first"]["sure"] == sure
