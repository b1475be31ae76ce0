"""Rows of insights as JSON. This is the hot path: columns become texts, and texts become rows."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from brandhound.twins.meta.acting import Hidden, actions_of, joined, told_actions
from brandhound.twins.meta.asking import Asked, known_breakdowns
from brandhound.twins.meta.counting import Table
from brandhound.twins.meta.creatives import Teller
from brandhound.twins.meta.entities import ADS_IN_CAMPAIGN
from brandhound.twins.meta.latents import ADS_IN_SET, ATTRIBUTIONS, FLEXIBLE, FORMATS, OBJECTIVES, Floats, Ints
from brandhound.twins.meta.numbering import base_of, id_of
from brandhound.twins.meta.objects import GOALS
from brandhound.twins.meta.pictures import flexible_pictures, picture_hash
from brandhound.twins.meta.writing import TITLES, ad_name, body_of, campaign_name, link_of, set_name, shop_of, title_of

BELOW = {"account": 0, "campaign": 1, "adset": 2, "ad": 3}
CURVE = 22


@dataclass(frozen=True)
class Sheet:
    """A table with all that is needed to write it."""

    teller: Teller
    asked: Asked
    table: Table
    hidden: tuple[Hidden, ...] = ()

    @property
    def digits(self) -> int:
        return 2 if self.teller.world.spec.offset == 100 else 0


def write_rows(sheet: Sheet) -> list[str]:
    """Each row as a JSON object, with the fields that were asked for; what has no value is left out."""
    if not sheet.table.size:
        return []
    names = list(dict.fromkeys((*sheet.asked.fields, "date_start", "date_stop")))
    pieces: list[list[str]] = []
    for name in names:
        if name in TEXTS:
            pieces.append(_quoted(name, TEXTS[name](sheet)))
        elif name in LISTS:
            pieces.append(_named(name, LISTS[name](sheet)))
    for name in sheet.asked.breakdowns:
        pieces.append(_named(name, _part(sheet, name)))
    return ["{" + ",".join(filter(None, row)) + "}" for row in zip(*pieces, strict=True)]


def _quoted(name: str, values: Sequence[str]) -> list[str]:
    head = f'"{name}":"'
    return [f'{head}{value}"' if value else "" for value in values]


def _named(name: str, values: Sequence[str]) -> list[str]:
    return [f'"{name}":{value}' if value else "" for value in values]


def _column(sheet: Sheet, name: str) -> Floats:
    return sheet.table.columns[name]


def _whole(name: str) -> Callable[[Sheet], list[str]]:
    return lambda sheet: [str(value) for value in _column(sheet, name).astype(np.int64).tolist()]


def _money(sheet: Sheet, values: Floats) -> list[str]:
    form = f"%.{sheet.digits}f"
    return [form % value for value in values.tolist()]


def _ratio(above: str, below: str, times: float = 1.0) -> Callable[[Sheet], list[str]]:
    def write(sheet: Sheet) -> list[str]:
        divisor = _column(sheet, below)
        with np.errstate(divide="ignore", invalid="ignore"):
            values = _column(sheet, above) / divisor * times
        return [f"{value:.6f}" if d else "" for value, d in zip(values.tolist(), divisor.tolist(), strict=True)]

    return write


def _same(text: Callable[[Sheet], str]) -> Callable[[Sheet], list[str]]:
    return lambda sheet: [text(sheet)] * sheet.table.size


def _id(kind: str, size: int) -> Callable[[Sheet], list[str]]:
    def write(sheet: Sheet) -> list[str]:
        if BELOW[sheet.table.level] < BELOW[kind]:
            return [""] * sheet.table.size
        base = base_of(kind, sheet.teller.ordinal)  # pyright: ignore[reportArgumentType]
        return [str(value) for value in (sheet.table.ads // size + base).tolist()]

    return write


def _name(kind: str, size: int, name: Callable[..., str]) -> Callable[[Sheet], list[str]]:
    def write(sheet: Sheet) -> list[str]:
        if BELOW[sheet.table.level] < BELOW[kind]:
            return [""] * sheet.table.size
        index = sheet.table.ads // size
        known = {one: json.dumps(name(sheet.teller.world, one))[1:-1] for one in np.unique(index).tolist()}
        return [known[one] for one in index.tolist()]

    return write


def _setting(sheet: Sheet) -> list[str]:
    if BELOW[sheet.table.level] < BELOW["adset"]:
        return ["multiple" if sheet.table.level == "campaign" else ""] * sheet.table.size
    settings: Ints = sheet.teller.world.latents.attribution[sheet.table.ads // ADS_IN_SET]
    return [ATTRIBUTIONS[s] for s in cast(list[int], settings.tolist())]


def _objective(words: tuple[str, ...]) -> Callable[[Sheet], list[str]]:
    def write(sheet: Sheet) -> list[str]:
        if sheet.table.level == "account":
            return [""] * sheet.table.size
        return [words[o] for o in sheet.teller.world.latents.objective[sheet.table.ads // ADS_IN_CAMPAIGN].tolist()]

    return write


def _ranking(rate: Callable[[Sheet], Floats]) -> Callable[[Sheet], list[str]]:
    words = ("BELOW_AVERAGE_10", "BELOW_AVERAGE_20", "BELOW_AVERAGE_35", "AVERAGE", "AVERAGE", "ABOVE_AVERAGE")

    def write(sheet: Sheet) -> list[str]:
        if sheet.table.level != "ad":
            return [""] * sheet.table.size
        place = np.searchsorted((0.35, 0.5, 0.7, 1.0, 1.35), rate(sheet))
        shown = _column(sheet, "impressions")
        return [words[p] if n >= 500 else "UNKNOWN" for p, n in zip(place.tolist(), shown.tolist(), strict=True)]

    return write


def _against(name: str) -> Callable[[Sheet], Floats]:
    """How an ad's truth compares with the account's middle."""

    def compare(sheet: Sheet) -> Floats:
        truth: Floats = getattr(sheet.teller.world.latents, name)
        return truth[sheet.table.ads] / np.median(truth)

    return compare


def _one(name: str, kind: str = "video_view") -> Callable[[Sheet], list[str]]:
    """A list of a single action."""

    def write(sheet: Sheet) -> list[str]:
        head = f'[{{"action_type":"{kind}","value":"'
        return [f'{head}{value}"}}]' if value else "" for value in _column(sheet, name).astype(np.int64).tolist()]

    return write


def _one_ratio(above: str, below: str, kind: str, times: float = 1.0) -> Callable[[Sheet], list[str]]:
    ratio = _ratio(above, below, times)
    return lambda sheet: [f'[{{"action_type":"{kind}","value":"{v}"}}]' if v else "" for v in ratio(sheet)]


def _average_watch(sheet: Sheet) -> list[str]:
    plays, watched = _column(sheet, "plays").tolist(), _column(sheet, "watched").tolist()
    return [
        f'[{{"action_type":"video_view","value":"{round(w / p)}"}}]' if p else ""
        for p, w in zip(plays, watched, strict=True)
    ]


def _curve(sheet: Sheet) -> list[str]:
    """Which part of the plays reached each second: falls fast until the third, slowly later, ends with the video."""
    latents, ads = sheet.teller.world.latents, sheet.table.ads
    plays = _column(sheet, "plays")
    with np.errstate(divide="ignore", invalid="ignore"):
        three = np.where(plays > 0, _column(sheet, "views_3s") / plays, 0)
        end = np.where(plays > 0, _column(sheet, "p100") / plays, 0)
    seconds = np.array([*range(15), 17.5, 22.5, 27.5, 35, 45, 55, 61])
    length = np.maximum(latents.seconds[ads], 4)[:, None]
    early = 1 - (1 - three)[:, None] * np.minimum(seconds / 3, 1)[None, :]
    late = np.clip((seconds[None, :] - 3) / (length - 3), 0, 1)
    share = np.where(seconds[None, :] <= length, early * (1 - late) + np.minimum(end, three)[:, None] * late, 0)
    percent = np.round(share * 100).astype(np.int64).tolist()
    return [
        f'[{{"action_type":"video_view","value":{json.dumps(row, separators=(",", ":"))}}}]' if p else ""
        for row, p in zip(percent, plays.tolist(), strict=True)
    ]


def _actions(sheet: Sheet) -> list[str]:
    return told_actions(sheet.asked, sheet.table, actions_of(sheet.table), sheet.hidden, sheet.digits)


def _values(sheet: Sheet) -> list[str]:
    return told_actions(sheet.asked, sheet.table, actions_of(sheet.table, money=True), sheet.hidden, sheet.digits)


def _return(kind: str) -> Callable[[Sheet], list[str]]:
    return lambda sheet: [
        f'[{{"action_type":"{kind}","value":"{v / s:.6f}"}}]' if v and s else ""
        for v, s in zip(_column(sheet, "value").tolist(), _column(sheet, "spend").tolist(), strict=True)
    ]


def _costs(sheet: Sheet) -> list[str]:
    spend = _column(sheet, "spend").tolist()
    pieces: list[list[str]] = []
    for action in actions_of(sheet.table):
        head = f'{{"action_type":"{action.name}","value":"'
        pieces.append([f'{head}{s / v:.6f}"}}' if v else "" for s, v in zip(spend, action.value.tolist(), strict=True)])
    return joined(pieces)


def _part(sheet: Sheet, name: str) -> list[str]:
    """A breakdown's value in each row."""
    values, parts = known_breakdowns()[name], sheet.table.part[name].tolist()
    if values:
        return [json.dumps(values[p]) for p in parts]
    return [_asset(sheet, name, ad, p) for ad, p in zip(sheet.table.ads.tolist(), parts, strict=True)]


def _asset(sheet: Sheet, name: str, ad: int, part: int) -> str:
    teller, world = sheet.teller, sheet.teller.world
    creative = int(world.latents.creative[ad])
    flexible = world.latents.format[creative] == FLEXIBLE
    pictures = flexible_pictures(world, creative) if flexible else [int(world.latents.image[creative])]
    picture = pictures[part % len(pictures)]
    texts = {
        "title_asset": (title_of(world, creative), *TITLES[2:4]),
        "body_asset": (body_of(world, creative), *(f"{shop_of(world).product}. {t}." for t in TITLES[:2])),
        "description_asset": (TITLES[4],),
    }
    asset: dict[str, str] = {"id": str(base_of("creative", teller.ordinal) + creative * 64 + part)}
    if name in texts:
        asset["text"] = texts[name][part % len(texts[name])]
    elif name == "image_asset":
        asset |= {"hash": picture_hash(teller.ordinal, picture), "url": teller.picture_url(picture)}
    elif name == "video_asset":
        asset |= {"video_id": id_of("video", teller.ordinal, picture), "thumbnail_url": teller.picture_url(picture)}
    elif name == "call_to_action_asset":
        asset["name"] = shop_of(world).call
    elif name == "link_url_asset":
        asset["website_url"] = link_of(world, creative, teller.base)
    else:
        return json.dumps("AUTOMATIC_FORMAT" if flexible else FORMATS[int(world.latents.format[creative])].upper())
    return json.dumps(asset)


TEXTS: Mapping[str, Callable[[Sheet], list[str]]] = {
    "account_id": _same(lambda sheet: sheet.teller.world.spec.id),
    "account_name": _same(lambda sheet: json.dumps(sheet.teller.world.spec.name)[1:-1]),
    "account_currency": _same(lambda sheet: sheet.teller.world.spec.currency),
    "campaign_id": _id("campaign", ADS_IN_CAMPAIGN),
    "campaign_name": _name("campaign", ADS_IN_CAMPAIGN, campaign_name),
    "adset_id": _id("adset", ADS_IN_SET),
    "adset_name": _name("adset", ADS_IN_SET, set_name),
    "ad_id": _id("ad", 1),
    "ad_name": _name("ad", 1, ad_name),
    "date_start": lambda sheet: [day.isoformat() for day in sheet.table.since],
    "date_stop": lambda sheet: [day.isoformat() for day in sheet.table.until],
    "impressions": _whole("impressions"),
    "reach": _whole("reach"),
    "frequency": _ratio("impressions", "reach"),
    "spend": lambda sheet: _money(sheet, _column(sheet, "spend")),
    "clicks": _whole("clicks"),
    "inline_link_clicks": lambda sheet: [v if v != "0" else "" for v in _whole("link_clicks")(sheet)],
    "inline_post_engagement": lambda sheet: [
        str(int(a + b)) for a, b in zip(_column(sheet, "link_clicks"), _column(sheet, "views_3s"), strict=True)
    ],
    "ctr": _ratio("clicks", "impressions", 100),
    "cpc": _ratio("spend", "clicks"),
    "cpm": _ratio("spend", "impressions", 1000),
    "cpp": _ratio("spend", "reach", 1000),
    "inline_link_click_ctr": _ratio("link_clicks", "impressions", 100),
    "cost_per_inline_link_click": _ratio("spend", "link_clicks"),
    "objective": _objective(OBJECTIVES),
    "optimization_goal": _objective(GOALS),
    "buying_type": _same(lambda _: "AUCTION"),
    "attribution_setting": _setting,
    "quality_ranking": _ranking(_against("hook_rate")),
    "engagement_rate_ranking": _ranking(_against("ctr")),
    "conversion_rate_ranking": _ranking(_against("cvr")),
    "creative_media_type": lambda sheet: [
        "" if sheet.table.level != "ad" else FORMATS[f].upper()
        for f in cast(list[int], sheet.teller.world.latents.format[sheet.table.ads].tolist())
    ],
}  # fmt: skip
LISTS: Mapping[str, Callable[[Sheet], list[str]]] = {
    "actions": _actions,
    "action_values": _values,
    "cost_per_action_type": _costs,
    "conversions": lambda sheet: [""] * sheet.table.size,
    "conversion_values": lambda sheet: [""] * sheet.table.size,
    "purchase_roas": _return("omni_purchase"),
    "website_purchase_roas": _return("offsite_conversion.fb_pixel_purchase"),
    "outbound_clicks": _one("outbound", "outbound_click"),
    "outbound_clicks_ctr": _one_ratio("outbound", "impressions", "outbound_click", 100),
    "cost_per_outbound_click": _one_ratio("spend", "outbound", "outbound_click"),
    "website_ctr": _one_ratio("link_clicks", "impressions", "link_click", 100),
    "video_play_actions": _one("plays"),
    "video_continuous_2_sec_watched_actions": _one("views_2s"),
    "video_15_sec_watched_actions": _one("views_15s"),
    "video_30_sec_watched_actions": _one("views_30s"),
    "video_thruplay_watched_actions": _one("thruplays"),
    "video_p25_watched_actions": _one("p25"),
    "video_p50_watched_actions": _one("p50"),
    "video_p75_watched_actions": _one("p75"),
    "video_p95_watched_actions": _one("p95"),
    "video_p100_watched_actions": _one("p100"),
    "video_avg_time_watched_actions": _average_watch,
    "video_play_curve_actions": _curve,
    "cost_per_thruplay": _one_ratio("spend", "thruplays", "video_view"),
    "cost_per_2_sec_continuous_video_view": _one_ratio("spend", "views_2s", "video_view"),
}
