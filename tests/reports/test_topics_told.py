"""What a report says of the topics of its mentions, and the evidence for it."""

import io
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import openpyxl
import pytest
from sqlalchemy import select

from brandhound.core.db import tenant_session
from brandhound.mentions.topic_models import Topic, TopicFinding
from tests.reports.telling import Told
from tests.reports.test_templates import exported, headings, made, template

pytestmark = pytest.mark.anyio


async def about(told: Told, topic: str, mention_id: UUID, standing: Any, sort: Any = "topic") -> UUID:
    """Note that a mention is about a topic, or may be; the topic is made if there is none."""
    async with tenant_session(told.organization_id) as db:
        row = await db.scalar(select(Topic).where(Topic.title == topic))
        if row is None:
            row = Topic(title=topic, sort=sort, line=topic, examples=[])
            db.add(row)
            await db.flush()
        found = {"probability": 0.9, "field": "text", "start": 0, "end": 4, "words": "Acme"}
        at = datetime(2026, 10, 9, tzinfo=UTC)
        db.add(TopicFinding(topic_id=row.id, mention_id=mention_id, standing=standing, published_at=at, **found))
        return row.id


async def test_a_report_tells_what_its_mentions_were_about_and_opens_them(
    client: httpx.AsyncClient, told: Told
) -> None:
    acme = await told.brand("Acme")
    mentions = [
        await told.mention(
            acme,
            datetime(2026, 10, 1 + at, tzinfo=UTC),
            title=f"Acme story {at}",
            tone="negative" if at < 3 else "positive",
            copy=at == 29,
        )
        for at in range(30)
    ]
    recalls = await about(told, "Recalls & returns", mentions[0], "yes")
    for mention in mentions[1:6]:
        await about(told, "Recalls & returns", mention, "yes")
    await about(told, "Recalls & returns", mentions[6], "maybe")
    # A copy counts for nothing here.
    await about(told, "Recalls & returns", mentions[29], "yes")
    await about(told, "We repair everything", mentions[0], "yes", sort="message")
    kept = await template(client, {"kind": "topics", "heading": "About {{ brand }}"})
    report = await made(client, template_id=kept["id"])

    topics = report["document"]["topics"]
    assert (topics["out_of"], topics["enough"]) == (29, True)
    row, message = topics["rows"]
    assert (row["title"], row["mentions"], row["maybe"]) == ("Recalls & returns", 6, 1)
    assert (row["negative"], row["positive"], message["sort"]) == (3, 3, "message")
    assert row["share"]["value"] == round(6 / 29, 4)
    assert row["share"]["interval"]["low"] < 6 / 29 < 7 / 29 < row["share"]["interval"]["high"]

    figure = {"figure": row["share"]["evidence"]}
    evidence = (await client.get(f"/api/reports/{report['id']}/evidence", params=figure)).json()
    assert (evidence["total"], evidence["label"]) == (6, "Mentions of Acme about the topic without copies")
    # What is said later changes no report.
    await client.put(f"/api/mentions/{mentions[0]}/topics/{recalls}", json={"verdict": "no"})
    again = (await client.get(f"/api/reports/{report['id']}/evidence", params=figure)).json()
    assert again["total"] == 6

    page = (await exported(client, report, "html")).text
    assert "About Acme" in headings(page)
    assert "Recalls &amp; returns" in page
    assert (await exported(client, report, "pdf")).content.startswith(b"%PDF")
    assert (await exported(client, report, "pptx")).content.startswith(b"PK")
    book = openpyxl.load_workbook(io.BytesIO((await exported(client, report, "xlsx")).content), read_only=True)
    rows = list(book["Topics"].iter_rows(values_only=True))
    assert rows[1][:4] == ("Recalls & returns", "topic", 6, 1)


async def test_a_report_without_topics_says_where_they_are_made(client: httpx.AsyncClient, told: Told) -> None:
    await told.mention(await told.brand("Acme"), datetime(2026, 10, 3, tzinfo=UTC))
    kept = await template(client, {"kind": "topics", "which": "message"})
    report = await made(client, template_id=kept["id"])
    assert report["document"]["topics"]["rows"] == []
    assert "make them under Topics" in (await exported(client, report, "html")).text
