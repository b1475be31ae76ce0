"""What is said of the ads of made-up accounts, held against what is true of them. Prints JSON.

    python -m bench.quality.ads_diagnoses [--seed 1] [--worlds 10]

Each world has the four accounts of the made-up Meta that tell stories. A story counts as named if the right thing is said of
its ads (or of the account); a claim counts as wrong if the truth says otherwise: an ad that is hardly tired, that is not among
the least clicked, whose purchases cost no more than the bar. The numbers are those that Meta would tell at that moment, with
purchases still coming in. Beside it, fixed thresholds in the manner of common rules: frequency of single days from 2.5 on
with a falling CTR, and $200 without a purchase.
"""

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np

from brandhound.ads.baselines.maturing import Maturity, learn_maturity
from brandhound.ads.baselines.quantiles import ROUGH_DOLLAR
from brandhound.ads.diagnosing.cases import RATES, Case
from brandhound.ads.diagnosing.happenings import AccountDays, Happening, outage_days, what_happened
from brandhound.ads.diagnosing.judging import judge
from brandhound.ads.diagnosing.verdicts import Verdict
from brandhound.ads.metrics.formulas import Column
from brandhound.ads.metrics.library import METRICS
from brandhound.ads.metrics.summing import Sums
from brandhound.twins.meta.latents import IMAGE, OBJECTIVES
from brandhound.twins.meta.owning import AccountSpec, owners
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
    "cpm_inflation": "dearer_impressions",
    "tracking_outage": "tracking_outage",
    "promotion_ends": "purchases_fell",
}
HARDLY_TIRED = 0.8
"""Exposure has left more than this of its click rate."""


def told(world: AccountWorld) -> tuple[list[date], dict[str, Column]]:
    """The last ninety days as Meta tells them now: days × ads."""
    until = world.today(NOW) - timedelta(days=1)
    days = [until - timedelta(days=BACK - 1 - at) for at in range(BACK)]
    table = {name: np.zeros((BACK, world.latents.size)) for name in (*COLUMNS, "purchases", "purchase_value")}
    for number, ads, seen in world.seen(days[0], until, NOW):
        at = number - world.number(days[0])
        for ours, theirs in COLUMNS.items():
            table[ours][at, ads] = seen[theirs]
        table["purchases"][at, ads] = seen["bought_7d"] + seen["bought_view"]
        table["purchase_value"][at, ads] = seen["value_7d"] + seen["value_view"]
    return days, table


def summed(table: dict[str, Column], days: slice, currency: str) -> Sums:
    columns = {name: values[days].sum(0) for name, values in table.items()}
    columns["days"] = (table["impressions"][days] > 0).sum(0).astype(np.float64)
    return Sums(columns, currency, table["spend"].shape[1])


def case_of(
    world: AccountWorld, days: list[date], table: dict[str, Column], maturity: Maturity
) -> tuple[Case, list[Happening]]:
    """The account as the product would see it."""
    last = slice(BACK - WINDOW, BACK)
    ages = np.arange(WINDOW)[::-1]
    spend, shown, clicks, bought, landed = (
        table[name][last].sum(1) for name in ("spend", "impressions", "link_clicks", "purchases", "landing_page_views")
    )
    account = AccountDays(days[last], spend, shown, clicks, bought / maturity.shares[ages], landed)
    happened = what_happened(account)
    blind = outage_days(happened, days)
    shares = np.array(
        [0.0 if day in blind else maturity.share(int(age)) for day, age in zip(days[last], ages, strict=True)]
    )
    currency = world.spec.currency
    window = summed(table, last, currency)
    extra = {"matured_spend": (table["spend"][last] * shares[:, None]).sum(0)}
    for rate in RATES:
        metric = METRICS[rate]
        if metric.denominator in ("impressions", "link_clicks"):
            done, tried = table[metric.numerator][last], table[metric.denominator][last]
            extra[f"{rate}_squares"] = np.divide(done**2, tried, out=np.zeros_like(done), where=tried > 0).sum(0)
    window = Sums({**window.columns, **extra}, currency, window.size)
    recent = summed(table, slice(BACK - RECENT, BACK), currency)
    before = summed(table, slice(BACK - WINDOW, BACK - RECENT), currency)
    latents = world.latents
    today = world.number(days[-1]) + 1
    ads = np.arange(latents.size)
    campaign = np.minimum(ads // 24, len(latents.objective) - 1)
    case = Case(
        window,
        recent,
        before,
        RECENT,
        WINDOW - RECENT,
        [OBJECTIVES[int(latents.objective[at])] for at in campaign],
        latents.format != IMAGE,
        np.zeros(latents.size, np.bool_),
        (latents.began <= today) & (latents.ended > today),
        reached(window.column("impressions"), latents.audience),
        reached(recent.column("impressions"), latents.audience),
        reached(summed(table, slice(BACK - 14, BACK - RECENT), currency).column("impressions"), latents.audience),
        (table["impressions"][-3:] < 10).sum(0).astype(np.float64),
        early_of(table, currency),
    )
    return case, happened


def early_of(table: dict[str, Column], currency: str) -> Sums:
    """The first week of ads whose first day is known and lies at least twenty days back."""
    shown = table["impressions"] > 0
    first = np.where(shown.any(0), shown.argmax(0), BACK)
    fit = (first > 0) & (first <= BACK - 1 - 20)
    rows = np.arange(BACK)[:, None]
    week = (rows >= first) & (rows < first + 7) & fit
    columns = {name: np.where(fit, (table[name] * week).sum(0), np.nan) for name in ("link_clicks", "impressions")}
    return Sums(columns, currency, len(first))


class Score:
    """How many stories were named, and how many claims were wrong."""

    def __init__(self) -> None:
        self.planted: Counter[str] = Counter()
        self.named: Counter[str] = Counter()
        self.claims: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()
        self.ads = 0
        self.fixed: Counter[str] = Counter()

    def stories(
        self, world: AccountWorld, case: Case, verdicts: Sequence[Verdict], happened: Sequence[Happening]
    ) -> None:
        tired = world.latents.tired(np.arange(world.latents.size), world.number(world.today(NOW)))
        for story in world.stories:
            if rule := NAMED_BY.get(story.name):
                for ad in story.ads:
                    if story.name == "true_fatigue" and (tired[ad] > 0.6 or not case.on[ad]):
                        continue
                    self.planted[story.name] += 1
                    self.named[story.name] += any(said.rule == rule for said in verdicts[ad].diagnoses)
            elif what := HAPPENED_BY.get(story.name):
                self.planted[story.name] += 1
                self.named[story.name] += any(one.what == what for one in happened)

    def truths(self, world: AccountWorld, case: Case, verdicts: Sequence[Verdict]) -> None:
        latents = world.latents
        ads = np.arange(latents.size)
        tired = latents.tired(ads, world.number(world.today(NOW)))
        days = np.nan_to_num(case.window.column("days")) > 0
        # The truth of a window: what the ad is, and how tired people were of it on its days.
        today = world.number(world.today(NOW))
        live = [(latents.began <= day) & (latents.ended > day) for day in range(today - WINDOW, today)]
        mean = sum(latents.tired(ads, day) * on for day, on in zip(range(today - WINDOW, today), live, strict=True))
        ctr = latents.ctr * mean / np.maximum(sum(on.astype(np.float64) for on in live), 1)
        bought = latents.cvr * latents.page_factor * latents.price_factor
        cost = latents.cpm / 1000 / np.maximum(ctr * bought, 1e-12)
        bar = case.bar or np.inf
        lower = {"low_click_rate": 0.25, "very_low_click_rate": 0.10}
        for ad, verdict in enumerate(verdicts):
            self.ads += bool(days[ad])
            for said in verdict.diagnoses:
                wrong: bool | None = None
                if said.rule == "fatigue":
                    wrong = bool(tired[ad] > HARDLY_TIRED)
                elif said.rule in lower:
                    wrong = bool(ctr[ad] > np.quantile(ctr[days], lower[said.rule] * 1.5))
                elif said.rule in ("dear_purchases", "spend_without_purchases"):
                    wrong = bool(cost[ad] < bar * 0.9)
                elif said.rule == "starved_winner":
                    wrong = bool(case.costs and cost[ad] > case.costs.cost)
                elif said.rule == "lost_on_page":
                    wrong = bool(latents.page_factor[ad] > 0.6 and latents.cvr[ad] > 0.75 * np.median(latents.cvr))
                elif said.rule == "lost_at_checkout":
                    wrong = bool(latents.price_factor[ad] > 0.6)
                if wrong is not None:
                    self.claims[said.rule] += 1
                    self.wrong[said.rule] += wrong

    def rules_of_thumb(self, world: AccountWorld, case: Case, table: dict[str, Column]) -> None:
        """Frequency of single days, and a fixed amount."""
        latents = world.latents
        ads = np.arange(latents.size)
        tired = latents.tired(ads, world.number(world.today(NOW)))
        daily = table["impressions"][-WINDOW:]
        people = np.array([reached(row, latents.audience) for row in daily])
        times = np.divide(daily, people, out=np.zeros_like(daily), where=people > 0)
        shown = np.maximum((daily > 0).sum(0), 1)
        ctr_now, ctr_then = METRICS["ctr"].of(case.recent), METRICS["ctr"].of(case.before)
        said = (times.sum(0) / shown >= 2.5) & (ctr_now < FELL * ctr_then)
        self.fixed["fatigue said"] += int(said.sum())
        for story in world.stories:
            if story.name == "true_fatigue":
                planted = [ad for ad in story.ads if tired[ad] <= 0.6 and case.on[ad]]
                self.fixed["fatigue planted"] += len(planted)
                self.fixed["fatigue named"] += sum(bool(said[ad]) for ad in planted)
        spend, bought = case.window.column("spend"), case.window.column("purchases")
        cost = (
            latents.cpm
            / 1000
            / latents.ctr
            / np.maximum(latents.cvr * latents.page_factor * latents.price_factor, 1e-9)
        )
        stop = (spend > 200 * ROUGH_DOLLAR.get(world.spec.currency, 1)) & (bought == 0)
        self.fixed["stopped"] += int(stop.sum())
        self.fixed["stopped wrongly"] += int((stop & (cost < 0.9 * (case.bar or np.inf))).sum())


FELL = 0.85


def measured(specs: Sequence[AccountSpec], seeds: Sequence[int]) -> Score:
    """All accounts of all worlds."""
    score = Score()
    maturity = learn_maturity([])
    for seed in seeds:
        for spec in specs:
            world = AccountWorld(spec, seed, NOW.date())
            days, table = told(world)
            case, happened = case_of(world, days, table, maturity)
            verdicts = judge(case)
            score.stories(world, case, verdicts, happened)
            score.truths(world, case, verdicts)
            score.rules_of_thumb(world, case, table)
    return score


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--worlds", type=int, default=10)
    chosen = options.parse_args()
    specs = [spec for spec in owners().accounts.values() if spec.stories]
    score = measured(specs, range(chosen.seed, chosen.seed + chosen.worlds))
    claims, wrong = sum(score.claims.values()), sum(score.wrong.values())
    report = {
        "worlds": chosen.worlds,
        "ads": score.ads,
        "stories": {name: f"{score.named[name]} of {planted}" for name, planted in score.planted.items()},
        "claims": {name: {"said": said, "wrong": score.wrong[name]} for name, said in score.claims.items()},
        "wrong_share_of_claims": round(wrong / claims, 4) if claims else 0,
        "false_alarms_an_ad": round(wrong / score.ads, 4),
        "rules_of_thumb": dict(score.fixed),
    }
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
