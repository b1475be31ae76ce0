"""Industry packs: feeds to start from. Plain data in `packs.json`, there to be edited."""

import json
from functools import lru_cache
from importlib.resources import files

from brandhound.core.db import Db
from brandhound.feeds.links import feed_key
from brandhound.feeds.queries import followed_keys
from brandhound.feeds.schemas import Pack, PackList


@lru_cache(maxsize=1)
def all_packs() -> tuple[Pack, ...]:
    """The packs as they stand in the file."""
    text = files("brandhound.feeds").joinpath("packs.json").read_text(encoding="utf-8")
    return tuple(Pack.model_validate(pack) for pack in json.loads(text))


async def feed_packs(db: Db) -> PackList:
    """The packs, with what the organization follows already marked."""
    keys = {feed.url: feed_key(feed.url) or feed.url for pack in all_packs() for feed in pack.feeds}
    followed = await followed_keys(db, keys.values())
    marked = [
        pack.model_copy(
            update={"feeds": [feed.model_copy(update={"followed": keys[feed.url] in followed}) for feed in pack.feeds]}
        )
        for pack in all_packs()
    ]
    return PackList(items=marked)
