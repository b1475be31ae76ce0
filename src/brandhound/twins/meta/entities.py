"""Campaigns, ad sets and ads of an account as arrays: when they were made and changed, and what state they are in."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from brandhound.twins.meta.latents import ADS_IN_SET, SETS_IN_CAMPAIGN, Flags, Ints
from brandhound.twins.meta.worlds import AccountWorld

ADS_IN_CAMPAIGN = ADS_IN_SET * SETS_IN_CAMPAIGN
STATUSES = (
    "ACTIVE", "PAUSED", "ADSET_PAUSED", "CAMPAIGN_PAUSED", "ARCHIVED", "DELETED", "DISAPPROVED", "WITH_ISSUES",
)  # fmt: skip
HIDDEN = ("ARCHIVED", "DELETED")
DAY = 86400


@dataclass(frozen=True)
class Group:
    """Things of one kind that exist at a moment: their indices, times in seconds since 1970, and states."""

    index: Ints
    made: Ints
    changed: Ints
    status: NDArray[np.str_]
    effective: NDArray[np.str_]

    def where(self, kept: Flags) -> "Group":
        """Those that are meant."""
        return Group(self.index[kept], self.made[kept], self.changed[kept], self.status[kept], self.effective[kept])


@dataclass(frozen=True)
class Entities:
    """All three kinds at one moment."""

    campaigns: Group
    sets: Group
    ads: Group


def entities(world: AccountWorld, now: datetime) -> Entities:
    """What exists at a moment."""
    latents, moment = world.latents, int(now.timestamp())
    n = latents.size
    ad = np.arange(n)
    made, ended = _seconds(world, latents.began, ad * 7919 % 540), _seconds(world, latents.ended, ad * 104_729 % 600)
    edited = edits(world)
    changed = np.where(ended <= moment, ended, made)
    changed = np.where((edited <= moment) & (edited > made), np.maximum(changed, edited), changed)
    exists, over = made <= moment, ended <= moment
    state = _states(over, ended, moment)
    own = np.where(np.isin(state, ("ADSET_PAUSED", "CAMPAIGN_PAUSED", "WITH_ISSUES", "DISAPPROVED")), "ACTIVE", state)
    ads = Group(ad, made, changed, own, state).where(exists)
    sets = _above(ads, ADS_IN_SET, over, n)
    return Entities(_above(ads, ADS_IN_CAMPAIGN, over, n), sets, ads)


def edits(world: AccountWorld) -> Ints:
    """When each ad was edited in earnest, so that it had to learn anew; one in nine was."""
    latents = world.latents
    ad = np.arange(latents.size)
    day = latents.began + np.maximum((latents.ended - latents.began) * 2 // 5, 1)
    seconds = _seconds(world, day, ad * 31 % 480 + 480)
    return np.where((ad % 9 == 4) & (latents.ended - latents.began > 20), seconds, 0)


def _states(over: Flags, ended: Ints, moment: int) -> NDArray[np.str_]:
    ad = np.arange(over.size)
    state = np.where(over, "PAUSED", "ACTIVE").astype("<U16")
    for size, word in ((ADS_IN_SET, "ADSET_PAUSED"), (ADS_IN_CAMPAIGN, "CAMPAIGN_PAUSED")):
        if over.size:
            all_over = np.logical_and.reduceat(over, np.arange(0, over.size, size))
            state = np.where(all_over[ad // size], word, state)
    long_over = over & (ended < moment - 30 * DAY)
    state = np.where(long_over & (ad % 10 == 3), "ARCHIVED", state)
    state = np.where(long_over & (ad % 50 == 7), "DELETED", state)
    state = np.where(~over & (ad % 67 == 5), "WITH_ISSUES", state)
    return np.where(over & (ad % 71 == 6), "DISAPPROVED", state)


def _above(ads: Group, size: int, over: Flags, n: int) -> Group:
    """Ad sets or campaigns, from the ads in them: each is as old as its oldest ad, and paused with its last."""
    if not ads.index.size:
        return ads
    owner = ads.index // size
    index, first = np.unique(owner, return_index=True)
    made = np.minimum.reduceat(ads.made, first) - 3600 * (size // ADS_IN_SET)
    changed = np.maximum.reduceat(ads.changed, first)
    all_over = np.logical_and.reduceat(over, np.arange(0, n, size))[index]
    state = np.where(all_over, "PAUSED", "ACTIVE").astype("<U16")
    effective = state
    if size == ADS_IN_SET and n:
        whole = np.logical_and.reduceat(over, np.arange(0, n, ADS_IN_CAMPAIGN))[index // SETS_IN_CAMPAIGN]
        effective = np.where(whole, "CAMPAIGN_PAUSED", state)
    return Group(index, made, changed, state, effective)


def _seconds(world: AccountWorld, days: Ints, minutes: Ints) -> Ints:
    """Moments from days and minutes after midnight there."""
    distinct, place = np.unique(days, return_inverse=True)
    starts = np.array([int(world.midnight(int(day)).timestamp()) for day in distinct], np.int64)
    return (starts[place] if distinct.size else np.zeros(0, np.int64)) + minutes * 60
