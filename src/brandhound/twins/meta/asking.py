"""What a call for insights asks, read and checked."""

import json
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Literal, cast

from brandhound.twins.meta.calling import Call
from brandhound.twins.meta.filtering import read_filters
from brandhound.twins.meta.known_fields import known_fields
from brandhound.twins.meta.refusing import Refused
from brandhound.twins.meta.selecting import read_fields

Level = Literal["account", "campaign", "adset", "ad"]
LEVELS: tuple[Level, ...] = ("account", "campaign", "adset", "ad")
DEFAULTS = ("impressions", "spend")
REPORT_TIMES = ("impression", "conversion", "mixed", "lifetime")
ACTION_BREAKDOWNS = (
    "action_type", "action_device", "action_destination", "action_reaction", "action_target_id", "action_video_sound",
    "action_video_type", "action_carousel_card_id", "action_carousel_card_name", "action_canvas_component_name",
)  # fmt: skip


@dataclass(frozen=True)
class Rules:
    """What may be asked for, as `library/breakdowns.json` has it."""

    values: Mapping[str, list[str]]
    together: frozenset[frozenset[str]]
    removed: frozenset[str]
    without_offsite: frozenset[str]
    windows: frozenset[str]
    removed_windows: frozenset[str]
    months: int
    reach_months: int


@dataclass(frozen=True)
class Asked:
    """One request for insights. `spans` are the first and last days of the rows."""

    level: Level
    fields: tuple[str, ...]
    spans: tuple[tuple[date, date], ...]
    windows: tuple[str, ...]
    breakdowns: tuple[str, ...]
    action_breakdowns: tuple[str, ...]
    filters: tuple[tuple[str, str, Any], ...]
    sort: tuple[str, ...]
    report_time: str = "impression"
    """Whether what was bought counts for the day on which the ad was seen, or on which it was bought."""
    below: tuple[str, int] | None = None
    """Kind and index of the object whose ads are meant; None for the whole account."""


@cache
def rules() -> Rules:
    told: dict[str, Any] = json.loads((files("brandhound.twins.meta") / "library/breakdowns.json").read_text("utf-8"))
    return Rules(
        told["values"],
        frozenset(frozenset(one) for one in told["together"]),
        frozenset(told["removed"]),
        frozenset(told["without_offsite"]),
        frozenset(told["windows"]),
        frozenset(told["removed_windows"]),
        told["months"],
        told["reach_months_with_breakdowns"],
    )


def read_insights(call: Call, today: date, first: date, node: Level, index: int | None) -> Asked:
    """What is asked of an account (or of one of its objects). Raises Refused for what Meta refuses."""
    level = call.param("level", node)
    if level not in LEVELS:
        raise Refused("parameter", detail=f"level must be one of the following values: {', '.join(LEVELS)}")
    fields = tuple(one.name for one in read_fields(",".join(call.names("fields")))) or DEFAULTS
    for name in fields:
        if name not in known_fields()["AdsInsights"]:
            raise Refused("parameter", detail=f"{name} is not valid for fields param. please check the documents")
    breakdowns = _read_breakdowns(call)
    spans = _read_spans(call, today, first)
    oldest = min(since for since, _ in spans)
    if oldest < months_back(today, rules().months):
        raise Refused("too_old")
    if call.method != "POST" and breakdowns and is_old_reach(fields, oldest, today):
        # Of a report it may be asked, a few times a day.
        detail = f"Reach with breakdowns is not available for dates before the last {rules().reach_months} months."
        raise Refused("parameter", detail=detail)
    return Asked(
        level,
        fields,
        spans,
        _read_windows(call),
        breakdowns,
        _read_action_breakdowns(call),
        tuple(read_filters(call)),
        tuple(call.names("sort")),
        _read_report_time(call),
        None if index is None else (node, index),
    )


def is_old_reach(fields: Iterable[str], oldest: date, today: date) -> bool:
    """Whether people reached are asked for so long ago that Meta keeps them only in part."""
    return bool({"reach", "frequency"} & set(fields)) and oldest < months_back(today, rules().reach_months)


def _read_breakdowns(call: Call) -> tuple[str, ...]:
    names = tuple(call.names("breakdowns"))
    for name in names:
        if name in rules().removed or name not in known_breakdowns():
            detail = f"breakdowns[0] must be one of the following values: {', '.join(sorted(known_breakdowns()))}"
            raise Refused("parameter", detail=detail)
    if len(names) > 1 and frozenset(names) not in rules().together:
        raise Refused("breakdowns", columns=", ".join(["action_type", *names]))
    return names


def known_breakdowns() -> Mapping[str, list[str]]:
    return rules().values


def _read_windows(call: Call) -> tuple[str, ...]:
    windows = tuple(call.names("action_attribution_windows"))
    for name in windows:
        if name in rules().removed_windows:
            detail = f"The attribution window {name} is no longer available since January 12, 2026."
            raise Refused("parameter", detail=detail)
        if name not in rules().windows:
            raise Refused("parameter", detail=f"action_attribution_windows: {name} is not a valid value")
    return tuple(name for name in windows if name != "default")


def _read_report_time(call: Call) -> str:
    name = call.param("action_report_time", REPORT_TIMES[0])
    if name not in REPORT_TIMES:
        raise Refused(
            "parameter", detail=f"action_report_time must be one of the following values: {', '.join(REPORT_TIMES)}"
        )
    return name


def _read_action_breakdowns(call: Call) -> tuple[str, ...]:
    names = tuple(call.names("action_breakdowns"))
    for name in names:
        if name not in ACTION_BREAKDOWNS:
            raise Refused("parameter", detail=f"action_breakdowns: {name} is not a valid value")
    return names or ("action_type",)


def _read_spans(call: Call, today: date, first: date) -> tuple[tuple[date, date], ...]:
    if ranges := call.json("time_ranges"):
        spans = [_range(one) for one in cast("list[Any]", ranges)]
    elif given := call.json("time_range"):
        spans = [_range(given)]
    elif call.param("since") and call.param("until"):
        spans = [_range({"since": call.param("since"), "until": call.param("until")})]
    else:
        spans = [_preset(call.param("date_preset", "last_30d"), today, first)]
    increment = call.param("time_increment", "all_days")
    if increment == "all_days":
        return tuple(spans)
    if increment == "monthly":
        return tuple(part for span in spans for part in _months(*span))
    if not increment.isdigit() or not 1 <= int(increment) <= 90:
        raise Refused("parameter", detail="time_increment must be an integer between 1 and 90, monthly or all_days")
    step = int(increment)
    return tuple(part for span in spans for part in _steps(*span, step))


def _range(given: Any) -> tuple[date, date]:
    try:
        since, until = date.fromisoformat(given["since"][:10]), date.fromisoformat(given["until"][:10])
    except (TypeError, KeyError, ValueError):
        raise Refused("parameter", detail="param time_range must be non-empty, with since and until") from None
    if since > until:
        raise Refused("parameter", detail="time_range: since must be before until")
    return since, until


def _steps(since: date, until: date, step: int) -> list[tuple[date, date]]:
    return [
        (since + timedelta(days=n), min(since + timedelta(days=n + step - 1), until))
        for n in range(0, (until - since).days + 1, step)
    ]


def _months(since: date, until: date) -> list[tuple[date, date]]:
    found: list[tuple[date, date]] = []
    while since <= until:
        end = date(since.year, since.month, monthrange(since.year, since.month)[1])
        found.append((since, min(end, until)))
        since = end + timedelta(days=1)
    return found


def _preset(name: str, today: date, first: date) -> tuple[date, date]:
    yesterday, month = today - timedelta(days=1), today.replace(day=1)
    if name.startswith("last_") and name.endswith("d") and name[5:-1].isdigit():
        return today - timedelta(days=int(name[5:-1])), yesterday
    monday = today - timedelta(days=today.weekday())
    sunday = today - timedelta(days=(today.weekday() + 1) % 7)
    quarter = month.replace(month=(month.month - 1) // 3 * 3 + 1)
    before_month, before_quarter = month - timedelta(days=1), quarter - timedelta(days=1)
    presets = {
        "today": (today, today),
        "yesterday": (yesterday, yesterday),
        "this_month": (month, today),
        "last_month": (before_month.replace(day=1), before_month),
        "this_quarter": (quarter, today),
        "last_quarter": (
            before_quarter.replace(month=(before_quarter.month - 1) // 3 * 3 + 1, day=1),
            before_quarter,
        ),
        "this_year": (today.replace(month=1, day=1), today),
        "last_year": (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
        "this_week_mon_today": (monday, today),
        "this_week_sun_today": (sunday, today),
        "last_week_mon_sun": (monday - timedelta(days=7), monday - timedelta(days=1)),
        "last_week_sun_sat": (sunday - timedelta(days=7), sunday - timedelta(days=1)),
        "maximum": (max(first, months_back(today, rules().months)), today),
        "data_maximum": (max(first, months_back(today, rules().months)), today),
    }
    if name not in presets:
        raise Refused("parameter", detail=f"date_preset must be one of the following values: {', '.join(presets)}")
    return presets[name]


def months_back(day: date, months: int) -> date:
    """The same day so many months earlier, or that month's last."""
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
