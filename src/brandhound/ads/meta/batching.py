"""Many small reads in one call. Each part may fail, or not come at all, by itself."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any, cast
from urllib.parse import urlencode

from pydantic_core import from_json

from brandhound.ads.meta.asking import Asker
from brandhound.ads.meta.facts_of_meta import limits
from brandhound.ads.meta.failing import MetaFailed, failure_of
from brandhound.ads.meta.paging import things_of

Part = tuple[str, Mapping[str, str]]


async def batch(asker: Asker, parts: Sequence[Part], *, essential: bool = True) -> list[dict[str, Any] | MetaFailed]:
    """The answer to each part, in order; what failed where it was refused for good.

    A part that did not come, or may be mended by asking again, is asked again alone. Raises MustWait or FetchFailed, and a
    MetaFailed only of the whole.
    """
    size = limits()["batch"]
    found: list[dict[str, Any] | MetaFailed] = []
    for start in range(0, len(parts), size):
        found += await _chunk(asker, parts[start : start + size], essential)
    return found


async def _chunk(asker: Asker, parts: Sequence[Part], essential: bool) -> list[dict[str, Any] | MetaFailed]:
    asked = [{"method": "GET", "relative_url": f"{path}?{urlencode(params)}"} for path, params in parts]
    reply = await asker.call("POST", "", {"batch": json.dumps(asked), "include_headers": "false"}, essential=essential)
    # A list of parts comes as the whole answer.
    came: list[Any] = things_of(reply.data)
    came += [None] * (len(parts) - len(came))
    answers = await asyncio.gather(
        *(_part(asker, part, one, essential) for part, one in zip(parts, came, strict=False))
    )
    return list(answers)


async def _part(asker: Asker, part: Part, came: object, essential: bool) -> dict[str, Any] | MetaFailed:
    told = _read(came)
    if isinstance(told, dict) and "error" not in told:
        return told
    if isinstance(told, dict):
        failed = failure_of(int(cast("dict[str, Any]", came).get("code") or 400), told["error"])
        if failed.policy not in ("again", "wait_app", "wait_account"):
            return failed
    asker.tally.repeat("part of a batch")
    try:
        return (await asker.get(part[0], part[1], essential=essential)).data
    except MetaFailed as failed:
        return failed


def _read(came: object) -> dict[str, Any] | None:
    """What a part says; None where it did not come, or only half of it."""
    if not isinstance(came, dict):
        return None
    try:
        found: object = from_json(str(cast("dict[str, Any]", came).get("body") or ""))
    except ValueError:
        return None
    return cast("dict[str, Any]", found) if isinstance(found, dict) else None
