"""When a page was published and by whom, as readers would tell it."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from brandhound.feeds.extracting import ExtractedPage, extract_page
from tests.feeds.article_gold import segment_pages

DATA = Path(os.environ.get("BRANDHOUND_TEST_DATA") or Path(__file__).parents[3] / "shared/data")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://www.example.com/story"
STORY = "<p>Acme Foods opens its third factory in the north of the country this spring, says its director.</p>" * 3


def page(head: str = "", body: str = "", url: str = URL, lang: str = "en") -> ExtractedPage:
    html = f"<html lang='{lang}'><head>{head}</head><body class='has-sidebar two-comments'>{body}</body></html>"
    return extract_page(html.encode(), url, {}, NOW)


def day(read: ExtractedPage) -> str | None:
    return read.published.date().isoformat() if read.published else None


@pytest.mark.parametrize(
    "line",
    [
        "<div>Datum: 03.11.2021</div>",
        "<h5>Datum:</h5>03.11.2021",
        "<div>von <b>Jana Beispiel</b><br>am 03.11.2021</div>",
        "<p>Mise en ligne</p><p>3 novembre 2021</p>",
        "<span>| 3 de noviembre de 2021</span>",
        "<div>Published On November 3, 2021 01:52 PM</div>",
        "<p><small>Wednesday, 3 November 2021 - 10:30</small></p>",
    ],
)
def test_a_line_below_the_heading_that_is_only_a_date_is_the_date(line: str) -> None:
    assert day(page(body=f"<h1>A new factory</h1>{line}{STORY}")) == "2021-11-03"


@pytest.mark.parametrize(
    "line",
    [
        "<p>The first one burnt down on <b>3 November 2021</b>, and for months nobody knew what should become of the "
        "place where it had stood for more than a hundred years.</p>",
        "<a href='/old'>3 November 2021</a>",
        "<p>Updated: 3 November 2021</p>",
        "<div class='comments'><time datetime='2021-11-03'>then</time></div>",
    ],
)
def test_a_date_within_a_sentence_a_link_or_a_comment_is_another_one(line: str) -> None:
    read = page(body=f"<h1>A new factory</h1><div>1 October 2021</div>{line}{STORY}")
    assert day(read) == "2021-10-01"
    assert day(page(body=f"<h1>A new factory</h1>{line}<div>1 October 2021</div>{STORY}")) == "2021-10-01"


@pytest.mark.parametrize(
    ("lang", "url", "expected"),
    [
        ("en", URL, "2020-02-10"),
        ("en-US", URL, "2020-02-10"),
        ("en-GB", URL, "2020-10-02"),
        ("en", "https://www.example.co.uk/story", "2020-10-02"),
        ("es", URL, "2020-10-02"),
    ],
)
def test_with_strokes_the_page_s_language_says_whether_the_day_comes_first(lang: str, url: str, expected: str) -> None:
    assert day(page(body=f"<h1>News</h1><span>02/10/2020</span>{STORY}", lang=lang, url=url)) == expected


def test_the_address_knows_better_than_a_site_that_moved() -> None:
    moved = '<meta property="article:published_time" content="2019-06-17T18:28:00+02:00">'
    assert day(page(moved, STORY, "https://www.example.com/2017/7/12/story")) == "2017-07-12"
    later = "https://www.example.com/2019/07/30/story"
    assert day(page(moved, STORY, later)) == "2019-06-17", "an address never makes an article younger"


def test_a_late_evening_is_the_publisher_s_day_and_the_same_moment() -> None:
    stated = '<meta property="article:published_time" content="2020-02-25T02:25:54Z">'
    read = page(stated, STORY, "https://www.example.com/2020/02/24/story")
    assert day(read) == "2020-02-24"
    assert read.published == datetime(2020, 2, 25, 2, 25, 54, tzinfo=UTC)


def test_a_time_without_zone_is_that_of_the_publisher_s_country() -> None:
    stated = '<meta property="article:published_time" content="2021-07-05T00:30:00">'
    assert page(stated, STORY, "https://www.example.de/story").published == datetime(2021, 7, 4, 22, 30, tzinfo=UTC)
    assert page(stated, STORY).published == datetime(2021, 7, 5, 0, 30, tzinfo=UTC)
    of_a_day = '<meta property="article:published_time" content="2021-07-05">'
    assert page(of_a_day, STORY, "https://www.example.de/story").published == datetime(2021, 7, 5, tzinfo=UTC)


def test_a_date_with_strokes_and_a_zone_by_name_is_the_moment_that_it_says() -> None:
    def read(content: str, url: str = URL) -> datetime | None:
        return page(f'<meta property="article:published_time" content="{content}">', STORY, url).published

    in_germany = "https://www.example.de/story"
    assert read("2021/07/05 00:30", in_germany) == read("2021-07-05 00:30", in_germany)
    assert read("2021/07/05 00:30", in_germany) == datetime(2021, 7, 4, 22, 30, tzinfo=UTC)
    assert read("2021年7月5日 14:30") == datetime(2021, 7, 5, 14, 30, tzinfo=UTC)
    assert read("2021-07-05 14:30:00 JST") == datetime(2021, 7, 5, 5, 30, tzinfo=UTC)


def test_a_year_or_a_month_alone_is_no_date() -> None:
    for value in ("2004", "2004-05", "11/2004", "May 2004"):
        assert page(f'<meta name="date" content="{value}">', STORY).published is None


def test_references_at_the_end_neither_date_nor_write_the_article() -> None:
    reference = (
        "<li itemprop='citation' itemscope><meta itemprop='datePublished' content='2006-05-01'>"
        "<span itemprop='author' itemscope><span itemprop='name'>Rita Cited</span></span></li>"
    )
    body = f"<h1>A review</h1><p class='byline'>By Jane Doe</p><p>3 May 2020</p>{STORY}<ul>{reference}</ul>"
    read = page(body=body)
    assert (day(read), read.authors) == ("2020-05-03", ("Jane Doe",))


def test_what_the_page_says_of_itself_outweighs_what_its_linked_data_describes() -> None:
    described = json.dumps({"@type": "WebPage", "datePublished": "2023-11-03T10:25:56Z"})
    head = (
        '<meta property="article:published_time" content="2023-11-06T08:00:00Z">'
        f'<script type="application/ld+json">{described}</script>'
    )
    assert day(page(head, STORY)) == "2023-11-06"


@pytest.mark.parametrize(
    "byline",
    [
        "<div>By&nbsp;<a href='/reporters/jane'>Jane Doe</a></div>",
        "<div><span>By</span><span><a href='/jane'>Jane Doe</a></span></div>",
        "<div class='x1'>Posted on September 21, 2020 by Jane Doe</div>",
        "<address>Von <a href='/jane'>Jane Doe</a></address>",
        "<p><em>Written by: <a href='/jane'>Jane Doe</a></em></p>",
        "<div>Par Jane Doe | 3 mai 2020</div>",
        "<span class='auth_name'>Jane Doe</span>",
        "<p class='byline'>29 June 2017, 23:39 &middot; by <a rel='author' href='/jane'>Jane Doe</a></p>",
        "<footer class='entry-footer'><a rel='author' href='/jane'>View all posts by Jane Doe</a></footer>",
        "<meta itemprop='author' content='Jane Doe for Example News'>",
    ],
)
def test_a_byline_is_found_in_whatever_it_is_wrapped(byline: str) -> None:
    assert page(body=f"<article><h1>A new factory</h1>{byline}{STORY}</article>").authors == ("Jane Doe",)


def test_those_who_wrote_the_teasers_did_not_write_the_article() -> None:
    teaser = "<div><h2>Another story</h2><div class='article-author'>Carl Other</div></div>"
    body = f"<h1>News</h1><div class='story-author'>Jane Doe</div>{STORY}<div>{teaser}</div><div>{teaser}</div>"
    assert page(body=body).authors == ("Jane Doe",)
    body = f"<h1>News</h1>{STORY}<div class='related-stories'>{teaser}</div>"
    assert page(body=body).authors == ()


def test_two_who_stand_side_by_side_wrote_it_together() -> None:
    both = "<p><a rel='author' href='/a'>Jane Doe</a> and <a rel='author' href='/b'>John Roe</a></p>"
    assert page(body=f"<h1>News</h1>{both}{STORY}").authors == ("Jane Doe", "John Roe")


def test_a_person_may_be_the_outlet_but_an_outlet_is_no_person() -> None:
    for name, authors in (("Daniel Example", ("Daniel Example",)), ("Example Radio", ()), ("Morning Courier", ())):
        head = f'<meta property="og:site_name" content="{name}"><meta name="author" content="{name}">'
        assert page(head, STORY).authors == authors


@pytest.mark.parametrize("byline", ["By the river", "By 3 May 2020", "Par avion", "By Reuters", "By staff reporters"])
def test_a_line_that_begins_like_a_byline_need_not_be_one(byline: str) -> None:
    assert page(body=f"<h1>News</h1><p>{byline}</p>{STORY}").authors == ()


def test_on_real_pages_more_dates_and_authors_are_right_than_not() -> None:
    if not (DATA / "b_articles").is_dir():
        pytest.skip(f"the real pages are not in {DATA}")
    pages = segment_pages(DATA)
    read = {one.name: extract_page(one.html, one.url, {}, NOW) for one in pages if one.date or one.authors}
    dates = [day(read[one.name]) == one.date for one in pages if one.date]
    authors = [sorted(read[one.name].authors) == sorted(one.authors) for one in pages if one.authors]
    assert sum(dates) >= 0.86 * len(dates)
    assert sum(authors) >= 0.66 * len(authors)


def test_two_words_that_are_called_like_a_shop_are_no_persons() -> None:
    for author, authors in (
        ("Food & Wine", ()),
        ("Jane & John", ("Jane", "John")),
        ("Zoë & Chloé", ("Zoë", "Chloé")),
        ("Banksy", ("Banksy",)),
    ):
        assert page(f'<meta name="author" content="{author}">', STORY).authors == authors
