"""What is said of an account's ads, kept: ten thousand rows in one statement."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from math import isnan
from typing import Any, LiteralString, cast
from uuid import UUID

import numpy as np
from psycopg import sql
from sqlalchemy import delete, select

from brandhound.ads.baselines.estimates import Estimates
from brandhound.ads.copying import copy_beside, raw_cursor
from brandhound.ads.diagnosing.verdicts import Verdict
from brandhound.ads.standings.models import AdVerdict
from brandhound.core.db import Db

_TYPES = {
    "ad_id": "uuid",
    "health": "text",
    "lacks": "text[]",
    "rules": "text[]",
    "diagnoses": "text",
    "unsaid": "text",
    "estimates": "text",
    "more_spend_micros": "int8",
}
_JSON = ("diagnoses", "unsaid", "estimates")


def _sql(statement: str) -> sql.SQL:
    """A statement of names of ours."""
    return sql.SQL(cast("LiteralString", statement))


_STAGED = _sql(", ".join(f"{name}::text as {name}" if name in _JSON else name for name in _TYPES))
_INSERT = _sql(
    f"insert into ad_verdicts (ad_account_id, since, until, judged_at, {', '.join(_TYPES)})"
    " select %(account_id)s, %(since)s, %(until)s, %(judged_at)s,"
    f" {', '.join(f'{name}::jsonb' if name in _JSON else name for name in _TYPES)} from _stage"
)


@dataclass(frozen=True, slots=True)
class SaidOfAd:
    """An ad's verdict, each diagnosis with the day since which it is said."""

    ad_id: UUID
    verdict: Verdict
    diagnoses: list[dict[str, Any]]
    estimates: dict[str, list[float]]

    def row(self) -> tuple[Any, ...]:
        """In the order of the columns that are copied."""
        verdict = self.verdict
        return (
            self.ad_id,
            verdict.health,
            list(verdict.lacks),
            [said.rule for said in verdict.diagnoses],
            json.dumps(self.diagnoses),
            json.dumps(dict(verdict.unsaid)),
            json.dumps(self.estimates),
            None if verdict.more_spend is None else round(verdict.more_spend * 1_000_000),
        )


async def said_before(db: Db, account_id: UUID) -> dict[UUID, dict[str, str]]:
    """By ad and rule that is said of it: since which day."""
    known = await db.execute(select(AdVerdict.ad_id, AdVerdict.diagnoses).where(AdVerdict.ad_account_id == account_id))
    return {ad_id: {said["rule"]: said["since"] for said in diagnoses} for ad_id, diagnoses in known}


def said_of_ads(
    ad_ids: Sequence[UUID],
    verdicts: Sequence[Verdict],
    estimates: Mapping[str, Estimates],
    before: Mapping[UUID, Mapping[str, str]],
    until: date,
) -> list[SaidOfAd]:
    """What is said of each ad, with what was said `before` since its own day, and all else since the last one."""
    numbers = {name: _digits(found) for name, found in estimates.items()}
    found: list[SaidOfAd] = []
    for at, (ad_id, verdict) in enumerate(zip(ad_ids, verdicts, strict=True)):
        since = before.get(ad_id, {})
        diagnoses = [{**asdict(said), "since": since.get(said.rule, until.isoformat())} for said in verdict.diagnoses]
        # Among some ads nothing is known of a metric: nobody bought by any of them.
        known = {name: rows[at] for name, rows in numbers.items() if not isnan(rows[at][0])}
        found.append(SaidOfAd(ad_id, verdict, diagnoses, known))
    return found


def _digits(found: Estimates) -> list[list[float]]:
    """One row an ad. Six digits say all there is, and keep ten thousand rows small."""
    columns = (found.mean, found.low90, found.low50, found.high50, found.high90, found.prior_weight)
    table: list[list[float]] = np.column_stack(columns).tolist()
    return [[float(f"{value:.6g}") for value in row] for row in table]


async def keep_verdicts(
    db: Db, account_id: UUID, span: tuple[date, date], now: datetime, rows: Iterable[tuple[Any, ...]]
) -> None:
    """Keep these rows of `SaidOfAd`, and none of those before."""
    await db.execute(delete(AdVerdict).where(AdVerdict.ad_account_id == account_id))
    cursor = await raw_cursor(db)
    await copy_beside(cursor, "ad_verdicts", tuple(_TYPES), tuple(_TYPES.values()), rows, _STAGED)
    await cursor.execute(_INSERT, {"account_id": account_id, "since": span[0], "until": span[1], "judged_at": now})
    await cursor.execute("drop table _stage")
