"""What a report says in sentences is what its figures say, and leads to exactly what it counted."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from brandhound.reports import counting
from brandhound.reports.counting import Counted, Counts
from brandhound.reports.findings import findings, headline_of
from brandhound.reports.pieces import settable
from brandhound.reports.presenting import values_of
from brandhound.reports.sample import sample_document
from tests.reports.telling import Told
from tests.reports.test_counting import RIVAL, brands, said
from tests.reports.test_reports import evidence, made, october

OCTOBER_DAYS = [date(2026, 10, 1) + timedelta(days=at) for at in range(31)]


def sentences(now: Sequence[Counted], before: Sequence[Counted]) -> dict[str, str]:
    """Each finding on these mentions by its code."""
    counts = Counts(brands(), now, before)
    volume, share = counting.volume(counts, OCTOBER_DAYS), counting.share_of_voice(counts)
    return {one.code: one.text for one in findings(counts, counting.headline(counts), volume, share, {})}


def of_both(mine: int, of_rival: int) -> list[Counted]:
    return [said() for _ in range(mine)] + [said(RIVAL) for _ in range(of_rival)]


def test_fifty_mentions_after_none_are_no_calm() -> None:
    found = sentences([said() for _ in range(50)], [])
    assert found["mentions-moved"] == "Mentions went from 0 to 50: more than chance would make."
    assert "calm" not in found


def test_stories_that_fell_are_told_although_as_much_was_written() -> None:
    one = uuid4()
    now = [said() for _ in range(15)] + [said(story_id=one) for _ in range(25)]
    found = sentences(now, [said() for _ in range(40)])
    assert found["stories-moved"] == "Stories changed by −60 %: more than chance would make."
    assert "calm" not in found


def test_nothing_that_moved_is_calm() -> None:
    assert set(sentences([said() for _ in range(40)], [said() for _ in range(41)])) == {"calm", "busiest-day"}


def test_a_clear_change_of_less_than_a_point_is_not_told_as_none() -> None:
    now, before = of_both(13, 1987), of_both(5, 1995)
    counts = Counts(brands(), now, before)
    head, share = counting.headline(counts), counting.share_of_voice(counts)
    assert headline_of(counts, head, share) == "Acme: share of voice up 0.4 points"
    assert "0.4 points" in sentences(now, before)["share-moved"]


async def test_a_finding_leads_to_exactly_the_mentions_that_it_counted(client: httpx.AsyncClient, told: Told) -> None:
    acme, rival = await told.brand(), await told.brand("Rival", "competitor")
    story = await told.story("Acme recalls its kettles")
    for at in range(3):
        await told.mention(acme, october(3 + at), story_id=story, tone="negative", copy=at == 2)
        await told.mention(acme, october(3 + at), story_id=story, tone="neutral", copy=True)
        await told.mention(rival, october(3 + at), story_id=story, tone="negative", copy=True)
    report = await made(client)
    found = {one["code"]: one for one in report["document"]["findings"]}

    behind = await evidence(client, report, found["negative-story"]["evidence"])
    assert "carries 3 of 3 negative mentions" in found["negative-story"]["text"]
    assert [(one["brand_name"], one["tone"]) for one in behind["items"]] == [("Acme", "negative")] * 3
    assert behind["label"] == "Negative mentions of Acme in the story “Acme recalls its kettles”"

    behind = await evidence(client, report, found["copies"]["evidence"])
    assert found["copies"]["text"] == "4 of 6 mentions are copies of another text."
    assert [(one["brand_name"], one["reprint"]) for one in behind["items"]] == [("Acme", True)] * 4
    assert behind["label"] == "Mentions of Acme that are copies"


async def test_a_list_is_not_told_as_empty_because_another_took_all_places(
    client: httpx.AsyncClient, told: Told
) -> None:
    acme, rival = await told.brand(), await told.brand("Rival", "competitor")
    for at in range(4):
        await told.mention(rival, october(2), title=f"Rival story {at}")
    for at in range(60):
        await told.mention(acme, october(3 + at % 20), title=f"Acme story {at}")
    blocks: list[dict[str, Any]] = [
        {"kind": "title"},
        {"kind": "mention_list", "whose": "subject", "most": 100},
        {"kind": "mention_list", "whose": "competitors"},
    ]
    wish = {"since_on": "2026-10-01", "until_on": "2026-10-31"}
    answer = await client.post("/api/reports/templates/preview", json={"name": "", "blocks": blocks, "wish": wish})
    assert answer.status_code == 200, answer.text
    titles = [mention["title"].split()[0] for mention in answer.json()["mentions"]]
    assert (titles.count("Acme"), titles.count("Rival")) == (50, 4)


def test_the_day_on_which_a_report_was_made_is_the_organizations() -> None:
    made_at = datetime(2026, 11, 28, 19, 30, tzinfo=UTC)
    document = sample_document(20).model_copy(update={"time_zone": "Pacific/Auckland", "generated_at": made_at})
    assert values_of(document)["made"] == "29 November 2026"


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("https://www.example.com/a/long/address", "https://www.\u200bexample.com/\u200ba/long/addre\u200bss"),
        ("e\u0301" * 36, "\u200b".join(["e\u0301" * 12] * 3)),
        ("กรุงเทพมหานครเปิดร้านใหม่ในห้างสรรพสินค้า", None),
        ("ទីក្រុងភ្នំពេញបើកហាងថ្មីនៅផ្សារទំនើបធំជាងគេ", None),
        ("百度在北京开设了一家新的商店并宣布了一项新的计划以及更多更多更多更多的消息", None),
        ("👩‍👩‍👧‍👦" * 8, None),
    ],
)
def test_only_what_has_no_other_place_to_break_is_given_one(text: str, broken: str | None) -> None:
    assert settable(text) == (broken or text)


async def test_characters_that_xml_has_not_are_left_out_of_every_file(client: httpx.AsyncClient, told: Told) -> None:
    await told.mention(await told.brand(), october(3), title="Acme\ufffe opens\uffff a shop")
    report = await made(client, title="A\ufffe month")
    for form in ("pdf", "pptx", "xlsx", "html", "csv"):
        answer = await client.get(f"/api/reports/{report['id']}/export.{form}")
        assert answer.status_code == 200, form
