"""What happened to one page: all ads that lead to it share it, and the others do not."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

import numpy as np

from brandhound.ads.baselines.costs import CostPrior, fit_costs
from brandhound.ads.baselines.rates import fit_rates
from brandhound.ads.diagnosing.happenings import (
    DAYS_AROUND,
    MOST_SUCCESSES,
    OWN_SUCCESSES,
    AccountDays,
    Happening,
    What,
    clumping_together,
    hardly_any_days,
    outage_days,
    runs_of,
    scarce_runs,
    so_far,
    split_of_days,
)
from brandhound.ads.diagnosing.turning import AdDays, turn_of
from brandhound.ads.metrics.formulas import Column, Mask

RARE_ON_A_PAGE = 5e-5
SURE_OF_A_PAGE = 3.5
"""Standard deviations. Of pages to which nothing happens, chance takes less than one in a hundred so far."""
CHANGED_BY = 1.5
HALF = 0.5
IDLE = frozenset({"sold_out", "page_down"})
"""Nothing can be had: what an ad costs meanwhile brings nothing, whichever ad it is."""


@dataclass(frozen=True)
class PageDays:
    """What came to one page by day, on the same days as the account's."""

    page: str
    link_clicks: Column
    landing_page_views: Column
    adds_to_cart: Column
    """NaN where carts are not counted."""
    checkouts: Column
    purchases: Column
    """As they are told so far."""
    expected_carts: Column
    expected: Column
    """Carts and purchases that the day's clicks bring at their ads' own rates, in the end."""
    told: Column = field(default_factory=lambda: np.array([]))
    """Which share of each day's purchases is told by now; empty where all of them are."""
    carts_before: Column = field(default_factory=lambda: np.array([]))
    """On the days before these, oldest first, as far as they are known: the same days of all pages of an account."""
    expected_carts_before: Column = field(default_factory=lambda: np.array([]))
    by_ad: AdDays | None = None
    """Clicks and carts of each ad that leads here, on all of these days. Where carts are not counted, purchases, and clicks as
    far as what they brought is told by now, without the days before. None where it is not known: the page is taken as one ad."""

    @property
    def counts_checkouts(self) -> bool:
        return bool(np.nansum(self.checkouts) > 0)

    @property
    def expected_so_far(self) -> Column:
        return so_far(self.expected, self.told)


def what_happened_to_pages(
    account: AccountDays, pages: Sequence[PageDays], happened: Sequence[Happening]
) -> list[Happening]:
    """Pages that were down or sold out for some days, and pages that sell less or more than before while the others do not.

    `happened` is what befell the whole account: days on which it sold nothing say nothing of a page, and before the end of a
    promotion something else was usual than after it.
    """
    lost = outage_days(happened, account.days)
    blind = np.array([day in lost for day in account.days], dtype=np.bool_)
    turns = [account.days.index(one.since) for one in happened if one.what in ("purchases_fell", "purchases_rose")]
    found: list[Happening] = []
    prior = _spread_of_ads(pages)
    for page in pages:
        others = [other for other in pages if other is not page]
        outages = _outages(page, others, blind, turns)
        found += [_run(account, page, run, what) for *run, what in outages]
        seen = ~blind
        for start, end, _ in outages:
            seen[start:end] = False
        found += _changed(account, page, others, seen, prior)
    return found


def idle_days(pages: Sequence[str | None], happened: Sequence[Happening], days: Sequence[date]) -> Mask:
    """By day and ad: whether nothing could be had at its page."""
    found = np.zeros((len(days), len(pages)), dtype=np.bool_)
    where = np.array([page or "" for page in pages])
    for one in happened:
        if one.what in IDLE and one.page:
            found[np.ix_([one.since <= day <= one.until for day in days], where == one.page)] = True
    return found


def troubles_of(pages: Sequence[str | None], happened: Sequence[Happening]) -> list[tuple[str, ...]]:
    """What befell the page of each ad, for the worse."""
    bad: dict[str, list[str]] = {}
    for one in happened:
        if one.page is not None and one.what != "page_better" and one.what not in bad.setdefault(one.page, []):
            bad[one.page].append(one.what)
    return [tuple(bad.get(page or "", ())) for page in pages]


def _outages(
    page: PageDays, others: Sequence[PageDays], blind: Mask, turns: Sequence[int]
) -> list[tuple[int, int, What]]:
    down = hardly_any_days(page.landing_page_views, page.link_clicks) & ~blind
    found: list[tuple[int, int, What]] = [(start, end, "page_down") for start, end in runs_of(down)]
    bought, use = np.nan_to_num(page.purchases), ~blind & ~down
    if page.counts_checkouts:
        around = _around([(one.purchases, so_far(one.checkouts, one.told)) for one in others], use, turns)
        rates = [(one.purchases, so_far(one.checkouts, one.told)) for one in others]
        usual, alike = _rate_of(rates, use), _alike([*rates, (bought, so_far(page.checkouts, page.told))], use)
        shares = so_far(around, page.told)
        runs = scarce_runs(bought, np.nan_to_num(page.checkouts), use, RARE_ON_A_PAGE, shares, usual, alike)
    else:
        around = _around([(one.purchases, one.expected_so_far) for one in others], use, turns)
        rates = [(one.purchases, one.expected_so_far) for one in others]
        usual = _rate_of(rates, use)
        runs = scarce_runs(bought, page.expected_so_far * around, use, RARE_ON_A_PAGE, usual=usual)
    for start, end in runs:
        # Of those who clicked, too: where many more came to a checkout than ever, something else happened.
        if _factor(bought, page.expected_so_far, start, end) < HALF:
            found.append((start, end, "sold_out"))
    return sorted(found, key=lambda one: one[:2])


def _rate_of(others: Sequence[tuple[Column, Column]], use: Mask) -> float | None:
    """What those bring together for each that tried; None where nothing is known of them."""
    if not others:
        return None
    done, tried = (float(np.nan_to_num(np.array(part))[:, use].sum()) for part in zip(*others, strict=True))
    return done / tried if done > 0 and tried > 0 else None


def _alike(pages: Sequence[tuple[Column, Column]], use: Mask) -> float:
    """How many purchases at the usual rate stand before a page's own: many where about as many pay on all of them.

    Whoever begins to check out has seen the page; few pages differ in how many of them pay, and days that began well say
    little of the next ones.
    """
    done, tried = (np.nan_to_num(np.array(part))[:, use].sum(1) for part in zip(*pages, strict=True))
    found = fit_rates(np.minimum(done, tried), tried)
    return min(max(found.alpha, OWN_SUCCESSES), MOST_SUCCESSES)


def _factor(done: Column, tried: Column, start: int, end: int) -> float:
    """What some days brought, times what the others did."""
    k, t = float(np.nansum(done[start:end])), float(np.nansum(tried[start:end]))
    rest, out_of = float(np.nansum(done)) - k, float(np.nansum(tried)) - t
    return k / t / (rest / out_of) if t > 0 and out_of > 0 and rest > 0 else 1.0


def _around(others: Sequence[tuple[Column, Column]], use: Mask, turns: Sequence[int]) -> Column:
    """By day: what the days around it, on the same side of a turn, brought on the other pages, times their usual."""
    if not others:
        return np.ones(len(use))
    done, tried = (np.where(use, np.nan_to_num(np.array(part)).sum(0), 0.0) for part in zip(*others, strict=True))
    if not done.sum() or not tried.sum():
        return np.ones(len(use))
    days = np.ones(DAYS_AROUND)
    rate = done.sum() / tried.sum()
    # A few at the usual rate stand before them: of little, little is believed.
    some = 5 / rate
    near, near_tried = np.zeros(len(use)), np.zeros(len(use))
    edges = sorted({0, len(use), *turns})
    for start, end in pairwise(edges):
        for part, total in ((done, near), (tried, near_tried)):
            total[start:end] = np.convolve(part[start:end], days, "full")[len(days) // 2 :][: end - start]
    return (near + rate * some) / (near_tried + some) / rate


def _run(account: AccountDays, page: PageDays, run: Sequence[int], what: What) -> Happening:
    start, end = run
    done, tried = (
        (page.landing_page_views, page.link_clicks) if what == "page_down" else (page.purchases, page.expected_so_far)
    )
    factor = _factor(done, tried, start, end)
    return Happening(what, account.days[start], account.days[end - 1], factor, page.page)


def _spread_of_ads(pages: Sequence[PageDays]) -> CostPrior | None:
    """How what a click brings differs from ad to ad in the account."""
    parts = [page.by_ad for page in pages if page.by_ad is not None]
    if not parts:
        return None
    done, tried = (np.concatenate(part) for part in zip(*((p.done.sum(0), p.tried.sum(0)) for p in parts), strict=True))
    return fit_costs(done, tried)


def _changed(
    account: AccountDays, page: PageDays, others: Sequence[PageDays], seen: Mask, prior: CostPrior | None
) -> list[Happening]:
    """By carts, where they are counted: they are many, and what the page itself does. Then the weeks before these days tell
    what is usual, too, as far back as it was the same page."""
    (done, tried), *rest = [_tries(one, carts=bool(np.nansum(page.adds_to_cart) > 0)) for one in (page, *others)]
    if not rest:
        return []
    before = len(done) - len(seen)
    use = np.flatnonzero(np.concatenate([np.ones(before, dtype=np.bool_), seen]) & (tried > 0))
    rest_done, rest_tried = (np.array(part).sum(0)[use] for part in zip(*rest, strict=True))
    if not rest_done.sum():
        return []
    clumped = clumping_together([(done[use], tried[use]), *((k[use], n[use]) for k, n in rest)])
    start = _same_since(done[use], tried[use], rest_done, rest_tried, int(np.searchsorted(use, before)), clumped)
    since = use[start:]
    first = int(np.searchsorted(since, before))
    ads = page.by_ad or AdDays(tried[:, None], done[:, None])
    of_others = rest_done[start:], rest_tried[start:]
    found = turn_of(ads.on(since), of_others, first, clumped, prior if page.by_ad else None)
    if found is None or found[0].sure < SURE_OF_A_PAGE:
        return []
    split, own = found
    turn = start + split.at
    # What the others lost, this page did not win: it has to differ from them, and from what it was.
    factor = min(split.factor, own) if split.factor > 1 else max(split.factor, own)
    if 1 / CHANGED_BY < factor < CHANGED_BY:
        return []
    what: What = "page_worse" if factor < 1 else "page_better"
    return [Happening(what, account.days[int(use[turn]) - before], account.days[-1], factor, page.page)]


def _same_since(
    done: Column, tried: Column, others_done: Column, others_tried: Column, first: int, clumped: float
) -> int:
    """From which day on it is the same page: the last turn before the day with the number `first`."""
    start = 0
    while True:
        rest = slice(start, None)
        found = split_of_days(done[rest], tried[rest], others_done[rest], others_tried[rest], clumped=clumped)
        if found is None or found.sure < SURE_OF_A_PAGE or start + found.at >= first:
            return start
        start += found.at


def _tries(page: PageDays, *, carts: bool) -> tuple[Column, Column]:
    """Carts, else purchases, and what the day's clicks let expect."""
    if not carts:
        return np.nan_to_num(page.purchases), np.nan_to_num(page.expected_so_far)
    done = np.concatenate([page.carts_before, page.adds_to_cart])
    return np.nan_to_num(done), np.nan_to_num(np.concatenate([page.expected_carts_before, page.expected_carts]))
