"""Processes that read strangers' pages for us: the confined pool with what pages may take, and what it is asked for."""

import atexit
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from brandhound.core.clock import now
from brandhound.core.confining.pool import RECYCLE_AFTER, ConfinedPool, WorkFailed
from brandhound.core.settings import settings

WALL_LIMIT = 10.0
"""Seconds that one document may take."""
MEMORY_LIMIT = 512 * 1024 * 1024
"""Bytes of address space that one process may have, itself included."""
PAGE = "brandhound.feeds.page_work:page"
FEED = "brandhound.feeds.page_work:feed"
TEXT = "brandhound.feeds.page_work:text"

ExtractionFailed = WorkFailed
"""Codes are page-too-slow, page-too-big, page-crashed-the-parser, not-a-page, not-a-feed, or the work's own."""


@dataclass(frozen=True, slots=True)
class PageResult:
    """What a page says, with the fingerprints of its text."""

    url: str
    canonical_url: str | None
    title: str | None
    authors: tuple[str, ...]
    published: datetime | None
    modified: datetime | None
    language: str | None
    outlet: str | None
    text: str
    warnings: tuple[str, ...]
    paywalled: bool
    text_sha256: str | None
    minhash: bytes | None


class ExtractionPool(ConfinedPool):
    """A fixed number of processes that read pages."""

    def __init__(
        self,
        processes: int | None = None,
        *,
        wall_limit: float = WALL_LIMIT,
        memory_limit: int = MEMORY_LIMIT,
        recycle_after: int = RECYCLE_AFTER,
        prepare: str = "brandhound.feeds.page_work:warm_up",
        environment: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(
            "page",
            processes or settings().extraction_processes,
            wall_limit=wall_limit,
            memory_limit=memory_limit,
            recycle_after=recycle_after,
            prepare=prepare,
            environment=environment,
        )

    async def extract(
        self, html: bytes, url: str, headers: Mapping[str, str] | None = None, at: datetime | None = None
    ) -> PageResult:
        """Read an article's page. `headers` are the answer's, `at` is when it was fetched. Raises ExtractionFailed."""
        facts = {"url": url, "headers": dict(headers or {}), "at": (at or now()).isoformat()}
        return page_result(await self.run(PAGE, html, facts))


def page_result(data: Mapping[str, Any]) -> PageResult:
    """What `page_work.page` says, with its types."""
    typed: dict[str, Any] = dict(data)
    for name in ("published", "modified"):
        typed[name] = datetime.fromisoformat(data[name]) if data[name] else None
    for name in ("authors", "warnings"):
        typed[name] = tuple(data[name])
    typed["minhash"] = bytes.fromhex(data["minhash"]) if data["minhash"] else None
    return PageResult(**typed)


@lru_cache(maxsize=1)
def extraction_pool() -> ExtractionPool:
    """The pool of this process."""
    pool = ExtractionPool()
    atexit.register(pool.close)
    return pool
