"""What servers say about time is understood in every form they use."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brandhound.core.http.dates import cache_directives, clamp_wait, freshness, parse_http_date, retry_after_seconds

MOMENT = datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "sun, 06 nov 1994 08:49:37 gmt",
        "06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 09:49:37 +0100",
        "Sun, 06-Nov-1994 08:49:37 GMT",
        "Sun, 06 November 1994 08:49:37",
    ],
)
def test_a_date_is_read_in_all_its_forms(text: str) -> None:
    assert parse_http_date(text) == MOMENT


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "0",
        "-1",
        "now",
        "Sun, 32 Nov 1994 08:49:37 GMT",
        "Sun, 06 Foo 1994 08:49:37 GMT",
        "Sun, 06 Nov 0000 08:49:37 GMT",
        "Sun, 06 Nov 1994 28:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 PST",
        "Sun, 06 Anf 1994 08:49:37 GMT",
    ],
)
def test_what_is_no_date_is_none(text: str | None) -> None:
    assert parse_http_date(text) is None


def test_a_two_digit_year_far_ahead_is_of_the_past_century() -> None:
    this_year = datetime.now(UTC).year % 100
    ahead = (this_year + 60) % 100
    read = parse_http_date(f"Sunday, 06-Nov-{ahead:02d} 08:49:37 GMT")
    assert read is not None
    assert read.year < datetime.now(UTC).year


@settings(deadline=None)
@given(st.text(max_size=80) | st.from_regex(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \S{0,6}"))
def test_reading_a_date_never_fails(text: str) -> None:
    assert parse_http_date(text) is None or parse_http_date(text)
    retry_after_seconds(text)
    cache_directives(text)
    freshness({"cache-control": text, "expires": text, "age": text, "date": text})


@pytest.mark.parametrize(
    ("value", "date", "seconds"),
    [
        ("120", None, 120.0),
        (" 0 ", None, 0.0),
        ("432000", None, 432000.0),
        ("Sun, 06 Nov 1994 08:51:37 GMT", MOMENT, 120.0),
        ("Sunday, 06-Nov-94 08:51:37 GMT", MOMENT, 120.0),
        ("Sun Nov  6 08:51:37 1994", MOMENT, 120.0),
        ("Sun, 06 Nov 1994 08:00:00 GMT", MOMENT, 0.0),
        ("-5", None, None),
        ("soon", None, None),
        ("1.5", None, None),
        ("٣", None, None),
        (None, None, None),
    ],
)
def test_retry_after_is_read_by_the_servers_own_clock(
    value: str | None, date: datetime | None, seconds: float | None
) -> None:
    assert retry_after_seconds(value, date) == seconds


def test_a_wait_is_between_half_a_minute_and_a_day() -> None:
    assert [clamp_wait(seconds) for seconds in (0, 45, 432000)] == [30, 45, 86400]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"cache-control": "max-age=600"}, 600.0),
        ({"cache-control": 'max-age="600"'}, 600.0),
        ({"cache-control": "public, Max-Age=600", "age": "100"}, 500.0),
        ({"cache-control": "max-age=60", "age": "100"}, 0.0),
        ({"cache-control": "s-maxage=9000, max-age=600"}, 600.0),
        ({"cache-control": "s-maxage=9000"}, None),
        ({"cache-control": "max-age=600, no-cache"}, 0.0),
        ({"cache-control": "no-store"}, 0.0),
        ({"cache-control": "max-age=soon"}, 0.0),
        ({"cache-control": "max-age=600", "expires": "0"}, 600.0),
        ({"expires": "Sun, 06 Nov 1994 09:49:37 GMT", "date": "Sun, 06 Nov 1994 08:49:37 GMT"}, 3600.0),
        ({"expires": "Sun, 06 Nov 1994 07:49:37 GMT", "date": "Sun, 06 Nov 1994 08:49:37 GMT"}, 0.0),
        ({"expires": "0"}, 0.0),
    ],
)
def test_an_answer_stays_fresh_as_long_as_it_says(headers: dict[str, str], seconds: float | None) -> None:
    assert freshness(headers) == seconds
