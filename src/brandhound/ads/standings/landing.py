"""The pages that ads lead to, in one spelling each."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from brandhound.ads.object_models import Ad, AdCreative, AdCreativeVersion
from brandhound.ads.standings.models import AdWindowSums
from brandhound.ads.standings.page_schemas import LandingPageOut
from brandhound.core.db import Db, planned_for_its_owner

MOST_PAGES = 200
LEADING_TO_A_PAGE = (Ad, AdCreative, AdCreativeVersion)
"""What is read to know where ads lead."""
_SITE = "^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*"


def page_of(link: ColumnElement[str | None] | InstrumentedAttribute[str | None]) -> ColumnElement[str | None]:
    """Where a link leads, in one spelling: without what only counts who came, host in small letters and without `www.`."""
    plain = func.rtrim(func.split_part(func.split_part(link, "?", 1), "#", 1), "/")
    site = func.coalesce(func.substring(plain, _SITE), "")
    rest = func.substr(plain, func.length(site) + 1)
    return func.nullif(func.regexp_replace(func.lower(site), "://www[.]", "://").concat(rest), "")


def with_page(statement: Select[Any]) -> Select[Any]:
    """The version of each ad's creative joined, empty where an ad has none; `Ad` is there already."""
    return statement.outerjoin(AdCreative, AdCreative.id == Ad.creative_id).outerjoin(
        AdCreativeVersion,
        (AdCreativeVersion.creative_id == AdCreative.id) & (AdCreativeVersion.number == AdCreative.version),
    )


def links_to(page: str) -> Select[str | None]:
    """The links that lead to a page: each is spelled as one once, and not for each ad that has it."""
    # The offset keeps the question behind the grouping; Postgres would ask it of every version.
    each = select(AdCreativeVersion.link).distinct().offset(0).subquery()
    return select(each.c.link).where(page_of(each.c.link) == page)


async def landing_pages(db: Db, window: int) -> list[LandingPageOut]:
    """The pages that ads of the last days lead to, that of the most ads first."""
    chosen: Select[Any] = (
        select(AdCreativeVersion.link, func.count().label("ads"))  # pyright: ignore[reportAssignmentType]
        .select_from(AdWindowSums)
        .join(Ad, Ad.id == AdWindowSums.ad_id)
    )
    by_link = (
        with_page(chosen)
        .where(AdWindowSums.window_days == window, AdCreativeVersion.link.is_not(None))
        .group_by(AdCreativeVersion.link)
        .subquery()
    )
    page, ads = page_of(by_link.c.link), func.sum(by_link.c.ads)
    # One of them may stand for links that lead to no page.
    found = select(page, ads).group_by(page).order_by(ads.desc(), page).limit(MOST_PAGES + 1)
    rows = (await db.execute(planned_for_its_owner(db, found, AdWindowSums, *LEADING_TO_A_PAGE))).all()
    return [LandingPageOut(page=page, ads=int(ads)) for page, ads in rows if page is not None][:MOST_PAGES]
