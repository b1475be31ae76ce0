"""Deleting stories for good, and bringing them back to the letter for as long as what they were is kept."""

from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from uuid import UUID

from sqlalchemy import TextClause, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

from brandhound.core.db import Db
from brandhound.mentions.hanging import HANGING
from brandhound.mentions.restoring import row_again

KEPT_FOR = timedelta(days=30)
"""So long a deletion can be taken back. Then what was deleted is gone."""

OF_STORIES = ("story_articles", "story_tags", "story_brands", "mentions")
"""Tables whose rows go with a story, in an order in which they can be put back."""
_IDS = bindparam("story_ids", type_=ARRAY(Uuid()))


def _rows(table: str) -> str:
    return f"'{table}', (select jsonb_agg(to_jsonb(t)) from {table} t where t.story_id = s.id)"


# Names of tables come from the list above, and from that of what hangs on mentions, and from nowhere else.
_NOTE_STORIES = text(
    "update story_deed_items i set state = 'done',"
    " before = (select jsonb_build_object('stories', jsonb_build_array(to_jsonb(s)), "
    + ", ".join(_rows(table) for table in OF_STORIES)
    + ", "
    + ", ".join(
        f"'{table}', (select jsonb_agg(to_jsonb(t)) from {table} t"
        " join mentions m on m.id = t.mention_id where m.story_id = s.id)"
        for table in HANGING
    )
    + ") from stories s where s.id = i.story_id)"
    + " where i.deed_id = :deed_id and i.story_id = any(:story_ids) and i.article_id is null"
).bindparams(_IDS)
_NOTE_ARTICLES = text(
    "insert into story_deed_items (id, deed_id, story_id, article_id, state)"
    " select gen_random_uuid(), :deed_id, a.story_id, a.article_id, 'done'"
    " from story_articles a where a.story_id = any(:story_ids)"
).bindparams(_IDS)
_DELETE = text("delete from stories where id = any(:story_ids)").bindparams(_IDS)
# Whoever was removed meanwhile (a brand, a sample, a lesson) takes along what hung on it.
_STILL_THERE = {
    "mentions": "exists (select from brands b where b.id = t.brand_id)",
    "story_brands": "exists (select from brands b where b.id = t.brand_id)",
    **HANGING,
}


@cache
def _restoring() -> list[TextClause]:
    """Made when they are first needed: by then the models of all tables are known."""
    return [
        text(
            f"insert into {table} select t.* from story_deed_items i,"
            f" lateral jsonb_array_elements(case jsonb_typeof(i.before -> '{table}')"
            f" when 'array' then i.before -> '{table}' else '[]' end) as one,"
            f" lateral {row_again(table, 'one')} as t"
            " where i.deed_id = :deed_id and i.story_id = any(:story_ids) and i.article_id is null"
            f" and {_STILL_THERE.get(table, 'true')}"
            " on conflict do nothing"
        ).bindparams(_IDS)
        for table in ("stories", *OF_STORIES, *HANGING)
    ]


_FORGET = text(
    "update story_deed_items i set before = null from story_deeds d"
    " where d.id = i.deed_id and d.kind = 'delete' and d.created_at < :long_ago and i.before is not null"
    # What is being taken back is needed to the end.
    " and d.state <> 'undoing'"
)


async def throw_away(db: Db, deed_id: UUID, story_ids: Sequence[UUID]) -> None:
    """Delete these stories with all that hangs on them. Their articles are not taken in again."""
    chosen = {"deed_id": deed_id, "story_ids": list(story_ids)}
    for statement in (_NOTE_STORIES, _NOTE_ARTICLES):
        await db.execute(statement, chosen)
    await db.execute(_DELETE, {"story_ids": list(story_ids)})


async def bring_back(db: Db, deed_id: UUID, story_ids: Sequence[UUID]) -> None:
    """Put deleted stories back as they were."""
    for statement in _restoring():
        await db.execute(statement, {"deed_id": deed_id, "story_ids": list(story_ids)})


async def forget_old(db: Db, long_ago: object) -> None:
    """What was deleted before then is gone for good; that it is not to come in again stays known."""
    await db.execute(_FORGET, {"long_ago": long_ago})
