"""What was bought, told for the day on which it was bought instead of the day on which the ad was seen."""

from collections.abc import Iterator
from datetime import date, datetime

import numpy as np

from brandhound.twins.meta.days import BINS, bought_by_delay
from brandhound.twins.meta.latents import Floats, Ints
from brandhound.twins.meta.worlds import AccountWorld

BY_CONVERSION = ("conversion", "mixed")
"""`mixed` tells what happens inside of Meta for the day it was seen, and the rest for the day it happened."""


def seen_by_conversion(
    world: AccountWorld, since: date, until: date, now: datetime
) -> Iterator[tuple[int, Ints, dict[str, Floats]]]:
    """Like `AccountWorld.seen`, with purchases on their own day: also of ads that were not shown any more on it."""
    for number, ads, seen in world.seen(since, until, now):
        late = [(delay, *_bought_after(world, number, delay, now)) for delay in range(BINS)]
        everybody = np.unique(np.concatenate([ads, *(buyers for _, buyers, _, _ in late)]))
        place = np.searchsorted(everybody, ads)
        told = {name: _spread(column, place, everybody.size) for name, column in seen.items()}
        for name in ("bought_1d", "bought_7d", "bought_28d", "value_1d", "value_7d", "value_28d"):
            told[name] = np.zeros(everybody.size)
        for delay, buyers, bought, worth in late:
            at = np.searchsorted(everybody, buyers)
            for window, longest in (("1d", 1), ("7d", 7), ("28d", 28)):
                if delay < longest:
                    told[f"bought_{window}"][at] += bought
                    told[f"value_{window}"][at] += np.round(bought * worth * world.spec.offset) / world.spec.offset
        yield number, everybody, told


def _bought_after(world: AccountWorld, number: int, delay: int, now: datetime) -> tuple[Ints, Floats, Floats]:
    """Who bought on a day so many days after a click, how often, and what each was worth."""
    clicked = number - delay
    moment = world.moment(clicked, now)
    assert moment is not None
    day = world.day(clicked)
    bought, worth = bought_by_delay(world.latents, day, clicked, moment)
    return day.ads[day.buyers], bought[:, delay], worth


def _spread(column: Floats, place: Ints, size: int) -> Floats:
    spread = np.zeros(size)
    spread[place] = column
    return spread
