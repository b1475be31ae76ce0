"""Our totals beside the platform's own: what explains a difference."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from brandhound.ads.sync_models import AdAccountDay
from brandhound.ads.syncing.reconciling import COMPARED, OurDay, compare_day, smallest_unit

DAY, AT = date(2026, 11, 27), datetime(2026, 11, 28, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("currency", "off", "cause"),
    [
        # Ten ads, each rounded to what can be paid: a cent, a yen, a thousandth of a dinar.
        ("EUR", 30_000, "rounding"),
        ("EUR", 300_000, "unexplained"),
        ("JPY", 3_000_000, "rounding"),
        ("JPY", 30_000_000, "unexplained"),
        ("KWD", 3_000, "rounding"),
        ("KWD", 30_000, "unexplained"),
    ],
)
def test_what_rounding_makes_of_a_day_goes_by_the_currency(currency: str, off: int, cause: str) -> None:
    spent = 52_386_000_000
    told = AdAccountDay(day=DAY, observed_at=AT, **dict.fromkeys(COMPARED, 7) | {"spend_micros": spent})
    ours = OurDay(10, AT, dict.fromkeys(COMPARED, Decimal(7)) | {"spend_micros": Decimal(spent - off)})
    assert compare_day(DAY, ours, told, None, smallest_unit(currency)).cause == cause
