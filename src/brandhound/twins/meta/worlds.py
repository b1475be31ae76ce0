"""The accounts' worlds: made when they are first asked for, days kept as long as there is room."""

from collections import OrderedDict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

import numpy as np

from brandhound.twins.meta.days import Day, Moment, live_day, see_day
from brandhound.twins.meta.latents import Floats, Ints, Latents, draw_latents
from brandhound.twins.meta.owning import AccountSpec
from brandhound.twins.meta.stories import Story, tell_stories

ROOM = 200 * 1024 * 1024
HETEROGENEITY = 0.8
"""How unlike people are in how often they are reached; the smaller, the more unlike."""


class AccountWorld:
    """One account: its truth, and its days."""

    def __init__(self, spec: AccountSpec, seed: int, first: date) -> None:
        self.spec, self.seed, self.first = spec, seed, first
        self._days: OrderedDict[int, Day] = OrderedDict()
        self._kept = 0
        self.names: dict[int, str] = {}
        """Names of ads that were told already."""

    @cached_property
    def _drawn(self) -> tuple[Latents, list[Story]]:
        latents = draw_latents(self.spec, self.seed)
        return latents, tell_stories(latents, self.seed)

    @property
    def latents(self) -> Latents:
        return self._drawn[0]

    @property
    def stories(self) -> list[Story]:
        return self._drawn[1]

    def number(self, day: date) -> int:
        """A date as the world counts its days."""
        return (day - self.first).days

    def date_of(self, number: int) -> date:
        return self.first + timedelta(days=number)

    def today(self, now: datetime) -> date:
        """The date where the account is."""
        return now.astimezone(self.spec.zone).date()

    def moment(self, number: int, now: datetime) -> Moment | None:
        """How far a day has gone; None when it has not begun. A day is as long as its zone makes it."""
        start, end = self.midnight(number), self.midnight(number + 1)
        if now <= start:
            return None
        share = min((now - start) / (end - start), 1.0)
        age = share if share < 1 else 1 + (now - end) / timedelta(days=1)
        return Moment(share, age, self.number(self.today(now)))

    def midnight(self, number: int) -> datetime:
        """When a day begins, in UTC."""
        day = self.date_of(number)
        return datetime(day.year, day.month, day.day, tzinfo=self.spec.zone).astimezone(UTC)

    def day(self, number: int) -> Day:
        """One day in the end."""
        found = self._days.get(number)
        if found is None:
            found = self._days[number] = live_day(self.latents, self.seed, number)
            self._kept += found.weight
            while self._kept > ROOM and len(self._days) > 1:
                self._kept -= self._days.popitem(last=False)[1].weight
        else:
            self._days.move_to_end(number)
        return found

    def seen(self, since: date, until: date, now: datetime) -> Iterator[tuple[int, Ints, dict[str, Floats]]]:
        """For each day that has begun: its number, the ads that were shown, and what is told of them."""
        for number in range(self.number(since), self.number(until) + 1):
            moment = self.moment(number, now)
            if moment is not None:
                day = self.day(number)
                yield number, day.ads, see_day(self.latents, day, number, moment)

    def exists(self, ad: int, now: datetime) -> bool:
        """Whether an ad has been made."""
        return bool(0 <= ad < self.latents.size and self.made_at(ad) <= now)

    def made_at(self, ad: int) -> datetime:
        """When an ad was made: on the morning of its first day."""
        return self.midnight(int(self.latents.began[ad])) + timedelta(minutes=int(ad * 7919 % 540))

    def ended_at(self, ad: int) -> datetime:
        """When an ad was paused."""
        return self.midnight(int(self.latents.ended[ad])) + timedelta(minutes=int(ad * 104_729 % 600))


class Worlds:
    """All accounts' worlds. `first` is the first day with a clock: stories are told around it."""

    def __init__(self, seed: int, first: date) -> None:
        self.seed, self.first = seed, first
        self._worlds: dict[str, AccountWorld] = {}

    def of(self, account: AccountSpec) -> AccountWorld:
        """An account's world; made when it is asked for."""
        found = self._worlds.get(account.id)
        if found is None or found.spec is not account:
            found = self._worlds[account.id] = AccountWorld(account, self.seed, self.first)
        return found


def reached(impressions: Floats, audience: Floats) -> Floats:
    """How many different people saw so many impressions. Grows with both, and less than either."""
    people = audience * (1 - (1 + impressions / (HETEROGENEITY * audience)) ** -HETEROGENEITY)
    return np.minimum(np.maximum(np.round(people), np.minimum(impressions, 1)), impressions)
