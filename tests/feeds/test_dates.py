"""What feeds say of time is the moment they mean: nothing is added to it, and nothing of it is lost."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest

from brandhound.feeds.clocks import NAMED
from brandhound.feeds.dates import parse_date
from brandhound.feeds.parsing import parse_feed
from brandhound.feeds.reading import ParsedEntry


def entry_dated(raw: str) -> ParsedEntry:
    body = f"<rss version='2.0'><channel><title>P</title><item><title>x</title><pubDate>{raw}</pubDate></item></channel></rss>"
    [entry] = parse_feed(body.encode(), "https://paper.example/feed", {}).entries
    return entry


def both_read(raw: str, expected: str) -> None:
    """Expected is a moment in UTC, as ISO 8601 writes it."""
    moment = datetime.fromisoformat(expected).replace(tzinfo=UTC)
    assert parse_date(raw) == moment
    entry = entry_dated(raw)
    assert (entry.published, entry.published_confidence) == (moment, "stated")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2026/11/20 14:30:00", "2026-11-20T14:30"),
        ("2026/11/20", "2026-11-20"),
        ("2026/3/5 9:00", "2026-03-05T09:00"),
        ("2026.11.20", "2026-11-20"),
        ("2026. 11. 20.", "2026-11-20"),
        ("2026. 11. 20. 14:30", "2026-11-20T14:30"),
        ("2026年11月20日", "2026-11-20"),
        ("2025年7月3日", "2025-07-03"),
        ("2026年11月20日(金) 14時30分", "2026-11-20T14:30"),
        ("2026年11月20日 星期五 下午2:30", "2026-11-20T14:30"),
        ("2026년 11월 20일", "2026-11-20"),
        ("2026년 11월 20일 오후 2:30", "2026-11-20T05:30"),
        ("2004-05-25 오후 11:23:17", "2004-05-25T14:23:17"),
        ("Fri, 2006/09/15 08:19:53 EDT", "2006-09-15T12:19:53"),
        ("20261120T143000Z", "2026-11-20T14:30"),
        ("2003-100", "2003-04-10"),
        ("2026-11-20", "2026-11-20"),
        ("2026-11-20T14:30", "2026-11-20T14:30"),
        ("2026-11-20T23:59:60Z", "2026-11-21"),
        ("2026-11-20 at noon", "2026-11-20"),
        ("2004-július-13T9:15-05:00", "2004-07-13T14:15"),
    ],
)
def test_a_date_that_begins_with_its_year_is_that_day(raw: str, expected: str) -> None:
    both_read(raw, expected)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2026-11-20T14", "2026-11-20T14:00"),
        ("2026-11-20T14Z", "2026-11-20T14:00"),
        ("20261120T14Z", "2026-11-20T14:00"),
        ("2026-11-20 14Z", "2026-11-20T14:00"),
        ("2026-11-20T14+01:00", "2026-11-20T13:00"),
        ("2026-11-20T14-05", "2026-11-20T19:00"),
        ("2026-11-20 14.30", "2026-11-20T14:30"),
        ("2026-11-20 14.30.15 CET", "2026-11-20T13:30:15"),
        ("2026-11-20 14 h 30", "2026-11-20T14:30"),
        ("2026/11/20 14h30", "2026-11-20T14:30"),
        # These are no clocks.
        ("2026-11-20 10.000", "2026-11-20"),
        ("2026-11-20 1.5", "2026-11-20"),
        ("2026-11-20 14", "2026-11-20"),
    ],
)
def test_behind_a_date_in_numbers_an_hour_is_read_as_people_write_it(raw: str, expected: str) -> None:
    both_read(raw, expected)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("20.11.2026", "2026-11-20"),
        ("5.3.2026", "2026-03-05"),
        ("5. 3. 2026", "2026-03-05"),
        ("20.11.2026 14:30", "2026-11-20T14:30"),
        ("20.11.2026 14.30", "2026-11-20T14:30"),
        ("20.11.2026, 14:30 Uhr", "2026-11-20T14:30"),
        ("Fr., 20.11.2026 - 14:30:15 MEZ", "2026-11-20T13:30:15"),
        ("20.11.2026 um 14:30", "2026-11-20T14:30"),
    ],
)
def test_with_dots_the_day_comes_first(raw: str, expected: str) -> None:
    both_read(raw, expected)


@pytest.mark.parametrize(
    "raw",
    [
        "202611",
        "2026 11 20",
        "2026 Nov",
        "20-11-2026",
        "05/03/2026",
        "11.20.2026",
        "31.11.2026",
        "20.11.26",
        "20.11.20261",
        "10.11.2026.12",
        "2026/13/45",
        "2026-11-31",
        "2000000000",
        "11/2026",
        "--11",
        "14:30",
    ],
)
def test_a_month_and_a_day_that_are_not_written_are_not_those_of_today(raw: str) -> None:
    assert parse_date(raw) is None
    entry = entry_dated(raw)
    assert (entry.published, entry.published_raw, entry.published_confidence) == (None, raw, "missing")


@pytest.mark.parametrize(
    ("zone", "utc"),
    [
        ("CEST", "08:00"), ("CET", "09:00"), ("MESZ", "08:00"), ("WEST", "09:00"), ("EEST", "07:00"), ("BST", "09:00"),
        ("MSK", "07:00"), ("JST", "01:00"), ("KST", "01:00"), ("HKT", "02:00"), ("SGT", "02:00"), ("AEST", "00:00"),
        ("ACST", "00:30"), ("AWST", "02:00"), ("BRT", "13:00"), ("ART", "13:00"), ("GMT+2", "08:00"), ("UTC+2", "08:00"),
        ("UTC +05:30", "04:30"), ("GMT-3", "13:00"), ("+2", "08:00"), ("EST", "15:00"), ("EDT", "14:00"), ("PDT", "17:00"),
        ("GMT", "10:00"), ("UTC", "10:00"), ("+0530", "04:30"), ("", "10:00"),
        # These mean several things, and are read as UTC.
        ("IST", "10:00"), ("GST", "10:00"), ("Etc/GMT+2", "10:00"),
    ],
)  # fmt: skip
def test_a_zone_is_the_one_that_is_named_in_words_and_in_numbers(zone: str, utc: str) -> None:
    both_read(f"Thu, 3 Jul 2025 10:00:00 {zone}".strip(), f"2025-07-03T{utc}")
    if not zone.startswith("Etc"):
        both_read(f"2025-07-03 10:00:00 {zone}".strip(), f"2025-07-03T{utc}")
        both_read(f"2025/7/3 10:00 {zone}".strip(), f"2025-07-03T{utc}")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Thu, 3 Jul 2025 5:00 PM EST", "2025-07-03T22:00"),
        ("July 3, 2025 5:00 PM EST", "2025-07-03T22:00"),
        ("Thu, 3 Jul 2025 12:05 a.m. CEST", "2025-07-02T22:05"),
        ("3 Jul 2025 12:05:07 pm", "2025-07-03T12:05:07"),
        ("3 Jul 2025 5:00 PM IST", "2025-07-03T17:00"),
        ("2026-11-20 2:30 PM", "2026-11-20T14:30"),
        ("3 juillet 2025 5:00 PM CEST", "2025-07-03T15:00"),
        ("Thu Jul  3 10:00:00 CEST 2025", "2025-07-03T08:00"),
        ("Thu Jul 03 2025 10:00:00 GMT+0200 (Central European Summer Time)", "2025-07-03T08:00"),
        ("2026-11-20 14:30:00 JST", "2026-11-20T05:30"),
        ("2026-11-20 14:30:00 UTC", "2026-11-20T14:30"),
        ("2026-11-20 14:30:00 +0530", "2026-11-20T09:00"),
    ],
)
def test_hours_by_twelve_and_zones_stay_with_their_date(raw: str, expected: str) -> None:
    both_read(raw, expected)


def test_british_summer_time_is_one_only_in_summer() -> None:
    both_read("Thu, 3 Jul 2025 10:00:00 BST", "2025-07-03T09:00")
    both_read("Fri, 3 Jan 2025 10:00:00 BST", "2025-01-03T10:00")


def test_zones_are_called_as_the_time_zone_database_calls_them() -> None:
    named: dict[str, set[float]] = {}
    for key in available_timezones():
        for month in (1, 7):
            local = datetime(2025, month, 15, tzinfo=ZoneInfo(key))
            offset = local.utcoffset()
            assert offset is not None
            named.setdefault((local.tzname() or "").upper(), set()).add(offset.total_seconds() / 3600)
    known = NAMED.keys() & named.keys()
    assert len(known) > 40
    assert not {name for name in known if NAMED[name] not in named[name]}
    several = {name for name in known if len(named[name]) > 1}
    assert several <= {"CST", "CDT", "PST"}, "America's, as RFC 822 has them; another name of two meanings has none"
    assert "IST" not in NAMED
