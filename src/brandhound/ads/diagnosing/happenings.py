"""What happened to a whole account in its last days: no ad is to blame for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from brandhound.ads.metrics.formulas import Column, Mask

What = Literal["tracking_outage", "purchases_collapsed", "dearer_impressions", "purchases_fell", "purchases_rose"]

MISSING_BELOW = 0.3
"""Of what is expected."""
EXPECTED_AT_LEAST = 8.0
SURE = 4.0
"""Standard deviations."""
SURE_OF_A_SHIFT = 3.5
DEARER_BY = 1.25
SHIFTED_BY = 1.35
LEAST_DAYS = 4


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that all ads of the account shared."""

    what: What
    since: date
    until: date
    factor: float
    """Times what it was on other days."""


@dataclass(frozen=True)
class AccountDays:
    """An account by day, oldest first, every day once."""

    days: Sequence[date]
    spend: Column
    impressions: Column
    link_clicks: Column
    purchases: Column
    """As they will have come to: those of the last days are still coming in."""
    landing_page_views: Column


def what_happened(account: AccountDays) -> list[Happening]:
    """Outages, dearer impressions, and purchases that changed for all."""
    missing = _missing(account.purchases, account.link_clicks)
    pixel = _missing(account.landing_page_views, account.link_clicks)
    found = [
        _run(
            account,
            start,
            end,
            "tracking_outage" if pixel[start:end].any() or not _seen(account) else "purchases_collapsed",
        )
        for start, end in _runs(missing)
    ]
    return [*found, *_dearer(account), *_shifted(account, missing)]


def outage_days(happenings: Sequence[Happening], days: Sequence[date]) -> frozenset[date]:
    """Days on which purchases could not be counted, or nobody could buy: they say nothing of an ad."""
    blind = ("tracking_outage", "purchases_collapsed")
    return frozenset(day for day in days for h in happenings if h.what in blind and h.since <= day <= h.until)


def _seen(account: AccountDays) -> bool:
    return bool(np.nansum(account.landing_page_views) > 0)


def _missing(done: Column, tried: Column) -> Mask:
    """Days with far fewer than the usual share, which chance does not do."""
    done, tried = np.nan_to_num(done), np.nan_to_num(tried)
    known = tried > 0
    if known.sum() < LEAST_DAYS:
        return np.zeros(len(done), dtype=np.bool_)
    usual = float(np.median(done[known] / tried[known]))
    expected = usual * tried
    return (
        (expected >= EXPECTED_AT_LEAST)
        & (done < MISSING_BELOW * expected)
        & (expected - done > SURE * np.sqrt(expected))
    )


def _runs(days: Mask) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], days.astype(np.int8), [0]))))
    return [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def _run(account: AccountDays, start: int, end: int, what: What) -> Happening:
    run = slice(start, end)
    rest = np.ones(len(account.days), dtype=np.bool_)
    rest[run] = False
    usual = np.nansum(account.purchases[rest]) / max(float(np.nansum(account.link_clicks[rest])), 1.0)
    seen = np.nansum(account.purchases[run]) / max(float(np.nansum(account.link_clicks[run])), 1.0)
    return Happening(what, account.days[start], account.days[end - 1], float(seen / usual) if usual else 0.0)


def _dearer(account: AccountDays) -> list[Happening]:
    """The last week against the first half."""
    n = len(account.days)
    spend, shown = np.nan_to_num(account.spend), np.nan_to_num(account.impressions)
    if n < 14 or not shown[: n // 2].sum() or not shown[-7:].sum():
        return []
    then = spend[: n // 2].sum() / shown[: n // 2].sum()
    now = spend[-7:].sum() / shown[-7:].sum()
    if not then or now < DEARER_BY * then:
        return []
    daily = np.divide(spend, shown, out=np.full(n, then), where=shown > 0)
    since = n - 1
    while since > 0 and daily[since - 1] > (1 + (DEARER_BY - 1) / 2) * then:
        since -= 1
    return [Happening("dearer_impressions", account.days[since], account.days[-1], float(now / then))]


def _shifted(account: AccountDays, missing: Mask) -> list[Happening]:
    """The day that splits the rest best, if both sides differ by more than a third and chance does not do that."""
    use = np.flatnonzero(~missing & (np.nan_to_num(account.link_clicks) > 0))
    if len(use) < 2 * LEAST_DAYS:
        return []
    k, n = np.nan_to_num(account.purchases)[use], np.nan_to_num(account.link_clicks)[use]
    overall = k.sum() / n.sum()
    if not overall:
        return []
    # Days differ by more than a Poisson count: the spread of neighbours says by how much.
    steps = np.diff(k / n) ** 2 / (overall / n[1:] + overall / n[:-1])
    clumped = max(1.0, float(np.median(steps)) / 0.455)
    best: tuple[float, int, float] | None = None
    for at in range(LEAST_DAYS, len(use) - LEAST_DAYS + 1):
        before, after = k[:at].sum() / n[:at].sum(), k[at:].sum() / n[at:].sum()
        spread = np.sqrt(clumped * overall * (1 / n[:at].sum() + 1 / n[at:].sum()))
        sure = abs(after - before) / spread
        if before and after and (best is None or sure > best[0]):
            best = (float(sure), at, float(after / before))
    if best is None or best[0] < SURE_OF_A_SHIFT or 1 / SHIFTED_BY < best[2] < SHIFTED_BY:
        return []
    since = account.days[int(use[best[1]])]
    return [Happening("purchases_fell" if best[2] < 1 else "purchases_rose", since, account.days[-1], best[2])]
