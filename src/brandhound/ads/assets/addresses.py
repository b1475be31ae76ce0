"""Where pictures and films can be had at the moment. The addresses are signed and expire, and so are never stored."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from brandhound.ads.meta.asking import Asker
from brandhound.ads.meta.batching import batch
from brandhound.ads.meta.facts_of_meta import fields, limits
from brandhound.ads.meta.failing import MetaFailed
from brandhound.ads.meta.paging import pages

THUMBNAIL = "thumbnail:"
"""Stands before a creative's number where its still has no name of its own."""


@dataclass(frozen=True)
class Address:
    """Where something is; `reason` says why it is nowhere. `poster` is a film's still."""

    url: str | None = None
    poster: str | None = None
    reason: str | None = None


async def image_addresses(asker: Asker, account: str, names: Sequence[str]) -> dict[str, Address]:
    """Where pictures are, by Meta's hash of them; stills of creatives by the creative's number."""
    found: dict[str, Address] = {}
    hashes = [name for name in names if not name.startswith(THUMBNAIL)]
    size = limits()["page"]["adimages"]
    for start in range(0, len(hashes), size):
        found |= await _of_hashes(asker, account, hashes[start : start + size])
    stills = [name for name in names if name.startswith(THUMBNAIL)]
    params = {"fields": "thumbnail_url", "thumbnail_width": "1080", "thumbnail_height": "1080"}
    answers = await batch(asker, [(name.removeprefix(THUMBNAIL), params) for name in stills])
    for name, answer in zip(stills, answers, strict=True):
        found[name] = _refused(answer) if isinstance(answer, MetaFailed) else Address(answer.get("thumbnail_url"))
    return {name: found.get(name, Address(reason="not_told")) for name in names}


async def _of_hashes(asker: Asker, account: str, hashes: Sequence[str]) -> dict[str, Address]:
    """One name that is not known there has the whole question refused: it is looked for by halves."""
    params = {"hashes": json.dumps(list(hashes)), "fields": ",".join(fields()["image"])}
    found: dict[str, Address] = {}
    try:
        async for page in pages(asker, f"{account}/adimages", params, len(hashes)):
            for one in page.things:
                url = one.get("url")
                gone = str(one.get("status", "ACTIVE")) == "DELETED"
                found[str(one.get("hash"))] = Address(url, reason=None if url else "deleted" if gone else "no_address")
    except MetaFailed as failed:
        if failed.policy not in ("permanent", "gone", "permission") or failed.access is not None:
            raise
        if len(hashes) == 1:
            return {hashes[0]: Address(reason="not_told")}
        middle = len(hashes) // 2
        return await _of_hashes(asker, account, hashes[:middle]) | await _of_hashes(asker, account, hashes[middle:])
    return found


async def video_addresses(asker: Asker, names: Sequence[str]) -> dict[str, Address]:
    """Where films are, by their number. Those of a page are only told to who has a role there."""
    answers = await batch(asker, [(name, {"fields": ",".join(fields()["video"])}) for name in names])
    return {name: _of_video(answer) for name, answer in zip(names, answers, strict=True)}


def _of_video(answer: dict[str, Any] | MetaFailed) -> Address:
    if isinstance(answer, MetaFailed):
        return _refused(answer)
    poster = answer.get("picture")
    listed = cast("Mapping[str, Any]", answer.get("thumbnails") or {}).get("data") or ()
    stills = [one for one in listed if one.get("uri")]
    if stills:
        best = max(stills, key=lambda one: (bool(one.get("is_preferred")), one.get("width") or 0))
        poster = best["uri"]
    source = answer.get("source")
    return Address(source, poster, None if source else "no_page_role")


def _refused(failed: MetaFailed) -> Address:
    return Address(reason="not_accessible" if failed.policy in ("gone", "permission") else failed.code.split("/")[-1])
