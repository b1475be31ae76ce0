"""What happened to a whole account in its last days: no ad is to blame for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import numpy as np

from brandhound.ads.baselines.special import beta_share, gamma_share
from brandhound.ads.metrics.formulas import Column, Mask

What = Literal[
    "tracking_outage",
    "purchases_collapsed",
    "dearer_impressions",
    "purchases_fell",
    "purchases_rose",
    "sold_out",
    "page_down",
    "page_worse",
    "page_better",
]

MISSING_BELOW = 0.3
"""Of what is expected."""
HARDLY_LEFT = 0.1
"""Of what is expected, where nothing is to be had: some are told late, or of what others saw."""
RARE = 1e-5
"""So seldom chance alone leaves as few: a month has hundreds of runs of days in which it could."""
SURE_OF_A_SHIFT = 3.5
"""Standard deviations."""
DAYS_AROUND = 5
LEAST_DOUBT = 0.25
"""Of those who begin to check out the more buy, the less their number varies beside one that has no bounds; but never less than
this: some only saw an ad, and some are told late."""
DEARER_BY = 1.25
SHIFTED_BY = 1.35
FELL_BY_AT_LEAST = 1.15
"""With the doubt of 95 % taken off: of a fall that is sure, less is worth a word."""
LEAST_DAYS = 4
ONE_SIDED_95 = 1.645
HALF_OF_SQUARES = 0.455
"""Half of all squares of a normal step are below this."""
LONGEST = 14
"""Days of a run."""
OWN_FROM = 200.0
"""So many clicks at the account's rate stand before an ad's own, where it is said what its clicks are expected to bring."""
OWN_SUCCESSES, MOST_SUCCESSES = 10.0, 100.0
"""So many purchases at the rate of other pages stand before a page's own: the fewer, the more pages differ."""
BLIND = ("tracking_outage", "purchases_collapsed")


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that all ads of the account shared, or all that lead to one page."""

    what: What
    since: date
    until: date
    factor: float
    """Times what it was on other days."""
    page: str | None = None
    """Where those ads lead; none where it is the whole account."""


@dataclass(frozen=True)
class AccountDays:
    """An account by day, oldest first, every day once."""

    days: Sequence[date]
    spend: Column
    impressions: Column
    link_clicks: Column
    purchases: Column
    """As they are told so far: those of the last days are still coming in."""
    landing_page_views: Column
    expected: Column = field(default_factory=lambda: np.array([]))
    """What each day's clicks bring at their ads' own rates: then no good ad that ended is taken for a fall of all. Empty
    where it is not known."""
    checkouts: Column = field(default_factory=lambda: np.array([]))
    """Begun; empty where they are not counted."""
    told: Column = field(default_factory=lambda: np.array([]))
    """Which share of each day's purchases is told by now; empty where all of them are.

    What they will have come to is not counted instead: five of ten are as doubtful as five, and not as ten.
    """

    @property
    def tried(self) -> Column:
        """What purchases told so far are held against: what was expected, else clicks."""
        return so_far(self.expected if len(self.expected) else self.link_clicks, self.told)


def so_far(tried: Column, told: Column) -> Column:
    """What could be told by now of what each day's tries come to."""
    tried = np.nan_to_num(tried)
    return tried * told if len(told) and len(tried) else tried


def what_happened(account: AccountDays) -> list[Happening]:
    """Outages, dearer impressions, and purchases that changed for all."""
    outages = _outages(account)
    blind = np.zeros(len(account.days), dtype=np.bool_)
    for start, end, _ in outages:
        blind[start:end] = True
    found = [_run(account, start, end, what) for start, end, what in outages]
    return [*found, *_dearer(account), *_shifted(account, blind)]


def outage_days(happenings: Sequence[Happening], days: Sequence[date]) -> frozenset[date]:
    """Days on which purchases could not be counted, or nobody could buy: they say nothing of an ad."""
    return frozenset(day for day in days for h in happenings if h.what in BLIND and h.since <= day <= h.until)


def _outages(account: AccountDays) -> list[tuple[int, int, What]]:
    """Days without page views, unless purchases were told as ever; and days without purchases though pages were seen."""
    bought = np.nan_to_num(account.purchases)
    expected = usual_rate(bought, account.tried) * account.tried
    clumped = clumping_of_days(bought, account.tried)
    pixel = hardly_any_days(account.landing_page_views, account.link_clicks)
    found: list[tuple[int, int, What]] = []
    for start, end in runs_of(pixel):
        seen, usual = float(bought[start:end].sum()), float(expected[start:end].sum())
        if not _more_than_missing(seen / clumped, usual / clumped):
            found.append((start, end, "tracking_outage"))
    views_told = bool(np.nansum(account.landing_page_views) > 0)
    what: What = "purchases_collapsed" if views_told else "tracking_outage"
    for start, end in scarce_runs(bought / clumped, account.tried / clumped, ~pixel, RARE):
        found.append((start, end, what))
    return sorted(found, key=lambda one: one[:2])


def scarce_runs(
    done: Column,
    tried: Column,
    use: Mask,
    rare: float,
    shares: Column | None = None,
    usual: float | None = None,
    successes: float = OWN_SUCCESSES,
) -> list[tuple[int, int]]:
    """Runs of days with so few of what the other days let expect as chance hardly leaves; none overlap.

    Few each, days are many together. Where each of `tried` succeeds or not, `shares` says how likely on each day, beside the
    other days: then the doubt is smaller. `usual` is what others of its kind bring for each that tried: before an own rate is
    known, so much is expected, as if it had brought so many `successes`.
    """
    n = len(done)
    starts, ends = np.array([(at, at + more) for at in range(n) for more in range(1, min(LONGEST, n - at) + 1)]).T
    counted = (np.where(use, part, 0.0) for part in (done, tried if shares is None else tried * shares, tried))
    seen, hoped, out_of = (np.concatenate(([0.0], np.cumsum(part))) for part in counted)
    unused = np.concatenate(([0.0], np.cumsum((~use).astype(np.float64))))
    k, t, m = (total[ends] - total[starts] for total in (seen, hoped, out_of))
    # As all other days have it: a run without anything is no part of what is usual.
    rest = np.maximum(hoped[-1] - t, 0.0)
    prior = successes if usual else 0.0
    rest_and_prior = rest + (prior / usual if usual else 0.0)
    e = np.divide((seen[-1] - k + prior) * t, rest_and_prior, out=np.zeros_like(t), where=rest_and_prior > 0)
    look = (unused[ends] == unused[starts]) & (e > 0) & (k < MISSING_BELOW * e)
    if not look.any():
        return []
    chance = np.ones(len(k))
    chance[look] = 1 - gamma_share(k[look] + 1, e[look])
    if shares is not None:
        look &= k < m
        share = np.minimum(e[look] / m[look], 0.95)
        chance[look] = np.minimum(chance[look], beta_share(m[look] - k[look], k[look] + 1, 1 - share))
    # Where it begins and ends is another question than how rare it is: a usual day on its edge speaks against a run in which
    # hardly anything is left, though it may leave the run as rare.
    hardly = k * np.log(HARDLY_LEFT) + (1 - HARDLY_LEFT) * e
    found: list[tuple[int, int]] = []
    for at in np.argsort(-hardly, kind="stable"):
        if chance[at] >= rare:
            continue
        start, end = int(starts[at]), int(ends[at])
        if all(end <= other_start or start >= other_end for other_start, other_end in found):
            found.append((start, end))
    return sorted(found)


def _more_than_missing(seen: float, usual: float) -> bool:
    """Whether there is clearly more than what an outage leaves."""
    left = MISSING_BELOW * usual
    return seen > left and float(gamma_share(np.array([seen]), np.array([left]))[0]) < 0.01


def paid_by_day(checkouts: Column, purchases: Column) -> Column:
    """Which share of checkouts came to a purchase around each day, as far as it is told yet."""
    days = np.ones(DAYS_AROUND)
    tried, done = (np.convolve(np.nan_to_num(part), days, "same") for part in (checkouts, purchases))
    return np.minimum(np.divide(done, tried, out=np.zeros_like(done), where=tried > 0), 1.0)


def usual_rate(done: Column, tried: Column) -> float:
    """What the middle day brings for each that tried; of few, what all of them bring."""
    done, tried = np.nan_to_num(done), np.nan_to_num(tried)
    known = tried > 0
    if known.sum() < LEAST_DAYS:
        return 0.0
    return float(np.median(done[known] / tried[known])) or float(done.sum() / tried.sum())


def hardly_any_days(done: Column, tried: Column) -> Mask:
    """Single days with far fewer than the usual share, which chance does not do."""
    done, tried = np.nan_to_num(done), np.nan_to_num(tried)
    expected = usual_rate(done, tried) * tried
    if not expected.any():
        return np.zeros(len(done), dtype=np.bool_)
    rare = 1 - gamma_share(done + 1, expected)
    return (expected > 0) & (done < MISSING_BELOW * expected) & (rare < RARE)


def clumping_of_days(done: Column, tried: Column, least: float = 1.0) -> float:
    """By how much more neighbouring days differ than counts do by chance. The middle one of them: a real change is few."""
    steps, _ = _steps(done, tried)
    return max(least, float(np.median(steps)) / HALF_OF_SQUARES) if len(steps) else 1.0


def clumping_together(parts: Sequence[tuple[Column, Column]]) -> float:
    """The same of several parts of one account: three dozen days of one of them say little of it.

    Only of days that let expect one or more: where hardly anything is counted, steps are none at all, and now and then large.
    """
    found = [_steps(*part) for part in parts]
    steps = [step[expected >= 1] for step, expected in found]
    together = np.concatenate([np.array([]), *steps])
    return max(1.0, float(np.median(together)) / HALF_OF_SQUARES) if len(together) >= LEAST_DAYS else 1.0


def _steps(done: Column, tried: Column) -> tuple[Column, Column]:
    """Squares of the steps from day to day, beside those of chance, and what the lesser of both days lets expect."""
    use = np.nan_to_num(tried) > 0
    k, n = np.nan_to_num(done)[use], np.nan_to_num(tried)[use]
    if len(k) < LEAST_DAYS or not k.sum():
        return np.array([]), np.array([])
    rate = k.sum() / n.sum()
    return np.diff(k / n) ** 2 / (rate / n[1:] + rate / n[:-1]), rate * np.minimum(n[1:], n[:-1])


def runs_of(days: Mask) -> list[tuple[int, int]]:
    """Where days follow each other: the first of each run, and the one after its last."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], days.astype(np.int8), [0]))))
    return [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def rate_beside_others(done: Column, tried: Column, start: int, end: int) -> tuple[float, float] | None:
    """What some days brought, and what the other days let expect of them; None where those say nothing."""
    k, t = float(done[start:end].sum()), float(tried[start:end].sum())
    rest, out_of = float(done.sum()) - k, float(tried.sum()) - t
    return (k, rest / out_of * t) if rest > 0 and out_of > 0 and t > 0 else None


def hardly_left(seen: float, usual: float) -> bool:
    """Whether what was seen is likelier where hardly anything is left than where all is as usual."""
    return seen * np.log(HARDLY_LEFT) + (1 - HARDLY_LEFT) * usual >= 0


def _run(account: AccountDays, start: int, end: int, what: What) -> Happening:
    run = slice(start, end)
    rest = np.ones(len(account.days), dtype=np.bool_)
    rest[run] = False
    usual = np.nansum(account.purchases[rest]) / max(float(account.tried[rest].sum()), 1e-9)
    seen = np.nansum(account.purchases[run]) / max(float(account.tried[run].sum()), 1e-9)
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


def _shifted(account: AccountDays, blind: Mask) -> list[Happening]:
    """The day that splits the rest best, if chance does not do that, and both sides differ by more than a third; or fewer buy,
    and that by a seventh at least is as good as sure.

    Of those who begin to check out about as many buy whichever ad they came by: where checkouts are counted, that says it
    more surely than clicks do.
    """
    best: Happening | None = None
    surest = SURE_OF_A_SHIFT
    bought = np.nan_to_num(account.purchases)
    for tried, of_trials in ((account.tried, False), (so_far(account.checkouts, account.told), True)):
        if not len(tried):
            continue
        use = np.flatnonzero(~blind & (tried > 0))
        done, out_of = bought[use], tried[use]
        least = max(1 - float(done.sum() / max(out_of.sum(), 1e-9)), LEAST_DOUBT) if of_trials else 1.0
        found = split_of_days(done, out_of, least_doubt=least)
        if (
            found is None
            or found.sure < surest
            or not (not 1 / SHIFTED_BY < found.factor < SHIFTED_BY or found.at_most < 1 / FELL_BY_AT_LEAST)
        ):
            continue
        what: What = "purchases_fell" if found.factor < 1 else "purchases_rose"
        surest = found.sure
        best = Happening(what, account.days[int(use[found.at])], account.days[-1], found.factor)
    return [best] if best else []


@dataclass(frozen=True, slots=True)
class Split:
    """The day from which on a rate is another one."""

    at: int
    factor: float
    sure: float
    """Standard deviations."""
    at_most: float = np.inf
    """The factor is below this at 95 %."""


def split_of_days(
    done: Column,
    tried: Column,
    other_done: Column | None = None,
    other_tried: Column | None = None,
    *,
    least_doubt: float = 1.0,
    clumped: float | None = None,
) -> Split | None:
    """Where a rate changed most surely; beyond the change of others on the same days, if there are any.

    `least_doubt` is the variance of a count beside that of one that anybody could have added to. `clumped` is how much more days
    differ than by chance, where that is known of more than these days.
    """
    n = len(done)
    if n < 2 * LEAST_DAYS or not done.sum():
        return None
    others = (other_done, other_tried) if other_done is not None and other_tried is not None else None
    clumped_others = clumped or (clumping_of_days(*others) if others else 1.0)
    clumped = clumped or clumping_of_days(done, tried, least_doubt)
    best: Split | None = None
    for at in range(LEAST_DAYS, n - LEAST_DAYS + 1):
        of_others, their_doubt = change_of_rate(*others, at, clumped_others) if others else (0.0, 0.0)
        change, doubt = change_of_rate(done, tried, at, clumped)
        before, after = float(tried[:at].sum()), float(tried[at:].sum()) * float(np.exp(of_others))
        sure = _root(float(done[:at].sum()), float(done[at:].sum()), after / (before + after)) / float(np.sqrt(clumped))
        sure *= float(np.sqrt(doubt / (doubt + their_doubt)))
        if best is None or sure > best.sure:
            beside = change - of_others
            at_most = float(np.exp(beside + ONE_SIDED_95 * np.sqrt(doubt + their_doubt)))
            best = Split(at, float(np.exp(beside)), sure, at_most)
    return best


def _root(before: float, after: float, share: float) -> float:
    """How far two counts lie from being split by a share, in standard deviations: the root of the likelihoods' ratio."""
    total = before + after
    expected = (total * (1 - share), total * share)
    parts = (k * np.log(k / e) for k, e in zip((before, after), expected, strict=True) if k > 0)
    return float(np.sqrt(max(2 * sum(parts), 0.0)))


def change_of_rate(done: Column, tried: Column, at: int, clumped: float) -> tuple[float, float]:
    """The logarithm of how a rate changed, and its variance; half a success is added to either side."""
    before, after = float(done[:at].sum()) + 0.5, float(done[at:].sum()) + 0.5
    change = np.log(after / max(float(tried[at:].sum()), 1e-9)) - np.log(before / max(float(tried[:at].sum()), 1e-9))
    return float(change), clumped * (1 / before + 1 / after)
