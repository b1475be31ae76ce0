"""Keeps the evidence of a report: a copy of each mention that it counted, as it was."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import text

from brandhound.core.db import Db
from brandhound.core.ids import uuid7
from brandhound.reports.counting import Counted
from brandhound.reports.document import ReportBrand
from brandhound.reports.figures import Period

_AT_ONCE = 5000
_COPY = text("""
insert into report_mentions (
  id, report_id, period, mention_id, brand_id, brand_name, brand_kind, subject, story_id, article_id, published_at, day_on,
  title, url, outlet, site, language, salience, tone, quote, confidence, judgement, reprint, topic_ids, reasons, evidence,
  body_sha256, text_sha256)
select given.id, :report_id, :period, m.id, m.brand_id, brand.name, brand.kind, brand.subject, m.story_id, m.article_id,
  m.published_at, given.day_on, m.title, m.url, given.outlet, m.site, coalesce(m.language, ''), m.salience, given.tone,
  m.tone_quote, m.confidence, m.judgement, given.reprint,
  cast(given.topics as uuid[]), m.reasons, m.evidence, m.body_sha256, m.text_sha256
from unnest(cast(:ids as uuid[]), cast(:mention_ids as uuid[]), cast(:days as date[]), cast(:outlets as text[]),
            cast(:tones as text[]), cast(:reprints as boolean[]), cast(:topics as text[]))
     as given (id, mention_id, day_on, outlet, tone, reprint, topics)
join mentions m on m.id = given.mention_id
join unnest(cast(:brand_ids as uuid[]), cast(:brand_names as text[]), cast(:brand_kinds as text[]),
            cast(:subjects as boolean[])) as brand (id, name, kind, subject) on brand.id = m.brand_id
""")


async def freeze_evidence(
    db: Db,
    report_id: UUID,
    period: Period,
    rows: Sequence[Counted],
    brands: Sequence[ReportBrand],
    about: Mapping[UUID, Collection[UUID]] | None = None,
) -> None:
    """Copy what was counted; `about` names the topics of mentions.

    What the figures rest on is taken from the rows that were counted, not read again.
    """
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        await db.execute(
            _COPY,
            {
                "report_id": report_id,
                "period": period,
                "ids": [uuid7() for _ in part],
                "mention_ids": [row.id for row in part],
                "days": [row.day_on for row in part],
                "outlets": [row.outlet for row in part],
                "tones": [row.tone for row in part],
                "reprints": [row.reprint for row in part],
                # An array of arrays would have to be a square.
                "topics": [f"{{{','.join(map(str, (about or {}).get(row.id, ())))}}}" for row in part],
                "brand_ids": [brand.id for brand in brands],
                "brand_names": [brand.name for brand in brands],
                "brand_kinds": [brand.kind for brand in brands],
                "subjects": [brand.subject for brand in brands],
            },
        )
