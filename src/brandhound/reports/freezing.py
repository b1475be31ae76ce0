"""Keeps the evidence of a report: a copy of each mention that it counted, as it was."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select, text

from brandhound.core.db import Db, rows_affected
from brandhound.core.ids import uuid7
from brandhound.reports.counting import Counted
from brandhound.reports.document import ReportBrand
from brandhound.reports.figures import Period
from brandhound.reports.models import ReportMention

_AT_ONCE = 5000
_COPY = text("""
insert into report_mentions (
  id, report_id, period, mention_id, brand_id, brand_name, brand_kind, subject, story_id, article_id, published_at, day_on,
  title, url, outlet, site, language, salience, tone, quote, confidence, judgement, reprint, topic_ids, reasons, evidence,
  body_sha256, text_sha256)
select given.id, :report_id, :period, m.id, given.brand_id, brand.name, brand.kind, brand.subject, given.story_id,
  given.article_id, given.published_at, given.day_on, m.title, m.url, given.outlet, given.site, coalesce(m.language, ''),
  given.salience, given.tone, m.tone_quote, given.confidence, given.judgement, given.reprint,
  cast(given.topics as uuid[]), m.reasons, m.evidence, m.body_sha256, m.text_sha256
from unnest(cast(:ids as uuid[]), cast(:mention_ids as uuid[]), cast(:of_brands as uuid[]), cast(:story_ids as uuid[]),
            cast(:article_ids as uuid[]), cast(:published as timestamptz[]), cast(:days as date[]),
            cast(:outlets as text[]), cast(:sites as text[]), cast(:saliences as text[]), cast(:tones as text[]),
            cast(:confidences as float8[]), cast(:judgements as text[]), cast(:reprints as boolean[]),
            cast(:topics as text[]))
     as given (id, mention_id, brand_id, story_id, article_id, published_at, day_on, outlet, site, salience, tone,
               confidence, judgement, reprint, topics)
join mentions m on m.id = given.mention_id
join unnest(cast(:brand_ids as uuid[]), cast(:brand_names as text[]), cast(:brand_kinds as text[]),
            cast(:subjects as boolean[])) as brand (id, name, kind, subject) on brand.id = given.brand_id
""")


async def freeze_evidence(
    db: Db,
    report_id: UUID,
    period: Period,
    rows: Sequence[Counted],
    brands: Sequence[ReportBrand],
    about: Mapping[UUID, Collection[UUID]] | None = None,
) -> Sequence[Counted]:
    """Copy what is to be counted; returns what there is a copy of. `about` names the topics of mentions.

    What the figures rest on is taken from the rows as they were read, not read again. A mention that was removed since has
    no copy, and may not be counted: nobody could look at it.
    """
    copied = 0
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        copies = await db.execute(
            _COPY,
            {
                "report_id": report_id,
                "period": period,
                "ids": [uuid7() for _ in part],
                "mention_ids": [row.id for row in part],
                "of_brands": [row.brand_id for row in part],
                "story_ids": [row.story_id for row in part],
                "article_ids": [row.article_id for row in part],
                "published": [row.published_at for row in part],
                "days": [row.day_on for row in part],
                "outlets": [row.outlet for row in part],
                "sites": [row.site for row in part],
                "saliences": [row.salience for row in part],
                "tones": [row.tone for row in part],
                "confidences": [row.confidence for row in part],
                "judgements": [row.judgement for row in part],
                "reprints": [row.reprint for row in part],
                # An array of arrays would have to be a square.
                "topics": [f"{{{','.join(map(str, (about or {}).get(row.id, ())))}}}" for row in part],
                "brand_ids": [brand.id for brand in brands],
                "brand_names": [brand.name for brand in brands],
                "brand_kinds": [brand.kind for brand in brands],
                "subjects": [brand.subject for brand in brands],
            },
        )
        copied += rows_affected(copies)
    if copied == len(rows):
        return rows
    mine = ReportMention.report_id == report_id, ReportMention.period == period
    ids = set(await db.scalars(select(ReportMention.mention_id).where(*mine)))
    return [row for row in rows if row.id in ids]
