"""What a story says of itself in the inbox, counted anew from its articles and mentions."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from brandhound.core.db import Db

# One statement for any number of stories, so that a batch of articles costs one round trip. The headline is the article that a
# person chose, else the earliest one that is no copy, the most certain brand in its title first. Of the words to find it by each
# is kept once: copies share most of theirs, and a story that hundreds of outlets carry is found by the last of them, too.
_SUM_UP = text(
    """
    with articles as (
      select story_id, min(published_at) as first_at, max(published_at) as last_at, count(*) as articles,
             count(distinct outlet) as outlets, count(*) filter (where relation = 'reprint') as reprints
      from story_articles where story_id = any(:story_ids) group by story_id),
    words as (
      select story_id, left(string_agg(distinct word, ' '), 20000) as search_text
      from (select distinct story_id, search_text from mentions where story_id = any(:story_ids)) as told
      cross join unnest(string_to_array(told.search_text, ' ')) as word
      where word <> '|' group by story_id),
    said as (
      select story_id, count(*) as mentions, max(confidence) as confidence,
             case when bool_or(standing = 'accepted') then 'accepted'
                  when bool_or(standing = 'doubtful') then 'doubtful' else 'rejected' end as standing,
             bool_or(standing = 'doubtful') as doubtful,
             array_agg(distinct brand_id) as brand_ids, array_agg(distinct tone) as tones
      from mentions where story_id = any(:story_ids) group by story_id),
    headlines as (
      select distinct on (a.story_id) a.story_id, a.article_id, a.title
      from story_articles a
      join stories s on s.id = a.story_id
      left join lateral (
        select max(case standing when 'accepted' then 2 when 'doubtful' then 1 else 0 end) as rank
        from mentions m where m.article_id = a.article_id) as best on true
      where a.story_id = any(:story_ids)
      order by a.story_id, a.article_id is not distinct from s.chosen_headline_id desc, coalesce(best.rank, 0) desc,
               a.reprint_of is not null, a.published_at, a.id)
    update stories s
    set title = headlines.title, headline_article_id = headlines.article_id,
        first_published_at = articles.first_at, last_published_at = articles.last_at,
        articles = articles.articles, outlets = articles.outlets, reprints = articles.reprints,
        search_text = coalesce(words.search_text, ''),
        mentions = coalesce(said.mentions, 0), confidence = coalesce(said.confidence, 0),
        standing = coalesce(said.standing, 'rejected'), doubtful = coalesce(said.doubtful, false),
        brand_ids = coalesce(said.brand_ids, '{}'), tones = coalesce(said.tones, '{}')
    from articles join headlines using (story_id) left join said using (story_id) left join words using (story_id)
    where s.id = articles.story_id
    """
).bindparams(bindparam("story_ids", type_=ARRAY(Uuid())))


_FORGET_BRANDS = text("delete from story_brands where story_id = any(:story_ids)").bindparams(
    bindparam("story_ids", type_=ARRAY(Uuid()))
)
_NOTE_BRANDS = text(
    """
    insert into story_brands (story_id, brand_id, standing, tone, confidence, last_published_at)
    select m.story_id, m.brand_id, m.standing, m.tone, max(m.confidence), s.last_published_at
    from mentions m join stories s on s.id = m.story_id
    where m.story_id = any(:story_ids)
    group by m.story_id, m.brand_id, m.standing, m.tone, s.last_published_at
    """
).bindparams(bindparam("story_ids", type_=ARRAY(Uuid())))


async def sum_up_stories(db: Db, story_ids: Sequence[UUID]) -> None:
    """Count these stories anew: days, articles, outlets, standing, headline, brands. Safe to repeat."""
    if story_ids:
        chosen = {"story_ids": sorted(set(story_ids))}
        # The first holds the stories until the end of the transaction: who counts the same ones waits for our brands.
        for statement in (_SUM_UP, _FORGET_BRANDS, _NOTE_BRANDS):
            await db.execute(statement, chosen)
