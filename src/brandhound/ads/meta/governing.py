"""How fast Meta is asked: its answers say how much of the limits is used, and we stay below rather than bounce off.

One governor for each application; in it one gauge for the application and one for each account. Below half of a limit more is
asked at once, little by little; above it less; above three quarters only what is essential; above nine tenths nothing, until
the limit has recovered.
"""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from typing import Any, cast
from weakref import WeakKeyDictionary

from brandhound.ads.meta.facts_of_meta import limits
from brandhound.core import clock

_log = logging.getLogger("brandhound.ads.meta")


class MustWait(Exception):
    """The limit asks for a longer wait than a worker should sit through. Whoever hears it puts the run off."""

    code = "ads/limit"

    def __init__(self, seconds: float, whose: str, percent: float) -> None:
        super().__init__(f"{percent:.0f} % of {limit_in_words(whose)} is used, and it recovers by itself")
        self.until = clock.now() + timedelta(seconds=seconds)
        """When to go on. Whoever hears of it may hear of it later, when others have come to their end as well."""
        self.whose = whose


class LeftOut(Exception):
    """The limit is nearly used, and this is not essential: it is left out this time."""

    code = "ads/left-out"


@dataclass(frozen=True)
class Usage:
    """How much of one limit is used, in percent, and after how many seconds it is said to have recovered.

    `whose` is "app", what `limit_of` says, or what `limit_of_reach` says.
    """

    whose: str
    percent: float
    recovers: float | None = None


def limit_of(account: str | None, path: str) -> str | None:
    """Whose limit a call counts against: an account has one for insights and one for everything else."""
    if account is None:
        return None
    return f"{account}:insights" if path.endswith("insights") else account


def limit_in_words(whose: str) -> str:
    """Whose limit it is, for people."""
    account, _, part = whose.partition(":")
    if not account.startswith("act_"):
        return "what Meta lets this installation's application ask"
    return {
        "insights": "Meta's limit for the figures of this account",
        "reach": "Meta's daily limit for whom this account reached",
    }.get(part, "Meta's limit for this account")


def limit_of_reach(account: str | None) -> str:
    """People reached long ago, or in parts, have a small limit of their own, by the day."""
    return f"{account}:reach"


def usage_told(headers: Mapping[str, str], account: str | None, limit: str | None) -> list[Usage]:
    """What the headers of an answer say, to a call that counts against that limit."""
    told: list[Usage] = []
    insights_limit, mine = f"{account}:insights", limit or "account"
    if '"ads_insights"' in headers.get("x-business-use-case-usage", ""):
        # To look at a report counts against the limit of insights, too, and its path does not say so.
        mine = insights_limit
    if app := _object(headers, "x-app-usage"):
        told.append(Usage("app", _highest(app, "call_count", "total_time", "total_cputime")))
    if own := _object(headers, "x-ad-account-usage"):
        told.append(Usage(mine, _number(own, "acc_id_util_pct"), _number(own, "reset_time_duration") or None))
    if insights := _object(headers, "x-fb-ads-insights-throttle"):
        told.append(Usage("app", _number(insights, "app_id_util_pct")))
        told.append(Usage(insights_limit, _number(insights, "acc_id_util_pct")))
    if reach := _object(headers, "x-fb-ads-insights-reach-throttle"):
        told.append(Usage(limit_of_reach(account), _number(reach, "acc_id_util_pct")))
    for entries in (_object(headers, "x-business-use-case-usage") or {}).values():
        for entry in cast("list[Any]", entries) if isinstance(entries, list) else ():
            if isinstance(entry, dict):
                one = cast("dict[str, Any]", entry)
                percent = _highest(one, "call_count", "total_time", "total_cputime")
                minutes = _number(one, "estimated_time_to_regain_access")
                whose = insights_limit if one.get("type") == "ads_insights" else account or "account"
                told.append(Usage(whose, 100.0 if minutes else percent, minutes * 60 or None))
    return told


@dataclass
class _Gauge:
    percent: float = 0.0
    at_once: float = 1.0
    """The first answer says how much is left: until then nothing else is asked."""
    running: int = 0
    closed_until: float = 0.0
    calls: int = 0
    step: float = 0.0
    """How much one call has taken of it at most of late. Of a small limit a report may take a sixth."""

    def heed(self, usage: Usage) -> None:
        usages = limits()["usage"]
        rise = usage.percent - self.percent
        rising = rise > 0
        self.step = max(self.step * 0.98, min(rise, usages["step"]) if self.percent else 0.0)
        self.percent = usage.percent
        # The next call must fit in as well: one that is refused costs, and closes the limit for long.
        stop = min(usages["stop"], 100 - self.step)
        if usage.percent >= max(stop, usages["slow"]):
            self.at_once = 1.0
            wait = usage.recovers or usages["pause"]
            # What recovers evenly is below the mark after that part of the whole time. Whole seconds are told, and a little more
            # is meant.
            resume = min(usages["resume"], max(stop, usages["slow"]) - self.step / 2)
            part = 1.0 if usage.percent >= 100 else 1 - resume / usage.percent
            self.closed_until = max(self.closed_until, monotonic() + 1.0 + wait * part)
        elif usage.percent >= usages["slow"] and rising:
            self.at_once = max(1.0, self.at_once / 2)
        elif usage.percent < usages["slow"]:
            self.at_once = min(float(usages["most_at_once"]), self.at_once + 1 / max(1.0, self.at_once))

    def open_again(self) -> None:
        """Believe that what was waited for has come, once its time is over: no answer has said so yet."""
        if 0 < self.closed_until <= monotonic():
            self.closed_until = 0.0
            self.percent = min(self.percent, limits()["usage"]["resume"])

    def pause(self) -> float:
        """Seconds between two calls while the limit is more than half used."""
        usages = limits()["usage"]
        if self.percent < usages["slow"]:
            return 0.0
        return 0.05 * 2 ** ((self.percent - usages["slow"]) / 8)


@dataclass
class Governor:
    """The gauges of one application in one process."""

    gauges: dict[str, _Gauge] = field(default_factory=dict[str, _Gauge])
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    slept: float = 0.0
    """Seconds that callers were held back, all in all."""
    report_seconds: dict[str, float] = field(default_factory=dict[str, float])
    """How long reports of an account have taken of late: to look earlier is a call for nothing."""

    def gauge(self, whose: str) -> _Gauge:
        return self.gauges.setdefault(whose, _Gauge())

    @asynccontextmanager
    async def turn(self, limit: str | None, *, essential: bool = True) -> AsyncGenerator[None]:
        """Wait for our turn to ask, and keep it while we ask.

        Raises MustWait when that would take long, and LeftOut when there is not enough left for what is not essential.
        """
        gauges = {"the application": self.gauge("app")} | ({limit: self.gauge(limit)} if limit else {})
        own = list(gauges.values())[-1]
        async with self.changed:
            await self.changed.wait_for(lambda: own.running < max(1, int(own.at_once)))
            own.running += 1
        own.calls += 1
        try:
            # Only now: while we waited for our turn, others may have heard that there is nothing left.
            for whose, gauge in gauges.items():
                await self._hold_back(whose, gauge, essential=essential)
            yield
        finally:
            async with self.changed:
                own.running -= 1
                self.changed.notify_all()

    async def _hold_back(self, whose: str, gauge: _Gauge, *, essential: bool) -> None:
        usages = limits()["usage"]
        gauge.open_again()
        if not essential and gauge.percent >= usages["essential"]:
            raise LeftOut
        wait = gauge.closed_until - monotonic()
        if wait > usages["patience"]:
            raise MustWait(min(wait, usages["longest_wait"]), whose, gauge.percent)
        if (wait := max(wait, gauge.pause())) > 0:
            self.slept += wait
            await asyncio.sleep(wait)
            gauge.open_again()

    def heed(self, headers: Mapping[str, str], account: str | None, limit: str | None) -> None:
        """Take in what an answer says of the limits."""
        highest: dict[str, Usage] = {}
        for usage in usage_told(headers, account, limit):
            before = highest.get(usage.whose)
            highest[usage.whose] = usage if before is None else _both(before, usage)
        if limit == f"{account}:insights":
            # On a day on which nothing was asked that counts, nothing is said of it.
            highest.setdefault(limit_of_reach(account), Usage(limit_of_reach(account), 0.0))
        for whose, usage in highest.items():
            self.gauge(whose).heed(usage)

    def close(self, whose: str | None, seconds: float | None = None) -> float:
        """A call was refused for its limit: nothing more is asked until it has recovered. Seconds until then."""
        gauge = self.gauge(whose or "app")
        # The refusal itself may say when, and then it is not for us to wait longer.
        told = gauge.closed_until - monotonic()
        wait = seconds if seconds is not None else told if told > 0 else limits()["usage"]["pause"]
        gauge.closed_until = max(gauge.closed_until, monotonic() + wait)
        gauge.percent, gauge.at_once = 100.0, 1.0
        _log.info("a call was refused for its limit", extra={"facts": {"whose": whose or "app", "seconds": wait}})
        return wait

    def used(self, *whose: str) -> float:
        """How much is used of that of these limits of which most is, as far as is known, in percent."""
        gauges = [self.gauge(one) for one in whose]
        for gauge in gauges:
            gauge.open_again()
        return max(gauge.percent for gauge in gauges)

    def left(self, whose: str | None) -> float:
        """Seconds until this may be asked again; 0 when it may."""
        return max(0.0, self.gauge(whose or "app").closed_until - monotonic())


_governors: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Governor]] = WeakKeyDictionary()


def governor_of(app: str) -> Governor:
    """The governor of that application in the running event loop."""
    return _governors.setdefault(asyncio.get_running_loop(), {}).setdefault(app, Governor())


def governors() -> list[Governor]:
    """Those of the running event loop."""
    return list(_governors.get(asyncio.get_running_loop(), {}).values())


def forget() -> None:
    """Know nothing of any limit. The next answers say how they stand."""
    _governors.clear()


def _both(one: Usage, other: Usage) -> Usage:
    """What two headers say of the same limit: the worse of it; and where one tells whole minutes, the other's seconds."""
    told = sorted(filter(None, (one.recovers, other.recovers)))
    recovers = None if not told else told[0] if told[-1] - told[0] < 60 else told[-1]
    return Usage(one.whose, max(one.percent, other.percent), recovers)


def _object(headers: Mapping[str, str], name: str) -> dict[str, Any] | None:
    with suppress(ValueError):
        found = json.loads(headers.get(name, ""))
        if isinstance(found, dict):
            return cast("dict[str, Any]", found)
    return None


def _number(told: Mapping[str, Any], name: str) -> float:
    with suppress(TypeError, ValueError):
        return float(told.get(name) or 0)
    return 0.0


def _highest(told: Mapping[str, Any], *names: str) -> float:
    return max(_number(told, name) for name in names)
