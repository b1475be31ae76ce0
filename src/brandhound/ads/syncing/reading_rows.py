"""A row of Meta's insights as the measures we keep. Thinks only.

What Meta does not say is None, and what it says is zero is 0: they are not the same, and are never mixed.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from brandhound.ads.meta.facts_of_meta import fields
from brandhound.ads.meta.money import Unreadable, exact, micros, whole
from brandhound.ads.syncing.errors import AnswerUnreadable, FieldMissing

MEASURES = (
    "spend_micros",
    "impressions",
    "reach",
    "clicks",
    "link_clicks",
    "outbound_clicks",
    "plays",
    "views_2s",
    "views_3s",
    "thruplays",
    "p25",
    "p50",
    "p75",
    "p95",
    "p100",
    "watch_seconds_avg",
    "landing_page_views",
    "content_views",
    "adds_to_cart",
    "checkouts",
    "purchases",
    "leads",
    "purchase_value_micros",
)
"""The columns of a daily fact that are numbers, in their order."""

Measure = int | float | Decimal | None
Fact = tuple[Any, ...]
"""Ad, day, the measures in their order, and the attribution setting."""
ActionValues = tuple[str, date, str, str]
"""Ad, day, and two objects as JSON: how often by type and window, and what it was worth in millionths."""


@dataclass
class Rows:
    """What rows of insights come to."""

    facts: list[Fact] = field(default_factory=list[Fact])
    actions: list[ActionValues] = field(default_factory=list[ActionValues])
    ads: dict[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    """The ads that were named, with one of their rows."""
    unknown: set[str] = field(default_factory=set[str])
    """Fields that we do not know; they stay in the raw answer."""

    def add(self, other: "Rows") -> None:
        """Have these as well."""
        self.facts += other.facts
        self.actions += other.actions
        self.ads |= other.ads
        self.unknown |= other.unknown


def read_rows(rows: Iterable[Mapping[str, Any]], account: str, kind: str = "insights") -> Rows:
    """All of them, of that account and no other. Raises FieldMissing or AnswerUnreadable, with the name of the field."""
    found = Rows()
    known, needed = _known(kind), frozenset(fields()["needed"][kind])
    days: dict[str, date] = {}
    digits = account.removeprefix("act_")
    for row in rows:
        names = row.keys()
        if not names <= known:
            found.unknown |= names - known
        if not needed <= names:
            raise FieldMissing(kind, min(needed - names))
        if row.get("account_id", digits) != digits:
            raise AnswerUnreadable(kind, "account_id", f"{row['account_id']}, where {digits} was asked for")
        text = row["date_start"]
        day = days.get(text)
        if day is None:
            day = days[text] = _day(text)
        ad = row["ad_id"]
        if ad not in found.ads:
            found.ads[ad] = row
        actions, values = row.get("actions"), row.get("action_values")
        try:
            found.facts.append((ad, day, *_measures(row, actions, values), row.get("attribution_setting")))
            if actions or values:
                found.actions.append((ad, day, _apart(actions or ()), _worth_apart(values) if values else "{}"))
        except Unreadable as error:
            raise AnswerUnreadable(kind, f"a number of ad {ad} on {text}", str(error)) from error
    return found


def check_fields(kind: str, things: Iterable[Mapping[str, Any]]) -> set[str]:
    """The fields nobody asked for and we do not know. Raises FieldMissing for one that must be there."""
    known, needed = _known(kind), tuple(fields()["needed"][kind])
    unknown: set[str] = set()
    for thing in things:
        unknown |= thing.keys() - known
        for name in needed:
            if name not in thing:
                raise FieldMissing(kind, name)
    return unknown


@cache
def _known(kind: str) -> frozenset[str]:
    told = fields()
    return frozenset((*told[kind], *told["also_known"].get(kind, ())))


def _day(text: object) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError as error:
        raise AnswerUnreadable("insights", "date_start", repr(text)) from error


_COUNTED = tuple(fields()["counted"].values())
_ACTIONS = {name: tuple(types) for name, types in fields()["actions"].items()}
_NOT_APART = frozenset(fields()["not_apart"])
_ONLY_DEFAULT = frozenset((*fields()["not_apart"], *fields()["only_default"]))
_WINDOWS = tuple(fields()["attribution_windows"])


def _measures(row: Mapping[str, Any], actions: Any, values: Any) -> tuple[Measure, ...]:
    by_type = {one["action_type"]: one for one in actions} if actions else {}
    by_worth = {one["action_type"]: one for one in values} if values else {}
    counted = [_first(row.get(name), kind) for name, kind in _COUNTED]
    purchase = chosen_type(_ACTIONS["purchases"], by_type)
    worth = by_worth.get(purchase) if purchase else None
    if worth is None and (other := chosen_type(_ACTIONS["purchases"], by_worth)):
        worth = by_worth[other] if purchase is None else None
    watched = row.get("video_avg_time_watched_actions")
    seconds = exact(watched[0].get("value")) if watched else None
    return (
        micros(row.get("spend")),
        whole(row.get("impressions")),
        whole(row.get("reach")),
        whole(row.get("clicks")),
        whole(row.get("inline_link_clicks")),
        counted[0],
        counted[1],
        counted[2],
        _counted_of("views_3s", by_type),
        *counted[3:],
        None if seconds is None else float(seconds),
        _counted_of("landing_page_views", by_type),
        _exact_of("content_views", by_type),
        _exact_of("adds_to_cart", by_type),
        _exact_of("checkouts", by_type),
        exact(by_type[purchase].get("value")) if purchase else None,
        _exact_of("leads", by_type),
        micros(worth.get("value")) if worth else None,
    )


def chosen_type(types: Sequence[str], told: Mapping[str, Any]) -> str | None:
    """The first of the overlapping types that was told. They are never added up."""
    for one in types:
        if one in told:
            return one
    return None


def _first(told: Any, kind: str) -> int | None:
    """The count in a list of one kind of action."""
    if not told:
        return None
    for one in told:
        if one.get("action_type", kind) == kind:
            return whole(one.get("value"))
    return whole(told[0].get("value"))


def _counted_of(name: str, told: Mapping[str, Any]) -> int | None:
    found = chosen_type(_ACTIONS[name], told)
    return whole(told[found].get("value")) if found else None


def _exact_of(name: str, told: Mapping[str, Any]) -> int | Decimal | None:
    found = chosen_type(_ACTIONS[name], told)
    return exact(told[found].get("value")) if found else None


def _apart(actions: Iterable[Any]) -> str:
    """How often people did what, by type and window, as a JSON object; those that count as results with their windows.

    What people do at once, such as to click or to watch, is in the daily facts; all of it stays in the raw answer.
    Written at once as text: the same as objects first would take as long as all the rest of the row.
    """
    told: list[str] = []
    for one in actions:
        kind = one["action_type"]
        if kind in _NOT_APART:
            continue
        text = _head(kind) + _number(one.get("value"))
        if kind not in _ONLY_DEFAULT:
            for window in _WINDOWS:
                if window in one:
                    text += f',"{window}":{_number(one[window])}'
        told.append(text)
    return "{" + "},".join(told) + "}}" if told else "{}"


def _worth_apart(values: Iterable[Any]) -> str:
    """What it was worth in millionths, by type and window, as a JSON object."""
    told: list[str] = []
    for one in values:
        kind = one["action_type"]
        text = _head(kind) + _millionths(one.get("value"))
        if kind not in _ONLY_DEFAULT:
            for window in _WINDOWS:
                if window in one:
                    text += f',"{window}":{_millionths(one[window])}'
        told.append(text)
    return "{" + "},".join(told) + "}}" if told else "{}"


@lru_cache(4096)
def _head(kind: str) -> str:
    return json.dumps(kind.replace("\0", "")) + ':{"default":'


def _number(text: object) -> str:
    """A count as JSON writes it. Raises Unreadable."""
    found = exact(text)
    return "null" if found is None else str(found) if isinstance(found, int) else format(found, "f")


def _millionths(text: object) -> str:
    found = micros(text)
    return "null" if found is None else str(found)
