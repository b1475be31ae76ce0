"""`actions`, `action_values` and what is made of them: one list of entries for each row."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from brandhound.twins.meta.asking import Asked, rules
from brandhound.twins.meta.counting import Table
from brandhound.twins.meta.latents import Floats

DEVICES = (("android_smartphone", 0.46), ("iphone", 0.38), ("desktop", 0.16))
WINDOWS = ("1d_click", "7d_click", "28d_click", "1d_view", "1d_ev")
ONSITE = 0.07
"""Of what is bought, so much is bought inside of Meta's apps."""
# A click converts at once or later: how much of the sum is there after a day, a week, four weeks, and after a view.
SLOW: dict[str, float] = {"1d_click": 0.86, "7d_click": 1.0, "28d_click": 1.04, "1d_view": 0.06}
ONCE: dict[str, float] = {"1d_click": 1.0, "7d_click": 1.0, "28d_click": 1.0}


@dataclass(frozen=True)
class Hidden:
    """An action that is not told for some days, as happened for months in 2025."""

    action: str
    since: date
    until: date
    account: str = ""


@dataclass
class Action:
    """One kind of action: how many in each row, and how many in each window."""

    name: str
    value: Floats
    windows: dict[str, Floats] = field(default_factory=dict[str, Floats])
    money: bool = False
    offsite: bool = False


def actions_of(table: Table, *, money: bool = False) -> list[Action]:
    """Every kind of action; those with money only, for the values."""
    columns = table.columns
    if money:
        return _purchases(table, "value", money=True)
    engaged = (
        columns["link_clicks"] + columns["views_3s"] + columns["reactions"] + columns["comments"] + columns["shares"]
    )
    once = [
        ("link_click", columns["link_clicks"]),
        ("video_view", columns["views_3s"]),
        ("post_reaction", columns["reactions"]),
        ("comment", columns["comments"]),
        ("post", columns["shares"]),
        ("post_engagement", engaged),
        ("page_engagement", engaged),
    ]
    found = [Action(name, column, {w: column * part for w, part in ONCE.items()}) for name, column in once]
    for names, column in (
        (("landing_page_view", "omni_landing_page_view"), columns["page_views"]),
        (("view_content", "omni_view_content", "offsite_conversion.fb_pixel_view_content"), columns["content_views"]),
        (("add_to_cart", "omni_add_to_cart", "offsite_conversion.fb_pixel_add_to_cart"), columns["carts"]),
        (
            ("initiate_checkout", "omni_initiated_checkout", "offsite_conversion.fb_pixel_initiate_checkout"),
            columns["checkouts"],
        ),
    ):
        windows = {w: np.floor(column * part + 0.5) for w, part in SLOW.items()}
        found += [Action(name, column, windows, offsite=True) for name in names]
    return found + _purchases(table, "bought", money=False)


def _purchases(table: Table, kind: str, *, money: bool) -> list[Action]:
    """The overlapping kinds of purchases: all, those on the site, and those inside of Meta's apps."""
    columns = table.columns
    value = columns[kind]
    windows = {
        "1d_click": columns[f"{kind}_1d"],
        "7d_click": columns[f"{kind}_7d"],
        "28d_click": columns[f"{kind}_28d"],
        "1d_view": columns[f"{kind}_view"],
        "1d_ev": np.floor(columns[f"{kind}_view"] * 0.2) if not money else columns[f"{kind}_view"] * 0.2,
    }
    inside = np.round(value * ONSITE, 2) if money else np.floor(value * ONSITE)
    outside = value - inside
    web = {w: np.round(v * (1 - ONSITE), 2) if money else np.ceil(v * (1 - ONSITE)) for w, v in windows.items()}
    return [
        Action("purchase", value, windows, money, True),
        Action("omni_purchase", value, windows, money, True),
        Action("offsite_conversion.fb_pixel_purchase", outside, web, money, True),
        Action("web_in_store_purchase", outside, web, money, True),
        Action("onsite_web_purchase", inside, {}, money, True),
    ]


def told_actions(
    asked: Asked, table: Table, actions: Sequence[Action], hidden: Sequence[Hidden], digits: int
) -> list[str]:
    """For each row the list as JSON, or nothing where nobody did anything."""
    if rules().without_offsite & set(asked.breakdowns):
        actions = [action for action in actions if not action.offsite]
    pieces: list[list[str]] = []
    known: dict[int, list[str]] = {}
    for action in actions:
        # Without action_type among the breakdowns the kinds cannot be told apart, though there is an entry for each.
        kind = f'"action_type":{json.dumps(action.name)},' if "action_type" in asked.action_breakdowns else ""
        _hide(action, table, hidden)
        if "action_device" in asked.action_breakdowns:
            for device, share in DEVICES:
                part = Action(
                    action.name,
                    np.floor(action.value * share + 0.5),
                    {w: np.floor(v * share + 0.5) for w, v in action.windows.items()},
                    action.money,
                )
                pieces.append(_headed(f'{{{kind}"action_device":"{device}",', _tails(asked, part, digits)))
            continue
        # Several kinds count the same: their numbers become texts once.
        tails = known.get(id(action.value))
        if tails is None:
            tails = known[id(action.value)] = _tails(asked, action, digits)
        pieces.append(_headed("{" + kind, tails))
    return joined(pieces) if pieces else [""] * table.size


def _headed(head: str, tails: list[str]) -> list[str]:
    return [head + tail if tail else "" for tail in tails]


def _tails(asked: Asked, action: Action, digits: int) -> list[str]:
    """The numbers of an entry: its value, and those of the windows that are not zero."""
    values = _texts(action, action.value, digits)
    told = [(f'","{w}":"', _texts(action, action.windows[w], digits)) for w in asked.windows if w in action.windows]
    if not told:
        return [f'"value":"{value}"}}' if value else "" for value in values]
    names = [name for name, _ in told]
    rows: list[str] = []
    for value, *windows in zip(values, *(column for _, column in told), strict=True):
        if value or any(windows):
            parts = [name + window for name, window in zip(names, windows, strict=True) if window]
            rows.append(f'"value":"{value or 0}{"".join(parts)}"}}')
        else:
            rows.append("")
    return rows


def _texts(action: Action, column: Floats, digits: int) -> list[str]:
    if action.money:
        form = f"%.{digits}f"
        return [form % value if value else "" for value in column.tolist()]
    return [str(value) if value else "" for value in column.astype(np.int64).tolist()]


def joined(pieces: Iterable[list[str]]) -> list[str]:
    """The entries of each row as one list; nothing where there are none."""
    found: list[str] = []
    for row in zip(*pieces, strict=True):
        text = ",".join(filter(None, row))
        found.append(f"[{text}]" if text else "")
    return found


def _hide(action: Action, table: Table, hidden: Sequence[Hidden]) -> None:
    for one in hidden:
        if one.action == action.name:
            seen = np.array([not one.since <= day <= one.until for day in table.since], np.float64)
            action.value = action.value * seen
            action.windows = {w: column * seen for w, column in action.windows.items()}
