"""`activities`: who changed what and when, as far as it explains what ads do."""

import json
from datetime import date
from typing import Any

import numpy as np

from brandhound.twins.meta.calling import Call
from brandhound.twins.meta.creatives import Teller
from brandhound.twins.meta.entities import ADS_IN_CAMPAIGN, edits, entities
from brandhound.twins.meta.known_fields import known_fields
from brandhound.twins.meta.numbering import id_of
from brandhound.twins.meta.paging import Cursors, paging, span
from brandhound.twins.meta.selecting import pick, read_fields
from brandhound.twins.meta.writing import ad_name, campaign_name

CREATED, PAUSED, EDITED, BUDGET = range(4)
EVENTS = ("create_ad", "update_ad_run_status", "update_ad_creative", "update_campaign_budget")
ACTORS = (("10220000000000101", "Runa Vik"), ("10220000000000102", "Otto Brandt"))
WEEK = 7 * 86400
BUDGET_CHANGES = 8


def list_activities(teller: Teller, cursors: Cursors, call: Call) -> dict[str, Any]:
    """A page of changes, the newest first; `since` and `until` are seconds since 1970 or days."""
    now = int(teller.now.timestamp())
    since, until = _moment(teller, call.param("since"), now - WEEK), _moment(teller, call.param("until"), now)
    at, what, which = _changes(teller)
    kept = np.flatnonzero((at >= since) & (at <= min(until, now)))
    kept = kept[np.argsort(-at[kept], kind="stable")]
    wanted = read_fields(call.param("fields", "event_time,event_type,object_id,object_name,extra_data,actor_name"))
    start, end = span(call, cursors, kept.size)
    data = [
        pick(
            _record(teller, int(at[k]), int(what[k]), int(which[k])), wanted, "AdActivity", known_fields()["AdActivity"]
        )
        for k in kept[start:end]
    ]
    return {"data": data} | paging(call, cursors, start, end, kept.size)


def _changes(teller: Teller) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    world = teller.world
    known = entities(world, teller.now)
    ads = known.ads
    ended = ads.effective != "ACTIVE"
    edited = edits(world)[ads.index]
    was_edited = (edited > ads.made) & (edited <= teller.now.timestamp())
    campaigns = known.campaigns
    parts = [
        (ads.made, CREATED, ads.index),
        (ads.changed[ended], PAUSED, ads.index[ended]),
        (edited[was_edited], EDITED, ads.index[was_edited]),
        *(
            (campaigns.made + 86400 * (17 + campaigns.index % 13) * time + 3600 * 11, BUDGET, campaigns.index)
            for time in range(1, BUDGET_CHANGES + 1)
        ),
    ]
    return (
        np.concatenate([at for at, _, _ in parts]),
        np.concatenate([np.full(at.size, what) for at, what, _ in parts]),
        np.concatenate([index for _, _, index in parts]),
    )


def _record(teller: Teller, at: int, what: int, which: int) -> dict[str, Any]:
    world, actor = teller.world, ACTORS[which % 2]
    extra: dict[str, Any] = {}
    if what == PAUSED:
        extra = {"old_value": "Active", "new_value": "Inactive", "type": "run_status"}
    elif what == EDITED:
        extra = {"old_value": "creative", "new_value": "creative", "type": "creative"}
    elif what == BUDGET:
        ads = slice(which * ADS_IN_CAMPAIGN, (which + 1) * ADS_IN_CAMPAIGN)
        planned = float((world.latents.shown[ads] * world.latents.cpm[ads]).sum() / 1000) * world.spec.offset
        extra = {"old_value": round(planned * 0.8), "new_value": round(planned * 1.2), "currency": world.spec.currency}
    of_campaign = what == BUDGET
    return {
        "event_type": EVENTS[what],
        "translated_event_type": EVENTS[what].replace("_", " "),
        "event_time": teller.time(at),
        "date_time_in_timezone": teller.time(at),
        "object_id": id_of("campaign" if of_campaign else "ad", teller.ordinal, which),
        "object_name": campaign_name(world, which) if of_campaign else ad_name(world, which),
        "object_type": "CAMPAIGN_GROUP" if of_campaign else "ADGROUP",
        "actor_id": actor[0],
        "actor_name": actor[1],
        "application_id": "119211728144504",
        "application_name": "Power Editor",
        "extra_data": json.dumps(extra),
    }


def _moment(teller: Teller, text: str, otherwise: int) -> int:
    if not text:
        return otherwise
    if text.lstrip("-").isdigit():
        return int(text)
    day = date.fromisoformat(text[:10])
    return int(teller.world.midnight(teller.world.number(day)).timestamp())
