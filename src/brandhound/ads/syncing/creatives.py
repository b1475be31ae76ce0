"""What a creative says and shows, read from what Meta tells of it. Thinks only.

Addresses of pictures are signed and change every day; what a creative is, is its words, its link and the names of its pictures
and films.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

_ROTATING = frozenset(
    {
        "image_url",
        "thumbnail_url",
        "picture",
        "url",
        "uri",
        "url_128",
        "source",
        "permalink_url",
        "instagram_permalink_url",
    }
)
_SIGNED = ("oe=", "oh=", "_nc_")


@dataclass(frozen=True)
class AssetNamed:
    """A picture or a film that a creative shows, by Meta's name for it. `url` is good for a short time, if there is one."""

    kind: Literal["image", "video"]
    external_id: str
    role: Literal["image", "video", "poster", "card"]
    url: str | None = None


@dataclass(frozen=True)
class CreativeRead:
    """A creative as it is now."""

    external_id: str
    name: str | None
    title: str | None
    body: str | None
    link: str | None
    cta: str | None
    format: str
    spec: Mapping[str, Any]
    content_hash: str
    assets: tuple[AssetNamed, ...]


def read_creative(told: Mapping[str, Any]) -> CreativeRead:
    """A creative, from the fields that are asked for with every ad."""
    story = _object(told.get("object_story_spec"))
    link, video, photo = (_object(story.get(name)) for name in ("link_data", "video_data", "photo_data"))
    feed = _object(told.get("asset_feed_spec"))
    cards = [_object(card) for card in _list(link.get("child_attachments"))]
    title = _first(told.get("title"), link.get("name"), video.get("title"), _text(feed, "titles"))
    body = _first(
        told.get("body"), link.get("message"), video.get("message"), photo.get("caption"), _text(feed, "bodies")
    )
    target = _first(
        told.get("link_url"),
        link.get("link"),
        _link_of(link),
        _link_of(video),
        *(_object(one).get("website_url") for one in _list(feed.get("link_urls"))),
    )
    cta = _first(
        told.get("call_to_action_type"),
        _object(link.get("call_to_action")).get("type"),
        _object(video.get("call_to_action")).get("type"),
        *_list(feed.get("call_to_action_types")),
    )
    assets = tuple(_assets(told, link, video, photo, feed, cards))
    spec = cast("dict[str, Any]", _lasting(told))
    content = [title, body, target, cta, sorted((one.kind, one.external_id, one.role) for one in assets), spec]
    return CreativeRead(
        str(told["id"]),
        _word(told.get("name")),
        title,
        body,
        target,
        cta,
        _format(told, feed, cards, assets),
        spec,
        hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest(),
        assets,
    )


def _assets(
    told: Mapping[str, Any],
    link: Mapping[str, Any],
    video: Mapping[str, Any],
    photo: Mapping[str, Any],
    feed: Mapping[str, Any],
    cards: list[Mapping[str, Any]],
) -> Iterable[AssetNamed]:
    seen: set[tuple[str, str]] = set()

    def named(kind: Literal["image", "video"], name: object, role: Any, url: object = None) -> Iterable[AssetNamed]:
        if name and (kind, str(name)) not in seen:
            seen.add((kind, str(name)))
            yield AssetNamed(kind, str(name), role, str(url) if url else None)

    # The story's own film can be downloaded where the creative's often cannot.
    yield from named("video", video.get("video_id") or told.get("video_id"), "video")
    yield from named("image", video.get("image_hash"), "poster", video.get("image_url"))
    yield from named("image", link.get("image_hash"), "image", link.get("picture"))
    yield from named("image", photo.get("image_hash"), "image", photo.get("url"))
    for card in cards:
        yield from named("video", card.get("video_id"), "card")
        yield from named("image", card.get("image_hash"), "card", card.get("picture"))
    for one in map(_object, _list(feed.get("videos"))):
        yield from named("video", one.get("video_id"), "video")
        yield from named("image", one.get("thumbnail_hash"), "poster", one.get("thumbnail_url"))
    for one in map(_object, _list(feed.get("images"))):
        yield from named("image", one.get("hash"), "image", one.get("url"))
    role = "poster" if seen and any(kind == "video" for kind, _ in seen) else "image"
    yield from named("image", told.get("image_hash"), role, told.get("image_url"))
    if not seen and told.get("thumbnail_url"):
        # Nothing has a name, so that the creative's own still stands for it.
        yield AssetNamed("image", f"thumbnail:{told['id']}", "poster", str(told["thumbnail_url"]))


def _format(
    told: Mapping[str, Any],
    feed: Mapping[str, Any],
    cards: list[Mapping[str, Any]],
    assets: tuple[AssetNamed, ...],
) -> str:
    if feed:
        return "flexible"
    if told.get("product_set_id"):
        return "catalogue"
    if len(cards) > 1:
        return "carousel"
    if any(one.kind == "video" for one in assets):
        return "video"
    if any(one.role == "image" for one in assets):
        return "image"
    return "post" if told.get("effective_object_story_id") else "unknown"


def _lasting(told: object) -> object:
    """The same without what changes while the creative does not."""
    if isinstance(told, dict):
        return {
            name: _lasting(value)
            for name, value in cast("dict[str, object]", told).items()
            if name not in _ROTATING or not _is_signed(value)
        }
    if isinstance(told, list):
        return [_lasting(one) for one in cast("list[object]", told)]
    return told


def _is_signed(value: object) -> bool:
    return isinstance(value, str) and (any(mark in value for mark in _SIGNED) or value.startswith("http"))


def _link_of(data: Mapping[str, Any]) -> object:
    return _object(_object(data.get("call_to_action")).get("value")).get("link")


def _text(feed: Mapping[str, Any], name: str) -> object:
    return next((_object(one).get("text") for one in _list(feed.get(name))), None)


def _first(*values: object) -> str | None:
    return next((word for value in values if (word := _word(value))), None)


def _word(value: object) -> str | None:
    return value.replace("\0", "") or None if isinstance(value, str) else None


def _object(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []
