"""Odd texts on their whole way: from a page on the publisher, over mentions with exact offsets, to the printed report."""

from collections.abc import Sequence
from datetime import timedelta
from html import escape
from typing import Any

import httpx
import pytest

from brandhound.core import clock
from brandhound.twins.news import NewsServer
from brandhound.twins.news.library import Site
from tests.feeds.conftest import RunJobs, address
from tests.feeds.test_following import follow
from tests.mentions.newsroom import watch
from tests.reports.test_printing import plain

JAPANESE = (
    "ルマラ電機は火曜日、東京で新しい電気ケトルを発表した。価格は四千九百円で、来月から全国の店で販売される。"
    "同社の社長は記者会見で、安全性を最優先に設計したと述べた。昨年の火災を受け、スイッチはすべて作り直された。"
    "専門家は、ルマラ電機の新製品を高く評価している。品質は優れており、使いやすいという声が多い。"
    "一方で、価格が高すぎるという意見もある。同社は来年、工場を二つ増やす計画だ。\U0001f525"
)
ARABIC = (
    "أعلنت شركة لومارا يوم الثلاثاء عن سحب أربعين ألف غلاية كهربائية من الأسواق بعد ثلاثة حرائق في المطابخ. "
    "وقالت الشركة إن مفتاحا معيبا قد يسخن أكثر من اللازم، وطلبت من المالكين فصل الجهاز عن الكهرباء فورا. "
    "وأكدت لومارا أنها ستعيد الثمن كاملا إلى جميع العملاء، وأن أحدا لم يصب بأذى في هذه الحوادث. "
    "وانتقد الخبراء رد الشركة ووصفوه بأنه بطيء وسيئ، بينما رحبت جمعية المستهلكين بالقرار."
)
ENGLISH = (
    "The maker {name} opened its third factory in the north on Tuesday, and four hundred people will work there. "
    "The mayor praised {name} for its patience. Work had begun two years ago and was held up by floods. "
    "The first machines will leave the halls in spring, and the company expects to hire again in the autumn."
)

IMPOSSIBLE = [
    "Wed, 31 Dec 0000 00:00:00 GMT",
    "0000-00-00T00:00:00Z",
    "0001-01-01T00:00:00Z",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "9999-12-31T23:59:59-14:00",
    "99999-01-01T00:00:00Z",
    "tomorrow",
    "",
]


def page(title: str, text: str, head: str = "", language: str = "en", direction: str = "ltr") -> str:
    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in text.split("\n"))
    return (
        f'<!doctype html><html lang="{language}" dir="{direction}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title>{head}</head>"
        f"<body><article><h1>{escape(title)}</h1>{paragraphs}</article></body></html>"
    )


def print_paper(site: Site, *stories: tuple[str, str], dates: Sequence[str] = ()) -> None:
    """A feed at /paper.xml of these titles and pages, of an hour ago or of those dates."""
    items = ""
    for number, (title, markup) in enumerate(stories):
        date = dates[number] if dates else (clock.now() - timedelta(hours=1)).isoformat()
        site.put(f"/p{number}.html", markup)
        items += (
            f"<item><guid isPermaLink='false'>{number}</guid><title>{escape(title)}</title>"
            f"<link>/{site.name}/p{number}.html</link><pubDate>{date}</pubDate></item>"
        )
    site.put("/paper.xml", f"<rss version='2.0'><channel><title>Paper</title>{items}</channel></rss>", "text/xml")


async def read_paper(client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs) -> dict[str, Any]:
    feed = await follow(client, address(news, site, "/paper.xml"))
    await run_jobs()
    read: dict[str, Any] = (await client.get(f"/api/feeds/{feed['id']}")).json()
    return read


async def the_mentions(client: httpx.AsyncClient, **wanted: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await client.get("/api/mentions", params=wanted)).json()["items"]
    return found


async def check_places(client: httpx.AsyncClient, mention: dict[str, Any]) -> list[str]:
    """Each place of the evidence is where it says, in the text as it was kept; the surfaces."""
    article = (await client.get(f"/api/articles/{mention['article_id']}")).json()
    assert mention["evidence"]
    for place in mention["evidence"]:
        source = article["title"] if place["field"] == "title" else article["text"]
        assert source[place["start"] : place["end"]] == place["surface"]
        assert place["sentence_start"] <= place["start"] < place["end"] <= place["sentence_end"] <= len(source)
    return [place["surface"] for place in mention["evidence"]]


async def report_of_last_week(client: httpx.AsyncClient) -> dict[str, Any]:
    today = clock.today("Europe/Berlin")
    span = {"since_on": str(today - timedelta(days=6)), "until_on": str(today)}
    answer = await client.post("/api/reports", json=span)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


@pytest.mark.parametrize(
    ("name", "title", "text", "language", "direction"),
    [
        ("ルマラ電機", "ルマラ電機、新しいケトルを発表", JAPANESE, "ja", "ltr"),
        ("لومارا", "لومارا تسحب أربعين ألف غلاية", ARABIC, "ar", "rtl"),
    ],
)
async def test_every_script_is_read_found_quoted_and_printed(
    client: httpx.AsyncClient,
    news: NewsServer,
    site: Site,
    run_jobs: RunJobs,
    name: str,
    title: str,
    text: str,
    language: str,
    direction: str,
) -> None:
    await watch(client, name)
    print_paper(site, (title, page(title, text, language=language, direction=direction)))
    await read_paper(client, news, site, run_jobs)
    [mention] = await the_mentions(client)
    surfaces = await check_places(client, mention)
    assert set(surfaces) == {name}
    assert {place["field"] for place in mention["evidence"]} == {"title", "text"}
    assert mention["language"] == language
    article = (await client.get(f"/api/articles/{mention['article_id']}")).json()
    assert article["title"] == title
    assert text.split("。", maxsplit=1)[0].split(".", maxsplit=1)[0] in article["text"]
    report = await report_of_last_week(client)
    printed = await client.get(f"/api/reports/{report['id']}/export.pdf")
    assert printed.content == (await client.get(f"/api/reports/{report['id']}/export.pdf")).content
    # Each of its letters is in an embedded font, and can be copied out of the file as itself.
    letters = plain(printed.content)
    assert [c for c in name if f"{ord(c):04X}>".encode() not in letters] == []


async def test_names_of_one_letter_or_of_signs_are_found_as_they_are_written_and_nowhere_else(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    names = ["X", "Q", "C++", "a.b*c(d", "[Brand]", "R|S", "^Caret$", "Who?", "back\\slash", ".*", "京"]
    brands = [await watch(client, name) for name in names]
    stories = [(f"{name} opens a factory", page("A factory opens", ENGLISH.format(name=name))) for name in names]
    print_paper(site, *stories, ("Nothing", page("Nothing", ENGLISH.format(name="Boltwerk"))))
    read = await read_paper(client, news, site, run_jobs)
    assert {entry["article_state"] for entry in read["latest"]} == {"fetched"}
    for number, (name, brand) in enumerate(zip(names, brands, strict=True)):
        [mention] = await the_mentions(client, brand=brand)
        assert mention["url"].endswith(f"/p{number}.html")
        assert set(await check_places(client, mention)) == {name}
        assert (await client.get("/api/stories", params={"q": name})).status_code == 200
    document = (await report_of_last_week(client))["document"]
    assert {brand["name"] for brand in document["brands"]} == set(names)


async def test_an_article_without_a_text_is_known_by_its_headline(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    await watch(client, "Lumara")
    title = "Lumara recalls 40,000 kettles"
    bodies = ("", "<html><body></body></html>", "<html><body><script>load()</script></body></html>", " \n ")
    print_paper(site, *((title, body) for body in bodies))
    read = await read_paper(client, news, site, run_jobs)
    assert read["entries"] == len(bodies)
    assert "pending" not in {entry["article_state"] for entry in read["latest"]}
    mentions = await the_mentions(client)
    assert len(mentions) == len(bodies)
    for mention in mentions:
        assert await check_places(client, mention) == ["Lumara"]
        article = (await client.get(f"/api/articles/{mention['article_id']}")).json()
        assert (article["text"], bool(article["text_problem"])) == ("", True)
        assert (await client.get(f"/api/mentions/{mention['id']}")).status_code == 200
    report = await report_of_last_week(client)
    for kind in ("pdf", "html", "csv", "xlsx", "json"):
        assert (await client.get(f"/api/reports/{report['id']}/export.{kind}")).status_code == 200


async def test_dates_that_cannot_be_count_as_the_day_on_which_they_were_seen(
    client: httpx.AsyncClient, news: NewsServer, site: Site, run_jobs: RunJobs
) -> None:
    await watch(client, "Lumara")
    title = "Lumara opens a factory"
    head = '<meta property="article:published_time" content="{}">'
    pages = [page(title, ENGLISH.format(name="Lumara"), head.format(date)) for date in IMPOSSIBLE]
    print_paper(site, *((title, markup) for markup in pages), dates=IMPOSSIBLE)
    before = clock.now()
    feed = await read_paper(client, news, site, run_jobs)
    after = clock.now()
    mentions = await the_mentions(client)
    assert len(mentions) == len(feed["latest"]) == len(IMPOSSIBLE)
    for one in (*mentions, *feed["latest"]):
        assert before.isoformat()[:19] <= one["published_at"][:19] <= after.isoformat()[:19]
    for story in (await client.get("/api/stories")).json()["items"]:
        assert before.isoformat()[:19] <= story["first_published_at"] <= story["last_published_at"] <= after.isoformat()
    document = (await report_of_last_week(client))["document"]
    [series] = document["volume"]["series"]
    assert (len(series["mentions"]), sum(series["mentions"])) == (7, len(IMPOSSIBLE))
