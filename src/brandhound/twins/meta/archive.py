"""`/ads_archive`: the public library of ads, as far as it can be asked by a program."""

from typing import Any

import numpy as np

from brandhound.twins.meta.admitting import Caller
from brandhound.twins.meta.calling import Call
from brandhound.twins.meta.counting import breakdown_shares
from brandhound.twins.meta.creatives import Teller
from brandhound.twins.meta.entities import entities
from brandhound.twins.meta.keeping import Kept
from brandhound.twins.meta.latents import IMAGE
from brandhound.twins.meta.numbering import id_of
from brandhound.twins.meta.owning import AccountSpec
from brandhound.twins.meta.paging import page
from brandhound.twins.meta.refusing import Refused
from brandhound.twins.meta.selecting import pick, read_fields
from brandhound.twins.meta.worlds import reached
from brandhound.twins.meta.writing import body_of, link_of, shop_of, title_of

TYPES = (
    "ALL", "POLITICAL_AND_ISSUE_ADS", "EMPLOYMENT_ADS", "HOUSING_ADS", "CREDIT_ADS", "FINANCIAL_PRODUCTS_AND_SERVICES_ADS",
)  # fmt: skip
EUROPEAN = frozenset({"AT", "BE", "DE", "ES", "FR", "GB", "IE", "IT", "NL", "PL", "SE"})
FIELDS = frozenset(
    {
        "id", "ad_creation_time", "ad_creative_bodies", "ad_creative_link_captions", "ad_creative_link_descriptions",
        "ad_creative_link_titles", "ad_delivery_start_time", "ad_delivery_stop_time", "ad_snapshot_url",
        "age_country_gender_reach_breakdown", "beneficiary_payers", "br_total_reach", "bylines", "currency",
        "delivery_by_region", "demographic_distribution", "estimated_audience_size", "eu_total_reach", "impressions",
        "languages", "page_id", "page_name", "publisher_platforms", "spend", "target_ages", "target_gender",
        "target_locations", "total_reach_by_location",
    }
)  # fmt: skip


def list_archive(kept: Kept, caller: Caller, call: Call) -> dict[str, Any]:
    """A page of ads that ran in Europe within a year. Raises Refused without the right to look, or for a bad question."""
    if not kept.archive_open:
        raise Refused("archive_identity")
    countries = call.names("ad_reached_countries")
    terms, pages = call.param("search_terms").lower(), call.names("search_page_ids")
    if not countries:
        raise Refused("parameter", detail="The parameter ad_reached_countries is required")
    if call.param("ad_type", "ALL") not in TYPES:
        raise Refused("parameter", detail=f"ad_type must be one of the following values: {', '.join(TYPES)}")
    if len(terms) > 100 or len(pages) > 10:
        raise Refused("parameter", detail="search_terms has at most 100 characters, search_page_ids at most 10 ids")
    if not terms and not pages:
        raise Refused("parameter", detail="Either search_terms or search_page_ids must be given")
    found: list[tuple[AccountSpec, int]] = []
    if call.param("ad_type", "ALL") == "ALL":
        for account in kept.owners.accounts.values():
            if (
                account.country in EUROPEAN
                and ("ALL" in countries or account.country in countries)
                and not account.large
            ):
                found += [(account, ad) for ad in _matching(kept, account, call, terms, pages)]
    wanted = read_fields(call.param("fields", "id,ad_snapshot_url"))
    return page(
        call, kept.cursors, found, lambda one: pick(_record(kept, caller, call, *one), wanted, "ArchivedAd", FIELDS)
    )


def _matching(kept: Kept, account: AccountSpec, call: Call, terms: str, pages: list[str]) -> list[int]:
    world, now = kept.worlds.of(account), kept.clock.now()
    if pages and id_of("page", account.ordinal, 0) not in pages:
        return []
    today, ads = world.number(world.today(now)), entities(world, now).ads.index
    latents = world.latents
    running = latents.ended[ads] > today
    kept_ads = (latents.ended[ads] > today - 365) & (latents.shown[ads] > 0)
    state, media = call.param("ad_active_status", "ACTIVE"), call.param("media_type", "ALL")
    if state != "ALL":
        kept_ads &= running if state == "ACTIVE" else ~running
    if media in ("IMAGE", "VIDEO"):
        kept_ads &= (latents.format[ads] == IMAGE) == (media == "IMAGE")
    words = terms.split()

    def says(ad: int) -> bool:
        text = f"{body_of(world, ad)} {title_of(world, ad)} {shop_of(world).product}".lower()
        whole = call.param("search_type") == "KEYWORD_EXACT_PHRASE"
        return terms in text if whole else all(word in text for word in words)

    return [int(ad) for ad in ads[kept_ads] if says(int(latents.creative[ad]))]


def _record(kept: Kept, caller: Caller, call: Call, account: AccountSpec, ad: int) -> dict[str, Any]:
    world = kept.worlds.of(account)
    latents, teller = world.latents, Teller(world, kept.cdn, call.base, kept.clock.now())
    today, creative = world.number(world.today(teller.now)), int(latents.creative[ad])
    shown = latents.shown_between(np.array([ad]), int(latents.began[ad]), today)
    ages, genders = breakdown_shares(world, "age")[ad], breakdown_shares(world, "gender")[ad]
    reach = int(reached(shown, latents.audience[[ad]])[0])
    record: dict[str, Any] = {
        "id": id_of("post", account.ordinal, ad),
        "ad_creation_time": world.date_of(int(latents.began[ad])).isoformat(),
        "ad_creative_bodies": [body_of(world, creative)],
        "ad_creative_link_titles": [title_of(world, creative)],
        "ad_creative_link_captions": [link_of(world, creative, call.base).partition("://")[2]],
        "ad_delivery_start_time": world.date_of(int(latents.began[ad])).isoformat(),
        "ad_snapshot_url": f"{call.base}/ads/archive/render_ad/?id={id_of('post', account.ordinal, ad)}"
        f"&access_token={caller.text}",
        "page_id": id_of("page", account.ordinal, 0),
        "page_name": shop_of(world).product,
        "languages": ["en"],
        "publisher_platforms": ["facebook", "instagram"],
        "eu_total_reach": reach,
        "beneficiary_payers": [{"payer": account.name, "beneficiary": account.name, "current": True}],
        "target_ages": ["18", "65+"],
        "target_gender": "All",
        "target_locations": [{"name": account.country, "num_obfuscated": 0, "type": "COUNTRY", "excluded": False}],
        "age_country_gender_reach_breakdown": [
            {
                "country": account.country,
                "age_gender_breakdowns": [
                    {
                        "age_range": age,
                        **{
                            gender: round(reach * float(ages[a]) * float(genders[g]))
                            for g, gender in enumerate(("female", "male", "unknown"))
                        },
                    }
                    for a, age in enumerate(("18-24", "25-34", "35-44", "45-54", "55-64", "65+"))
                ],
            }
        ],
    }
    if latents.ended[ad] <= today:
        record["ad_delivery_stop_time"] = world.date_of(int(latents.ended[ad])).isoformat()
    return record
