"""Stretches of days that move with the calendar, for reports that are made again and again."""

from datetime import date, timedelta
from typing import Literal

Period = Literal["yesterday", "last_7_days", "last_30_days", "last_week", "last_month", "last_quarter"]


def days_of_period(period: Period, today: date) -> tuple[date, date]:
    """First and last day; all end before today, so that no day is half told. Weeks begin on Monday."""
    yesterday = today - timedelta(days=1)
    if period == "yesterday":
        return yesterday, yesterday
    if period == "last_7_days":
        return today - timedelta(days=7), yesterday
    if period == "last_30_days":
        return today - timedelta(days=30), yesterday
    if period == "last_week":
        monday = today - timedelta(days=today.weekday() + 7)
        return monday, monday + timedelta(days=6)
    if period == "last_month":
        until_on = today.replace(day=1) - timedelta(days=1)
        return until_on.replace(day=1), until_on
    until_on = date(today.year, (today.month - 1) // 3 * 3 + 1, 1) - timedelta(days=1)
    return date(until_on.year, until_on.month - 2, 1), until_on
