"""Addresses of ads, their metrics and views."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import FileResponse

from brandhound.ads.diagnosing.rules import RULES
from brandhound.ads.queries import account_by_id
from brandhound.ads.standings import changing, grouping, keeping, landing, opening, showing
from brandhound.ads.standings.asking import AdFilter, check_filter, known_columns, listed_metrics
from brandhound.ads.standings.errors import UnknownColumn
from brandhound.ads.standings.page_schemas import AdsByPage, LandingPageOut
from brandhound.ads.standings.schemas import (
    AdChanges,
    AdDetail,
    AdMetricOut,
    AdPage,
    AdViewOut,
    AimsIn,
    AimsOut,
    ChangedAdMetric,
    Health,
    NamingOut,
    NewAdMetric,
    NewAdView,
    RenamedAdView,
    RuleOut,
    Window,
)
from brandhound.ads.standings.wishes import Diagnose
from brandhound.core import clock
from brandhound.jobs.presenting import run_out
from brandhound.jobs.registry import enqueue
from brandhound.jobs.schemas import RunOut
from brandhound.tenancy.callers import Analyst, TenantDb, Viewer

router = APIRouter(tags=["ads"])

ShowIn = Annotated[
    str | None,
    Query(pattern="^[A-Z]{3}$", description="Show money in this currency, by the daily rates that were put in"),
]
Status = Annotated[
    str | None, Query(max_length=200, description="How delivery stands, in the platform's word, such as ACTIVE")
]
Said = Annotated[
    str | None, Query(max_length=200, description="Only ads of which this is said, as `/api/ads/rules` lists it")
]
Columns = Annotated[str, Query(max_length=1000, description="Names with commas between; or preset:NAME")]


def narrowed(
    window: Annotated[Window, Query(description="Over the last so many days of each account")] = 28,
    brand_id: UUID | None = None,
    account_id: UUID | None = None,
    campaign_id: UUID | None = None,
    currency: Annotated[str | None, Query(pattern="^[A-Z]{3}$", description="Only ads that are paid in it")] = None,
    status: Status = None,
    health: Health | None = None,
    rule: Said = None,
    page: Annotated[
        str | None,
        Query(
            min_length=1, max_length=2000, description="Only ads that lead to this page, as `/api/ads/pages` spells it"
        ),
    ] = None,
    q: Annotated[str, Query(max_length=200, description="Part of a name, or an ad's whole number")] = "",
) -> AdFilter:
    """Which ads a list is of, the same for every list of them."""
    return AdFilter(window, brand_id, account_id, campaign_id, currency, status, health, rule, q, page)


Narrowed = Annotated[AdFilter, Depends(narrowed)]


@router.get("/api/ads")
async def list_ads(
    db: TenantDb,
    _: Viewer,
    wanted: Narrowed,
    columns: Columns = "preset:performance",
    sort: Annotated[
        str,
        Query(
            max_length=60,
            description="A column, or name; - before it for the largest first. Money is put in order within each currency",
        ),
    ] = "-spend",
    show_in: ShowIn = None,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> AdPage:
    """Ads that match, in order, with their sums and with what is said of them."""
    await check_filter(db, wanted)
    return await showing.read_ads(db, wanted, _columns(columns), sort, offset, limit, show_in)


def _columns(asked: str) -> tuple[str, ...]:
    """Raises UnknownColumn."""
    kind, _, name = asked.partition(":")
    if kind == "preset":
        if name not in showing.PRESETS:
            raise UnknownColumn(asked)
        return showing.PRESETS[name]
    return tuple(dict.fromkeys(part.strip() for part in asked.split(",") if part.strip()))[:40]


@router.get("/api/ads/by-page")
async def list_ads_by_page(
    db: TenantDb,
    _: Viewer,
    wanted: Narrowed,
    columns: Columns = "preset:performance",
    sort: Annotated[
        str, Query(max_length=60, description="A column, ads, or name; - before it for the largest first")
    ] = "-spend",
    show_in: ShowIn = None,
) -> AdsByPage:
    """Ads that match together by the page that they lead to, with what the return of each page likely is."""
    await check_filter(db, wanted)
    return await grouping.read_pages(db, wanted, _columns(columns), sort, show_in)


@router.get("/api/ads/changes")
async def read_ad_changes(
    db: TenantDb, _: Viewer, brand_id: UUID | None = None, account_id: UUID | None = None, show_in: ShowIn = None
) -> AdChanges:
    """What changed since yesterday, and who does best and worst."""
    return await changing.read_changes(db, brand_id, account_id, show_in)


@router.get("/api/ads/rules")
async def list_ad_rules(_: Viewer) -> list[RuleOut]:
    """Everything that can be said of ads, in the words that are used: what ads can be narrowed to."""
    return [RuleOut(code=one.code, title=one.title, says=one.says, severity=one.severity) for one in RULES.values()]


@router.get("/api/ads/pages")
async def list_landing_pages(
    db: TenantDb,
    _: Viewer,
    window: Annotated[Window, Query(description="Of ads that were shown in the last so many days")] = 28,
) -> list[LandingPageOut]:
    """The pages that ads lead to, that of the most ads first; at most two hundred."""
    return await landing.landing_pages(db, window)


@router.get("/api/ads/metrics")
async def list_ad_metrics(db: TenantDb, _: Viewer) -> list[AdMetricOut]:
    """All that columns and formulas can name: raw counts, the library, and your own."""
    return listed_metrics(await known_columns(db))


@router.post("/api/ads/metrics", status_code=201)
async def make_ad_metric(new: NewAdMetric, db: TenantDb, caller: Analyst) -> AdMetricOut:
    """Make up a metric by a formula of others."""
    return await keeping.make_metric(db, new, caller, clock.now())


@router.put("/api/ads/metrics/{own_metric_id}")
async def change_ad_metric(own_metric_id: UUID, changed: ChangedAdMetric, db: TenantDb, caller: Analyst) -> AdMetricOut:
    """Change a metric of your own. Columns and views that have it go on with what it is now."""
    return await keeping.change_metric(db, own_metric_id, changed, caller)


@router.delete("/api/ads/metrics/{own_metric_id}", status_code=204)
async def remove_ad_metric(own_metric_id: UUID, db: TenantDb, caller: Analyst) -> None:
    """Forget a metric of your own."""
    await keeping.remove_metric(db, own_metric_id, caller)


@router.get("/api/ads/views")
async def list_ad_views(db: TenantDb, _: Viewer) -> list[AdViewOut]:
    """Saved views, by name."""
    return await keeping.views(db)


@router.post("/api/ads/views", status_code=201)
async def save_ad_view(new: NewAdView, db: TenantDb, caller: Analyst) -> AdViewOut:
    """Save a view for all of the organization; one of the same name is overwritten."""
    return await keeping.save_view(db, new, caller, clock.now())


@router.patch("/api/ads/views/{view_id}")
async def rename_ad_view(view_id: UUID, new: RenamedAdView, db: TenantDb, _: Analyst) -> AdViewOut:
    """Give a view another name. One that another view has is refused."""
    return await keeping.rename_view(db, view_id, new.name)


@router.delete("/api/ads/views/{view_id}", status_code=204)
async def remove_ad_view(view_id: UUID, db: TenantDb, _: Analyst) -> None:
    """Forget a view."""
    await keeping.remove_view(db, view_id)


@router.get("/api/ads/assets/{asset_id}", response_class=FileResponse)
async def read_ad_asset(asset_id: UUID, db: TenantDb, _: Viewer, still: bool = False) -> FileResponse:
    """A picture or a film of an ad; with `still`, the poster of a film."""
    path, kind = await opening.asset_file(db, asset_id, still=still)
    # Named by its bytes: it never changes. A picture may not run anything, whatever it holds.
    headers = {"Cache-Control": "private, max-age=86400", "Content-Security-Policy": "sandbox; default-src 'none'"}
    return FileResponse(path, media_type=kind, headers=headers)


@router.get("/api/ads/{ad_id}")
async def read_ad(ad_id: UUID, db: TenantDb, _: Viewer, show_in: ShowIn = None) -> AdDetail:
    """One ad with its days, what it likely is beside what is usual, and what is said of it with the numbers."""
    return await opening.read_ad(db, ad_id, show_in)


@router.get("/api/ad-accounts/{account_id}/aims")
async def read_ad_aims(account_id: UUID, db: TenantDb, _: Viewer) -> AimsOut:
    """What a purchase may cost, and how ads are named."""
    return await keeping.aims_of(db, account_id)


@router.put("/api/ad-accounts/{account_id}/aims")
async def set_ad_aims(account_id: UUID, new: AimsIn, db: TenantDb, caller: Analyst) -> AimsOut:
    """Say what a purchase may cost, and how ads are named. The ads are judged anew by it."""
    aims = await keeping.set_aims(db, account_id, new, caller, clock.now())
    await enqueue(db, "ads.diagnose", Diagnose(account_id=account_id))
    return aims


@router.get("/api/ad-accounts/{account_id}/naming")
async def read_ad_naming(
    account_id: UUID, db: TenantDb, _: Viewer, pattern: Annotated[str | None, Query(max_length=200)] = None
) -> NamingOut:
    """How far the names of ads follow the account's pattern, or one that you try out."""
    return await keeping.naming_of(db, account_id, pattern)


@router.post("/api/ad-accounts/{account_id}/diagnosis", status_code=202)
async def diagnose_ads(account_id: UUID, db: TenantDb, _: Analyst) -> RunOut:
    """Sum and judge the ads of an account anew."""
    await account_by_id(db, account_id)
    return await run_out(db, await enqueue(db, "ads.diagnose", Diagnose(account_id=account_id)))
