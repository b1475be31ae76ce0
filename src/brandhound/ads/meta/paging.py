"""Page after page, as long as there is a next one: a short page, or an empty one, is not the last."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from brandhound.ads.meta.asking import Asker, Reply
from brandhound.ads.meta.facts_of_meta import limits
from brandhound.ads.meta.failing import MetaFailed


@dataclass(frozen=True)
class Page:
    """The things on one page, the answer it was, and where the next one begins, if there is one."""

    things: list[dict[str, Any]]
    reply: Reply
    asked: Mapping[str, str]
    following: str | None
    is_first: bool


async def pages(
    asker: Asker, path: str, params: Mapping[str, str], size: int, *, essential: bool = True, after: str | None = None
) -> AsyncGenerator[Page]:
    """Every page, or those `after` a place. A page that is too much is asked for in smaller pieces, from the same place on.

    A cursor that went stale begins the list anew, once: things may then come twice, and are stored once.

    Raises MetaFailed (with the policy “split” when even the smallest page is too much), MustWait or FetchFailed.
    """
    anew = False
    while True:
        asked = {**params, "limit": str(size)} | ({"after": after} if after else {})
        try:
            reply = await asker.get(path, asked, essential=essential)
        except MetaFailed as failed:
            if failed.policy == "split" and size > limits()["smallest_page"]:
                size = max(limits()["smallest_page"], size // 2)
                asker.tally.repeat("smaller page")
                continue
            if failed.policy == "page_anew" and not anew:
                anew, after = True, None
                asker.tally.repeat("cursor went stale")
                continue
            raise
        following = next_of(reply.data)
        if following == after:
            following = None
        yield Page(things_of(reply.data), reply, asked, following, after is None)
        if following is None:
            return
        after = following


def things_of(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What is on a page."""
    found = data.get("data")
    return cast("list[dict[str, Any]]", found) if isinstance(found, list) else []


def next_of(data: Mapping[str, Any]) -> str | None:
    """Where the next page begins, if there is one. The address in the answer is read, and never gone to."""
    paging: Mapping[str, Any] = data.get("paging") or {}
    address = paging.get("next")
    if not address:
        return None
    given = parse_qs(urlsplit(str(address)).query).get("after")
    cursors: Mapping[str, Any] = paging.get("cursors") or {}
    return given[-1] if given else cursors.get("after")
