"""What hangs on a brand, moved to another one and back, in portions of mentions. Each statement moves any number of rows at once.

Lessons, weekly samples and limits of the merged brand stay with it: they speak of its names alone, and wait there for the day it
comes back.
"""

from functools import cache
from uuid import UUID

from sqlalchemy import TextClause, text

from brandhound.core.db import Db
from brandhound.mentions.deeds.regrouping import settle
from brandhound.mentions.hanging import HANGING, OF_A_BRAND
from brandhound.mentions.holding import lock_stories
from brandhound.mentions.restoring import row_again

# Both brands in one article: one mention of the two can stay. The other is kept whole, with all that hangs on it.
_SET_ASIDE = text(
    """
    insert into brand_merge_rows (id, merge_id, kind, row_id, before)
    select gen_random_uuid(), :merge, 'set_aside', m.id, jsonb_build_object(
      'mentions', jsonb_build_array(to_jsonb(m)),
    """
    + ",".join(
        f"'{table}', coalesce((select jsonb_agg(to_jsonb(h)) from {table} h where h.mention_id = m.id), '[]')"
        for table in HANGING
    )
    + """)
    from mentions m join mentions k on k.article_id = m.article_id and k.brand_id = :kept
    where m.brand_id = :gone and m.id = any(:ids)
    """
)
_KEEP_WIDENED = text(
    """
    insert into brand_merge_rows (id, merge_id, kind, row_id, before)
    select gen_random_uuid(), :merge, 'widened', k.id, jsonb_build_object(
      'confidence', k.confidence, 'standing', k.standing, 'reasons', k.reasons, 'evidence', k.evidence,
      'took', case when k.judgement is null and m.judgement = 'yes' then m.judged_at end,
      'took_tone', case when k.tone_read is null then m.tone_said_at end)
    from mentions k join mentions m on m.article_id = k.article_id and m.brand_id = :gone
    where k.brand_id = :kept and m.id = any(:ids)
    """
)
_WIDEN = text(
    """
    update mentions k
    set confidence = greatest(k.confidence, m.confidence),
        reasons = case when m.confidence > k.confidence then m.reasons else k.reasons end,
        evidence = coalesce((select jsonb_agg(place) from (
          select distinct on (place->>'field', (place->>'start')::int) place
          from jsonb_array_elements(k.evidence || m.evidence) as place
          order by place->>'field' desc, (place->>'start')::int limit 40) as places), '[]'),
        judgement = case when k.judgement is null and m.judgement = 'yes' then 'yes' else k.judgement end,
        judged_by = case when k.judgement is null and m.judgement = 'yes' then m.judged_by else k.judged_by end,
        judged_at = case when k.judgement is null and m.judgement = 'yes' then m.judged_at else k.judged_at end,
        standing = case when k.judgement is not null then k.standing
                        when m.judgement = 'yes' or 'accepted' in (k.standing, m.standing) then 'accepted'
                        when 'doubtful' in (k.standing, m.standing) then 'doubtful' else k.standing end,
        tone = case when k.tone_read is null and m.tone_read is not null then m.tone else k.tone end,
        tone_read = case when k.tone_read is null and m.tone_read is not null then k.tone else k.tone_read end,
        tone_said_by = case when k.tone_read is null then m.tone_said_by else k.tone_said_by end,
        tone_said_at = case when k.tone_read is null then m.tone_said_at else k.tone_said_at end
    from mentions m
    where k.brand_id = :kept and m.brand_id = :gone and m.article_id = k.article_id and m.id = any(:ids)
    """
)
_DROP_ASIDE = text(
    "delete from mentions m using brand_merge_rows r"
    " where r.merge_id = :merge and r.kind = 'set_aside' and r.row_id = m.id and m.id = any(:ids)"
)
_KEEP_MOVED = text(
    """
    insert into brand_merge_rows (id, merge_id, kind, row_id)
    select gen_random_uuid(), :merge, 'moved', id from mentions m
    where brand_id = :gone and id = any(:ids) and not exists (
      select 1 from brand_merge_rows r where r.merge_id = :merge and r.kind = 'set_aside' and r.row_id = m.id)
    """
)
_KEEP_BOUND = text(
    """
    insert into brand_merge_rows (id, merge_id, kind, row_id, before)
    select gen_random_uuid(), :merge, 'alert', id, jsonb_build_object('enabled', enabled)
    from brand_alerts where brand_id = :gone
    union all
    select gen_random_uuid(), :merge, 'incident', id, '{}' from brand_incidents where brand_id = :gone
    union all
    select gen_random_uuid(), :merge, 'topic', id, '{}' from topics where brand_id = :gone
    """
)
# One incident, one note: of two alerts on the same, that of the staying brand rings.
_MOVE_ALERTS = text(
    """
    update brand_alerts a set brand_id = :kept, enabled = a.enabled and not exists (
      select 1 from brand_alerts k where k.brand_id = :kept and k.kind = a.kind and k.enabled
      and k.tones = a.tones and k.words = a.words)
    where a.brand_id = :gone
    """
)
_MOVE = [
    text("update mentions set brand_id = :kept where brand_id = :gone and id = any(:ids)"),
    *(
        text(f"update {table} set brand_id = :kept where brand_id = :gone and mention_id = any(:ids)")
        for table in OF_A_BRAND
    ),
]
# An alert that was about either brand in turn may have told of one hour of both: one stays where it is.
_TOLD_OF = """
    select from brand_incidents t where t.alert_id = i.alert_id and t.brand_id = {brand} and t.kind = i.kind
    and t.opened_at = i.opened_at and t.story_id is not distinct from i.story_id
"""
_MOVE_BOUND = [
    text(
        f"""
        update brand_incidents i set brand_id = :kept
        where i.brand_id = :gone and not exists ({_TOLD_OF.format(brand=":kept")})
        """
    ),
    text("update topics set brand_id = :kept where brand_id = :gone"),
]
_NEXT = text("select id, story_id from mentions where brand_id = :gone order by id limit :most")
_LEFT = text("select count(*) from mentions where brand_id = :gone")
_OF_MENTIONS = "('moved', 'set_aside', 'widened')"
_NEXT_BACK = text(
    f"select id, row_id from brand_merge_rows where merge_id = :merge and kind in {_OF_MENTIONS}"
    " order by kind, row_id limit :most"
)
_LEFT_BACK = text(f"select count(*) from brand_merge_rows where merge_id = :merge and kind in {_OF_MENTIONS}")
_STORIES_OF = text("select distinct story_id from mentions where id = any(:ids)")
_FORGET_ROWS = text("delete from brand_merge_rows where id = any(:rows)")

_OF_MOVED = "select row_id from brand_merge_rows where id = any(:rows) and kind = 'moved'"
_MOVE_BACK = [
    text(
        f"update mentions m set brand_id = :gone where brand_id = :kept and id in ({_OF_MOVED})"
        " and not exists (select 1 from mentions t where t.brand_id = :gone and t.article_id = m.article_id)"
    ),
    *(
        text(
            f"update {table} h set brand_id = :gone from mentions m where m.id = h.mention_id and m.brand_id = :gone"
            f" and h.mention_id in ({_OF_MOVED})"
        )
        for table in OF_A_BRAND
    ),
    text(
        """
        update mentions k
        set confidence = (r.before->>'confidence')::float, standing = case
              when k.judgement is not null and k.judged_at is distinct from (r.before->>'took')::timestamptz
              then k.standing else r.before->>'standing' end,
            reasons = r.before->'reasons', evidence = r.before->'evidence',
            judgement = case when k.judged_at = (r.before->>'took')::timestamptz then null else k.judgement end,
            judged_by = case when k.judged_at = (r.before->>'took')::timestamptz then null else k.judged_by end,
            judged_at = case when k.judged_at = (r.before->>'took')::timestamptz then null else k.judged_at end,
            tone = case when k.tone_said_at = (r.before->>'took_tone')::timestamptz then k.tone_read else k.tone end,
            tone_read = case when k.tone_said_at = (r.before->>'took_tone')::timestamptz then null else k.tone_read end,
            tone_said_by = case when k.tone_said_at = (r.before->>'took_tone')::timestamptz then null else k.tone_said_by end,
            tone_said_at = case when k.tone_said_at = (r.before->>'took_tone')::timestamptz then null else k.tone_said_at end
        from brand_merge_rows r
        where r.id = any(:rows) and r.kind = 'widened' and r.row_id = k.id
        """
    ),
]
# A mention comes back into the story that its article is in now. An article that was let go of is taken in again, into the story
# it was in; not so where a person deleted it.
_ASIDE = """
    from brand_merge_rows r, jsonb_array_elements(r.before->'mentions') as one, jsonb_populate_record(null::mentions, one) as kept
"""
_LOST = f"""
    {_ASIDE}
    where r.id = any(:rows) and r.kind = 'set_aside'
      and not exists (select from story_articles a where a.article_id = kept.article_id)
      and not exists (
        select from story_deed_items i join story_deeds d on d.id = i.deed_id
        where i.article_id = kept.article_id and i.state = 'done' and d.kind = 'delete' and d.undone_at is null)
"""
_REVIVE_STORIES = text(
    f"""
    insert into stories (id, title, headline_article_id, first_published_at, last_published_at, starred, archived)
    select distinct on (kept.story_id) kept.story_id, kept.title, kept.article_id, kept.published_at, kept.published_at,
      kept.starred, kept.archived
    {_LOST}
    order by kept.story_id, kept.published_at
    on conflict do nothing
    """
)
_REVIVE_ARTICLES = text(
    f"""
    insert into story_articles (
      id, story_id, article_id, published_at, title, url, outlet, site, text_sha256, reprint_of, relation)
    select gen_random_uuid(), kept.story_id, kept.article_id, kept.published_at, kept.title, kept.url, kept.outlet, kept.site,
      kept.text_sha256, kept.reprint_of, case when kept.reprint_of is null then 'related' else 'reprint' end
    {_LOST}
    on conflict do nothing
    returning story_id
    """
)


@cache
def _bringing_back() -> list[TextClause]:
    """Made when they are first needed: by then the models of all tables are known."""
    now_in = "'story_id', s.id, 'reprint_of', a.reprint_of, 'starred', s.starred, 'archived', s.archived"
    return [
        text(
            f"""
            insert into mentions
            select back.* {_ASIDE}
            join story_articles a on a.article_id = kept.article_id join stories s on s.id = a.story_id,
              {row_again("mentions", f"one || jsonb_build_object({now_in})")} as back
            where r.id = any(:rows) and r.kind = 'set_aside'
            on conflict do nothing
            """
        ),
        *(
            text(
                f"""
                insert into {table}
                select t.* from brand_merge_rows r, jsonb_array_elements(r.before->'{table}') as one,
                  {row_again(table, "one")} as t
                where r.id = any(:rows) and r.kind = 'set_aside' and {can_be}
                on conflict do nothing
                """
            )
            for table, can_be in HANGING.items()
        ),
    ]


_BRING_BACK_BOUND = [
    text(
        """
        update brand_alerts a set brand_id = :gone, enabled = (r.before->>'enabled')::boolean
        from brand_merge_rows r where r.merge_id = :merge and r.kind = 'alert' and r.row_id = a.id
        """
    ),
    text(
        f"""
        update brand_incidents i set brand_id = :gone
        from brand_merge_rows r where r.merge_id = :merge and r.kind = 'incident' and r.row_id = i.id
          and not exists ({_TOLD_OF.format(brand=":gone")})
        """
    ),
    # What an alert told of while its brand was merged goes back with it: else it would tell of that once more.
    text(
        f"""
        update brand_incidents i set brand_id = :gone
        from brand_merge_rows r join brand_merges m on m.id = r.merge_id
        where m.id = :merge and r.kind = 'alert' and r.row_id = i.alert_id and i.brand_id = :kept
          and i.found_at >= m.merged_at and not exists ({_TOLD_OF.format(brand=":gone")})
        """
    ),
    text(
        """
        update topics t set brand_id = :gone
        from brand_merge_rows r where r.merge_id = :merge and r.kind = 'topic' and r.row_id = t.id
        """
    ),
]
# While the mentions of a brand are on their way, or on their way back, they are no strays.
_IS_MERGED = """
    b.merged_into is not null and not exists (
      select from brand_merges g where g.gone_id = b.id and g.state in ('doing', 'undoing'))
"""
_STRAYS = text(f"select distinct m.story_id from mentions m join brands b on b.id = m.brand_id where {_IS_MERGED}")
_MOVE_STRAYS = text(
    f"""
    update mentions m set brand_id = b.merged_into from brands b
    where b.id = m.brand_id and {_IS_MERGED} and not exists (
      select 1 from mentions t where t.brand_id = b.merged_into and t.article_id = m.article_id)
    """
)
_DROP_STRAYS = text(f"delete from mentions m using brands b where b.id = m.brand_id and {_IS_MERGED}")


async def left_to_move(db: Db, gone: UUID) -> int:
    """How many mentions the brand has."""
    return int(await db.scalar(_LEFT, {"gone": gone}) or 0)


async def left_to_move_back(db: Db, merge_id: UUID) -> int:
    """How many rows of mentions a merge still has to bring back."""
    return int(await db.scalar(_LEFT_BACK, {"merge": merge_id}) or 0)


async def move_bound(db: Db, merge_id: UUID, gone: UUID, kept: UUID) -> None:
    """Give the alerts, incidents and topics of one brand to another."""
    ids = {"merge": merge_id, "gone": gone, "kept": kept}
    for statement in (_KEEP_BOUND, _MOVE_ALERTS, *_MOVE_BOUND):
        await db.execute(statement, ids)


async def move_some(db: Db, merge_id: UUID, gone: UUID, kept: UUID, most: int) -> tuple[int, list[UUID]]:
    """Give the next mentions of one brand to another: how many, and the stories to be counted anew."""
    rows = (await db.execute(_NEXT, {"gone": gone, "most": most})).all()
    if not rows:
        return 0, []
    stories = sorted({row.story_id for row in rows})
    await lock_stories(db, stories)
    ids = {"merge": merge_id, "gone": gone, "kept": kept, "ids": [row.id for row in rows]}
    for statement in (_SET_ASIDE, _KEEP_WIDENED, _KEEP_MOVED, _WIDEN, _DROP_ASIDE, *_MOVE):
        await db.execute(statement, ids)
    return len(rows), stories


async def move_some_back(db: Db, merge_id: UUID, gone: UUID, kept: UUID, most: int) -> tuple[int, list[UUID]]:
    """Give back the next of what a merge moved, as far as it is still there: how many, and the stories to be counted anew."""
    rows = (await db.execute(_NEXT_BACK, {"merge": merge_id, "most": most})).all()
    if not rows:
        return 0, []
    mentions = [row.row_id for row in rows]
    stories = set(await db.scalars(_STORIES_OF, {"ids": mentions}))
    await lock_stories(db, stories)
    ids = {"gone": gone, "kept": kept, "rows": [row.id for row in rows]}
    for statement in (*_MOVE_BACK, _REVIVE_STORIES):
        await db.execute(statement, ids)
    revived = sorted(set(await db.scalars(_REVIVE_ARTICLES, ids)))
    for statement in _bringing_back():
        await db.execute(statement, ids)
    await settle(db, revived)
    stories |= set(await db.scalars(_STORIES_OF, {"ids": mentions}))
    await db.execute(_FORGET_ROWS, ids)
    return len(rows), sorted(stories)


async def move_bound_back(db: Db, merge_id: UUID, gone: UUID, kept: UUID) -> None:
    """Give alerts, incidents and topics back, with what the alerts told of meanwhile."""
    ids = {"merge": merge_id, "gone": gone, "kept": kept}
    for statement in _BRING_BACK_BOUND:
        await db.execute(statement, ids)


async def gather_strays(db: Db) -> list[UUID]:
    """Mentions that a run which had begun before a merge stored for the merged brand, given to the one that stayed.

    Returns the stories to be counted anew.
    """
    stories = sorted(await db.scalars(_STRAYS))
    if stories:
        await lock_stories(db, stories)
        await db.execute(_MOVE_STRAYS)
        await db.execute(_DROP_STRAYS)
    return stories
