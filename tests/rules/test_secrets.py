"""Secrets are planted everywhere, the product is used, and then none of them is found where it does not belong."""

import io
import logging
import sys
import tarfile
import traceback
import zipfile
from collections.abc import AsyncGenerator, Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
import psycopg
import pytest
import structlog
from fastapi import FastAPI
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from brandhound.ads.access import access_of_account
from brandhound.app.backing_up import backup
from brandhound.core import clock
from brandhound.core.addresses import database_url
from brandhound.core.db import tenant_session
from brandhound.core.logs import recording
from brandhound.core.logs.context import bound
from brandhound.jobs.inline import run_until_idle
from brandhound.twins.meta import MetaTwin, serve_meta
from brandhound.twins.news import Library, NewsServer, serve
from tests.ads.conftest import Set, begin, choose, come_back, go_through, make_brand
from tests.databases import TestDatabase
from tests.factories.people import PASSWORD as OWNERS
from tests.factories.people import make_person
from tests.feeds.conftest import publish
from tests.reports.test_printing import plain
from tests.rules.hearing import Heard, renews_session

PASSWORD = "canary-of-a-person-5d1f"
FEED_PASSWORD = "canary-of-a-feed-77ab"
URL_PASSWORD = "canary-of-an-address-91c3"
SETUP_TOKEN = "canary-of-a-setup-link-3e20"
WRONG = "canary-of-a-typing-error-0b64"
PLANTED = [PASSWORD, FEED_PASSWORD, URL_PASSWORD, SETUP_TOKEN, WRONG]


@pytest.fixture
def logged(database: TestDatabase, monkeypatch: pytest.MonkeyPatch) -> Generator[io.StringIO]:
    """What the process logs, down to the last detail; it goes into the database too."""
    root, lines = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers, root.level
    monkeypatch.setattr(sys, "stdout", lines)
    recording.start("web")
    root.setLevel(logging.DEBUG)
    yield lines
    recording.stop()
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
async def visitor(app: FastAPI) -> AsyncGenerator[httpx.AsyncClient]:
    """Somebody whose failures come back as answers, as over a real connection."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://brandhound.test") as client:
        yield client


@pytest.fixture
def paper() -> Generator[NewsServer]:
    """A publisher that asks for a user and a password."""
    with serve(Library()) as server:
        site = server.library.site("paper")
        publish(site, "Lumara opens a factory")
        publish(site, "Lumara hires")
        publish(site, "Lumara hires again", feed="/new.xml")
        site.passwords["/"] = ("ann", FEED_PASSWORD)
        yield server


@pytest.fixture
def meta(set_to: Set) -> Generator[MetaTwin]:
    """A Meta, and an application there."""
    with serve_meta() as twin:
        app = twin.kept.grants.app
        twin.kept.grants.apps = {app.id: replace(app, redirects=("http://brandhound.test/",))}
        set_to(
            META_APP_ID=twin.app_id,
            META_APP_SECRET=twin.app_secret,
            META_GRAPH_URL=twin.url,
            META_DIALOG_URL=twin.url,
        )
        twin.consents("accept")
        yield twin


async def test_no_secret_gets_out(
    visitor: httpx.AsyncClient,
    paper: NewsServer,
    meta: MetaTwin,
    logged: io.StringIO,
    database: TestDatabase,
    tmp_path: Path,
) -> None:
    heard = Heard()
    organization_id, email, _ = await make_person()
    secrets = await people_come_in(visitor, heard, email, organization_id)
    feed_id = await a_feed_is_followed_and_fails(visitor, paper, organization_id)
    secrets += await an_ad_account_is_connected_and_lost(visitor, meta, organization_id)
    await things_are_exported(visitor, heard)
    await wrong_things_are_sent(visitor, paper, feed_id)
    await something_breaks(visitor, heard, database, paper)
    with bound(organization_id=organization_id):
        carelessly_logged()
    assert recording.flush(60)
    await everything_is_read(visitor)
    for place, text in texts_of(database):
        heard.add(place, text)
    for path in database.data_dir.joinpath("files").rglob("*"):
        if path.is_file():
            heard.add("a file of the data directory", path.read_bytes())
    backup(tmp_path / "backup.tar")
    with tarfile.open(tmp_path / "backup.tar") as archive:
        manifest = archive.extractfile("manifest.json")
        assert manifest is not None
        heard.add("backup manifest", manifest.read())
        heard.add("backup listing", " ".join(archive.getnames()))
    heard.add("log", logged.getvalue())
    keys_of_the_house = [
        str(found)
        for role in ("owner", "app", "system")
        if (found := conninfo_to_dict(database_url(role)).get("password"))
    ]
    assert keys_of_the_house
    assert len(secrets) >= 8
    leaks = heard.leaks([*secrets, *keys_of_the_house, (database.data_dir / "secret.key").read_text().strip()])
    assert leaks == [], "\n".join(leaks)
    assert "Lumara" in " ".join(what for _, what in heard.said)
    kept = {where for where, what in heard.said if "brandhound.careless" in what}
    assert {"log", "GET /api/logs 200"} <= kept
    assert any(where.startswith("table log_lines_") for where in kept)


@pytest.mark.parametrize(
    ("method", "path", "given", "renewed"),
    [
        ("GET", "/api/session", "brandhound_session=own; HttpOnly; Path=/", True),
        ("GET", "/api/session", "brandhound_session=own; Path=/", False),
        ("GET", "/api/session", "brandhound_session=another; HttpOnly; Path=/", False),
        ("GET", "/api/session", "theme=dark; HttpOnly; Path=/", False),
        ("PUT", "/api/session", "brandhound_session=own; HttpOnly; Path=/", False),
        ("GET", "/api/members", "brandhound_session=own; HttpOnly; Path=/", False),
    ],
)
def test_no_cookie_is_given_but_the_own_one_of_a_session(method: str, path: str, given: str, renewed: bool) -> None:
    cookies = {"cookie": "theme=dark; brandhound_session=own"}
    answer = httpx.Response(200, request=httpx.Request(method, f"http://brandhound.test{path}", headers=cookies))
    assert renews_session(answer, "set-cookie", given) == renewed


async def people_come_in(visitor: httpx.AsyncClient, heard: Heard, email: str, organization_id: UUID) -> list[str]:
    """A member with a password, a session, a key and an invitation; all the secrets of it and the planted ones."""
    # What is shown once, to the one it is for, is not listened to.
    await visitor.post("/api/session", json={"email": email, "password": OWNERS})
    invited = (await visitor.post("/api/invitations", json={"email": "bo@acme.example", "role": "owner"})).json()
    invitation = invited["link"].rsplit("/", 1)[1]
    unused = (await visitor.post("/api/invitations", json={"email": "cy@acme.example", "role": "viewer"})).json()
    key = (await visitor.post("/api/keys", json={"name": "export", "role": "viewer"})).json()["secret"]
    owners_cookie = visitor.cookies["brandhound_session"]
    visitor.cookies.clear()
    accepted = await visitor.post(
        f"/api/invitations/by-token/{invitation}/acceptance", json={"name": "Bo", "password": PASSWORD}
    )
    assert accepted.status_code == 201, accepted.text
    visitor.event_hooks["response"].append(heard.answer)
    with_key = {"authorization": f"Bearer {key}"}
    assert (await visitor.get("/api/stories", headers=with_key)).status_code == 200
    assert (await visitor.get("/api/keys", headers={"authorization": f"Bearer {key}x"})).status_code == 401
    return [
        *PLANTED,
        OWNERS,
        invitation,
        unused["link"].rsplit("/", 1)[1],
        key,
        owners_cookie,
        visitor.cookies["brandhound_session"],
    ]


async def a_feed_is_followed_and_fails(visitor: httpx.AsyncClient, paper: NewsServer, organization_id: UUID) -> str:
    """Follow with a password beside the address and with one inside it; then the publisher changes it."""
    url = f"{paper.url}/paper/feed.xml"
    await visitor.post("/api/brands", json={"name": "Lumara"})
    given = {"user": "ann", "password": FEED_PASSWORD}
    await visitor.post("/api/feeds/test", json={"url": url, "credentials": given})
    followed = await visitor.post("/api/feeds", json={"url": url, "credentials": given})
    assert followed.status_code == 201, followed.text
    feed_id: str = followed.json()["id"]
    await run_until_idle(organization_id)
    assert (await visitor.get(f"/api/feeds/{feed_id}")).json()["entries"] == 2
    within = url.replace("://", f"://ann:{URL_PASSWORD}@")
    for address in (within, within.replace("feed.xml", "nothing.html"), within.partition("://")[2], f"ftp{within[4:]}"):
        await visitor.post("/api/feeds", json={"url": address})
        await visitor.post("/api/feeds/test", json={"url": address})
        opml = f'<opml version="2.0"><body><outline text="x" xmlUrl="{address}"/></body></opml>'
        await visitor.post("/api/feeds/opml", content=opml, headers={"content-type": "text/xml"})
        await visitor.post("/api/brands/proposals", json={"name_or_website": address})
    paper.library.sites["paper"].passwords["/"] = ("ann", URL_PASSWORD)
    moved = (await visitor.post("/api/feeds", json={"url": within})).json()
    paper.library.sites["paper"].passwords["/"] = ("ann", "another one")
    for number in range(4):
        clock.freeze(clock.now() + timedelta(days=number))
        for one in (feed_id, moved.get("id", feed_id)):
            await visitor.post(f"/api/feeds/{one}/refresh")
        await run_until_idle(organization_id)
    clock.unfreeze()
    failing = (await visitor.get(f"/api/feeds/{feed_id}")).json()
    assert (failing["state"], failing["error_code"]) == ("failing", "credentials")
    await visitor.patch(f"/api/feeds/{feed_id}", json={"credentials": given})
    return feed_id


async def an_ad_account_is_connected_and_lost(
    visitor: httpx.AsyncClient, meta: MetaTwin, organization_id: UUID
) -> list[str]:
    """By a login and with a pasted token; a wrong one, too; then Meta takes none of them any more. All the secrets of it."""
    brand_id = await make_brand(visitor, "Lumara ads")
    sent = await go_through(await begin(visitor, brand_id))
    act = meta.account("tallow-eu").act
    connected = (await choose(visitor, (await come_back(visitor, sent)).json(), act))[act]
    async with tenant_session(organization_id) as db:
        token = (await access_of_account(db, UUID(connected["id"]))).token
    await come_back(visitor, sent)
    for given in (meta.system_user_token, f"{meta.system_user_token}x", WRONG, f"EAA{WRONG}"):
        await visitor.post("/api/ad-accounts/logins/system-user", json={"brand_id": brand_id, "token": given})
    meta.trouble("Runa Vik", "password")
    await run_until_idle(organization_id)
    assert (await visitor.get(f"/api/ad-accounts/{connected['id']}")).json()["brands"][0]["status"] == "needs_you"
    # The state is not among them: whoever begins a login has it in the address of the dialog.
    return [meta.app_secret, meta.system_user_token, token, sent["code"]]


async def things_are_exported(visitor: httpx.AsyncClient, heard: Heard) -> None:
    """Lists of feeds, and a report in every shape."""
    assert (await visitor.get("/api/feeds/opml")).status_code == 200
    today = clock.today("Europe/Berlin")
    span = {"since_on": str(today - timedelta(days=6)), "until_on": str(today)}
    report = (await visitor.post("/api/reports", json=span)).json()["id"]
    for kind in ("json", "html", "csv"):
        assert (await visitor.get(f"/api/reports/{report}/export.{kind}")).status_code == 200
    heard.add("report.pdf", plain((await visitor.get(f"/api/reports/{report}/export.pdf")).content))
    workbook = await visitor.get(f"/api/reports/{report}/export.xlsx")
    with zipfile.ZipFile(io.BytesIO(workbook.content)) as parts:
        for name in parts.namelist():
            heard.add("report.xlsx", parts.read(name))


async def wrong_things_are_sent(visitor: httpx.AsyncClient, paper: NewsServer, feed_id: str) -> None:
    """Requests that hold a secret and are refused."""
    url = f"{paper.url}/paper/feed.xml"
    newcomer = {
        "token": SETUP_TOKEN,
        "email": "a@acme.example",
        "name": "A",
        "password": WRONG,
        "organization_name": "A",
    }
    for path, body in (
        ("/api/session", {"email": "a@acme.example", "password": WRONG}),
        ("/api/session", {"email": "a@acme.example", "password": [WRONG]}),
        ("/api/session", {"email": 5, "password": WRONG}),
        ("/api/setup", newcomer),
        ("/api/setup", newcomer | {"email": "no address", "name": ""}),
        ("/api/feeds", {"url": url, "credentials": {"user": "ann", "password": WRONG}}),
        ("/api/feeds", {"url": url, "credentials": {"user": "", "password": WRONG}}),
        ("/api/feeds", {"url": url, "credentials": WRONG}),
        ("/api/feeds", {"url": url, "credentials": {"user": "ann", "password": WRONG, "realm": WRONG}}),
        ("/api/feeds/test", {"url": url, "credentials": {"user": "ann", "password": WRONG}}),
    ):  # fmt: skip
        answer = await visitor.post(path, json=body)
        assert answer.status_code in (200, 201, 401, 403, 404, 409, 410, 422), f"{path} {answer.text}"
    broken = await visitor.post(
        "/api/session", content=f'{{"password": "{WRONG}"', headers={"content-type": "application/json"}
    )
    assert broken.status_code == 422
    changed = await visitor.patch(f"/api/feeds/{feed_id}", json={"credentials": {"password": WRONG}})
    assert changed.status_code == 422


async def something_breaks(visitor: httpx.AsyncClient, heard: Heard, database: TestDatabase, paper: NewsServer) -> None:
    """A column is missing, as after a wrong upgrade: that is a 500, logged with its place."""
    given = {"user": "ann", "password": WRONG}
    paper.library.sites["paper"].passwords["/"] = ("ann", WRONG)
    with missing(database, "feeds", "title"):
        answer = await visitor.post("/api/feeds", json={"url": f"{paper.url}/paper/new.xml", "credentials": given})
        assert answer.status_code == 500, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert (answer.json()["code"], answer.json()["type"]) == ("core/our-fault", "/errors/core/our-fault")
        with pytest.raises(Exception, match="title") as raised:
            await visitor_who_sees_the_fault(visitor).post(
                "/api/feeds", json={"url": f"{paper.url}/paper/new.xml", "title": WRONG, "credentials": given}
            )
        heard.add("what the web server logs", "".join(traceback.format_exception(raised.value)))
    with missing(database, "users", "name"):
        assert (await visitor.post("/api/session", json={"email": "b", "password": WRONG})).status_code == 500


def carelessly_logged() -> None:
    """What nobody should write, and somebody will: secrets in words, in facts and in failures."""
    log = logging.getLogger("brandhound.careless")
    log.warning("signing in with password=%s at https://ann:%s@paper.example/", WRONG, URL_PASSWORD)
    log.warning("asking", extra={"facts": {"headers": {"Authorization": f"Bearer {WRONG}"}, "api_key": WRONG}})
    structlog.get_logger("brandhound.careless").info("asking", token=SETUP_TOKEN, inner=[{"cookie": PASSWORD}])
    try:
        raise RuntimeError(f"401 from https://ann:{FEED_PASSWORD}@paper.example/feed.xml?token={SETUP_TOKEN}")
    except RuntimeError:
        log.exception("it failed with {'secret': '%s'}", WRONG)


def visitor_who_sees_the_fault(visitor: httpx.AsyncClient) -> httpx.AsyncClient:
    """The same person; what the web server would log is raised."""
    transport = visitor._transport  # pyright: ignore[reportPrivateUsage]
    assert isinstance(transport, httpx.ASGITransport)
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(transport.app), base_url=visitor.base_url, cookies=visitor.cookies
    )


@contextmanager
def missing(database: TestDatabase, table: str, column: str) -> Generator[None]:
    names = [sql.Identifier(name) for name in (table, column, f"{column}_is_away")]
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute(sql.SQL("alter table {} rename {} to {}").format(*names))
        try:
            yield
        finally:
            connection.execute(sql.SQL("alter table {} rename {} to {}").format(names[0], names[2], names[1]))


async def everything_is_read(visitor: httpx.AsyncClient) -> None:
    """All that people and programs can see of what happened."""
    for path in (
        "/api/session", "/api/feeds", "/api/feeds/health", "/api/audit", "/api/keys", "/api/invitations", "/api/members",
        "/api/notifications", "/api/stories", "/api/mentions", "/api/schedules", "/api/jobs", "/api/reports",
        "/api/events/since?after=0", "/api/openapi.json", "/api/logs?level=debug", "/api/logs/export.ndjson",
        "/api/ad-accounts", "/api/ad-accounts/options",
    ):  # fmt: skip
        assert (await visitor.get(path)).status_code == 200, path
    for feed in (await visitor.get("/api/feeds")).json()["items"]:
        await visitor.get(f"/api/feeds/{feed['id']}")
    for run in (await visitor.get("/api/runs", params={"limit": 100})).json()["items"]:
        await visitor.get(f"/api/runs/{run['id']}")
        await visitor.get(f"/api/runs/{run['id']}/log")


def texts_of(database: TestDatabase) -> Iterator[tuple[str, str]]:
    """Every row of every table as text; binary columns as the letters that they may hold."""
    with psycopg.connect(database.url) as connection:
        tables = connection.execute(
            "select schemaname, tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"
        ).fetchall()
        assert len(tables) > 25
        for schema, table in tables:
            rows = connection.execute(
                sql.SQL("select encode(convert_to(t::text, 'UTF8'), 'escape') from {} t").format(
                    sql.Identifier(schema, table)
                )
            )
            yield f"table {table}", "\n".join(str(row[0]) for row in rows)
