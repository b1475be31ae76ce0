"""Answers as they came, kept by their hash: what was counted can be counted again, and nothing has to be fetched twice."""

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from brandhound.ads.sync_models import AdRawPage
from brandhound.core import clock
from brandhound.core.db import Db
from brandhound.core.files import files

QUICKLY = 1
"""How hard gzip tries: answers are mostly repetition, and the processor has other work."""


@dataclass(frozen=True)
class KeptPage:
    """One answer among the stored files, and what it answers."""

    kind: str
    sha256: str
    asked: Mapping[str, str]
    rows: int
    at: datetime


def keep_page(kind: str, asked: Mapping[str, str], raw: bytes, rows: int) -> KeptPage:
    """Put an answer into a file. The same answer is the same file. Raises StorageFull."""
    sha256 = files().put(gzip.compress(raw, QUICKLY, mtime=0))
    return KeptPage(kind, sha256, {name: value for name, value in asked.items() if name != "after"}, rows, clock.now())


async def note_pages(db: Db, account_id: UUID, run_id: UUID | None, pages: Sequence[KeptPage]) -> None:
    """Write down which answers came."""
    by_hash = {(page.kind, page.sha256): page for page in pages}
    if not by_hash:
        return
    statement = insert(AdRawPage).values(
        [
            {
                "account_id": account_id,
                "kind": page.kind,
                "sha256": page.sha256,
                "asked": dict(page.asked),
                "rows": page.rows,
                "run_id": run_id,
                "fetched_at": page.at,
                "last_at": page.at,
            }
            for page in by_hash.values()
        ]
    )
    await db.execute(
        statement.on_conflict_do_update(
            index_elements=["organization_id", "account_id", "kind", "sha256"],
            set_={"last_at": statement.excluded.last_at},
        )
    )


def rows_of_page(sha256: str) -> list[dict[str, Any]]:
    """The rows of a kept answer. Raises FileNotFoundError."""
    told = json.loads(gzip.decompress(files().get(sha256)))
    found: Iterable[dict[str, Any]] = told.get("data", ())
    return list(found)


async def pages_of(db: Db, account_id: UUID, kind: str, since: datetime | None = None) -> list[AdRawPage]:
    """The answers that were kept, in the order in which they came last."""
    query = select(AdRawPage).where(AdRawPage.account_id == account_id, AdRawPage.kind == kind)
    if since is not None:
        query = query.where(AdRawPage.last_at >= since)
    return list(await db.scalars(query.order_by(AdRawPage.last_at, AdRawPage.id)))
