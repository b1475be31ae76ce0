"""What may be fetched is a limit for all that is fetched, however much of it at once."""

from uuid import UUID

import httpx

from brandhound.twins.meta import MetaTwin
from tests.ad_syncing.accounts import connect, rows, sync
from tests.ad_syncing.conftest import small


async def test_several_films_at_once_are_together_within_the_megabytes(
    meta: MetaTwin, client: httpx.AsyncClient, organization_id: UUID, quick: None
) -> None:
    shop = await connect(meta, client, organization_id, small(meta, ads=80))
    await sync(shop)
    films = [name for (name,) in await rows(shop, "select external_id from ad_assets where kind = 'video'")]
    meta.kept.cdn.bodies = dict.fromkeys(films, b"\0" * 600_000)
    try:
        await sync(shop, max_videos=12, max_megabytes=1)
        first = await rows(shop, "select reason, bytes from ad_assets where kind = 'video' and reason is not null")
        # What did not fit beside the others comes next time, sooner than another day.
        await sync(shop, max_videos=50, max_megabytes=50)
    finally:
        meta.kept.cdn.bodies = {}
    told = [reason for reason, _ in first if reason in ("not_readable", "over_budget")]
    assert sorted(told) == ["not_readable", *["over_budget"] * (len(told) - 1)]
    assert len(told) >= 3
    assert {size for reason, size in first if reason == "over_budget"} == {600_000}
    again = await rows(shop, "select count(*) from ad_assets where kind = 'video' and reason = 'over_budget'")
    assert again == [(0,)]
