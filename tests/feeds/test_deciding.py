"""What an answer means for a feed: the response table, case by case."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from brandhound.core.http.client import FetchFailed, FetchResult, Hop
from brandhound.feeds.deciding import BY_FAILURE, Standing, Verdict, decide
from brandhound.feeds.moving import Move
from brandhound.feeds.reading import NotAFeed, ParsedEntry, ParsedFeed
from brandhound.feeds.rhythm import count_rhythm

NOW = datetime(2026, 3, 4, 12, 30, tzinfo=UTC)
URL = "https://paper.example/feed.xml"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def answer(
    status: int = 200, body: bytes = b"<rss/>", *hops: tuple[str, int], final: str = URL, **headers: str
) -> FetchResult:
    chain = (*(Hop(url, code) for url, code in hops), Hop(final, status))
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return FetchResult(URL, final, status, named, body, chain, 0.1)


def feed(**more: Any) -> ParsedFeed:
    entries = (ParsedEntry("1", "One", "https://paper.example/1"),)
    return ParsedFeed("rss", "rss20", "Paper", "https://paper.example/", "en", entries, **more)


def look(
    standing: Standing | None = None,
    result: FetchResult | FetchFailed | None = None,
    reading: Any = "feed",
    **more: Any,
) -> Verdict:
    return decide(standing or Standing(URL), result or answer(), feed() if reading == "feed" else reading, NOW, **more)


def wait(verdict: Verdict) -> timedelta:
    assert verdict.next_check_at is not None
    return verdict.next_check_at - NOW


def test_a_304_is_a_success_that_brings_nothing() -> None:
    verdict = look(Standing(URL, failures=4, failing_since=NOW - DAY), answer(304, b""), None)
    assert (verdict.outcome, verdict.state, verdict.failures, verdict.failing_since) == ("unchanged", "active", 0, None)


def test_a_feed_without_history_is_looked_at_every_hour() -> None:
    verdict = look()
    assert (wait(verdict), verdict.check_reason) == (HOUR, "its rhythm is not known yet")


def test_the_servers_freshness_and_the_feeds_ttl_put_the_next_look_off_and_say_so() -> None:
    fresh = look(result=answer(cache_control="max-age=10800"))
    assert wait(fresh) == 3 * HOUR
    assert "stays the same for 3 hours" in fresh.check_reason
    asked = look(reading=feed(ttl=240))
    assert wait(asked) == 4 * HOUR
    assert "not to be read more often than every 4 hours" in asked.check_reason
    assert wait(look(result=answer(cache_control="max-age=99999999"), reading=feed(ttl=500_000))) == DAY


def test_skipped_hours_and_days_are_skipped() -> None:
    verdict = look(reading=feed(skip_hours=frozenset({13, 14})))
    assert verdict.next_check_at == NOW.replace(hour=15, minute=0)
    assert "nothing new comes before" in verdict.check_reason
    # A Wednesday; the publisher rests until Friday.
    rest = look(reading=feed(skip_days=frozenset({2, 3})))
    assert rest.next_check_at == datetime(2026, 3, 6, tzinfo=UTC)
    assert wait(look(reading=feed(skip_hours=frozenset(range(24))))) == HOUR


def test_jitter_spreads_by_a_tenth_and_no_more() -> None:
    waits = [wait(look(chance=chance)) for chance in (0.0, 0.5, 0.999)]
    assert waits[0] == HOUR * 0.9
    assert waits[1] == HOUR
    assert HOUR * 1.09 < waits[2] < HOUR * 1.1


@pytest.mark.parametrize(
    ("status", "code", "first", "longest"),
    [
        (401, "credentials", HOUR, DAY),
        (402, "paywall", HOUR, DAY),
        (403, "forbidden", HOUR, DAY),
        (404, "not-found", HOUR, DAY),
        (418, "refused", HOUR, DAY),
        (451, "legal", HOUR, DAY),
        (500, "server-error", timedelta(minutes=5), 6 * HOUR),
        (502, "server-error", timedelta(minutes=5), 6 * HOUR),
        (429, "too-many-requests", timedelta(minutes=15), 6 * HOUR),
        (503, "unavailable", timedelta(minutes=15), 6 * HOUR),
        (202, "not-ready", timedelta(minutes=5), 6 * HOUR),
        (204, "not-ready", timedelta(minutes=5), 6 * HOUR),
        (301, "bad-redirect", HOUR, DAY),
        (999, "server-error", timedelta(minutes=5), 6 * HOUR),
    ],
)
def test_failures_are_looked_at_less_and_less_often_but_always_again(
    status: int, code: str, first: timedelta, longest: timedelta
) -> None:
    verdict = look(result=answer(status, b"", content_type="text/plain"), reading=None, chance=0.5)
    assert (verdict.outcome, verdict.error_code, verdict.failures, wait(verdict)) == ("failed", code, 1, first)
    fortieth = look(Standing(URL, failures=39), answer(status, b"", content_type="text/plain"), None, chance=0.999999)
    assert fortieth.state == "failing"
    assert longest * 0.9 < wait(fortieth) <= longest * 1.11
    assert "40 times in a row" in fortieth.check_reason


@pytest.mark.parametrize("code", [*BY_FAILURE, "something-new"])
def test_whatever_breaks_on_the_way_is_tried_again_and_told_in_words(code: Any) -> None:
    verdict = look(result=FetchFailed(code, "detail"), reading=None)
    assert verdict.next_check_at is not None
    assert verdict.error_code == code
    assert verdict.error_detail is not None
    assert verdict.error_detail.endswith(": detail")


@pytest.mark.parametrize(
    ("asked", "waited"), [("5", 30), ("120", 120), ("432000", 86_400), ("Wed, 04 Mar 2026 13:30:00 GMT", 3600)]
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_obeyed_between_thirty_seconds_and_a_day(status: int, asked: str, waited: int) -> None:
    result = answer(status, b"", retry_after=asked, date="Wed, 04 Mar 2026 12:30:00 GMT", content_type="text/plain")
    assert wait(look(result=result, reading=None)).total_seconds() == waited


def test_a_host_that_another_feed_was_told_to_leave_alone_is_not_said_to_be_crowded() -> None:
    verdict = look(result=FetchFailed("host-busy", "p.example wants to be left alone for now", 3600.0), reading=None)
    assert verdict.check_reason == "its host is not to be asked just now, and asks us to wait 60 minutes"


@pytest.mark.parametrize("status", [200, 203, 226])
def test_a_feed_is_a_feed_whoever_passed_it_on(status: int) -> None:
    assert look(result=answer(status)).outcome == "new"


def test_410_is_believed_at_the_third_time_over_three_days() -> None:
    standing, now, verdicts = Standing(URL), NOW, list[Verdict]()
    for _ in range(3):
        verdict = decide(standing, answer(410, b""), None, now)
        verdicts.append(verdict)
        standing = Standing(
            URL, failures=verdict.failures, gone_count=verdict.gone_count, gone_since=verdict.gone_since
        )
        now = verdict.next_check_at or now
    assert [verdict.state for verdict in verdicts] == ["failing", "failing", "gone"]
    assert verdicts[-1].next_check_at is None
    quick = Standing(URL, gone_count=9, gone_since=NOW - HOUR)
    assert decide(quick, answer(410, b""), None, NOW).state == "failing"


def test_410_is_forgotten_when_the_feed_is_back() -> None:
    back = look(Standing(URL, gone_count=2, gone_since=NOW - 2 * DAY))
    assert (back.state, back.gone_count, back.gone_since) == ("active", 0, None)


def test_404_becomes_weekly_after_two_weeks_and_the_site_is_searched_once_a_week() -> None:
    first = look(result=answer(404, b""), reading=None)
    assert first.search_site
    searched = look(Standing(URL, failures=3, searched_at=NOW - DAY), answer(404, b""), None)
    assert not searched.search_site
    old = look(Standing(URL, failures=30, failing_since=NOW - 15 * DAY), answer(404, b""), None)
    assert wait(old) == timedelta(weeks=1)


def test_a_wall_against_programs_is_not_a_refusal_like_any_other() -> None:
    page = b"<html><title>Just a moment...</title>"
    assert look(result=answer(403, page, content_type="text/html"), reading=None).error_code == "bot-wall"
    assert (
        look(result=answer(503, page, content_type="text/html", cf_mitigated="challenge"), reading=None).error_code
        == "bot-wall"
    )
    assert look(result=answer(402, b"", crawler_price="0.01"), reading=None).error_code == "paywall"
    walled = look(result=answer(200, page, content_type="text/html"), reading=NotAFeed("html", "<html>"))
    assert walled.error_code == "bot-wall"


def test_a_page_instead_of_a_feed_is_told_and_the_site_searched() -> None:
    verdict = look(result=answer(200, b"<html>hello"), reading=NotAFeed("html", "<html>hello"))
    assert (verdict.error_code, verdict.state, verdict.search_site) == ("not-a-feed", "failing", True)
    assert "<html>hello" in (verdict.error_detail or "")


def test_one_empty_answer_is_no_drama() -> None:
    verdict = look(result=answer(200, b""), reading=NotAFeed("empty", ""))
    assert (verdict.error_code, verdict.state) == ("empty", "active")


def test_a_feed_that_declares_itself_finished_is_not_looked_at_any_more() -> None:
    verdict = look(reading=feed(expired=True))
    assert (verdict.state, verdict.next_check_at, verdict.error_code) == ("gone", None, "expired")


NEW = "https://new.example/feed.xml"


def test_a_move_is_believed_at_the_third_look_over_two_days_and_not_before() -> None:
    moved = answer(200, b"<rss/>", (URL, 301), final=NEW)
    first = look(result=moved, same_feed=True)
    assert (first.move_to, first.move) == (None, Move(NEW, 1, NOW))
    early = look(Standing(URL, move=Move(NEW, 5, NOW - 2 * DAY + HOUR)), moved, same_feed=True)
    assert early.move_to is None
    few = look(Standing(URL, move=Move(NEW, 1, NOW - 9 * DAY)), moved, same_feed=True)
    assert few.move_to is None
    sure = look(Standing(URL, move=Move(NEW, 2, NOW - 2 * DAY)), moved, same_feed=True)
    assert (sure.move_to, sure.move) == (NEW, Move())


@pytest.mark.parametrize(
    ("hops", "final"),
    [
        (((URL, 302),), NEW),
        (((URL, 301), ("https://x.example/", 307)), NEW),
        (((URL, 301),), "https://new.example/"),
        (((URL, 301),), "http://new.example/feed.xml"),
        (((URL, 301),), "https://www.sedoparking.com/feed.xml"),
    ],
)
def test_some_redirects_are_never_believed(hops: tuple[tuple[str, int], ...], final: str) -> None:
    moved = answer(200, b"<rss/>", *hops, final=final)
    verdict = look(Standing(URL, move=Move(final, 50, NOW - 99 * DAY)), moved, same_feed=True)
    assert (verdict.move_to, verdict.move) == (None, Move())


def test_a_move_to_another_feed_or_to_a_page_is_not_believed() -> None:
    standing = Standing(URL, move=Move(NEW, 50, NOW - 99 * DAY))
    moved = answer(200, b"<rss/>", (URL, 301), final=NEW)
    assert look(standing, moved, same_feed=False).move_to is None
    assert look(standing, moved, NotAFeed("html", "<html>")).move_to is None


def test_a_busy_feed_is_looked_at_often_and_a_quiet_one_rarely() -> None:
    busy = count_rhythm([NOW - timedelta(minutes=10 * n) for n in range(1, 2000)], NOW)
    quiet = count_rhythm([NOW - timedelta(days=5 * n + 1) for n in range(10)], NOW)
    often, rarely = look(Standing(URL, rhythm=busy)), look(Standing(URL, rhythm=quiet))
    assert timedelta(minutes=5) <= wait(often) <= timedelta(minutes=15)
    assert wait(rarely) == DAY
    assert "items a week" in rarely.check_reason
