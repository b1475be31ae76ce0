"""Days are the organization's: some have 23 hours, some 25."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from brandhound.reports.errors import RangeInFuture, RangeOutOfCalendar, RangeReversed, RangeTooLong
from brandhound.reports.periods import days_of_period
from brandhound.reports.queries import as_counted
from brandhound.reports.ranges import check_range, days_of, range_before, range_of


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        (date(2026, 3, 29), "Europe/Berlin", 23),
        (date(2026, 10, 25), "Europe/Berlin", 25),
        (date(2026, 6, 1), "Europe/Berlin", 24),
        (date(2018, 11, 4), "America/Sao_Paulo", 23),  # Its midnight was skipped.
        (date(2018, 2, 17), "America/Sao_Paulo", 25),  # Its last hour came twice.
        (date(2026, 11, 1), "America/Havana", 25),  # Its first hour came twice.
        (date(2026, 4, 5), "Australia/Lord_Howe", 24.5),
    ],
)
def test_a_day_is_as_long_as_its_clocks_say(day: date, zone: str, hours: float) -> None:
    range_ = range_of(day, day, zone)
    assert range_.ends_at - range_.starts_at == timedelta(hours=hours)


def test_ranges_that_follow_one_another_leave_no_gap_and_no_overlap() -> None:
    for zone in ("Europe/Berlin", "America/Sao_Paulo", "Asia/Beirut", "Pacific/Apia", "UTC"):
        range_ = range_of(date(2011, 12, 20), date(2012, 1, 10), zone)
        before = range_before(range_, zone)
        assert before.ends_at == range_.starts_at
        assert before.days == range_.days == len(days_of(range_))


def test_a_range_holds_its_last_day() -> None:
    range_ = range_of(date(2026, 10, 1), date(2026, 10, 31), "Europe/Berlin")
    assert range_.starts_at == datetime(2026, 9, 30, 22, tzinfo=UTC)
    assert range_.ends_at == datetime(2026, 10, 31, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "until", "problem"),
    [
        (date(2026, 10, 2), date(2026, 10, 1), RangeReversed),
        (date(2026, 10, 1), date(2026, 11, 3), RangeInFuture),
        (date(2024, 10, 1), date(2026, 11, 2), RangeTooLong),
        (date(1, 1, 1), date(2026, 11, 2), RangeOutOfCalendar),
        (date(2026, 10, 1), date(9999, 12, 31), RangeInFuture),
    ],
)
def test_a_wish_that_cannot_be_met_is_named(since: date, until: date, problem: type[Exception]) -> None:
    with pytest.raises(problem):
        check_range(since, until, date(2026, 11, 2))


def test_two_years_and_today_are_allowed() -> None:
    check_range(date(2024, 11, 2), date(2026, 11, 2), date(2026, 11, 2))


@pytest.mark.parametrize(
    ("period", "since", "until"),
    [
        ("yesterday", date(2026, 1, 4), date(2026, 1, 4)),
        ("last_7_days", date(2025, 12, 29), date(2026, 1, 4)),
        ("last_30_days", date(2025, 12, 6), date(2026, 1, 4)),
        ("last_week", date(2025, 12, 29), date(2026, 1, 4)),
        ("last_month", date(2025, 12, 1), date(2025, 12, 31)),
        ("last_quarter", date(2025, 10, 1), date(2025, 12, 31)),
    ],
)
def test_a_moving_period_ends_before_today(period: str, since: date, until: date) -> None:
    assert days_of_period(period, date(2026, 1, 5)) == (since, until)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("zone", "since"),
    [
        ("Europe/Berlin", datetime(2026, 3, 27, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 10, 23, tzinfo=UTC)),
        # Midnight itself is left out, and comes a second time.
        ("America/Sao_Paulo", datetime(2018, 11, 2, tzinfo=UTC)),
        ("America/Sao_Paulo", datetime(2018, 2, 16, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2026, 1, 1, tzinfo=UTC)),
        ("America/Havana", datetime(2026, 10, 30, tzinfo=UTC)),
        # A day that never was.
        ("Pacific/Apia", datetime(2011, 12, 28, tzinfo=UTC)),
    ],
)
def test_each_mention_is_counted_on_the_day_that_the_calendar_on_the_wall_showed(zone: str, since: datetime) -> None:
    here = ZoneInfo(zone)
    times = [since + timedelta(minutes=10 * at) for at in range(6 * 24 * 6)]
    said = ("", "paper.example", "neutral", 0.5, 0.9, "title", False, None)
    rows = [(UUID(int=at), UUID(int=1), UUID(int=2), UUID(int=at % 5), when, *said) for at, when in enumerate(times)]
    counted = as_counted(rows, here, {UUID(int=7)})
    assert [row.day_on for row in counted] == [when.astimezone(here).date() for when in times]
    assert [row.id.int for row in counted if row.said] == [7]
    assert (counted[0].outlet, counted[0].confidence, counted[0].reprint) == ("paper.example", 0.9, False)
