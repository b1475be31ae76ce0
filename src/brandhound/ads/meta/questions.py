"""What is asked of insights, and how a question that is too large becomes two that ask the same together.

Whatever a question is split into keeps its filters, its windows and its breakdowns.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

from brandhound.ads.meta.facts_of_meta import fields, limits

Level = Literal["ad", "account"]
KEYS = ("account_id", "ad_id", "date_start", "date_stop")


@dataclass(frozen=True)
class Question:
    """Which numbers, of which ads, on which days. `day_by_day` is false where the days are asked for as one."""

    level: Level
    since: date
    until: date
    names: tuple[str, ...]
    filters: tuple[Mapping[str, Any], ...] = ()
    breakdowns: tuple[str, ...] = ()
    windows: tuple[str, ...] = ()
    ads: tuple[str, ...] | None = None
    """Only these; None asks for all there are."""
    day_by_day: bool = True

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    def params(self) -> dict[str, str]:
        """As Meta is asked. What it would choose by itself is said: the choice has changed before."""
        filtering = list(self.filters)
        if self.ads is not None:
            filtering.append({"field": "ad.id", "operator": "IN", "value": list(self.ads)})
        asked = {
            "level": self.level,
            "fields": ",".join(self.names),
            "time_range": json.dumps({"since": self.since.isoformat(), "until": self.until.isoformat()}),
            "time_increment": "1" if self.day_by_day else "all_days",
            "action_breakdowns": '["action_type"]',
            "action_report_time": "impression",
            "use_unified_attribution_setting": "true",
        }
        if self.windows:
            asked["action_attribution_windows"] = json.dumps(list(self.windows))
        if self.breakdowns:
            asked["breakdowns"] = ",".join(self.breakdowns)
        if filtering:
            asked["filtering"] = json.dumps(filtering)
        return asked

    def halves(self, known_ads: Sequence[str] = ()) -> "tuple[Question, Question] | None":
        """Two smaller questions: by days, else by ads, else by fields. None when it cannot be made smaller."""
        if self.day_by_day and self.days > 1:
            middle = self.since + timedelta(days=self.days // 2)
            return replace(self, until=middle - timedelta(days=1)), replace(self, since=middle)
        ads = self.ads if self.ads is not None else tuple(known_ads)
        if self.level == "ad" and len(ads) > 1:
            middle = len(ads) // 2
            return replace(self, ads=ads[:middle]), replace(self, ads=ads[middle:])
        keys = tuple(name for name in self.names if name in KEYS)
        others = tuple(name for name in self.names if name not in KEYS)
        if len(others) > 1:
            middle = len(others) // 2
            return replace(self, names=keys + others[:middle]), replace(self, names=keys + others[middle:])
        return None


def by_fields(halves: tuple[Question, Question]) -> bool:
    """Whether the two ask for the same rows, each for its part of the columns."""
    first, second = halves
    return (first.since, first.until, first.ads) == (second.since, second.until, second.ads)


def days_a_slice(ads: int, rows_a_day: float | None = None) -> int:
    """How many days one report covers, so that it has about as many rows as are best made at once."""
    told = limits()["slices"]
    each_day = rows_a_day if rows_a_day is not None else ads * told["share_delivering"]
    return int(min(told["most_days"], max(1, told["rows"] // max(1.0, each_day))))


def slices(question: Question, days: int) -> list[Question]:
    """A question, cut into pieces of so many days, the newest first."""
    found: list[Question] = []
    until = question.until
    while until >= question.since:
        since = max(question.since, until - timedelta(days=days - 1))
        found.append(replace(question, since=since, until=until))
        until = since - timedelta(days=1)
    return found


def daily_question(since: date, until: date) -> Question:
    """Everything we keep of ads, by day."""
    names, windows = tuple(fields()["insights"]), tuple(fields()["attribution_windows"])
    return Question("ad", since, until, names, _every_ad(), windows=windows)


def _every_ad() -> tuple[Mapping[str, Any], ...]:
    """Unless they are asked for, ads that were deleted or archived are left out of what they did while they ran."""
    return ({"field": "ad.effective_status", "operator": "IN", "value": fields()["every_status"]},)


def totals_question(since: date, until: date) -> Question:
    """What the platform says of the whole account, by day."""
    return Question("account", since, until, tuple(fields()["totals"]))


def reach_question(since: date, until: date) -> Question:
    """People reached over all those days together: what no adding up can give."""
    return Question("ad", since, until, tuple(fields()["reach"]), _every_ad(), day_by_day=False)
