"""When something new is to be expected, and when silence is a surprise."""

from datetime import UTC, datetime, timedelta

import pytest

from brandhound.feeds.rhythm import LONGEST, SHORTEST, Rhythm, adaptive_wait, count_rhythm
from brandhound.feeds.silence import chance_of_silence, is_silent

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def daily(at: int, days: int = 60, until: datetime = NOW) -> list[datetime]:
    return [until.replace(hour=at, minute=0) - n * DAY for n in range(days)]


def test_nothing_is_known_of_a_feed_without_entries() -> None:
    rhythm = count_rhythm([], NOW)
    assert (rhythm.total, rhythm.mean, rhythm.rate(NOW)) == (0, 0.0, 0.0)
    assert adaptive_wait(rhythm, NOW).interval == HOUR
    assert not is_silent(rhythm, NOW)


def test_one_entry_is_enough_to_begin_with() -> None:
    rhythm = count_rhythm([NOW - HOUR], NOW)
    assert SHORTEST <= adaptive_wait(rhythm, NOW).interval <= LONGEST


def test_entries_of_the_future_and_of_long_ago_do_not_count() -> None:
    times = [NOW + DAY, NOW - timedelta(weeks=13), datetime(9999, 1, 1, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)]
    assert count_rhythm(times, NOW).total == 0


def test_a_feed_that_speaks_at_nine_is_expected_at_nine() -> None:
    rhythm = count_rhythm(daily(9), NOW)
    assert rhythm.rate(NOW.replace(hour=9)) > 5 * rhythm.rate(NOW.replace(hour=3))


def test_a_look_finds_about_one_entry_on_average() -> None:
    for per_day in (1, 4, 24, 100):
        times = [NOW - timedelta(days=1) * n / per_day for n in range(per_day * 60)]
        rhythm = count_rhythm(times, NOW)
        wait = adaptive_wait(rhythm, NOW).interval
        if SHORTEST < wait < LONGEST:
            assert 0.5 <= rhythm.expected(NOW, NOW + wait) <= 1.0


def test_expecting_over_weeks_is_the_same_as_hour_by_hour() -> None:
    rhythm = count_rhythm(daily(9), NOW)
    since = NOW - timedelta(days=17, hours=5, minutes=20)
    step = timedelta(minutes=20)
    steps = int((NOW - since) / step)
    by_hand = sum(rhythm.expected(since + step * n, since + step * (n + 1)) for n in range(steps))
    assert rhythm.expected(since, NOW) == pytest.approx(by_hand, rel=0.01)


def test_a_feed_that_comes_in_bunches_is_watched_closely_after_news() -> None:
    bunches = [NOW - DAY * n - timedelta(minutes=10 * k) for n in range(0, 60, 2) for k in range(5)]
    rhythm = count_rhythm(bunches, NOW)
    assert rhythm.clusters
    assert adaptive_wait(rhythm, NOW).interval < adaptive_wait(rhythm, NOW + 5 * HOUR).interval
    assert "bunches" in adaptive_wait(rhythm, NOW).because


def test_regular_feeds_do_not_cluster() -> None:
    assert not count_rhythm([NOW - 6 * HOUR * n for n in range(200)], NOW).clusters


def test_a_daily_feed_is_silent_after_a_week_and_not_after_a_weekend() -> None:
    rhythm = count_rhythm(daily(9), NOW)
    assert not is_silent(rhythm, NOW + 2 * DAY)
    assert is_silent(rhythm, NOW + 8 * DAY)


def test_a_weekly_feed_may_pause_for_a_month() -> None:
    rhythm = count_rhythm([NOW - timedelta(weeks=n) for n in range(11)], NOW)
    assert not is_silent(rhythm, NOW + timedelta(weeks=4))
    assert is_silent(rhythm, NOW + timedelta(weeks=8))


def test_feeds_that_come_in_bunches_are_given_more_time() -> None:
    even = Rhythm(counts=(1,) * 168, weeks=4, latest=NOW)
    bunched = Rhythm(counts=(1,) * 168, weeks=4, latest=NOW, dispersion=8.0)
    later = NOW + 2 * DAY
    assert chance_of_silence(bunched, NOW, later) > chance_of_silence(even, NOW, later)


def test_a_rhythm_survives_the_table() -> None:
    rhythm = count_rhythm(daily(9), NOW)
    again = Rhythm.from_json(rhythm.as_json())
    assert (again.counts, again.latest, again.clusters) == (rhythm.counts, rhythm.latest, rhythm.clusters)
    assert Rhythm.from_json(None) == Rhythm.from_json({"counts": [1]}) == Rhythm()
