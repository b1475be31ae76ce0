"""The rows that `bench.screens` measures: eight brands an organization, and as many mentions as asked for."""

import sys
import time
from typing import LiteralString

import psycopg

from brandhound.core.files import files

# As sure as a mention must be for where it stands.
SURE: LiteralString = "case when luck > .1 then .8 + luck / 5 when luck > .03 then .4 + luck * 4 else luck * 10 end"
# A third of the articles belong to the story of another one; nine mentions in ten are accepted; 60 outlets.
FILL: list[LiteralString] = [
    """insert into brands (id, organization_id, name, name_key, kind, color, created_at, updated_at)
       select gen_random_uuid(), o.id, 'Brand ' || n, 'brand ' || n, case when n = 1 then 'own' else 'competitor' end,
              '#336699', now(), now()
       from organizations o, generate_series(1, 8) n where o.id <> '00000000-0000-0000-0000-000000000000'""",
    """create temp table numbered as
       select n, gen_random_uuid() as article_id, now() - random() * interval '365 days' as at,
              'outlet ' || (power(random(), 2) * 60)::int as outlet,
              (n * 2 / 3) as story, 1 + (power(random(), 1.7) * 7)::int as brand, random() as luck,
              md5(n::text) || ' ' || md5((n * 7)::text) as words, (%(texts)s::text[])[1 + n %% 500] as text
       from generate_series(1, %(each)s) n""",
    """insert into articles (id, url, url_key, site, outlet, title, state, first_seen_at, text_sha256)
       select article_id, 'https://x.example/' || n, 'https://x.example/' || n, 'x.example', outlet, words, 'fetched', at, text
       from numbered""",
    """create temp table told as
       select o.id as organization_id, story, gen_random_uuid() as story_id, min(at) as first_at, max(at) as last_at,
              count(*) as articles, (array_agg(article_id order by at))[1] as headline, min(words) as title,
              count(distinct outlet) as outlets, array_agg(distinct brand) as brands, max(luck) as luck
       from numbered, organizations o where o.id <> '00000000-0000-0000-0000-000000000000' group by 1, 2""",
    """insert into stories (id, organization_id, title, headline_article_id, first_published_at, last_published_at,
              articles, outlets, mentions, standing, confidence, doubtful, brand_ids, tones, search_text, starred)
       select story_id, t.organization_id, title, headline, first_at, last_at, articles, outlets, articles,
              case when luck > .1 then 'accepted' when luck > .03 then 'doubtful' else 'rejected' end, sure, luck < .2,
              (select array_agg(b.id) from brands b where b.organization_id = t.organization_id
               and b.name = any (select 'Brand ' || x from unnest(t.brands) x)),
              array['positive', 'neutral', 'negative'], title, luck > .995
       from (select *, """
    + SURE
    + """ as sure from told) t order by last_at""",
    """insert into story_articles (id, organization_id, story_id, article_id, published_at, title, url, outlet, site,
              text_sha256)
       select gen_random_uuid(), t.organization_id, t.story_id, n.article_id, n.at, n.words, 'https://x.example/', n.outlet,
              'x.example', n.text
       from numbered n join told t using (story)""",
    """insert into mentions (id, organization_id, brand_id, article_id, story_id, confidence, standing, salience, tone,
              published_at, outlet, site, title, url, search_text, reasons, evidence, tone_quote, text_sha256)
       select gen_random_uuid(), t.organization_id, b.id, n.article_id, t.story_id, n.sure,
              case when n.luck > .1 then 'accepted' when n.luck > .03 then 'doubtful' else 'rejected' end, 'subject',
              (array['positive','neutral','neutral','neutral','negative','mixed','unclear'])[1 + (n.luck * 977)::int % 7],
              n.at, n.outlet, 'x.example', n.words, 'https://x.example/', n.words || ' | ' || n.outlet,
              jsonb_build_array(jsonb_build_object('code', 'whole-name', 'text', 'The whole name stands in the text',
                                                   'weight', 2.0)),
              jsonb_build_array(jsonb_build_object('start', 0, 'end', 7, 'surface', 'Brand 1', 'sentence_start', 0,
                                                   'sentence_end', 60, 'field', 'text')),
              repeat('a sentence of the article ', 4), n.text
       from (select *, """
    + SURE
    + """ as sure from numbered) n join told t using (story)
       join brands b on b.organization_id = t.organization_id and b.name = 'Brand ' || n.brand order by n.at""",
    """insert into story_brands (organization_id, story_id, brand_id, standing, tone, confidence, last_published_at)
       select m.organization_id, m.story_id, m.brand_id, m.standing, m.tone, max(m.confidence), s.last_published_at
       from mentions m join stories s on s.id = m.story_id group by 1, 2, 3, 4, 5, 7""",
    "analyze",
]


WITHOUT_REFERENCES: LiteralString = """
    do $$ declare one record; begin
      for one in select conrelid::regclass as held_by, conname from pg_constraint where contype = 'f'
        and conrelid::regclass::text in ('stories', 'story_articles', 'story_brands', 'mentions')
      loop execute format('alter table %s drop constraint %I', one.held_by, one.conname); end loop;
    end $$"""


def fill(url: str, each: int) -> None:
    """Fill all organizations but the installation's own, with `each` mentions."""
    with psycopg.connect(url, autocommit=True) as connection:
        # Made-up rows need no checking of references, which would take minutes.
        connection.execute(WITHOUT_REFERENCES)
        texts = [files().put(f"Text {n}. {'Brand 1 is named in a sentence. ' * 120}".encode()) for n in range(500)]
        for statement in FILL:
            began = time.perf_counter()
            connection.execute(statement, {"each": each, "texts": texts} if "%(each)s" in statement else None)
            print(f"{statement.split()[:3]}: {time.perf_counter() - began:.0f} s", file=sys.stderr)
        connection.execute("vacuum analyze")
