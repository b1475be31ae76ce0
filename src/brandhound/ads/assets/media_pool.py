"""The process that looks at strangers' pictures and films for us: with an end to its memory and its patience."""

import atexit
from functools import lru_cache
from pathlib import Path
from typing import Any

from brandhound.ads.assets.looking import ImageLook, NotReadable, VideoLook
from brandhound.core.confining.pool import ConfinedPool, WorkFailed

WALL_LIMIT = 30.0
"""Seconds that one of them may take. Of a film only the first seconds are read."""
MEMORY_LIMIT = 1024 * 1024 * 1024
"""Bytes of address space: room for the few frames of the largest film that is read."""
_IMAGE = "brandhound.ads.assets.looking:image"
_FILM = "brandhound.ads.assets.looking:film"


async def look_at_image(path: Path) -> ImageLook:
    """What the picture in a file is.

    Raises NotReadable, or WorkFailed with the code media-too-slow, media-too-big or media-crashed-the-parser.
    """
    return ImageLook(**await _look(_IMAGE, path))


async def look_at_video(path: Path) -> VideoLook:
    """What the film in a file is. Raises as for a picture."""
    told = await _look(_FILM, path)
    told["poster_look"] = ImageLook(**told["poster_look"])
    told["poster"] = bytes.fromhex(told["poster"])
    return VideoLook(**told)


async def _look(kind: str, path: Path) -> dict[str, Any]:
    try:
        return await media_pool().run(kind, b"", {"path": str(path)})
    except WorkFailed as failed:
        if failed.code == NotReadable.code:
            raise NotReadable(failed.detail) from failed
        raise


@lru_cache(maxsize=1)
def media_pool() -> ConfinedPool:
    """The pool of this process. One reader: looking takes far less time than fetching."""
    pool = ConfinedPool(
        "media", 1, wall_limit=WALL_LIMIT, memory_limit=MEMORY_LIMIT, prepare="brandhound.ads.assets.looking:ready"
    )
    atexit.register(pool.close)
    return pool
