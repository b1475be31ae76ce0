"""From a call about an account, or something in one, to what is told."""

import json
from html import escape
from typing import Any, cast

from brandhound.twins.meta.accounts import account_record
from brandhound.twins.meta.activities import list_activities
from brandhound.twins.meta.admitting import Caller
from brandhound.twins.meta.asking import Level, is_old_reach
from brandhound.twins.meta.calling import Call
from brandhound.twins.meta.creatives import Teller
from brandhound.twins.meta.entities import entities
from brandhound.twins.meta.keeping import Kept
from brandhound.twins.meta.known_fields import known_fields
from brandhound.twins.meta.numbering import Kind, id_of, read_id
from brandhound.twins.meta.objects import NODES, Shelf, list_images, list_objects, list_videos, tell_object
from brandhound.twins.meta.owning import AccountSpec
from brandhound.twins.meta.refusing import Refused
from brandhound.twins.meta.selecting import Wanted, pick, read_fields

EDGES: dict[str, str] = {"campaigns": "campaign", "adsets": "adset", "ads": "ad", "adcreatives": "creative"}
LEVELS: tuple[Level, ...] = ("campaign", "adset", "ad")


def open_shelf(kept: Kept, caller: Caller, call: Call, account: AccountSpec) -> Shelf:
    """An account's objects as they are now."""
    size = (call.number("thumbnail_width", 64), call.number("thumbnail_height", 64))
    world = kept.worlds.of(account)
    of_page = f"page:{id_of('page', account.ordinal, 0)}" in caller.token.scopes
    teller = Teller(world, kept.cdn, call.base, kept.clock.now(), size, of_page)
    shelf = Shelf(teller, entities(world, teller.now), kept.cursors, extra=kept.extra)
    shelf.insights = lambda kind, id_, wanted: _expand(kept, call, shelf, cast(Level, kind), id_, wanted)
    return shelf


def tell_account(kept: Kept, caller: Caller, call: Call, account: AccountSpec, edge: str) -> Any:
    """The account, or one of its edges. Raises Refused for an edge there is not."""
    caller.may_read(account)
    if not edge:
        wanted = read_fields(call.param("fields", "id,account_id"))
        return pick(account_record(kept, caller, account), wanted, "AdAccount", known_fields()["AdAccount"])
    shelf = open_shelf(kept, caller, call, account)
    if edge in NODES:
        return list_objects(shelf, call, edge)
    match edge:
        case "adimages":
            return list_images(shelf, call)
        case "advideos":
            return list_videos(shelf, call)
        case "activities":
            return list_activities(shelf.teller, kept.cursors, call)
        case "insights":
            return tell_insights(kept, call, shelf, "account", None)
        case _:
            raise Refused("no_such_path", path=call.path)


def tell_node(kept: Kept, caller: Caller, call: Call, id_: str, edge: str) -> Any:
    """Something by its id, or one of its edges. Raises Refused when nobody has it, or the caller may not see it."""
    account, kind, index = find_node(kept, call, id_)
    if account not in caller.accounts:
        raise Refused("not_there", method=call.method.lower(), id=id_)
    caller.may_read(account)
    shelf = open_shelf(kept, caller, call, account)
    if not edge:
        return tell_object(shelf, call, kind, index)
    if kind not in LEVELS:
        if kind == "video" and edge == "thumbnails":
            return shelf.teller.video(index)["thumbnails"](Wanted("thumbnails"))
        raise Refused("no_such_path", path=call.path)
    if edge == "insights":
        return tell_insights(kept, call, shelf, kind, index)
    if edge == "previews" and kind == "ad":
        return tell_preview(shelf, call, index)
    if edge in EDGES and (edge == "adcreatives" or LEVELS.index(kind) < LEVELS.index(cast(Level, EDGES[edge]))):
        return list_objects(shelf, call, edge, (kind, index))
    raise Refused("no_such_path", path=call.path)


def tell_insights(kept: Kept, call: Call, shelf: Shelf, node: Level, index: int | None) -> Any:
    """A page of insights, directly."""
    asked = kept.insights.read(shelf.teller.world, call, shelf.teller, node, index)
    return kept.insights.tell(shelf.teller, shelf.entities, call, asked)


def tell_preview(shelf: Shelf, call: Call, index: int) -> dict[str, Any]:
    """What an ad looks like: a frame that shows its picture. Raises Refused without a format."""
    if not call.param("ad_format"):
        raise Refused("parameter", detail="The parameter ad_format is required.")
    record = shelf.by_index("ads", index)
    picture = shelf.teller.picture_url(int(shelf.teller.world.latents.image[index]))
    body = f'<iframe src="{escape(picture)}" title="{escape(record["name"])}" width="335" height="450"></iframe>'
    return {"data": [{"body": body}]}


def find_node(kept: Kept, call: Call, id_: str) -> tuple[AccountSpec, Kind, int]:
    """Whose it is, and what. Raises Refused for an id that is none of ours."""
    found = read_id(id_)
    account = found and next((a for a in kept.owners.accounts.values() if a.ordinal == found[1]), None)
    if found is None or account is None:
        raise Refused("not_there", method=call.method.lower(), id=id_)
    return account, found[0], found[2]


def _expand(kept: Kept, call: Call, shelf: Shelf, kind: Level, id_: str, wanted: Wanted) -> Any:
    """`insights.date_preset(last_7d){spend}` among the fields of something."""
    found = read_id(id_)
    assert found is not None
    params = {"fields": ",".join(one.name for one in wanted.below), **wanted.modifiers}
    inner = Call("GET", f"{id_}/insights", call.version, params, call.base)
    told = json.loads(tell_insights(kept, inner, shelf, kind, found[2]))
    return told if told["data"] else None


def ask_report(kept: Kept, caller: Caller, call: Call, name: str) -> Any:
    """Have a report made of an account, or of something in one."""
    if name.startswith("act_"):
        account, node, index = kept.owners.account(name), cast(Level, "account"), None
    else:
        account, kind, index = find_node(kept, call, name)
        node = cast(Level, kind)
    if account is None or (index is not None and node not in LEVELS):
        raise Refused("not_there", method="post", id=name)
    caller.may_read(account)
    shelf = open_shelf(kept, caller, call, account)
    world = shelf.teller.world
    asked = kept.insights.read(world, call, shelf.teller, node, index)
    oldest = min(since for since, _ in asked.spans)
    if asked.breakdowns and is_old_reach(asked.fields, oldest, world.today(shelf.teller.now)):
        kept.limits.charge_reach(account)
    return kept.reports.make(shelf.teller, asked)


def poll_report(kept: Kept, caller: Caller, call: Call, name: str) -> Any:
    """How far a report is."""
    account, _, number = find_node(kept, call, name)
    caller.may_read(account)
    return kept.reports.poll(open_shelf(kept, caller, call, account).teller, call, number)


def fetch_report(kept: Kept, caller: Caller, call: Call, name: str) -> Any:
    """A page of a report."""
    account, _, number = find_node(kept, call, name)
    caller.may_read(account)
    shelf = open_shelf(kept, caller, call, account)
    return kept.reports.fetch(shelf.teller, shelf.entities, call, number)
