"""Who may change stories and what is in them at the same time, and in which order locks are taken.

One order for everybody, so that no two wait for each other. Whoever changes more than one story, or moves what is in it, lets
nobody else do so in this organization (`hold_stories`). Then come brands, then stories, then mentions and what hangs on them: who
changes a mention, and with it what its story says of itself, holds the story before the mention. What deeds noted of a story
comes after the story, too.
"""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import select, text

from brandhound.brands.models import Brand
from brandhound.core.db import Db, one_of, organization_of
from brandhound.mentions.models import Mention
from brandhound.mentions.story_models import Story


async def hold_stories(db: Db) -> None:
    """Let nobody else place or move articles, or remove a brand, in this organization until the end of the transaction."""
    await db.execute(
        text("select pg_advisory_xact_lock(hashtextextended('mentions.stories:' || :owner, 0))"),
        {"owner": str(organization_of(db))},
    )
    # A brand that is removed takes its mentions along, whoever holds their stories.
    await db.execute(select(Brand.id).order_by(Brand.id).with_for_update(read=True, key_share=True))


async def lock_stories(db: Db, story_ids: Iterable[UUID]) -> set[UUID]:
    """Hold these stories to the end of the transaction; those that are there."""
    wanted = set(story_ids)
    if not wanted:
        return set()
    statement = select(Story.id).where(Story.id == one_of(wanted)).order_by(Story.id)
    return set(await db.scalars(statement.with_for_update(key_share=True)))


async def lock_mentions(db: Db, mention_ids: Collection[UUID]) -> list[Mention]:
    """Hold these mentions, and before them all that comes before, to the end of the transaction; those that are there."""
    wanted = Mention.id == one_of(mention_ids)
    if len(mention_ids) > 1:
        await hold_stories(db)
    else:
        brands = select(Brand.id).where(Brand.id.in_(select(Mention.brand_id).where(wanted)))
        await db.execute(brands.with_for_update(read=True, key_share=True))
    held: set[UUID] = set()
    # One that was moved before its story was held is looked for where it is now; after that, nobody moves it.
    while not held >= (there := set(await db.scalars(select(Mention.story_id).where(wanted).distinct()))):
        held |= await lock_stories(db, there)
    found = select(Mention).where(wanted).order_by(Mention.id).with_for_update(key_share=True)
    return list((await db.scalars(found.execution_options(populate_existing=True))).all())
