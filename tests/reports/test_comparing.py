"""Comparing a range with another: the days before, the same days a year ago, any days; and what may be said of it."""

from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from brandhound.reports import intervals
from brandhound.reports.ranges import range_of, year_before
from tests.reports.telling import Told

OCTOBER = {"since_on": "2026-10-01", "until_on": "2026-10-31"}
LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)

pytestmark = pytest.mark.anyio


async def document(client: httpx.AsyncClient, **wish: object) -> dict[str, Any]:
    answer = await client.post("/api/reports", json={**OCTOBER, **wish})
    assert answer.status_code == 201, answer.text
    return answer.json()["document"]


def row(told: dict[str, Any], label: str) -> dict[str, Any]:
    return next(one for one in told["comparison"]["rows"] if one["label"] == label)


async def test_a_range_is_compared_with_the_same_days_a_year_ago(client: httpx.AsyncClient, told: Told) -> None:
    acme = await told.brand("Acme")
    await told.feed(since=LONG_AGO)
    for day in range(1, 31):
        await told.mention(acme, datetime(2026, 10, day, 12, tzinfo=UTC), title=f"Now {day}")
    for day in range(1, 4):
        await told.mention(acme, datetime(2025, 10, day, 12, tzinfo=UTC), title=f"Then {day}")
    told_now = await document(client, against="last_year")
    assert (told_now["before"]["since_on"], told_now["before"]["until_on"]) == ("2025-10-01", "2025-10-31")
    mentions = row(told_now, "Mentions")
    assert (mentions["value"], mentions["before"], mentions["difference"]) == (30, 3, 27)
    assert mentions["interval"]["low"] < 27 < mentions["interval"]["high"]
    assert mentions["verdict"] == "more"
    assert row(told_now, "Tone balance")["verdict"] in ("chance", "not-enough")


async def test_too_little_is_said_to_be_too_little(client: httpx.AsyncClient, told: Told) -> None:
    acme = await told.brand("Acme")
    await told.feed(since=LONG_AGO)
    await told.mention(acme, datetime(2026, 10, 3, tzinfo=UTC))
    told_now = await document(client, against="last_year")
    for one in told_now["comparison"]["rows"]:
        assert (one["verdict"], one["interval"]) == ("not-enough", None)


async def test_counts_of_unequal_ranges_are_compared_by_the_day(client: httpx.AsyncClient, told: Told) -> None:
    acme = await told.brand("Acme")
    await told.feed(since=LONG_AGO)
    for at in range(62):
        await told.mention(acme, datetime(2026, 10, 1 + at % 31, 12, tzinfo=UTC), title=f"Now {at}")
    for at in range(20):
        await told.mention(acme, datetime(2026, 8, 1 + at % 10, 12, tzinfo=UTC), title=f"Then {at}")
    told_now = await document(
        client, against="range", before_since_on="2026-08-01", before_until_on="2026-08-10", title="October"
    )
    # Two a day, now as then: 62 against 20 times 3.1.
    mentions = row(told_now, "Mentions")
    assert (mentions["value"], mentions["before"], mentions["difference"]) == (62, 20, 0)
    assert mentions["verdict"] == "chance"
    assert told_now["headline"]["mentions"]["change"] == 0
    assert told_now["headline"]["outlets"]["change"] is None
    assert [one["label"] for one in told_now["comparison"]["rows"]] == ["Mentions", "Stories", "Tone balance"]


@pytest.mark.parametrize(
    ("since_on", "until_on", "is_scaled"),
    [("2024-01-01", "2024-03-31", False), ("2024-02-01", "2024-02-29", True)],
)
async def test_as_many_days_are_spoken_of_only_where_counts_are_taken_so(
    client: httpx.AsyncClient, told: Told, since_on: str, until_on: str, is_scaled: bool
) -> None:
    await told.brand("Acme")
    await told.feed(since=datetime(2022, 1, 1, tzinfo=UTC))
    told_then = await document(client, since_on=since_on, until_on=until_on, against="last_year")
    assert (told_then["comparison"]["scale"] != 1) == is_scaled
    (rule,) = [rule for rule in told_then["method"]["rules"] if rule.startswith("Changes are against")]
    assert ("taken for as many days" in rule) == is_scaled


async def test_the_days_before_are_told_as_ever(client: httpx.AsyncClient, told: Told) -> None:
    await told.brand("Acme")
    await told.feed(since=LONG_AGO)
    assert "comparison" not in await document(client)
    blocks = [{"kind": "title"}, {"kind": "comparison"}]
    kept = (await client.post("/api/reports/templates", json={"name": "T", "blocks": blocks})).json()
    assert "comparison" in await document(client, template_id=kept["id"])
    assert "comparison" not in await document(client, template_id=kept["id"], compare=False)


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"against": "range"}, "reports/compared-range-unclear"),
        ({"against": "range", "before_since_on": "2026-08-01"}, "reports/compared-range-unclear"),
        ({"before_since_on": "2026-08-01", "before_until_on": "2026-08-09"}, "reports/compared-range-unclear"),
        (
            {"against": "range", "before_since_on": "2026-09-01", "before_until_on": "2026-10-01"},
            "reports/compared-range-overlaps",
        ),
        (
            {"against": "range", "before_since_on": "2026-09-09", "before_until_on": "2026-09-01"},
            "reports/range-reversed",
        ),
        (
            {"since_on": "2025-01-01", "until_on": "2026-10-31", "against": "last_year"},
            "reports/compared-range-overlaps",
        ),
    ],
)
async def test_days_that_cannot_be_compared_are_refused_with_a_reason(
    client: httpx.AsyncClient, told: Told, wish: dict[str, str], code: str
) -> None:
    await told.brand("Acme")
    answer = await client.post("/api/reports", json={**OCTOBER, **wish})
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_leap_day_has_the_28th_as_its_year_before() -> None:
    leap = range_of(date(2028, 2, 1), date(2028, 2, 29), "UTC")
    assert year_before(leap) == (date(2027, 2, 1), date(2027, 2, 28))


def test_intervals_of_differences_hold_the_difference() -> None:
    share = intervals.share_difference((30, 100), (10, 100))
    assert share is not None
    # By hand: Wilson (30/100) 0.2308 to 0.3797 and (10/100) 0.0610 to 0.1595.
    assert (share.low, share.high) == (pytest.approx(0.109, abs=0.003), pytest.approx(0.289, abs=0.003))
    assert intervals.share_difference((3, 19), (10, 100)) is None
    count = intervals.count_difference([1] * 40, [1] * 10)
    assert count is not None
    assert (count.low, count.high) == (
        pytest.approx(30 - 1.645 * 50**0.5, abs=0.01),
        pytest.approx(30 + 1.645 * 50**0.5, abs=0.01),
    )
    assert intervals.count_difference([20], [3]) is None
