"""What is true, for those who want to know how right somebody else's verdicts are."""

from datetime import datetime
from typing import Any

import numpy as np

from brandhound.twins.meta.entities import entities
from brandhound.twins.meta.landing import landing_page
from brandhound.twins.meta.latents import ANGLES, FORMATS, HISTORY, HOOKS, PAGES, Ints
from brandhound.twins.meta.numbering import id_of
from brandhound.twins.meta.stories import Story
from brandhound.twins.meta.visible import VISIBLE_FROM, marks_of
from brandhound.twins.meta.worlds import AccountWorld

TIRED_BELOW = 0.6
"""An ad whose click rate exposure has brought below this part of its own is tired. Seen 2.3 times more, on average."""
MOST_ADS = 10_000


def tell_truth(world: AccountWorld, now: datetime) -> dict[str, Any]:
    """Stories with their causes, for each ad what it is worth in the end and how tired it is, and what pages say now."""
    today = world.number(world.today(now))
    ads = entities(world, now).ads.index[:MOST_ADS]
    return {
        "account": world.spec.act,
        "day": world.date_of(today).isoformat(),
        "stories": [_story(world, story, now) for story in world.stories],
        "ads": _ads(world, ads, today),
        "pages": [page.told() for name in PAGES if (page := landing_page(world, name, now))],
        "days": [_day(world, day) for day in range(today - 60, today + 1)],
    }


def _story(world: AccountWorld, story: Story, now: datetime) -> dict[str, Any]:
    told: dict[str, Any] = {
        "story": story.name,
        "cause": story.cause,
        "ads": [id_of("ad", world.spec.ordinal, ad) for ad in story.ads],
        "facts": dict(story.facts),
    }
    for name, day in (("since", story.since), ("until", story.until)):
        if day is not None:
            told[name] = world.date_of(day).isoformat()
    marks = marks_of(world, story, now)
    if marks is not None:
        told["marks"] = [
            {
                "ad_id": None if ad is None else id_of("ad", world.spec.ordinal, ad),
                "stands_out": round(mark, 2),
                "visible": mark >= VISIBLE_FROM,
            }
            for ad, mark in marks.items()
        ]
    return told


def _ads(world: AccountWorld, ads: Ints, today: int) -> list[dict[str, Any]]:
    latents = world.latents
    tired, exposure = latents.tired(ads, today), latents.exposure(ads, today)
    # What a click, a purchase and a euro are worth in the long run, on the page as it is, before anybody is tired.
    bought = latents.cvr[ads] * latents.page_factor[ads] * latents.price_factor[ads]
    per_click = latents.cpm[ads] / 1000 / latents.ctr[ads]
    cost = per_click / np.maximum(bought, 1e-9)
    running = (latents.began[ads] <= today) & (latents.ended[ads] > today)
    columns: dict[str, list[Any]] = {
        "ctr": latents.ctr[ads].round(6).tolist(),
        "cvr": bought.round(6).tolist(),
        "cost_per_purchase": cost.round(4).tolist(),
        "return": (latents.value[ads] / cost).round(4).tolist(),
        "order_value": latents.value[ads].round(2).tolist(),
        "hook_rate": latents.hook_rate[ads].round(5).tolist(),
        "hold_rate": latents.hold_rate[ads].round(5).tolist(),
        "exposure": exposure.round(3).tolist(),
        "tired": tired.round(4).tolist(),
        "is_tired": (running & (tired < TIRED_BELOW)).tolist(),
        "is_running": running.tolist(),
        "is_starved": latents.starved[ads].tolist(),
        "is_winner": latents.winner[ads].tolist(),
        "shown_a_day": latents.shown[ads].round(1).tolist(),
        "page_factor": latents.page_factor[ads].tolist(),
        "price_factor": latents.price_factor[ads].tolist(),
        "format": [FORMATS[int(k)] for k in latents.format[ads]],
        "hook": [HOOKS[int(k)] for k in latents.hook[ads]],
        "angle": [ANGLES[int(k)] for k in latents.angle[ads]],
        "page": [PAGES[int(k)] for k in latents.page[ads]],
    }
    ids = [id_of("ad", world.spec.ordinal, int(ad)) for ad in ads]
    names = list(columns)
    return [
        {"ad_id": one, **dict(zip(names, row, strict=True))}
        for one, row in zip(ids, zip(*columns.values(), strict=True), strict=True)
    ]


def _day(world: AccountWorld, day: int) -> dict[str, Any]:
    """What befell the whole account on a day."""
    latents, at = world.latents, day + HISTORY
    return {
        "day": world.date_of(day).isoformat(),
        "price": round(float(latents.price[at]), 4),
        "delivery": round(float(latents.delivery[at]), 4),
        "tracked": float(latents.tracked[at]),
        "bought": round(float(latents.bought[at]), 4),
        "pages": {
            page: float(latents.page_by_day[k, at]) for k, page in enumerate(PAGES) if latents.page_by_day[k, at] != 1
        },
        "out_of_stock": PAGES[int(latents.out_of_stock[at])] if latents.out_of_stock[at] >= 0 else None,
    }
