"""What befell a whole account is told apart from what befell one of its pages.

A large page that sells nothing looks like an account that sells nothing, and a fall of everything looks like a fall of each page.
What is everybody's is still there when any one page is left out; what is one page's is gone without it.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from brandhound.ads.diagnosing.happenings import (
    AccountDays,
    Happening,
    What,
    hardly_left,
    rate_beside_others,
    what_happened,
)
from brandhound.ads.diagnosing.pages import IDLE, PageDays, what_happened_to_pages
from brandhound.ads.metrics.formulas import Column

ROUNDS = 2
"""Pages are looked at beside what befell all, and the account without what befell its pages."""
MISSING: tuple[What, ...] = ("tracking_outage", "purchases_collapsed")


def what_happened_to_all(account: AccountDays, pages: Sequence[PageDays]) -> list[Happening]:
    """What befell the account, then what befell single pages of it."""
    left, of_pages = account, list[Happening]()
    of_all = list[Happening]()
    for _ in range(ROUNDS):
        of_all = [one for one in what_happened(left) if _is_shared(one, left, pages)]
        of_pages = what_happened_to_pages(account, pages, of_all)
        left = without_idle_pages(account, pages, of_pages)
    return [*of_all, *of_pages]


def without_idle_pages(account: AccountDays, pages: Sequence[PageDays], happened: Sequence[Happening]) -> AccountDays:
    """The account without what came to pages on days on which nothing could be had there."""
    left = account
    for page in pages:
        days = np.zeros(len(account.days))
        for one in happened:
            if one.page == page.page and one.what in IDLE:
                days += [one.since <= day <= one.until for day in account.days]
        if days.any():
            left = _without(left, page, np.minimum(days, 1.0))
    return left


def _without(account: AccountDays, page: PageDays, days: Column) -> AccountDays:
    """Spend and impressions stay: what they cost is no page's doing."""

    def less(whole: Column, part: Column) -> Column:
        return np.maximum(np.nan_to_num(whole) - np.nan_to_num(part) * days, 0.0) if len(whole) else whole

    return replace(
        account,
        link_clicks=less(account.link_clicks, page.link_clicks),
        purchases=less(account.purchases, page.purchases),
        landing_page_views=less(account.landing_page_views, page.landing_page_views),
        expected=less(account.expected, page.expected),
        checkouts=less(account.checkouts, page.checkouts),
    )


def _is_shared(one: Happening, account: AccountDays, pages: Sequence[PageDays]) -> bool:
    """Whether purchases that are missing are so when any one page is left out."""
    if one.what not in MISSING:
        return True
    always = np.ones(len(account.days))
    start, end = account.days.index(one.since), account.days.index(one.until) + 1
    for page in pages:
        rest = _without(account, page, always)
        found = rate_beside_others(np.nan_to_num(rest.purchases), rest.tried, start, end)
        # Where nearly everything leads to this one page, its trouble and the account's are the same.
        if found is not None and not hardly_left(*found):
            return False
    return True
