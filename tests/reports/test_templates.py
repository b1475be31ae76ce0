"""Templates of reports: kept with every version, checked when they are saved, and followed by every way out."""

import csv
import io
import json
import re
import zipfile
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from brandhound.jobs.inline import run_until_idle
from tests.reports.leaving import pass_to, plan, sendings
from tests.reports.telling import Told

pytestmark = pytest.mark.anyio

OCTOBER = {"since_on": "2026-10-01", "until_on": "2026-10-31"}
TITLE: dict[str, Any] = {"kind": "title"}


def october(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 10, day, hour, tzinfo=UTC)


async def template(client: httpx.AsyncClient, *blocks: dict[str, Any], name: str = "For the board") -> dict[str, Any]:
    answer = await client.post("/api/reports/templates", json={"name": name, "blocks": [TITLE, *blocks]})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def made(client: httpx.AsyncClient, **wish: object) -> dict[str, Any]:
    answer = await client.post("/api/reports", json={**OCTOBER, **wish})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def a_month(told: Told) -> UUID:
    """Thirty mentions of Acme, every third of them negative and every fifth a copy, and one of a competitor."""
    acme, rival = await told.brand("Acme"), await told.brand("Rival", "competitor")
    for at in range(30):
        tone = "negative" if at % 3 == 0 else "positive"
        await told.mention(acme, october(1 + at), title=f"Acme story {at}", tone=tone, copy=at % 5 == 4)
    await told.mention(rival, october(9), title="Rival closes a shop")
    return acme


def headings(page: str) -> list[str]:
    return re.findall(r"<h[23][^>]*>([^<]+)</h[23]>", page)


async def exported(client: httpx.AsyncClient, report: dict[str, Any], form: str) -> httpx.Response:
    answer = await client.get(f"/api/reports/{report['id']}/export.{form}")
    assert answer.status_code == 200, answer.text
    return answer


async def test_a_report_follows_its_template_in_every_way_out(client: httpx.AsyncClient, told: Told) -> None:
    await a_month(told)
    kept = await template(
        client,
        {"kind": "text", "heading": "Dear board", "text": "{{ brand }} had {{ mentions }} mentions.\n\nRead on."},
        {"kind": "mention_list", "heading": "The bad news", "tones": ["negative"], "most": 4},
        {"kind": "share_of_voice"},
    )
    report = await made(client, template_id=kept["id"])
    document = report["document"]

    assert document["presentation"]["template"] == "For the board"
    assert {mention["tone"] for mention in document["mentions"]} == {"negative"}
    assert len(document["mentions"]) == 4

    page = (await exported(client, report, "html")).text
    assert headings(page) == ["Dear board", "The bad news", "Share of voice", "Read with care", "How this was counted"]
    assert "Acme had 30 mentions." in page
    assert "Tone toward each brand" not in page

    rows = list(csv.DictReader(io.StringIO((await exported(client, report, "csv")).text)))
    assert {row["tone"] for row in rows} == {"negative"}
    assert len(rows) == 10  # All that the list lets through, and not only the four that it shows.
    lines = [json.loads(line) for line in (await exported(client, report, "ndjson")).text.splitlines()]
    assert [line["mention_id"] for line in lines] == [row["mention_id"] for row in rows]
    assert json.loads((await exported(client, report, "json")).content) == document

    sheets = names_of_sheets((await exported(client, report, "xlsx")).content)
    assert sheets == ["Text", "Figures", "How counted", "Mentions"]
    slides = titles_of_slides((await exported(client, report, "pptx")).content)
    assert slides == [document["title"], "Dear board", "Share of voice", "Read with care"]
    printed = (await exported(client, report, "pdf")).content
    assert printed.startswith(b"%PDF")
    assert printed == (await exported(client, report, "pdf")).content


async def test_a_template_with_the_standard_blocks_tells_what_the_standard_report_tells(
    client: httpx.AsyncClient, told: Told
) -> None:
    await a_month(told)
    standard = (await client.get("/api/reports/templates/language")).json()["standard"]
    kept = await template(client, *standard[1:])
    plain, same = await made(client), await made(client, template_id=kept["id"])
    assert "presentation" not in plain["document"]
    told_by = {name: same["document"][name] for name in plain["document"]}
    assert told_by == plain["document"]
    bodies = [
        re.sub(r"[0-9a-f]{64}", "", (await exported(client, report, "html")).text.split("<body>")[1])
        for report in (plain, same)
    ]
    assert bodies[0] == bodies[1]


async def test_older_versions_are_seen_and_restored_and_reports_keep_theirs(
    client: httpx.AsyncClient, told: Told
) -> None:
    await told.brand("Acme")
    kept = await template(client, {"kind": "text", "text": "First words"})
    path = f"/api/reports/templates/{kept['id']}"
    report = await made(client, template_id=kept["id"])
    changed = {"name": "For the owner", "blocks": [TITLE, {"kind": "text", "text": "Second words"}], "based_on": 1}
    second = (await client.put(path, json=changed)).json()
    assert second["version"] == 2

    stale = await client.put(path, json=changed | {"name": "Mine"})
    assert (stale.status_code, stale.json()["code"]) == (409, "reports/template-changed-meanwhile")
    same = await client.put(path, json=changed | {"based_on": 2})
    assert same.json()["version"] == 2

    restored = (await client.post(f"{path}/versions/1/restoration")).json()
    assert (restored["version"], restored["blocks"][1]["text"]) == (3, "First words")
    assert restored["name"] == kept["name"] != second["name"]
    versions = (await client.get(f"{path}/versions")).json()
    assert [(one["version"], one["restored_from"]) for one in versions] == [(3, 1), (2, None), (1, None)]

    read = (await client.get(f"/api/reports/{report['id']}")).json()
    assert (read["template_id"], read["template_version"]) == (kept["id"], 1)
    assert read["document"]["presentation"]["version"] == 1
    assert (await client.delete(path)).status_code == 204
    gone = (await client.get(f"/api/reports/{report['id']}")).json()
    assert (gone["template_id"], gone["template_version"]) == (None, 1)
    assert "First words" in (await exported(client, report, "html")).text


async def test_a_version_that_is_restored_keeps_the_name_of_now_if_another_template_has_its_own(
    client: httpx.AsyncClient, told: Told
) -> None:
    await told.brand("Acme")
    kept = await template(client, {"kind": "text", "text": "First words"})
    path = f"/api/reports/templates/{kept['id']}"
    await client.put(path, json={"name": "For the owner", "blocks": [TITLE], "based_on": 1})
    await template(client, {"kind": "text", "text": "Others"})
    restored = (await client.post(f"{path}/versions/1/restoration")).json()
    assert (restored["name"], restored["blocks"][1]["text"]) == ("For the owner", "First words")


@pytest.mark.parametrize(
    ("blocks", "code"),
    [
        ([TITLE, {"kind": "text", "text": "{% for x in y %}again{% endfor %}"}], "reports/template-statement"),
        ([TITLE, {"kind": "text", "text": "{{ brnd }}"}], "reports/template-unknown-variable"),
        ([{"kind": "title", "text": "{{ brand.__class__ }}"}], "reports/template-unknown-variable"),
        ([TITLE, {"kind": "text", "text": "{{ brand }}" * 101}], "reports/template-too-many-variables"),
        ([TITLE, {"kind": "text", "text": "{{ brand"}], "reports/template-unknown-variable"),
        ([{"kind": "figures"}], "reports/template-title-misplaced"),
        ([TITLE, TITLE], "reports/template-title-misplaced"),
        ([TITLE, {"kind": "summary"}, {"kind": "summary"}], "reports/template-summary-twice"),
        ([TITLE] + [{"kind": "mention_list", "most": 500}] * 3, "reports/template-lists-too-long"),
        (
            [TITLE, {"kind": "story_list", "most": 1}] + [{"kind": "mention_list", "most": 500}] * 2,
            "reports/template-lists-too-long",
        ),
        ([TITLE] + [{"kind": "chart"}] * 21, "reports/template-too-many-charts"),
        ([TITLE, {"kind": "script"}], "core/invalid-input"),
        ([TITLE, {"kind": "mention_list", "most": 100_000}], "core/invalid-input"),
        ([TITLE] + [{"kind": "care"}] * 60, "core/invalid-input"),
    ],
)
async def test_a_template_that_cannot_be_followed_is_refused_with_a_reason(
    client: httpx.AsyncClient, blocks: list[dict[str, Any]], code: str
) -> None:
    answer = await client.post("/api/reports/templates", json={"name": "Bad", "blocks": blocks})
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    preview = {"blocks": blocks, "wish": OCTOBER}
    assert (await client.post("/api/reports/templates/preview", json=preview)).json()["code"] == code


async def test_what_is_wrong_in_a_text_is_named_with_its_block_and_line(client: httpx.AsyncClient) -> None:
    for text, line, found in (
        ("{{ brand }}\n\nof {{ brnd }}", 3, "brnd"),
        ("{{ brand }}\n{% for x in y %}", 2, "{% for x in y %}"),
        ("{{ brnd }}", 1, "brnd"),
    ):
        blocks = [TITLE, {"kind": "care"}, {"kind": "text", "text": text}]
        said = (await client.post("/api/reports/templates", json={"name": "Bad", "blocks": blocks})).json()
        assert (said["block"], said["line"], said["found"]) == (2, line, found)


async def test_what_a_variable_stands_for_is_never_looked_at_again(client: httpx.AsyncClient, told: Told) -> None:
    name = "{{ brand }}{{ news }}<b>{% for %}"
    await told.brand(name)
    kept = await template(client, {"kind": "text", "text": "About {{ brand }}"})
    report = await made(client, template_id=kept["id"])
    assert report["document"]["presentation"]["blocks"][1]["text"] == f"About {name}"
    page = (await exported(client, report, "html")).text
    assert "About {{ brand }}{{ news }}&lt;b&gt;{% for %}" in page


async def test_a_title_may_hold_variables_and_a_wish_for_a_title_wins(client: httpx.AsyncClient, told: Told) -> None:
    await told.brand("Acme")
    blocks = [{"kind": "title", "text": "{{ brand }} in {{ range }}"}]
    kept = (await client.post("/api/reports/templates", json={"name": "T", "blocks": blocks})).json()
    assert (await made(client, template_id=kept["id"]))["title"] == "Acme in 1–31 October 2026"
    assert (await made(client, template_id=kept["id"], title="Mine"))["title"] == "Mine"


async def test_texts_that_variables_make_long_are_cut_and_the_report_opens(
    client: httpx.AsyncClient, told: Told
) -> None:
    await told.brand("Acme")
    for at in range(25):
        await told.brand(f"Competitor number {at}", "competitor")
    blocks = [
        {"kind": "title", "text": "Acme against {{ competitors }} and {{ competitors }}"},
        {"kind": "text", "heading": "Not {{ competitors }}", "text": "{{ competitors }}\n\n" * 60},
        {"kind": "mention_list", "heading": "Not {{ competitors }}"},
    ]
    kept = (await client.post("/api/reports/templates", json={"name": "T", "blocks": blocks})).json()
    report = await made(client, template_id=kept["id"])
    assert len(report["title"]) <= 255
    opened = await client.get(f"/api/reports/{report['id']}")
    assert opened.status_code == 200, opened.text
    _, words, mentions = opened.json()["document"]["presentation"]["blocks"]
    assert all(190 < len(heading) <= 200 for heading in (words["heading"], mentions["heading"]))
    assert 4900 < len(words["text"]) <= 5000
    assert "\n\n" in words["text"]
    for form in ("html", "pptx", "pdf"):
        await exported(client, report, form)


async def test_a_preview_is_the_report_that_would_be_made(client: httpx.AsyncClient, told: Told) -> None:
    await a_month(told)
    blocks = [
        TITLE,
        {"kind": "story_list", "tones": ["negative"], "most": 3},
        {"kind": "mention_list", "whose": "competitors"},
    ]
    answer = await client.post("/api/reports/templates/preview", json={"blocks": blocks, "wish": OCTOBER})
    assert answer.status_code == 200, answer.text
    previewed = answer.json()
    assert [story["tone"] for story in previewed["stories"]] == ["negative"] * 3
    assert [mention["title"] for mention in previewed["mentions"]] == ["Rival closes a shop"]
    assert (await client.get("/api/reports")).json()["items"] == []


async def test_an_empty_report_of_a_template_still_says_its_words(client: httpx.AsyncClient, told: Told) -> None:
    await told.brand("Acme")
    kept = await template(client, {"kind": "text", "text": "Kind regards"}, {"kind": "chart", "chart": "tone"})
    report = await made(client, template_id=kept["id"])
    page = (await exported(client, report, "html")).text
    assert "Kind regards" in page
    assert "Nothing was heard in these days" in page
    assert (await exported(client, report, "pdf")).content.startswith(b"%PDF")
    assert (await exported(client, report, "pptx")).content.startswith(b"PK")


async def test_a_schedule_makes_its_reports_with_its_template(
    client: httpx.AsyncClient, organization_id: UUID, told: Told, monday: datetime
) -> None:
    del monday
    acme = await told.brand("Acme")
    await told.mention(acme, datetime(2026, 10, 30, 9, tzinfo=UTC))
    kept = await template(client, {"kind": "text", "text": "Only words for {{ brand }}"})
    planned = await plan(client, template_id=kept["id"])
    assert planned["template_id"] == kept["id"]

    in_use = await client.delete(f"/api/reports/templates/{kept['id']}")
    assert (in_use.status_code, in_use.json()["code"]) == (409, "reports/template-in-use")
    assert in_use.json()["schedules"] == ["Morning report"]
    unknown = await client.post(
        "/api/reports/schedules",
        json={"title": "X", "template_id": str(uuid4()), "recipients": planned["recipients"][:0]},
    )
    assert unknown.status_code == 404

    await pass_to(organization_id, datetime(2026, 11, 3, 7, 1, tzinfo=UTC))
    (sent,) = await sendings(client)
    report = (await client.get(f"/api/reports/{sent['report_id']}")).json()
    assert report["template_version"] == 1
    assert report["document"]["presentation"]["blocks"][1]["text"] == "Only words for Acme"
    await run_until_idle(organization_id)


async def test_a_name_is_taken_once_and_viewers_only_look(client: httpx.AsyncClient) -> None:
    await template(client, name="Weekly  report")
    again = await client.post("/api/reports/templates", json={"name": "weekly REPORT", "blocks": [TITLE]})
    assert (again.status_code, again.json()["code"]) == (409, "reports/template-name-taken")
    assert [one["name"] for one in (await client.get("/api/reports/templates")).json()] == ["Weekly  report"]


async def test_the_sheet_of_outlets_shows_as_many_as_the_report(client: httpx.AsyncClient, told: Told) -> None:
    acme = await told.brand("Acme")
    for at in range(6):
        await told.mention(acme, october(1 + at), outlet=f"Gazette {at}")
    kept = await template(client, {"kind": "outlets", "most": 2})
    workbook = (await exported(client, await made(client, template_id=kept["id"]), "xlsx")).content
    with zipfile.ZipFile(io.BytesIO(workbook)) as opened:
        sheet = opened.read("xl/worksheets/sheet1.xml").decode()
    assert "Gazette" in sheet
    assert len(set(re.findall(r"Gazette \d", sheet))) == 2


def names_of_sheets(workbook: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(workbook)) as opened:
        return re.findall(r'<sheet name="([^"]+)"', opened.read("xl/workbook.xml").decode())


def titles_of_slides(deck: bytes) -> list[str]:
    from pptx import Presentation

    opened: Any = Presentation(io.BytesIO(deck))
    return [slide.shapes.title.text for slide in opened.slides]
