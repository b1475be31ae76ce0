"""How likely each rule is true of each ad, and the numbers that say so."""

import numpy as np

from brandhound.ads.baselines.quantiles import LEAST_ADS, quantile
from brandhound.ads.baselines.rates import fit_rates, rate_below
from brandhound.ads.diagnosing.cases import Case
from brandhound.ads.diagnosing.claiming import Claim, below, evidence, guarded, number, together
from brandhound.ads.diagnosing.claims_of_costs import costs
from brandhound.ads.diagnosing.screening import Screen
from brandhound.ads.diagnosing.verdicts import Evidence, Lack
from brandhound.ads.diagnosing.weighing import fell_below
from brandhound.ads.metrics.formulas import Column, divided
from brandhound.ads.metrics.library import METRICS
from brandhound.ads.metrics.summing import Sums

FELL_TO = 0.85
FEW_CHANGE = 0.05
"""So many ads change much within a month."""
LOST = 0.6
"""Of what is usual: fewer are lost somewhere."""
UNPAID = 0.75
"""Of what is usual of checkouts. They differ less among ads than carts do, so that a quarter fewer is much."""
ROSE_TO = 1.2
SEEN_TOO_OFTEN = 4.0
FATIGUE_FROM = 2.5
"""Of the window. Of single days it is close to 1 whatever happens, and says nothing."""

MATCHES_FROM = 0.5
"""Of what others bring to the same page."""
WORKS_FROM = 0.75
"""Of what is usual in the account."""
CARTS_OF_OTHERS = 30.0
"""So many carts of the page's other ads tell what the page does."""


def claims(case: Case, seen: Screen) -> list[Claim]:
    """Every rule, looked at for every ad, where the ads are enough to say what is usual."""
    found = [*_rates(case), *costs(case, seen), *_frequency(case, seen), *_other(case)]
    return [guarded(case, claim) for claim in found]


def _rates(case: Case) -> list[Claim]:
    ctr = case.rates["ctr"]
    # How true rates are spread, without the spread that chance alone makes.
    p25, p10 = ctr.quantile(0.25), ctr.quantile(0.10)
    amount = together(evidence(case, "impressions"), evidence(case, "link_clicks"))
    found = [
        Claim(
            "low_click_rate",
            below(case, "ctr", p25),
            together(evidence(case, "ctr", beside="p25", other=p25), amount),
            usual=("ctr",),
        ),
        Claim(
            "very_low_click_rate",
            below(case, "ctr", p10),
            together(evidence(case, "ctr", beside="p10", other=p10), amount),
            usual=("ctr",),
        ),
    ]
    for rule, rate in (("low_hook_rate", "hook_rate"), ("low_hold_rate", "hold_rate")):
        median = case.rates[rate].quantile(0.5)
        likely = np.where(case.video, below(case, rate, 0.7 * median), np.nan)
        shows = together(evidence(case, rate, beside="median", other=median), evidence(case, METRICS[rate].denominator))
        found.append(Claim(rule, likely, shows, usual=(rate,)))
    return [*found, *_lost_on_page(case)]


def _lost_on_page(case: Case) -> list[Claim]:
    """More click than the median, and far fewer of them put anything into the cart; or they do, and do not pay."""
    clicks = case.rates["ctr"]
    usual = clicks.quantile(0.5)
    carts = case.window.column("adds_to_cart")
    rate = "add_to_cart_rate" if np.isfinite(carts).any() else "conversion_rate"
    few = case.rates[rate].quantile(0.5)
    likely = below(case, rate, LOST * few) * (1 - below(case, "ctr", usual))
    page = together(
        evidence(case, rate, beside="median", other=few),
        evidence(case, "ctr", beside="median", other=usual),
        evidence(case, "link_clicks"),
    )
    return [Claim("lost_on_page", likely, page, lambda _: "clicks", ("ctr", rate)), _lost_at_checkout(case)]


def _lost_at_checkout(case: Case) -> Claim:
    """In these weeks; or in ninety days, where these weeks do not speak against it.

    Checkouts are few, and what a page asks lasts. Each day is held against all ads' checkouts of that day, so that an ad that
    only lived after a promotion is not called dear for it: in these weeks, too, no more is asked of it than of its days.
    """
    paid = case.rates["checkout_rate"].quantile(0.5)
    own = METRICS["checkout_rate"].of(case.window)
    in_weeks = together(evidence(case, "checkout_rate", beside="median", other=paid), evidence(case, "checkouts"))
    tried, hoped = (np.nan_to_num(case.paying.column(name)) for name in ("checkouts", "hoped"))
    if "hoped" not in case.paying.columns or not hoped.sum():
        likely = below(case, "checkout_rate", UNPAID * paid)
        return Claim("lost_at_checkout", likely, in_weeks, lambda _: "clicks", ("checkout_rate",))
    done = np.minimum(np.nan_to_num(case.paying.column("purchases")), tried)
    usual = divided(hoped, tried)
    bound = UNPAID * np.nan_to_num(usual)
    lately = below(case, "checkout_rate", np.minimum(UNPAID * paid, np.where(tried > 0, bound, np.inf)))
    long = np.where(tried > 0, rate_below(fit_rates(done, tried, alike=True), done, tried, bound), np.nan)
    longer = (np.nan_to_num(own, nan=1.0) < paid) & (np.nan_to_num(long) > np.nan_to_num(lately))

    def shows(ad: int) -> tuple[Evidence, ...]:
        if not longer[ad]:
            return in_weeks(ad)
        return (
            Evidence("checkout_rate", "quarter", number(done[ad] / tried[ad]), "account", number(usual[ad])),
            Evidence("checkouts", "quarter", number(tried[ad])),
            *evidence(case, "checkout_rate", beside="median", other=paid)(ad),
        )

    return Claim("lost_at_checkout", np.where(longer, long, lately), shows, lambda _: "clicks", ("checkout_rate",))


def _frequency(case: Case, seen: Screen) -> list[Claim]:
    window = divided(np.nan_to_num(case.window.column("impressions")), case.reach)
    now = divided(np.nan_to_num(case.recent.column("impressions")), case.recent_reach)
    then = divided(np.nan_to_num(case.before.column("impressions")), case.before_reach)
    known = window[np.isfinite(window)]
    limit = max(SEEN_TOO_OFTEN, 1.3 * quantile(known, 0.75)) if len(known) >= LEAST_ADS else SEEN_TOO_OFTEN
    clumped = case.rates["ctr"].clumping
    recent = case.trials("ctr", case.recent)
    earlier_clicks = case.trials("ctr", case.before)
    fell = fell_below(recent, earlier_clicks, FELL_TO, clumped, seen.click_rate_change)
    # Where nobody saw it too often, nothing speaks for a change but the clicks themselves.
    by_itself = fell_below(recent, earlier_clicks, FELL_TO, clumped, seen.click_rate_change, FEW_CHANGE)
    at_first = case.early if "link_clicks" in case.early.columns else case.before
    known_first = np.nan_to_num(at_first.column("impressions")) > 0
    # An ad that tired weeks ago falls no more: it is held against its own first week.
    since_first = np.where(
        known_first, fell_below(recent, case.trials("ctr", at_first), FELL_TO, clumped, seen.click_rate_change), fell
    )
    often = np.where(np.isnan(window), np.nan, (window > limit).astype(np.float64))
    rising = np.where(np.isnan(now) | np.isnan(then), np.nan, (now > ROSE_TO * then).astype(np.float64))
    enough = np.isfinite(window) & (window >= FATIGUE_FROM)
    tired = np.where(enough, since_first, np.where(np.isnan(window), np.nan, 0.0))

    def times(ad: int) -> tuple[Evidence, ...]:
        return (Evidence("frequency", "window", number(window[ad]), "limit", limit),)

    def twice(ad: int) -> tuple[Evidence, ...]:
        return (Evidence("frequency", "recent", number(now[ad]), "before", number(then[ad])),)

    earlier, first = METRICS["ctr"].of(case.before), METRICS["ctr"].of(at_first)

    def clicked(ad: int) -> tuple[Evidence, ...]:
        return evidence(case, "ctr", "recent", "before", number(earlier[ad]))(ad)

    def since(ad: int) -> tuple[Evidence, ...]:
        return evidence(case, "ctr", "recent", "first", number(first[ad]))(ad) if known_first[ad] else clicked(ad)

    amount = together(evidence(case, "impressions", "recent"), evidence(case, "impressions", "before"))
    return [
        Claim("high_frequency", often, together(times, evidence(case, "impressions")), lambda _: "reach"),
        Claim("rising_frequency", rising, together(twice, amount), lambda _: "reach"),
        Claim("falling_click_rate", by_itself, together(clicked, amount)),
        Claim("fatigue", tired, together(since, times, amount), lambda _: "reach"),
    ]


def _other(case: Case) -> list[Claim]:
    starved = np.where(case.on, (case.quiet_days >= 3).astype(np.float64), np.nan)

    def quiet(ad: int) -> tuple[Evidence, ...]:
        return (Evidence("quiet_days", "recent", number(case.quiet_days[ad]), "limit", 3.0),)

    return [Claim("starved", starved, quiet), _weak_match(case)]


def _weak_match(case: Case) -> Claim:
    """What the ad promises and its page keeps, where somebody compared them; else what its visitors do on the page.

    The other ads that lead there tell what the page does. If theirs go on and its own do not, it is not the page: the ad
    promises something else, or brings others. An ad that is alone on its page says nothing of the kind.
    """
    match = case.match if len(case.match) else np.full(case.size, np.nan)
    rate = "add_to_cart_rate" if np.isfinite(case.window.column("adds_to_cart")).any() else "conversion_rate"
    done, tried = case.trials(rate)
    of_others = rate_of_others(case, rate)
    # The page works for others: where it works for nobody, it is the page.
    works = np.nan_to_num(of_others) >= WORKS_FROM * case.rates[rate].quantile(0.5)
    known = (tried > 0) & np.isfinite(of_others)
    bound = np.where(known, MATCHES_FROM * np.nan_to_num(of_others), 0.0)
    likely = np.where(known, np.where(works, rate_below(case.rates[rate], done, tried, bound), 0.0), np.nan)
    own = METRICS[rate].of(case.window)

    def fits(ad: int) -> tuple[Evidence, ...]:
        if not np.isnan(match[ad]):
            return (Evidence("match", "window", number(match[ad]), "limit", 0.5),)
        return (
            Evidence(rate, "window", number(own[ad]), "page", number(of_others[ad])),
            *evidence(case, "link_clicks")(ad),
        )

    def lacks(ad: int) -> Lack:
        if not case.pages or not case.pages[ad]:
            return "page"
        return "others_on_page" if np.isnan(of_others[ad]) else "clicks"

    matched = np.where(np.isnan(match), likely, (match < 0.5).astype(np.float64))
    return Claim("weak_match", matched, fits, lacks, () if len(case.match) else (rate,))


def rate_of_others(case: Case, rate: str) -> Column:
    """The rate of the other ads that lead to the same page; NaN where the page is not known, or they have too few."""
    done, tried = case.trials(rate)
    done = np.nan_to_num(done)
    found = np.full(case.size, np.nan)
    pages = np.array([page or "" for page in case.pages] or [""] * case.size)
    for page in np.unique(pages[pages != ""]):
        members = pages == page
        done_there, tried_there = done[members], tried[members]
        others, out_of = done_there.sum() - done_there, tried_there.sum() - tried_there
        found[members] = np.where(others >= CARTS_OF_OTHERS, divided(others, out_of), np.nan)
    return found


def sums_at(sums: Sums, name: str, ad: int) -> float:
    """One sum of one ad; 0 where it was not reported."""
    return float(np.nan_to_num(sums.column(name)[ad]))
