"""What is said of the ads of made-up accounts, held against what is true of them. Prints JSON.

    python -m bench.quality.ads_diagnoses [--seed 7] [--worlds 6] [--missed] [--objectives-differ]

Each world has the four accounts of the made-up Meta that tell stories. A story counts as named if the right thing is said of
its ads (or of the account, or of the page); a claim counts as wrong if the truth says otherwise: an ad that is hardly tired, that
is not among the least clicked, whose purchases cost no more than the bar. The numbers are those that Meta would tell at that
moment, with purchases still coming in. A story that stands out so little that nobody could see it (see `twins/meta/visible.py`,
which knows none of our rules) is counted apart. Rules were made with the worlds 1 to 6; those from 7 on are fresh.

Beside it, fixed thresholds in the manner of common rules: frequency of single days from 2.5 on with a falling CTR, and $200
without a purchase.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from bench.quality.ads_truth import truth_of
from brandhound.ads.baselines.maturing import Maturity, learn_maturity
from brandhound.ads.baselines.quantiles import roughly
from brandhound.ads.diagnosing.cases import RATES, Case
from brandhound.ads.diagnosing.happenings import (
    OWN_FROM,
    AccountDays,
    Happening,
    outage_days,
    paid_by_day,
)
from brandhound.ads.diagnosing.judging import judge
from brandhound.ads.diagnosing.pages import PageDays, idle_days, troubles_of
from brandhound.ads.diagnosing.telling_apart import what_happened_to_all
from brandhound.ads.diagnosing.turning import AdDays
from brandhound.ads.diagnosing.verdicts import Verdict
from brandhound.ads.metrics.formulas import Column, Mask
from brandhound.ads.metrics.library import METRICS
from brandhound.ads.metrics.summing import Sums
from brandhound.twins.meta.latents import OBJECTIVES, PAGES
from brandhound.twins.meta.owning import AccountSpec, owners
from brandhound.twins.meta.visible import VISIBLE_FROM, marks_of
from brandhound.twins.meta.worlds import AccountWorld, reached

NOW = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
WINDOW, RECENT, BACK = 28, 7, 90
# Ours and the twin's words for the columns of a day.
COLUMNS = {
    "spend": "spend",
    "impressions": "impressions",
    "link_clicks": "link_clicks",
    "views_3s": "views_3s",
    "thruplays": "thruplays",
    "landing_page_views": "page_views",
    "adds_to_cart": "carts",
    "checkouts": "checkouts",
}
NAMED_BY = {
    "true_fatigue": "fatigue",
    "strong_hook_bad_page": "lost_on_page",
    "other_price_on_the_page": "lost_at_checkout",
    "starved_winner": "starved_winner",
}
HAPPENED_BY = {
    "cpm_inflation": ("dearer_impressions", None),
    "tracking_outage": ("tracking_outage", None),
    "promotion_ends": ("purchases_fell", None),
    "stock_out": ("sold_out", "product"),
    "page_changed": ("page_worse", "comparison"),
}


class Told:
    """An account as the product would see it: the ads that delivered in the window, and the last ninety days."""

    def __init__(self, world: AccountWorld) -> None:
        self.world = world
        until = world.today(NOW) - timedelta(days=1)
        self.days = [until - timedelta(days=BACK - 1 - at) for at in range(BACK)]
        table = {name: np.zeros((BACK, world.latents.size)) for name in (*COLUMNS, "purchases", "purchase_value")}
        for number, ads, seen in world.seen(self.days[0], until, NOW):
            at = number - world.number(self.days[0])
            for ours, theirs in COLUMNS.items():
                table[ours][at, ads] = seen[theirs]
            table["purchases"][at, ads] = seen["bought_7d"] + seen["bought_view"]
            table["purchase_value"][at, ads] = seen["value_7d"] + seen["value_view"]
        self.ads = np.flatnonzero(table["impressions"][-WINDOW:].sum(0) > 0)
        self.table = {name: column[:, self.ads] for name, column in table.items()}

    def summed(self, days: slice) -> Sums:
        columns = {name: values[days].sum(0) for name, values in self.table.items()}
        columns["days"] = (self.table["impressions"][days] > 0).sum(0).astype(np.float64)
        return Sums(columns, self.world.spec.currency, len(self.ads))


def case_of(told: Told, maturity: Maturity) -> tuple[Case, list[Happening]]:
    """The account, and what happened to all of it."""
    world, table = told.world, told.table
    last = slice(BACK - WINDOW, BACK)
    ages = np.arange(WINDOW)[::-1]
    latents = world.latents
    pages = [PAGES[int(latents.page[latents.creative[ad]])] for ad in told.ads]
    account, by_page = days_of(told, pages, maturity.shares[ages])
    happened = what_happened_to_all(account, by_page)
    blind = outage_days(happened, account.days)
    if blind:
        account, by_page = days_of(told, pages, maturity.shares[ages], blind)
        happened = what_happened_to_all(account, by_page)
        blind = outage_days(happened, account.days)
    shares = np.array(
        [0.0 if day in blind else maturity.share(int(age)) for day, age in zip(account.days, ages, strict=True)]
    )
    idle = idle_days(pages, happened, account.days)
    currency = world.spec.currency
    window = told.summed(last)
    extra = {"matured_spend": (table["spend"][last] * shares[:, None]).sum(0)}
    for rate in RATES:
        metric = METRICS[rate]
        if metric.denominator in ("impressions", "link_clicks"):
            done, tried = table[metric.numerator][last], table[metric.denominator][last]
            extra[f"{rate}_squares"] = np.divide(done**2, tried, out=np.zeros_like(done), where=tried > 0).sum(0)
    window = Sums({**window.columns, **extra}, currency, window.size)
    recent, before = told.summed(slice(BACK - RECENT, BACK)), told.summed(slice(BACK - WINDOW, BACK - RECENT))
    today = world.number(told.days[-1]) + 1
    audience = latents.audience[told.ads]
    week_before = told.summed(slice(BACK - 14, BACK - RECENT)).column("impressions")
    case = Case(
        window,
        recent,
        before,
        RECENT,
        WINDOW - RECENT,
        [OBJECTIVES[int(at)] for at in latents.objective_of(told.ads)],
        window.column("views_3s") > 0,
        np.zeros(len(told.ads), np.bool_),
        (latents.began[told.ads] <= today) & (latents.ended[told.ads] > today),
        reached(window.column("impressions"), audience),
        reached(recent.column("impressions"), audience),
        np.where(week_before > 0, reached(week_before, audience), np.nan),
        (table["impressions"][-3:] < 10).sum(0).astype(np.float64),
        early_of(told),
        paying_of(told),
        pages=pages,
        page_troubles=troubles_of(pages, happened),
        idle=Sums(
            {
                "spend": (table["spend"][last] * idle).sum(0),
                "matured_spend": (table["spend"][last] * idle * shares[:, None]).sum(0),
                "purchases": (table["purchases"][last] * idle).sum(0),
                "purchase_value": (table["purchase_value"][last] * idle).sum(0),
            },
            currency,
            len(told.ads),
        ),
        idle_now=idle[-1],
    )
    return case, happened


def days_of(
    told: Told, pages: Sequence[str], shares: Column, blind: frozenset[date] = frozenset()
) -> tuple[AccountDays, list[PageDays]]:
    """The account and its pages by day; `blind` days say nothing of what an ad's clicks bring."""
    last = {name: values[-WINDOW:] for name, values in told.table.items()}
    clicks, bought = last["link_clicks"], last["purchases"]
    seen = np.array([day not in blind for day in told.days])
    expected = _expected(bought, clicks, seen[-WINDOW:])
    # What a page does to carts is learnt from all days that are there.
    all_carts = told.table["adds_to_cart"]
    hoped = _expected(all_carts, told.table["link_clicks"], seen)
    account = AccountDays(
        told.days[-WINDOW:],
        last["spend"].sum(1),
        last["impressions"].sum(1),
        clicks.sum(1),
        bought.sum(1),
        last["landing_page_views"].sum(1),
        expected.sum(1),
        last["checkouts"].sum(1),
        shares,
    )
    where = np.array(pages)
    return account, [
        PageDays(
            page,
            clicks[:, where == page].sum(1),
            last["landing_page_views"][:, where == page].sum(1),
            last["adds_to_cart"][:, where == page].sum(1),
            last["checkouts"][:, where == page].sum(1),
            bought[:, where == page].sum(1),
            hoped[-WINDOW:, where == page].sum(1),
            expected[:, where == page].sum(1),
            shares,
            all_carts[:-WINDOW, where == page].sum(1),
            hoped[:-WINDOW, where == page].sum(1),
            AdDays(told.table["link_clicks"][:, where == page], all_carts[:, where == page]),
        )
        for page in sorted(set(pages))
    ]


def _expected(done: Column, clicks: Column, seen: Mask) -> Column:
    """What each ad's clicks bring at its own rate of the days that are `seen`, by day."""
    rate = done[seen].sum() / max(clicks[seen].sum(), 1)
    return clicks * (done[seen].sum(0) + rate * OWN_FROM) / (clicks[seen].sum(0) + OWN_FROM)


def early_of(told: Told) -> Sums:
    """The first week of ads whose first day is known and lies at least twenty days back."""
    shown = told.table["impressions"] > 0
    first = np.where(shown.any(0), shown.argmax(0), BACK)
    fit = (first > 0) & (first <= BACK - 1 - 20)
    rows = np.arange(BACK)[:, None]
    week = (rows >= first) & (rows < first + 7) & fit
    columns = {name: np.where(fit, (told.table[name] * week).sum(0), np.nan) for name in ("link_clicks", "impressions")}
    return Sums(columns, told.world.spec.currency, len(first))


def paying_of(told: Told) -> Sums:
    """Ninety days of checkouts, and what they let expect."""
    checkouts, bought = told.table["checkouts"], told.table["purchases"]
    hoped = checkouts * paid_by_day(checkouts.sum(1), bought.sum(1))[:, None]
    columns = {"checkouts": checkouts.sum(0), "purchases": bought.sum(0), "hoped": hoped.sum(0)}
    return Sums(columns, told.world.spec.currency, len(told.ads))


class Score:
    """How many stories were named, and how many claims were wrong."""

    def __init__(self) -> None:
        self.planted: Counter[str] = Counter()
        self.named: Counter[str] = Counter()
        self.visible: Counter[str] = Counter()
        self.visible_named: Counter[str] = Counter()
        self.claims: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()
        self.ads = 0
        self.fixed: Counter[str] = Counter()
        self.missed: list[str] = []

    def stories(self, told: Told, case: Case, verdicts: Sequence[Verdict], happened: Sequence[Happening]) -> None:
        world = told.world
        tired = world.latents.tired(np.arange(world.latents.size), world.number(world.today(NOW)))
        at = {int(ad): place for place, ad in enumerate(told.ads)}
        for story in world.stories:
            marks = marks_of(world, story, NOW) or {}
            if rule := NAMED_BY.get(story.name):
                for ad in story.ads:
                    if story.name == "true_fatigue" and (tired[ad] > 0.6 or not case.on[at[ad]]):
                        continue
                    said = {one.rule for one in verdicts[at[ad]].diagnoses}
                    self._count(world, story.name, marks[ad], rule in said, f"ad {ad}, said {sorted(said)}")
            elif named := HAPPENED_BY.get(story.name):
                what = [(one.what, one.page) for one in happened]
                self._count(world, story.name, marks.get(None, np.inf), named in what, f"happened {what}")

    def _count(self, world: AccountWorld, name: str, mark: float, named: bool, words: str) -> None:
        visible = mark >= VISIBLE_FROM
        self.planted[name] += 1
        self.named[name] += named
        self.visible[name] += visible
        self.visible_named[name] += visible and named
        if not named:
            self.missed.append(f"{name}: world {world.seed}, {world.spec.key}, stands out by {mark:.1f}; {words}")

    def truths(self, told: Told, case: Case, verdicts: Sequence[Verdict], happened: Sequence[Happening]) -> None:
        truth = truth_of(told.world, told.ads, case, NOW, WINDOW)
        self.ads += len(told.ads)
        for place, verdict in enumerate(verdicts):
            for said in verdict.diagnoses:
                self._claim(
                    told, said.rule, truth.wrong(said.rule, place), f"ad {told.ads[place]}, {said.confidence:.2f}"
                )
        for one in happened:
            self._claim(told, one.what, truth.did_not_happen(one), f"{one.page or ''} {one.since} {one.factor:.2f}")

    def _claim(self, told: Told, rule: str, wrong: bool | None, words: str) -> None:
        if wrong is None:
            return
        self.claims[rule] += 1
        self.wrong[rule] += wrong
        if wrong:
            self.missed.append(f"wrong {rule}: world {told.world.seed}, {told.world.spec.key}; {words}")

    def rules_of_thumb(self, told: Told, case: Case) -> None:
        """Frequency of single days, and a fixed amount."""
        latents = told.world.latents
        tired = latents.tired(told.ads, told.world.number(told.world.today(NOW)))
        daily = told.table["impressions"][-WINDOW:]
        people = np.array([reached(row, latents.audience[told.ads]) for row in daily])
        times = np.divide(daily, people, out=np.zeros_like(daily), where=people > 0)
        shown = np.maximum((daily > 0).sum(0), 1)
        ctr_now, ctr_then = METRICS["ctr"].of(case.recent), METRICS["ctr"].of(case.before)
        said = (times.sum(0) / shown >= 2.5) & (ctr_now < FELL * ctr_then)
        self.fixed["fatigue said"] += int(said.sum())
        at = {int(ad): place for place, ad in enumerate(told.ads)}
        for story in told.world.stories:
            if story.name == "true_fatigue":
                planted = [at[ad] for ad in story.ads if tired[at[ad]] <= 0.6 and case.on[at[ad]]]
                self.fixed["fatigue planted"] += len(planted)
                self.fixed["fatigue named"] += sum(bool(said[place]) for place in planted)
        spend, bought = case.window.column("spend"), case.window.column("purchases")
        truth = truth_of(told.world, told.ads, case, NOW, WINDOW)
        stop = (spend > roughly(200, told.world.spec.currency)) & (bought == 0)
        self.fixed["stopped"] += int(stop.sum())
        self.fixed["stopped wrongly"] += int((stop & (truth.cost < 0.9 * (case.bar or np.inf))).sum())


FELL = 0.85


def measured(specs: Sequence[AccountSpec], seeds: Sequence[int], first: date | None = None) -> Score:
    """All accounts of all worlds."""
    score = Score()
    maturity = learn_maturity([])
    for seed in seeds:
        for spec in specs:
            told = Told(AccountWorld(spec, seed, first or NOW.date()))
            case, happened = case_of(told, maturity)
            verdicts = judge(case)
            score.stories(told, case, verdicts, happened)
            score.truths(told, case, verdicts, happened)
            score.rules_of_thumb(told, case)
    return score


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, help="as all the others take it; nothing is read there")
    options.add_argument("--seed", type=int, default=7, help="of the first world")
    options.add_argument("--worlds", type=int, default=6)
    options.add_argument("--missed", action="store_true", help="name every story that was missed and every wrong claim")
    options.add_argument(
        "--objectives-differ", action="store_true", help="half of the campaigns are not for purchases, and it shows"
    )
    chosen = options.parse_args()
    began = time.monotonic()
    specs = [
        replace(spec, objectives_differ=chosen.objectives_differ) for spec in owners().accounts.values() if spec.stories
    ]
    score = measured(specs, range(chosen.seed, chosen.seed + chosen.worlds))
    claims, wrong = sum(score.claims.values()), sum(score.wrong.values())
    report = {
        "worlds": f"{chosen.seed} to {chosen.seed + chosen.worlds - 1}",
        "objectives_differ": chosen.objectives_differ,
        "ads": score.ads,
        "stories": {name: f"{score.named[name]} of {planted}" for name, planted in score.planted.items()},
        "of_those_that_can_be_seen": {
            name: f"{score.visible_named[name]} of {score.visible[name]}" for name in score.planted
        },
        "claims": {name: {"said": said, "wrong": score.wrong[name]} for name, said in sorted(score.claims.items())},
        "wrong_share_of_claims": round(wrong / claims, 4) if claims else 0,
        "false_alarms_an_ad": round(wrong / score.ads, 4),
        "rules_of_thumb": dict(score.fixed),
        "seconds": round(time.monotonic() - began, 1),
        **({"missed": score.missed} if chosen.missed else {}),
    }
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
