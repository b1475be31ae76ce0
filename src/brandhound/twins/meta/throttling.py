"""Limits as Meta counts them, the headers that tell of them, and the errors behind them.

Each account has a pail for each use case, and the app has one of its own. A call adds to them, time takes away; a full
pail refuses, and stays shut until so much has run out that there is room again.
"""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from brandhound.twins.meta.owning import AccountSpec
from brandhound.twins.meta.refusing import Refused
from brandhound.twins.meta.telling_time import Clock

UseCase = Literal["ads_insights", "ads_management"]
Tier = Literal["development_access", "standard_access"]
HOUR = 3600.0
REOPENS_AT = 0.75
REFUSALS: dict[UseCase, str] = {"ads_insights": "limit_insights", "ads_management": "limit_management"}
BASE: dict[tuple[UseCase, Tier], int] = {
    ("ads_management", "development_access"): 300,
    ("ads_management", "standard_access"): 100_000,
    ("ads_insights", "development_access"): 600,
    ("ads_insights", "standard_access"): 190_000,
}
PER_AD: dict[UseCase, int] = {"ads_insights": 400, "ads_management": 40}
APP_CALLS = 200 * 1000
OLD_REACH_A_DAY = 10
"""Reports of people reached by breakdown that long ago, for each account and day."""


@dataclass
class Pail:
    """How much was asked for. `room` is what fits in, `seconds` how long a full one takes to run out."""

    room: float
    seconds: float = HOUR
    level: float = 0.0
    at: datetime | None = None
    shut: bool = False

    def run_out(self, now: datetime) -> None:
        """Let time take away what it takes."""
        if self.at is not None:
            self.level = max(0.0, self.level - max((now - self.at).total_seconds(), 0.0) * self.room / self.seconds)
        self.at = now
        if self.shut and self.level <= REOPENS_AT * self.room:
            self.shut = False

    def add(self, cost: float) -> None:
        self.level += cost
        if self.level >= self.room:
            self.shut = True

    @property
    def percent(self) -> float:
        return 100.0 * self.level / self.room

    @property
    def regain_seconds(self) -> float:
        """How long it stays shut, if it is."""
        return max(self.level - REOPENS_AT * self.room, 0.0) * self.seconds / self.room if self.shut else 0.0


@dataclass
class Limits:
    """All pails. `rooms` sets how much fits into those of a use case, whatever the rules say."""

    clock: Clock
    tier: Tier = "standard_access"
    seconds: float = HOUR
    rooms: dict[str, float] = field(default_factory=dict[str, float])
    """By use case, or `app`."""
    on: bool = True
    bounced: int = 0
    """How many calls were refused."""
    _old_reach: dict[tuple[str, date], int] = field(default_factory=dict[tuple[str, date], int])
    _pails: dict[tuple[str, str], Pail] = field(default_factory=dict[tuple[str, str], Pail])

    def set(self, rooms: dict[str, float], seconds: float = HOUR, tier: Tier | None = None) -> None:
        """Other limits from now on, with empty pails."""
        self.rooms, self.seconds, self.tier = dict(rooms), seconds, tier or self.tier
        self._pails.clear()
        self._old_reach.clear()
        self.bounced = 0

    def fill(self, account: AccountSpec, use_case: UseCase, percent: float, *, until_asked: bool = False) -> None:
        """Let a pail be that full; with `until_asked` it begins to run out with the next call."""
        pail = self._pail(account, use_case)
        pail.run_out(self.clock.now())
        pail.level = pail.room * percent / 100
        pail.shut = percent >= 100
        if until_asked:
            pail.at = None

    def charge(self, account: AccountSpec | None, use_case: UseCase, cost: float) -> None:
        """Count a call. Raises Refused when a pail is full; a refused call counts as well."""
        now = self.clock.now()
        app = self._app()
        app.run_out(now)
        pails = [(app, "app_limit_insights" if use_case == "ads_insights" else "app_limit")]
        if account is not None:
            own = self._pail(account, use_case)
            own.run_out(now)
            pails.append((own, REFUSALS[use_case]))
        for pail, refusal in pails:
            if pail.shut and self.on:
                pail.level += 1
                self.bounced += 1
                raise Refused(refusal)
            pail.add(cost if pail is not app else 1)

    def charge_reach(self, account: AccountSpec) -> None:
        """Count a report of people reached by breakdown more than 13 months ago. Raises Refused after ten in a day."""
        used = self._old_reach.get((account.id, self._day(account)), 0)
        if used >= OLD_REACH_A_DAY and self.on:
            self.bounced += 1
            raise Refused("custom_limit_reads")
        self._old_reach[account.id, self._day(account)] = used + 1

    def _day(self, account: AccountSpec) -> date:
        return self.clock.now().astimezone(account.zone).date()

    def headers(self, account: AccountSpec | None, use_case: UseCase) -> dict[str, str]:
        """What each answer tells of the limits."""
        app = self._app()
        used = round(app.percent)
        told = {"x-app-usage": _json({"call_count": used, "total_cputime": used // 2, "total_time": used // 2})}
        if account is None:
            return told
        own = self._pail(account, use_case)
        percent = own.percent
        entry = {
            "type": use_case,
            "call_count": round(percent),
            "total_cputime": round(percent * 0.6),
            "total_time": round(percent * 0.7),
            "estimated_time_to_regain_access": -(-int(own.regain_seconds) // 60) if own.shut else 0,
            "ads_api_access_tier": self.tier,
        }
        told["x-business-use-case-usage"] = _json({account.id: [entry]})
        told["x-ad-account-usage"] = _json(
            {
                "acc_id_util_pct": round(percent, 2),
                "reset_time_duration": int(own.regain_seconds),
                "ads_api_access_tier": self.tier,
            }
        )
        if use_case == "ads_insights":
            if used_up := self._old_reach.get((account.id, self._day(account))):
                percent_of_reach = round(100 * used_up / OLD_REACH_A_DAY)
                told["x-fb-ads-insights-reach-throttle"] = _json({"acc_id_util_pct": percent_of_reach})
            told["x-fb-ads-insights-throttle"] = _json(
                {
                    "app_id_util_pct": round(app.percent, 2),
                    "acc_id_util_pct": round(percent, 2),
                    "ads_api_access_tier": self.tier,
                }
            )
        return told

    def usage(self) -> dict[str, float]:
        """How full each pail is, in percent."""
        now = self.clock.now()
        for pail in self._pails.values():
            pail.run_out(now)
        return {":".join(key): round(pail.percent, 6) for key, pail in self._pails.items()}

    def _app(self) -> Pail:
        return self._pails.setdefault(("app", ""), Pail(self.rooms.get("app", APP_CALLS), self.seconds))

    def _pail(self, account: AccountSpec, use_case: UseCase) -> Pail:
        room = self.rooms.get(use_case, BASE[use_case, self.tier] + PER_AD[use_case] * account.ads)
        return self._pails.setdefault((account.id, use_case), Pail(room, self.seconds))


def _json(told: object) -> str:
    return json.dumps(told, separators=(",", ":"))
