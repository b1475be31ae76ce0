"""Our totals beside the platform's own: what explains a difference."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from brandhound.ads.sync_models import AdAccountDay
from brandhound.ads.syncing import taking_pages
from brandhound.ads.syncing.reading_rows import Rows, read_rows
from brandhound.ads.syncing.reconciling import COMPARED, OurDay, Reading, compare_day, end_of, smallest_unit
from brandhound.core import clock
from brandhound.twins.meta import MetaTwin
from brandhound.twins.meta.reports import Timeline
from tests.ad_syncing.accounts import Connected, rows, sync
from tests.ad_syncing.conftest import later

DAY, AT = date(2026, 11, 27), datetime(2026, 11, 28, 3, tzinfo=UTC)
ENDS = end_of(DAY, ZoneInfo("Europe/Berlin"))
MINUTE, MONTH = timedelta(minutes=1), timedelta(days=30)


def told(at: datetime = AT, **more: int) -> AdAccountDay:
    return AdAccountDay(day=DAY, observed_at=at, **dict.fromkeys(COMPARED, 100_000_000) | more)


def ours(changed_at: datetime, sums: int = 80_000_000, ads: int = 10) -> OurDay:
    return OurDay(ads, changed_at, dict.fromkeys(COMPARED, Decimal(sums)))


@pytest.mark.parametrize(
    ("currency", "off", "cause"),
    [
        # Ten ads, each rounded to what can be paid: a cent, a yen, a thousandth of a dinar.
        ("EUR", 30_000, "rounding"),
        ("EUR", 60_000, "unexplained"),
        ("EUR", 300_000, "unexplained"),
        ("JPY", 3_000_000, "rounding"),
        ("JPY", 30_000_000, "unexplained"),
        ("KWD", 3_000, "rounding"),
        ("KWD", 30_000, "unexplained"),
    ],
)
def test_what_rounding_makes_of_a_day_goes_by_the_currency(currency: str, off: int, cause: str) -> None:
    spent = 52_386_000_000
    total = AdAccountDay(day=DAY, observed_at=AT, **dict.fromkeys(COMPARED, 7) | {"spend_micros": spent})
    mine = OurDay(10, AT - MINUTE, dict.fromkeys(COMPARED, Decimal(7)) | {"spend_micros": Decimal(spent - off)})
    assert compare_day(DAY, mine, total, Reading(ENDS), smallest_unit(currency)).cause == cause


@pytest.mark.parametrize(
    ("read_at", "changed_at", "was_left", "cause"),
    [
        # A day that stands still is read again with every sync, just before its total, and stays as old as it is.
        (AT + MONTH, AT, False, "unexplained"),
        (AT + MONTH, AT + MONTH - MINUTE, False, "unexplained"),
        (AT + MONTH, AT, True, "read_earlier"),
        # It was not over in Berlin when the ads were read, and the total a minute later.
        (ENDS - MINUTE, ENDS - 2 * MINUTE, False, "moved"),
        # A sync brought the ads in and broke off before it asked for totals.
        (AT, AT + MINUTE, False, "moved"),
    ],
)
def test_why_a_day_differs_goes_by_how_it_was_read_and_not_by_when_it_changed_last(
    read_at: datetime, changed_at: datetime, was_left: bool, cause: str
) -> None:
    compared = compare_day(DAY, ours(changed_at), told(read_at), Reading(ENDS, was_left), smallest_unit("EUR"))
    assert compared.cause == cause


def test_a_day_of_which_no_ad_could_be_read_is_not_one_further_back() -> None:
    causes = [compare_day(DAY, None, told(), Reading(ENDS, left), 10_000).cause for left in (True, False)]
    assert causes == ["read_earlier", "no_rows"]


async def compared(shop: Connected) -> dict[date, tuple[str, str]]:
    """Why money of each day differs, and what is said of it; days on which it is the same are not in it."""
    answer = (await shop.client.get(f"/api/ad-accounts/{shop.id}/reconciliation")).json()
    return {
        date.fromisoformat(day["day"]): (day["measures"][0]["cause"], day["words"])
        for day in answer["days"]
        if day["measures"][0]["cause"] not in ("equal", "rounding")
    }


async def test_an_ad_that_the_token_may_not_read_is_what_a_lasting_difference_points_to(
    meta: MetaTwin, shop: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = set[str]()

    def without_one(those: Iterable[Mapping[str, Any]], account: str) -> Rows:
        found = list(those)
        hidden.update([found[0]["ad_id"]] if found and not hidden else [])
        return read_rows([row for row in found if row["ad_id"] not in hidden], account)

    monkeypatch.setattr(taking_pages, "read_rows", without_one)
    await sync(shop)
    # By then what moves has moved; the days before were read again an hour ago, and stand still.
    later(meta, timedelta(days=2))
    await sync(shop)
    later(meta, timedelta(hours=1))
    await sync(shop)
    causes = await compared(shop)
    today = clock.today(shop.spec.time_zone)
    settled = {day: told for day, told in causes.items() if day < today}
    assert settled
    assert {cause for cause, _ in settled.values()} == {"unexplained"}
    assert all("compare the permissions" in words for _, words in settled.values())
    assert causes.get(today, ("moved", ""))[0] == "moved"


async def test_days_that_were_too_much_to_read_are_said_to_be_tried_again(
    meta: MetaTwin, shop: Connected, quick: None
) -> None:
    await sync(shop, days_back=60)
    # All that is newer than the first days is gone, and too much for Meta; totals of the account are not.
    await rows(shop, "delete from ad_daily_facts where ad_account_id = :account and spend_micros > 0 returning 1")
    meta.kept.insights.most_rows, meta.kept.reports.seconds = 200, 0.01
    lines: list[Timeline] = ["too_much"] * 200
    meta.kept.reports.lines.extend(lines)
    try:
        assert (await sync(shop)).state == "partial"
    finally:
        meta.kept.insights.most_rows = 25_000
        meta.kept.reports.lines.clear()
    left = (await shop.client.get(f"/api/ad-accounts/{shop.id}/sync")).json()["left"]
    stretch = next(one for one in left if one["what"] == "unreadable")
    causes = {
        day: cause
        for day, (cause, _) in (await compared(shop)).items()
        if stretch["since"] <= str(day) <= stretch["until"]
    }
    assert causes
    assert set(causes.values()) == {"read_earlier"}
