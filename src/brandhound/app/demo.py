"""`brandhound demo`: the product with made-up outlets, brands and stories, all of which went through the real pipeline."""

import asyncio
import os
import sys
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from threading import Thread
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from brandhound.app.database import ensure_database
from brandhound.app.demo_ads import demo_meta, demo_rates_until, first_day, meta_settings, put_demo_rates, read_earlier
from brandhound.app.demo_ports import demo_ports, one_demo_at_a_time
from brandhound.app.preparing import prepare_database
from brandhound.app.slices import JOB_MODULES
from brandhound.app.supervising import up
from brandhound.brands.models import Brand
from brandhound.brands.schemas import NewBrand
from brandhound.brands.watching import watch_brand
from brandhound.core.clock import now
from brandhound.core.db import SYSTEM_ORGANIZATION, close_engines, tenant_session
from brandhound.core.settings import reload_settings, settings
from brandhound.core.system import system_session
from brandhound.feeds.following import follow_document
from brandhound.identity.models import User
from brandhound.identity.signing_in import add_user
from brandhound.jobs.models import ACTIVE, RunRow
from brandhound.jobs.registry import enqueue
from brandhound.mentions.alerts.keeping import make_alert
from brandhound.mentions.alerts.schemas import NewAlert
from brandhound.mentions.models import Mention
from brandhound.mentions.reconsidering import SECOND_OPINION
from brandhound.mentions.topics.keeping import make_topic
from brandhound.mentions.topics.schemas import NewTopic
from brandhound.notifications.connecting import ChannelWish, connect
from brandhound.notifications.preferring import choose
from brandhound.providers.ai.accounts import add_account
from brandhound.providers.ai.choosing import choose_model
from brandhound.reports.blocks import CareBlock, ChartBlock, FiguresBlock, StoryListBlock, SummaryBlock, TitleBlock
from brandhound.reports.drafting import SUMMARY
from brandhound.reports.models import Report
from brandhound.reports.template_models import ReportTemplate
from brandhound.reports.templating import add_template
from brandhound.tenancy.models import Member
from brandhound.tenancy.organizing import add_organization
from brandhound.tenancy.people import Caller
from brandhound.tenancy.roles import Role
from brandhound.twins.mail import MailTwin, catch
from brandhound.twins.meta import APP_ID, APP_SECRET, MetaTwin
from brandhound.twins.models import PERSONAS, ModelTwin, serve_models
from brandhound.twins.news import NewsServer, serve, serve_forever
from brandhound.twins.news.telling import demo_library, outlets

EMAIL = "demo@brandhound.example"
PASSWORD = "made-up stories"

BRANDS: tuple[dict[str, object], ...] = (
    {
        "name": "Tallow",
        "kind": "own",
        "category": "E-bikes",
        "description": "E-bikes for commuters and families, built in Port Ansel",
        "names": [{"text": "Tallow One", "kind": "product"}, {"text": "Tallow Cargo", "kind": "product"}],
        "context_words": ["e-bike", "bicycle", "bike", "battery", "dealer", "Runa Vik", "workshop", "cargo"],
        "not_phrases": ["beef tallow", "tallow candles", "of tallow", "in tallow", "from tallow", "render tallow"],
    },
    {"name": "Veloray", "kind": "competitor", "category": "E-bikes"},
    {"name": "Brask", "kind": "competitor", "category": "E-bike motors"},
    {"name": "Kettle & Spoke", "kind": "competitor", "category": "Bicycles"},
    {
        "name": "Morrow Bay Coffee",
        "kind": "client",
        "category": "Cafés",
        "names": [{"text": "Morrow Bay", "kind": "short"}],
    },
)


TOPICS: tuple[dict[str, object], ...] = (
    {
        "title": "Recalls and safety",
        "line": "A product is recalled, catches fire, or turns out to be dangerous",
        "examples": ["Owners must stop using the battery at once.", "A faulty seal can let water in."],
    },
    {
        "title": "Repairs and service",
        "line": "How a bike is repaired and serviced, and how owners are treated",
        "examples": ["The workshop fixed both within a day and did not charge."],
    },
    {
        "title": "We repair what we sell",
        "sort": "message",
        "line": "Tallow repairs what it sells, old or new, and does so decently",
        "examples": ["The workshop checks every Tallow free of charge, old or new."],
    },
)


SUMMED_UP = "The month on a page"
SUMMED_UP_BLOCKS = (
    TitleBlock(text="{{ brand }}: {{ range }}"),
    SummaryBlock(most=4),
    FiguresBlock(),
    ChartBlock(chart="volume"),
    StoryListBlock(most=5),
    CareBlock(),
)


def demo() -> int:
    """Serve the made-up workspace until Ctrl-C. Its data is apart from everything real."""
    folder = settings().data_dir
    os.environ["BRANDHOUND_DATA_DIR"] = str(folder if folder.name == "demo" else folder / "demo")
    os.environ["BRANDHOUND_PRIVATE_NETWORKS"] = "127.0.0.0/8"
    os.environ["BRANDHOUND_PER_HOST_INTERVAL"] = "0"
    for name in ("DATABASE_URL", "APP_DATABASE_URL", "SYSTEM_DATABASE_URL"):
        os.environ.pop(name, None)
    reload_settings()
    with ExitStack() as world:
        with one_demo_at_a_time():
            ports = demo_ports(settings().data_dir)
            server = world.enter_context(twin(ports.publishers))
            catcher = world.enter_context(catch(ports.mail, ports.caught))
            models = world.enter_context(serve_models(ports.models))
            meta = world.enter_context(demo_meta(settings().data_dir, ports.meta))
        os.environ["BRANDHOUND_SMTP_URL"] = f"smtp://127.0.0.1:{ports.mail}"
        os.environ["BRANDHOUND_SMTP_TLS"] = "none"
        os.environ.update(meta_settings(meta.url, APP_ID, APP_SECRET))
        reload_settings()
        ensure_database(may_make=True)
        prepare_database()
        asyncio.run(_fill(server.url, catcher, models, meta, first_day(settings().data_dir)))
        Thread(target=lambda: asyncio.run(_report_when_read()), name="first-report", daemon=True).start()
        return up(
            ready=f"Sign in as {EMAIL} with the password “{PASSWORD}”. Everything in it is made up. "
            f"Mails and webhooks are caught, and shown at {catcher.url}/"
        )


def twin(port: int) -> NewsServer:
    """The demo's publishers on loopback; always on the same port, because feeds are followed by their address."""
    return serve(demo_library(), port=port)


def serve_twin(folder: Path | None, port: int) -> int:
    """Serve a folder of pages and feeds, or the demo's publishers, until Ctrl-C."""
    if folder is not None and not folder.is_dir():
        print(f"brandhound: {folder} is not a folder", file=sys.stderr)
        return 1

    def say(url: str) -> None:
        print(f"{url}/ serves {folder or 'the made-up outlets ' + ', '.join(outlets())}.")
        print("An installation reads it when it is started with BRANDHOUND_PRIVATE_NETWORKS=127.0.0.0/8.", flush=True)

    serve_forever(folder or demo_library(), port=port, say=say)
    return 0


def serve_model_twin(persona: str, port: int) -> int:
    """Serve models that answer by rules, until Ctrl-C."""
    if persona not in PERSONAS:
        raise ValueError(f"there is no persona {persona}: it is one of {', '.join(PERSONAS)}")
    with serve_models(port) as models:
        models.persona = PERSONAS[persona]
        print(f"OpenAI: {models.openai}  Anthropic: {models.anthropic}  Gemini: {models.gemini}", flush=True)
        models.wait()
    return 0


async def _fill(publishers: str, catcher: MailTwin, models: ModelTwin, meta: MetaTwin, began: date) -> None:
    """Make the people, brands, feeds and ad accounts of the demo, once; rates go on whenever it is started."""
    try:
        async with system_session() as db:
            made = await db.scalar(select(User.id).limit(1)) is not None
        if made:
            await demo_rates_until(now(), began)
            return
        async with system_session() as db:
            user = await add_user(db, EMAIL, "Demo", PASSWORD)
            organization = await add_organization(db, "Made-up workspace", "Europe/Berlin", owner=user)
            db.add(Member(organization_id=SYSTEM_ORGANIZATION, user_id=user.id, role=Role.OWNER.word))
            caller = Caller(organization.id, Role.OWNER, organization.time_zone, user_id=user.id, operator=True)
        await watch_demo_brands(caller)
        await read_earlier(caller, meta, now())
        await follow_demo_feeds(caller, publishers)
        await _be_told_of_spikes(caller)
        await look_for_demo_topics(caller)
        await _connect_catcher(caller, catcher)
        await _choose_made_up_model(caller, models)
        await put_demo_rates(caller, now(), began)
    finally:
        await close_engines()


async def _be_told_of_spikes(caller: Caller) -> None:
    """An alert on each brand of one's own and each client; keen ones, since few outlets are read."""
    async with tenant_session(caller.organization_id) as db:
        for brand_id in await db.scalars(select(Brand.id).where(Brand.kind != "competitor").order_by(Brand.name)):
            await make_alert(db, caller, NewAlert(brand_id=brand_id, keenness="keen", least_stories=3), now())


async def look_for_demo_topics(caller: Caller) -> None:
    """Two topics, and a sentence that Tallow would like to be told."""
    async with tenant_session(caller.organization_id) as db:
        tallow = await db.scalar(select(Brand.id).where(Brand.name == "Tallow"))
        for topic in TOPICS:
            of_brand = {"brand_id": tallow} if topic.get("sort") == "message" else {}
            await make_topic(db, NewTopic.model_validate({**topic, **of_brand}), caller, now())


async def _report_when_read() -> None:
    """Have a report made once the demo's articles are read: it is what everything else is for.

    Brands that nobody watches are looked for then too: the first look of the day came when few articles had.
    """
    try:
        # Nobody tells this process when its workers have nothing more to do.
        while not (organization_id := await _is_read()):  # noqa: ASYNC110
            await asyncio.sleep(1)
        async with tenant_session(organization_id) as db:
            if await db.scalar(select(Report.id).limit(1)) is None:
                await enqueue(db, "reports.make", {"period": "last_30_days"}, key="demo")
                template_id = await db.scalar(select(ReportTemplate.id).where(ReportTemplate.name == SUMMED_UP))
                if template_id is not None:
                    summed_up = {"period": "last_30_days", "template_id": str(template_id)}
                    await enqueue(db, "reports.make", summed_up, key="demo-summed-up")
                await enqueue(db, "discovery.look", key="discovery")
    finally:
        await close_engines()


async def _is_read() -> UUID | None:
    """The demo's organization, when it has mentions and nothing is at work on more."""
    try:
        async with system_session() as db:
            working = select(RunRow.id).where(RunRow.state.in_(ACTIVE), RunRow.job != "feeds.poll").limit(1)
            owner = select(Member.organization_id).where(Member.organization_id != SYSTEM_ORGANIZATION).limit(1)
            organization_id = None if await db.scalar(working) else await db.scalar(owner)
        if organization_id is None:
            return None
        async with tenant_session(organization_id) as db:
            return organization_id if await db.scalar(select(Mention.id).limit(1)) else None
    except DBAPIError:
        # The server starts or stops beside this.
        return None


async def _connect_catcher(caller: Caller, catcher: MailTwin) -> None:
    """Tell the catcher of everything, and mail the demo's person what is worth a mail."""
    assert caller.user_id is not None
    wish = ChannelWish("webhook", "Caught webhooks", catcher.hook("demo"), False, None, "info", None)
    async with tenant_session(caller.organization_id) as db:
        await connect(db, caller, wish)
        for kind in ("report_ready", "feed_failing", "feed_gone"):
            await choose(db, caller.user_id, kind, app=None, email=True, channels={})


async def _choose_made_up_model(caller: Caller, models: ModelTwin) -> None:
    """Have second opinions and a summary written by a simulator, so that the way of them can be seen without a key."""
    async with tenant_session(caller.organization_id) as db:
        account = await add_account(
            db, "openai_compatible", "Made-up model", models.openai, "made-up key", caller.user_id
        )
        for feature in (SECOND_OPINION, SUMMARY):
            await choose_model(db, feature.name, account.id, "made-up-1", 100_000, 400_000)
        await add_template(db, caller, SUMMED_UP, SUMMED_UP_BLOCKS)


async def watch_demo_brands(caller: Caller) -> None:
    """Watch the demo's brands. Those that are watched already stay as they are."""
    async with tenant_session(caller.organization_id) as db:
        known = set(await db.scalars(select(Brand.name)))
        for brand in BRANDS:
            if brand["name"] not in known:
                await watch_brand(db, caller, NewBrand.model_validate(brand), now())


async def follow_demo_feeds(caller: Caller, publishers: str) -> None:
    """Follow the demo's outlets, and read them soon."""
    async with tenant_session(caller.organization_id) as db:
        for outlet in outlets().values():
            feed = await follow_document(db, f"{publishers}/{outlet.name}/feed", now() - timedelta(seconds=1))
            await enqueue(db, "feeds.refresh", {"feed_id": str(feed.id)})


__all__ = ["JOB_MODULES", "demo"]
