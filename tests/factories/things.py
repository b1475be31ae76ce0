"""An organization that has one of everything, each marked so that a leak is recognized."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx

from brandhound.core.clock import now
from brandhound.core.db import tenant_session
from brandhound.core.files import files
from tests.factories.ads import make_ad_account

MARK = "zebra-9271"
"""Stands in every text of the organization that is made here, and nowhere else."""


async def make_everything(client: httpx.AsyncClient, organization_id: UUID) -> dict[str, str]:
    """One of each kind of thing; the identifiers by kind."""
    ids = {"organization": str(organization_id), "brand": await make_brand(client, f"Brand {MARK}")}
    ids |= await make_story(organization_id, UUID(ids["brand"]), f"Story {MARK}")
    tagging = {"kind": "tag", "tag": f"Tag {MARK}", "stories": [ids["story"]]}
    ids["deed"] = await _made(client, "/api/stories/deeds", tagging)
    ids |= await make_lesson(organization_id, UUID(ids["brand"]), UUID(ids["mention"]))
    ids["feed"] = await make_feed(organization_id, f"Feed {MARK}")
    ids["run"], ids["notification"] = await make_run_and_notice(organization_id)
    ids["schedule"] = await _made(client, "/api/schedules", _schedule(ids["feed"]))
    ids["key"] = await _made(client, "/api/keys", {"name": f"Key {MARK}"})
    ids["invitation"] = await _made(client, "/api/invitations", {"email": f"{MARK}@acme.example", "role": "viewer"})
    ids["member"] = (await client.get("/api/members")).json()[0]["id"]
    ids |= {"log_line": await make_log_line(organization_id, f"Line {MARK}")}
    ids["log_search"] = await _made(client, "/api/logs/searches", {"name": f"Search {MARK}", "query": {"q": MARK}})
    ids |= await make_channel(client, organization_id, ids["notification"])
    ids |= await make_model(client, ids["mention"])
    today = now().date()
    span = {"since_on": str(today - timedelta(days=6)), "until_on": str(today), "title": f"Report {MARK}"}
    template = {"name": f"Template {MARK}", "blocks": [{"kind": "title", "text": MARK}]}
    ids["template"] = await _made(client, "/api/reports/templates", template)
    await client.put("/api/reports/branding", json={"color": "#1d4ed8", "footer": MARK})
    ids["report"] = await _made(client, "/api/reports", span | {"template_id": ids["template"]})
    ids["alert"] = await _made(client, "/api/alerts", {"brand_id": ids["brand"], "title": f"Alert {MARK}"})
    about = {"title": f"Topic {MARK}", "line": f"About {MARK}"}
    ids["topic"] = await _made(client, "/api/topics", about)
    ids |= await make_names(client, organization_id, ids["brand"])
    ids |= await make_ad_account(organization_id, UUID(ids["brand"]), MARK)
    ids |= await make_ad(client, organization_id)
    ids |= await make_what_leaves(client, organization_id, ids["report"])
    await client.put(f"/api/mentions/{ids['mention']}/judgement", json={"verdict": "yes"})
    await client.put(f"/api/mentions/{ids['mention']}/topics/{ids['topic']}", json={"verdict": "yes"})
    return ids


async def make_names(client: httpx.AsyncClient, organization_id: UUID, brand_id: str) -> dict[str, str]:
    """A merge, a name that may be a brand, and an own category; their identifiers."""
    from brandhound.mentions.discovery.models import BrandCandidate

    twin = await make_brand(client, f"Twin {MARK}")
    merge_id = await _made(client, "/api/brand-merges", {"kept_id": brand_id, "gone_id": twin})
    own = {"name": f"Category {MARK}", "sector": f"Sector {MARK}"}
    async with tenant_session(organization_id) as db:
        candidate = BrandCandidate(
            key=f"name {MARK}",
            name=f"Name {MARK}",
            state="proposed",
            score=0.9,
            mentions=3,
            articles=3,
            sources=2,
            reasons=[],
            first_seen_at=now(),
            last_seen_at=now(),
        )
        db.add(candidate)
        await db.flush()
    return {
        "merge": merge_id,
        "candidate": str(candidate.id),
        "brand_category": await _made(client, "/api/brand-categories", own),
    }


async def make_ad(client: httpx.AsyncClient, organization_id: UUID) -> dict[str, str]:
    """An ad with two days and a picture, a metric and a view; their identifiers."""
    from brandhound.ads.asset_models import AdAsset
    from tests.factories.ads import AdTruth, make_ads

    board = await make_ads(organization_id, [AdTruth(name=f"Ad {MARK}")], days=2, name=f"Account {MARK}")
    async with tenant_session(organization_id) as db:
        asset = AdAsset(account_id=board.account_id, kind="image", external_id=MARK, created_at=now())
        db.add(asset)
        await db.flush()
    metric = {"name": "own_9271", "title": f"Metric {MARK}", "formula": "spend / leads", "shown": "money"}
    return {
        "ad": str(board.ads[0]),
        "campaign": str(board.campaign_id),
        "asset": str(asset.id),
        "own_metric": await _made(client, "/api/ads/metrics", metric),
        "removal": await remove_rate(client),
        "view": await _made(client, "/api/ads/views", {"name": f"View {MARK}", "query": {"q": MARK}}),
    }


async def make_what_leaves(client: httpx.AsyncClient, organization_id: UUID, report_id: str) -> dict[str, str]:
    """A schedule of a report with a recipient and a sending, and a link to the report; their identifiers."""
    from brandhound.reports.sending_models import ReportSending

    outside = {"email": f"{MARK}@outside.example", "name": f"Reader {MARK}"}
    made = await client.post("/api/reports/schedules", json={"title": f"Weekly {MARK}", "recipients": [outside]})
    assert made.status_code == 201, made.text
    schedule = made.json()
    recipient_id = schedule["recipients"][0]["id"]
    async with tenant_session(organization_id) as db:
        sending = ReportSending(
            sort="report",
            schedule_id=UUID(schedule["id"]),
            recipient_id=UUID(recipient_id),
            report_id=UUID(report_id),
            reader=f"recipient:{recipient_id}",
            window_at=now(),
            title=f"Weekly {MARK}",
            address=outside["email"],
            state="sent",
        )
        db.add(sending)
        await db.flush()
    share_id = await _made(client, f"/api/reports/{report_id}/shares", {"label": f"For {MARK}"})
    return {
        "report_schedule": schedule["id"],
        "recipient": recipient_id,
        "sending": str(sending.id),
        "share": share_id,
    }


async def make_channel(client: httpx.AsyncClient, organization_id: UUID, notification_id: str) -> dict[str, str]:
    """A channel with a delivery, and a mute; their identifiers."""
    from brandhound.notifications.channel_models import NotificationDelivery

    hook = {"sort": "webhook", "name": f"Channel {MARK}", "address": "http://127.0.0.1:9/hook"}
    channel_id = await _made(client, "/api/notifications/channels", hook)
    async with tenant_session(organization_id) as db:
        delivery = NotificationDelivery(
            notification_id=UUID(notification_id),
            channel_id=UUID(channel_id),
            recipient=f"channel:{channel_id}",
            sort="webhook",
            alerted_at=now(),
            state="sent",
            attempts=1,
            created_at=now(),
        )
        db.add(delivery)
        await db.flush()
    muted = await client.put(f"/api/notifications/{notification_id}/mute", json={"scope": "kind"})
    return {"channel": channel_id, "delivery": str(delivery.id), "mute": muted.json()["id"]}


async def make_model(client: httpx.AsyncClient, mention_id: str) -> dict[str, str]:
    """A model server with a key, and a second opinion; the identifier of the server."""
    from brandhound.mentions.opining import keep_opinion
    from brandhound.mentions.reconsidering import Opinion

    account = {"kind": "openai_compatible", "name": f"Model {MARK}", "address": "http://127.0.0.1:9/v1", "key": "x"}
    account_id = await _made(client, "/api/models/accounts", account)
    async with tenant_session(UUID(client.headers["x-organization"])) as db:
        opinion = Opinion("unsure", (f"because {MARK}",), "neutral", (), 0, "embedded")
        await keep_opinion(db, UUID(mention_id), opinion)
    return {"account": account_id}


async def make_lesson(organization_id: UUID, brand_id: UUID, mention_id: UUID) -> dict[str, str]:
    """A proposed lesson of a brand, and a weekly sample of one mention; their identifiers."""
    from brandhound.mentions.learning.models import Audit, AuditItem, Lesson

    figures = {"right": 8, "wrong": 0, "f1": 1.0, "ece": 0.1}
    async with tenant_session(organization_id) as db:
        lesson = Lesson(
            brand_id=brand_id,
            number=1,
            state="proposed",
            yes=4,
            no=4,
            conflicts=0,
            weights={"bias": 0.0, "trust": 1.0, "center": 0.0, "signs": {}},
            direction=b"",
            examples=[{"mention_id": str(mention_id), "verdict": "yes", "text": f"Sentence {MARK}"}],
            example_vectors=b"",
            checked=[],
            figures={"before": figures, "after": figures},
            looked_at=0,
            changes=0,
            written=False,
        )
        audit = Audit(brand_id=brand_id, week_on=now().date(), accept=0.8, shown=1, hidden=0)
        db.add_all([lesson, audit])
        await db.flush()
        item = AuditItem(audit_id=audit.id, mention_id=mention_id, position=0, layer="shown")
        db.add(item)
        await db.flush()
        return {"lesson": str(lesson.id), "sampled": str(item.id)}


async def remove_rate(client: httpx.AsyncClient) -> str:
    """Rates of two currencies, of which one was taken away; which removal that was."""
    for currency in ("USD", "JPY"):
        rate = {"rate": "1.5", "source": f"Bank {MARK}"}
        (await client.put(f"/api/exchange-rates/{currency}/2026-01-05", json=rate)).raise_for_status()
    gone = await client.delete("/api/exchange-rates", params={"currency": "JPY"})
    return gone.raise_for_status().json()["removal_id"]


def _schedule(feed_id: str) -> dict[str, object]:
    return {
        "job": "feeds.refresh",
        "title": f"Schedule {MARK}",
        "parameters": {"feed_id": feed_id},
        "cron": "0 8 * * *",
        "time_zone": "UTC",
    }


async def _made(client: httpx.AsyncClient, path: str, body: Mapping[str, object]) -> str:
    answer = await client.post(path, json=body)
    assert answer.status_code == 201, f"{path}: {answer.status_code} {answer.text}"
    made: dict[str, str] = answer.json()
    return made["id"]


async def make_log_line(organization_id: UUID, words: str, at: datetime | None = None, **fields: object) -> str:
    """A line in the log, with its page, as the processes write it; its identifier."""
    from brandhound.core.logs.lines import Speaker
    from brandhound.core.logs.shipping import INSERT
    from brandhound.core.system import system_session

    speaker, at = Speaker("worker"), at or now()
    number = speaker.next_number()
    line_id = str(speaker.id_of(at, number))
    line: dict[str, object] = {
        "at": at.isoformat(),
        "level": "info",
        "message": words,
        "logger": "brandhound.test",
        "process": "worker",
        "host": "here",
        "pid": speaker.pid,
        "boot": speaker.boot,
        "seq": number,
        "id": line_id,
        "organization_id": str(organization_id),
    }
    async with system_session() as db:
        raw = (await (await db.connection()).get_raw_connection()).driver_connection
        await raw.execute(INSERT, [json.dumps([line | fields], default=str)])  # pyright: ignore[reportOptionalMemberAccess]
    return line_id


async def make_brand(client: httpx.AsyncClient, name: str, kind: str = "own") -> str:
    """A brand, through the API; its identifier."""
    return await _made(client, "/api/brands", {"name": name, "kind": kind})


async def make_feed(organization_id: UUID, title: str) -> str:
    """A followed feed that is never due; its identifier."""
    from brandhound.feeds.models import Feed, FeedDocument

    async with tenant_session(organization_id) as db:
        url = f"https://feeds.example/{uuid4().hex}"
        document = FeedDocument(url=url, url_key=url, title=title, created_at=now())
        db.add(document)
        await db.flush()
        feed = Feed(document_id=document.id, title=title, created_at=now())
        db.add(feed)
        await db.flush()
        return str(feed.id)


async def make_story(
    organization_id: UUID,
    brand_id: UUID,
    title: str,
    published_at: datetime | None = None,
    confidence: float = 0.95,
    text: str | None = None,
) -> dict[str, str]:
    """A story of one article with one mention at the beginning of its text; the identifiers of the three."""
    from brandhound.feeds.models import Article
    from brandhound.mentions.models import Mention
    from brandhound.mentions.story_models import Story, StoryArticle
    from brandhound.mentions.summing import sum_up_stories

    at = published_at or now().astimezone(UTC) - timedelta(hours=1)
    text = text or f"{title}: the article speaks of the brand and says that it is good."
    sha = files().put(text.encode())
    url = f"https://outlet.example/{uuid4().hex}"
    standing = "accepted" if confidence >= 0.8 else "doubtful" if confidence >= 0.4 else "rejected"
    common = {"published_at": at, "title": title, "url": url, "outlet": "The Outlet", "site": "outlet.example"}
    async with tenant_session(organization_id) as db:
        article = Article(
            url=url,
            url_key=url,
            site="outlet.example",
            outlet="The Outlet",
            title=title,
            published_at=at,
            language="en",
            state="fetched",
            body_sha256=sha,
            text_sha256=sha,
            text_length=len(text),
            fetched_at=at,
            first_seen_at=at,
        )
        db.add(article)
        await db.flush()
        story = Story(
            title=title,
            headline_article_id=article.id,
            first_published_at=at,
            last_published_at=at,
            articles=1,
            outlets=1,
            mentions=1,
            standing=standing,
            confidence=confidence,
            doubtful=standing == "doubtful",
            brand_ids=[brand_id],
            tones=["positive"],
            search_text=title.casefold(),
        )
        db.add(story)
        await db.flush()
        db.add(
            StoryArticle(
                story_id=story.id, article_id=article.id, relation="original", text_sha256=sha, terms=[], **common
            )
        )
        mention = Mention(
            brand_id=brand_id,
            article_id=article.id,
            story_id=story.id,
            confidence=confidence,
            standing=standing,
            reasons=[{"code": "name", "text": f"because {MARK}", "weight": 1.0}],
            salience="subject",
            tone="positive",
            tone_confidence=0.8,
            tone_quote=text,
            evidence=[
                {
                    "start": 0,
                    "end": 5,
                    "surface": title[:5],
                    "sentence_start": 0,
                    "sentence_end": len(text),
                    "field": "text",
                }
            ],
            language="en",
            body_sha256=sha,
            text_sha256=sha,
            search_text=title.casefold(),
            **common,
        )
        db.add(mention)
        await db.flush()
        await sum_up_stories(db, [story.id])
        return {"article": str(article.id), "story": str(story.id), "mention": str(mention.id)}


async def make_run_and_notice(organization_id: UUID) -> tuple[str, str]:
    """A finished run and a notice about it; their identifiers."""
    from brandhound.jobs.models import RunRow
    from brandhound.notifications.notifying import notify

    async with tenant_session(organization_id) as db:
        run = RunRow(
            job="feeds.refresh", title=f"Run {MARK}", queue="fetch", parameters={}, state="queued", timeout_seconds=60.0
        )
        db.add(run)
        await db.flush()
        notice = await notify(db, kind="run_done", title=f"Notice {MARK}", body=MARK, href=f"/jobs?run={run.id}")
        return str(run.id), str(notice)
