"""Whether anybody could see a story in what is told: a truth that left no mark is no fair question.

It is computed from what is true, and knows nothing of anybody's rules. The counts that a story moves are expected twice: as they
are told with it, and as they would be without it. A count's square root has a standard deviation of one half, whatever the
count; so twice the difference of the two roots says how far the story stands out. Somebody who knows where to look, when, and
what would be there without the story, and who accuses one innocent in a thousand (an account has a hundred ads), finds nine of
ten stories that stand out by 4.4 (3.1 for the accusation, 1.3 for the nine), and ever fewer of those below. Of a count that is a
share of another one, the angle whose sine is the share's root takes its place. What those bought who only saw an ad is
no share of the checkouts that clicks came to: with it the share came close to one, where a single checkout seemed to prove all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from brandhound.twins.meta.days import told_share, told_share_by_view, wish_to_buy
from brandhound.twins.meta.latents import HISTORY, WINDOW, Floats, Ints, Latents
from brandhound.twins.meta.stories import Story
from brandhound.twins.meta.worlds import AccountWorld

VISIBLE_FROM = 4.4


@dataclass(frozen=True)
class Mark:
    """What a story leaves: in which counts, and what would be without it."""

    counts: tuple[str, ...]
    """A count, or `one/other` for a share of another one."""
    without: Callable[[Latents, Story], Latents]
    last: int = WINDOW
    """Of that many days."""


def marks_of(world: AccountWorld, story: Story, now: datetime) -> dict[int | None, float] | None:
    """How far a story stands out, for each of its ads, or for all together (None). None where it moves no count."""
    mark = MARKS.get(story.name)
    if mark is None:
        return None
    today = world.number(world.today(now))
    began, ended = story.since, story.until
    if story.name == "promotion_ends" and ended is not None:
        began, ended = ended + 1, None
    since = max(today - mark.last, began if began is not None else -HISTORY)
    until = min(today - 1, ended if ended is not None else today)
    alone = story.since is None or story.name == "true_fatigue"
    ads = np.array(story.ads, dtype=np.int64) if story.ads else np.arange(world.latents.size)
    names = {part for name in mark.counts for part in name.split("/")}
    stated: list[dict[str, Floats]] = []
    for latents in (world.latents, mark.without(world.latents, story)):
        sums = {name: np.zeros(ads.size) for name in names}
        for day in range(since, until + 1):
            moment = world.moment(day, now)
            if moment is not None:
                told = expected(latents, ads, day, moment.age)
                for name in names:
                    sums[name] += told[name]
        stated.append(sums)
    told, untold = stated
    if not alone:
        told, untold = ({name: column.sum(keepdims=True) for name, column in one.items()} for one in stated)
    found = [max(_apart(told, untold, name, at) for name in mark.counts) for at in range(ads.size if alone else 1)]
    return {int(ad): mark for ad, mark in zip(ads, found, strict=True)} if alone else {None: found[0]}


def _apart(told: Mapping[str, Floats], untold: Mapping[str, Floats], name: str, at: int) -> float:
    if "/" not in name:
        return apart(float(told[name][at]), float(untold[name][at]))
    done, tried = name.split("/")
    trials = float(told[tried][at])
    one, other = (float(one[done][at] / max(one[tried][at], 1e-9)) for one in (told, untold))
    return float(2 * np.sqrt(trials) * abs(np.arcsin(np.sqrt(min(one, 1))) - np.arcsin(np.sqrt(min(other, 1)))))


def apart(one: float, other: float) -> float:
    """How far two expected counts lie apart, in standard deviations of what is counted."""
    return float(2 * abs(np.sqrt(one) - np.sqrt(other)))


def expected(latents: Latents, ads: Ints, day: int, age: float) -> dict[str, Floats]:
    """What is told of ads on a day that is so old, on average."""
    at = min(max(day + HISTORY, 0), latents.delivery.size - 1)
    live = (latents.began[ads] <= day) & (day < latents.ended[ads])
    shown = np.where(live, latents.shown[ads] * latents.delivery[at], 0.0)
    clicks = shown * np.minimum(latents.ctr[ads] * latents.tired(ads, day), 0.5)
    views = clicks * 0.93 * 0.82 * latents.tracked[at]
    page = latents.page_factor[ads] * latents.page_by_day[latents.page[ads], at]
    carts = views * 0.9 * np.minimum(np.minimum(latents.cvr[ads] / 0.247, 0.9) * page, 0.95)
    wish = wish_to_buy(latents, ads, at)
    after_click = carts * 0.6 * np.minimum(0.6 * wish, 1.0) * told_share(age)
    by_view = shown * latents.view_through[ads] * latents.tracked[at] * wish * told_share_by_view(age)
    return {
        "impressions": shown,
        "clicks": clicks,
        "page_views": views,
        "carts": carts,
        "checkouts": carts * 0.6,
        "paid": after_click,
        "purchases": after_click + by_view,
    }


def _tireless(latents: Latents, story: Story) -> Latents:
    return replace(latents, audience=_set(latents.audience, story, np.inf))


def _usual_page(latents: Latents, story: Story) -> Latents:
    return replace(latents, page_factor=np.ones_like(latents.page_factor))


def _usual_price(latents: Latents, story: Story) -> Latents:
    return replace(latents, price_factor=np.ones_like(latents.price_factor))


def _ordinary(latents: Latents, story: Story) -> Latents:
    ctr, cvr = float(np.median(latents.ctr)), float(np.median(latents.cvr))
    return replace(latents, ctr=_set(latents.ctr, story, ctr), cvr=_set(latents.cvr, story, cvr))


def _tracked(latents: Latents, story: Story) -> Latents:
    return replace(latents, tracked=np.ones_like(latents.tracked))


def _promoted(latents: Latents, story: Story) -> Latents:
    """As if the promotion went on."""
    bought = latents.bought.copy()
    bought[HISTORY + (story.until or 0) + 1 :] *= story.facts["factor"]
    return replace(latents, bought=bought)


def _stocked(latents: Latents, story: Story) -> Latents:
    return replace(latents, out_of_stock=np.full_like(latents.out_of_stock, -1))


def _same_page(latents: Latents, story: Story) -> Latents:
    return replace(latents, page_by_day=np.ones_like(latents.page_by_day))


def _set(column: Floats, story: Story, value: float) -> Floats:
    changed = column.copy()
    changed[list(story.ads)] = value
    return changed


MARKS: Mapping[str, Mark] = {
    "true_fatigue": Mark(("clicks",), _tireless, 7),
    "strong_hook_bad_page": Mark(("carts",), _usual_page),
    "starved_winner": Mark(("clicks", "carts", "purchases"), _ordinary),
    "other_price_on_the_page": Mark(("paid/checkouts",), _usual_price),
    "tracking_outage": Mark(("page_views", "purchases"), _tracked),
    "promotion_ends": Mark(("purchases", "paid/checkouts"), _promoted),
    "stock_out": Mark(("purchases", "paid/checkouts"), _stocked),
    "page_changed": Mark(("carts",), _same_page),
}
