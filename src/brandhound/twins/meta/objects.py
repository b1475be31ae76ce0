"""Campaigns, ad sets, ads and what they show: lists and single objects."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

import numpy as np

from brandhound.twins.meta.calling import Call
from brandhound.twins.meta.creatives import Teller, picture_indices
from brandhound.twins.meta.entities import ADS_IN_CAMPAIGN, HIDDEN, Entities, Group, edits
from brandhound.twins.meta.filtering import matches, read_filters
from brandhound.twins.meta.known_fields import known_fields
from brandhound.twins.meta.latents import (
    ADS_IN_SET,
    ATTRIBUTIONS,
    OBJECTIVES,
    SETS_IN_CAMPAIGN,
    Ints,
)
from brandhound.twins.meta.numbering import Kind, base_of, id_of
from brandhound.twins.meta.paging import Cursors, paging, span
from brandhound.twins.meta.pictures import has_page_owner
from brandhound.twins.meta.refusing import Refused
from brandhound.twins.meta.selecting import Wanted, pick, read_fields
from brandhound.twins.meta.selecting import edge as told_by
from brandhound.twins.meta.writing import ad_name, campaign_name, is_moving, set_name

GOALS = ("OFFSITE_CONVERSIONS", "LANDING_PAGE_VIEWS", "REACH")
# (node, what its ids are, prefix in filters)
NODES: Mapping[str, tuple[str, Kind, str]] = {
    "campaigns": ("Campaign", "campaign", "campaign"),
    "adsets": ("AdSet", "adset", "adset"),
    "ads": ("Ad", "ad", "ad"),
    "adcreatives": ("AdCreative", "creative", "adcreative"),
}
MOST_CELLS = 30_000
HEAVY: Mapping[str, int] = {"object_story_spec": 10, "asset_feed_spec": 10, "targeting": 10, "creative": 3}


@dataclass
class Shelf:
    """One account's objects at one moment, and how they are told. `insights` answers the edge of that name."""

    teller: Teller
    entities: Entities
    cursors: Cursors
    insights: Callable[[str, str, Wanted], Any] | None = None
    extra: Mapping[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    """Fields that nobody has heard of, by node."""

    @property
    def ordinal(self) -> int:
        return self.teller.ordinal

    def record(self, edge: str, place: int) -> dict[str, Any]:
        """The object at a place of its group."""
        made: Callable[[int], dict[str, Any]] = {
            "campaigns": self._campaign,
            "adsets": self._set,
            "ads": self._ad,
        }[edge]
        record = made(place)
        record["insights"] = told_by(lambda wanted: self._insights(edge, record["id"], wanted))
        return record

    def group(self, edge: str) -> Group:
        return {"campaigns": self.entities.campaigns, "adsets": self.entities.sets, "ads": self.entities.ads}[edge]

    def by_index(self, edge: str, index: int) -> dict[str, Any]:
        """One object by its index. Raises Refused when it does not exist yet."""
        if edge == "adcreatives":
            if index not in self.creatives():
                raise Refused("not_there", method="get", id=id_of("creative", self.ordinal, index))
            return self._creative(index)
        place = int(np.searchsorted(self.group(edge).index, index))
        if place >= self.group(edge).index.size or self.group(edge).index[place] != index:
            raise Refused("not_there", method="get", id=id_of(NODES[edge][1], self.ordinal, index))
        return self.record(edge, place)

    def creatives(self) -> Ints:
        """The creatives of the ads that exist."""
        return np.unique(self.teller.world.latents.creative[self.entities.ads.index])

    def _insights(self, edge: str, id_: str, wanted: Wanted) -> Any:
        return self.insights(edge.removesuffix("s"), id_, wanted) if self.insights else None

    def _state(self, group: Group, place: int) -> dict[str, Any]:
        return {
            "account_id": self.teller.world.spec.id,
            "status": str(group.status[place]),
            "configured_status": str(group.status[place]),
            "effective_status": str(group.effective[place]),
            "created_time": self.teller.time(int(group.made[place])),
            "updated_time": self.teller.time(int(group.changed[place])),
        }

    def _campaign(self, place: int) -> dict[str, Any]:
        group, latents, spec = self.entities.campaigns, self.teller.world.latents, self.teller.world.spec
        index = int(group.index[place])
        ads = slice(index * ADS_IN_CAMPAIGN, (index + 1) * ADS_IN_CAMPAIGN)
        planned = float((latents.shown[ads] * latents.cpm[ads]).sum() / 1000)
        return self._state(group, place) | {
            "id": id_of("campaign", self.ordinal, index),
            "name": campaign_name(self.teller.world, index),
            "objective": OBJECTIVES[latents.objective[index]],
            "buying_type": "AUCTION",
            "bid_strategy": "LOWEST_COST_WITHOUT_CAP",
            "daily_budget": str(max(round(planned * 1.2 * spec.offset), spec.offset)),
            "budget_remaining": str(round(planned * 0.3 * spec.offset)),
            "special_ad_categories": [],
            "start_time": self.teller.time(int(group.made[place])),
            "adsets": told_by(lambda wanted: self._below("adsets", index, SETS_IN_CAMPAIGN, wanted)),
            "ads": told_by(lambda wanted: self._below("ads", index, ADS_IN_CAMPAIGN, wanted)),
        }

    def _set(self, place: int) -> dict[str, Any]:
        group, latents = self.entities.sets, self.teller.world.latents
        index = int(group.index[place])
        objective = int(latents.objective[index // SETS_IN_CAMPAIGN])
        attribution = ATTRIBUTIONS[int(latents.attribution[index])]
        windows = [{"event_type": "CLICK_THROUGH", "window_days": int(attribution[0])}]
        if attribution.endswith("view"):
            windows.append({"event_type": "VIEW_THROUGH", "window_days": 1})
        edited = edits(self.teller.world)[index * ADS_IN_SET : (index + 1) * ADS_IN_SET]
        now = self.teller.now.timestamp()
        fresh = bool(((edited > now - 4 * 86400) & (edited <= now)).any() or now - group.made[place] < 5 * 86400)
        shown = float(latents.shown[index * ADS_IN_SET : (index + 1) * ADS_IN_SET].sum())
        stage = "LEARNING" if fresh else "SUCCESS" if shown > 3000 else "FAIL"
        return self._state(group, place) | {
            "id": id_of("adset", self.ordinal, index),
            "name": set_name(self.teller.world, index),
            "campaign_id": id_of("campaign", self.ordinal, index // SETS_IN_CAMPAIGN),
            "campaign": told_by(lambda wanted: self._one("campaigns", index // SETS_IN_CAMPAIGN, wanted)),
            "optimization_goal": GOALS[objective],
            "billing_event": "IMPRESSIONS",
            "bid_strategy": "LOWEST_COST_WITHOUT_CAP",
            "attribution_spec": windows,
            "promoted_object": {"pixel_id": f"9{self.teller.world.spec.id}", "custom_event_type": "PURCHASE"}
            if objective == 0
            else {"page_id": id_of("page", self.ordinal, 0)},
            "targeting": {
                "age_min": 18,
                "age_max": 65,
                "geo_locations": {"countries": [self.teller.world.spec.country], "location_types": ["home", "recent"]},
                "targeting_automation": {"advantage_audience": index % 2},
            },
            "learning_stage_info": {"status": stage, "conversions": round(min(shown / 300, 50))},
            "start_time": self.teller.time(int(group.made[place])),
            "is_dynamic_creative": False,
            "ads": told_by(lambda wanted: self._below("ads", index, ADS_IN_SET, wanted)),
        }

    def _ad(self, place: int) -> dict[str, Any]:
        group, world = self.entities.ads, self.teller.world
        index = int(group.index[place])
        creative = int(world.latents.creative[index])
        record: dict[str, Any] = self._state(group, place) | {
            "id": id_of("ad", self.ordinal, index),
            "name": ad_name(world, index),
            "adset_id": id_of("adset", self.ordinal, index // ADS_IN_SET),
            "campaign_id": id_of("campaign", self.ordinal, index // ADS_IN_CAMPAIGN),
            "adset": told_by(lambda wanted: self._one("adsets", index // ADS_IN_SET, wanted)),
            "campaign": told_by(lambda wanted: self._one("campaigns", index // ADS_IN_CAMPAIGN, wanted)),
            "creative": told_by(lambda wanted: self._tell_creative(creative, wanted)),
            "adcreatives": told_by(lambda wanted: {"data": [self._tell_creative(creative, wanted)]}),
            "tracking_specs": [{"action.type": ["offsite_conversion"], "fb_pixel": [f"9{world.spec.id}"]}],
            "conversion_specs": [{"action.type": ["offsite_conversion"]}],
            "preview_shareable_link": f"https://fb.me/{index:x}tw{self.ordinal:x}",
            "bid_type": "ABSOLUTE_OCPM",
        }
        if record["effective_status"] == "WITH_ISSUES":
            issue = {"error_code": 1815011, "error_summary": "The picture has much text", "level": "AD"}
            record["issues_info"] = [issue]
        if record["effective_status"] == "DISAPPROVED":
            record["ad_review_feedback"] = {"global": {"MISLEADING_CLAIMS": "It promises what nobody can."}}
        return record

    def _creative(self, index: int) -> dict[str, Any]:
        return self.teller.creative(index)

    def _tell_creative(self, index: int, wanted: Wanted) -> dict[str, Any]:
        if not wanted.below:
            return {"id": id_of("creative", self.ordinal, index)}
        return pick(self._creative(index), wanted.below, "AdCreative", known_fields()["AdCreative"])

    def _one(self, edge: str, index: int, wanted: Wanted) -> dict[str, Any]:
        node, kind, _ = NODES[edge]
        if not wanted.below:
            return {"id": id_of(kind, self.ordinal, index)}
        return pick(self.by_index(edge, index), wanted.below, node, known_fields()[node])

    def _below(self, edge: str, index: int, count: int, wanted: Wanted) -> dict[str, Any]:
        """What is below an object, as field expansion has it."""
        node, _, _ = NODES[edge]
        group = self.group(edge)
        places = np.flatnonzero(group.index // count == index)[: int(wanted.modifiers.get("limit", "25"))]
        fields = wanted.below or (Wanted("id"),)
        data = [pick(self.record(edge, int(p)), fields, node, known_fields()[node]) for p in places]
        end = places.size
        return {"data": data, **({"paging": {"cursors": self._marks(0, end - 1)}} if end else {})}

    def _marks(self, first: int, last: int) -> dict[str, str]:
        return {"before": self.cursors.write(first), "after": self.cursors.write(last)}


def list_objects(shelf: Shelf, call: Call, edge: str, below: tuple[str, int] | None = None) -> dict[str, Any]:
    """A page of campaigns, ad sets, ads or creatives; those `below` an object only, when one is named.

    Deleted and archived ones come only when a filter asks for them.
    """
    node, kind, prefix = NODES[edge]
    wanted = read_fields(call.param("fields", "id"))
    _weigh(call, wanted)
    if edge == "adcreatives":
        places = shelf.creatives()
        if below is not None:
            ads = shelf.entities.ads.index
            of_ads = ads[ads // _counts("ads", below[0]) == below[1]]
            places = np.unique(shelf.teller.world.latents.creative[of_ads])
    else:
        places = _places(shelf, call, edge, kind, prefix, below)
    make = shelf.by_index if edge == "adcreatives" else shelf.record
    start, end = span(call, shelf.cursors, places.size)
    known, more = known_fields()[node], shelf.extra.get(node, {})
    data = [pick(make(edge, int(place)), wanted, node, known) | more for place in places[start:end]]
    told: dict[str, Any] = {"data": data} | paging(call, shelf.cursors, start, end, places.size)
    if call.param("summary") in ("true", "1", "total_count"):
        told["summary"] = {"total_count": int(places.size)}
    return told


def _places(shelf: Shelf, call: Call, edge: str, kind: Kind, prefix: str, below: tuple[str, int] | None) -> Ints:
    group, filters = shelf.group(edge), read_filters(call)
    if states := call.names("effective_status"):
        filters.append(("effective_status", "IN", states))
    columns = _columns(shelf, group, edge, kind)
    columns |= {f"{prefix}.{name}": column for name, column in columns.items()}
    kept = matches(columns, filters, group.index.size)
    if not any(name.endswith("effective_status") and not _above(name, prefix) for name, _, _ in filters):
        kept &= ~np.isin(group.effective, HIDDEN)
    if below is not None:
        kept &= group.index // _counts(edge, below[0]) == below[1]
    # The newest first, as Meta lists them.
    return np.flatnonzero(kept)[::-1]


def _above(name: str, prefix: str) -> bool:
    return "." in name and not name.startswith(f"{prefix}.")


def _columns(shelf: Shelf, group: Group, edge: str, kind: Kind) -> dict[str, Callable[[], Any]]:
    base, world = base_of(kind, shelf.ordinal), shelf.teller.world
    names: dict[str, Callable[[Any, int], str]] = {"campaigns": campaign_name, "adsets": set_name, "ads": ad_name}
    columns: dict[str, Callable[[], Any]] = {
        "id": lambda: (group.index + base).astype("<U18"),
        "effective_status": lambda: group.effective,
        "status": lambda: group.status,
        "configured_status": lambda: group.status,
        "updated_time": lambda: group.changed,
        "created_time": lambda: group.made,
        "name": lambda: np.array([names[edge](world, int(i)) for i in group.index], dtype=np.str_),
    }
    for other, size in (("campaign", _counts(edge, "campaign")), ("adset", _counts(edge, "adset"))):
        if size > 1:
            start = base_of(cast(Kind, other), shelf.ordinal)
            columns[f"{other}.id"] = columns[f"{other}_id"] = partial(_ids, group.index // size + start)
    return columns


def _ids(numbers: Ints) -> Any:
    return numbers.astype("<U18")


def _counts(edge: str, owner: str) -> int:
    """How many things of an edge belong to one owner."""
    inside = {"campaigns": ADS_IN_CAMPAIGN, "adsets": ADS_IN_SET, "ads": 1, "adcreatives": 1}[edge]
    return {"campaign": ADS_IN_CAMPAIGN, "adset": ADS_IN_SET, "ad": 1}[owner] // inside


def _weigh(call: Call, wanted: tuple[Wanted, ...]) -> None:
    """Raises Refused when too much is asked for at once."""
    if call.number("limit", 25) * _weight(wanted) > MOST_CELLS:
        raise Refused("reduce")


def _weight(wanted: tuple[Wanted, ...]) -> int:
    return sum(HEAVY.get(one.name, 1) + _weight(one.below) * int(one.modifiers.get("limit", "1")) for one in wanted)


def list_images(shelf: Shelf, call: Call) -> dict[str, Any]:
    """`adimages`: by their hashes, or all of the account."""
    wanted, known = read_fields(call.param("fields", "id")), known_fields()["AdImage"] | {"url_128"}
    latents = shelf.teller.world.latents
    hashes = call.names("hashes")
    if hashes:
        known_hashes = picture_indices(shelf.teller.world)
        indices = [known_hashes[name] for name in hashes if name in known_hashes]
    else:
        moving = latents.format == 1
        used = latents.image[shelf.entities.ads.index[~moving[shelf.entities.ads.index]]]
        indices = [int(index) for index in np.unique(used)]
    start, end = span(call, shelf.cursors, len(indices))
    data = [pick(shelf.teller.image(index), wanted, "AdImage", known) for index in indices[start:end]]
    return {"data": data} | paging(call, shelf.cursors, start, end, len(indices))


def list_videos(shelf: Shelf, call: Call) -> dict[str, Any]:
    """`advideos`: those that the account owns."""
    wanted = read_fields(call.param("fields", "id"))
    latents = shelf.teller.world.latents
    indices = sorted(
        {int(latents.image[c]) for c in shelf.creatives() if is_moving(latents, int(c))}
        - {i for i in range(latents.size) if has_page_owner(i)}
    )
    start, end = span(call, shelf.cursors, len(indices))
    data = [pick(shelf.teller.video(i), wanted, "AdVideo", known_fields()["AdVideo"]) for i in indices[start:end]]
    return {"data": data} | paging(call, shelf.cursors, start, end, len(indices))


def tell_object(shelf: Shelf, call: Call, kind: Kind, index: int) -> dict[str, Any]:
    """One object by its id."""
    wanted = read_fields(call.param("fields", "id"))
    if kind == "video":
        if index >= shelf.teller.world.latents.size:
            raise Refused("not_there", method="get", id=id_of(kind, shelf.ordinal, index))
        return pick(shelf.teller.video(index), wanted, "AdVideo", known_fields()["AdVideo"])
    edges: Mapping[Kind, str] = {kind: edge for edge, (_, kind, _) in NODES.items()}
    if kind not in edges:
        raise Refused("not_there", method="get", id=id_of(kind, shelf.ordinal, index))
    node = NODES[edges[kind]][0]
    return pick(shelf.by_index(edges[kind], index), wanted, node, known_fields()[node]) | shelf.extra.get(node, {})
