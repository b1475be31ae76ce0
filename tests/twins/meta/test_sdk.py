"""Meta's own SDK for Python works against the twin as it is: nothing of it is changed but the host that it asks."""

import time
from collections.abc import Generator
from importlib import import_module
from typing import Any

import pytest

from brandhound.twins.meta import MetaTwin

api: Any = import_module("facebook_business.api")
session: Any = import_module("facebook_business.session")
exceptions: Any = import_module("facebook_business.exceptions")


def adobject(name: str) -> Any:
    """A class of the SDK's objects, as `AdAccount`."""
    return getattr(import_module(f"facebook_business.adobjects.{name.lower()}"), name)


@pytest.fixture
def sdk(meta: MetaTwin, monkeypatch: pytest.MonkeyPatch) -> Generator[MetaTwin]:
    monkeypatch.setattr(session.FacebookSession, "GRAPH", meta.url)
    api.FacebookAdsApi.init(
        app_id=meta.app_id, app_secret=meta.app_secret, access_token=meta.system_user_token, crash_log=False, timeout=60
    )
    yield meta
    api.FacebookAdsApi.set_default_api(None)


def account(meta: MetaTwin, key: str = "tallow-eu") -> Any:
    return adobject("AdAccount")(meta.account(key).act)


def test_it_asks_the_version_that_the_twin_serves(sdk: MetaTwin) -> None:
    assert api.FacebookAdsApi.API_VERSION in sdk.kept.served
    me = adobject("User")(fbid="me")
    names = {one["name"] for one in me.get_ad_accounts(fields=["name", "currency", "timezone_name"])}
    assert "Tallow E-bikes EU" in names
    read = account(sdk).api_get(fields=["name", "currency", "account_status"])
    assert (read["currency"], read["account_status"]) == ("EUR", 1)


def test_its_cursors_walk_through_all_pages(sdk: MetaTwin) -> None:
    ads = account(sdk).get_ads(fields=["id", "name"], params={"limit": 20})
    ids = [ad["id"] for ad in ads]
    assert len(ids) == len(set(ids)) == ads.total() > 100


def test_its_field_expansion_and_objects_hold_what_is_told(sdk: MetaTwin) -> None:
    ad = account(sdk).get_ads(fields=["name", "creative{title,object_story_spec}", "adset{name}"], params={"limit": 1})[
        0
    ]
    assert ad["creative"]["title"]
    assert ad["adset"]["name"]
    again = adobject("Ad")(ad["id"]).api_get(fields=["name", "effective_status"])
    assert again["name"] == ad["name"]
    campaigns = list(account(sdk).get_campaigns(fields=["name", "objective", "daily_budget"]))
    assert campaigns
    sets = list(campaigns[0].get_ad_sets(fields=["name", "learning_stage_info"]))
    assert sets
    assert list(sets[0].get_ads(fields=["id"])) is not None
    pictures = account(sdk).get_ad_images(fields=["hash", "url", "width"], params={"limit": 5})
    assert pictures[0]["url"].startswith(sdk.url)
    videos = account(sdk).get_ad_videos(fields=["source", "length"], params={"limit": 5})
    assert videos[0]["length"] > 0
    activities = account(sdk).get_activities(fields=["event_type", "event_time", "object_id"])
    assert activities[0]["event_type"]


def test_its_insights_are_rows(sdk: MetaTwin) -> None:
    rows = account(sdk).get_insights(
        fields=["ad_id", "spend", "impressions", "actions"],
        params={"level": "ad", "time_increment": 1, "date_preset": "last_7d", "limit": 50},
    )
    found = list(rows)
    assert len({row["date_start"] for row in found}) == 7
    of_ad = adobject("Ad")(found[0]["ad_id"]).get_insights(fields=["spend"], params={"date_preset": "last_7d"})
    own = sum(float(row["spend"]) for row in found if row["ad_id"] == found[0]["ad_id"])
    assert abs(float(of_ad[0]["spend"]) - own) < 0.01


def test_its_asynchronous_reports_come_in(sdk: MetaTwin) -> None:
    job = account(sdk).get_insights(
        fields=["ad_id", "spend"], params={"level": "ad", "date_preset": "last_3d", "time_increment": 1}, is_async=True
    )
    until = time.monotonic() + 20
    while time.monotonic() < until:
        job = job.api_get()
        if job["async_status"] == "Job Completed" and job["async_percent_completion"] == 100:
            break
    rows = list(job.get_result(params={"limit": 40}))
    direct = account(sdk).get_insights(
        fields=["ad_id", "spend"], params={"level": "ad", "date_preset": "last_3d", "time_increment": 1, "limit": 40}
    )
    assert [dict(row) for row in rows] == [dict(row) for row in direct]


def test_its_batches_are_answered_part_by_part_and_null_ones_asked_again(sdk: MetaTwin) -> None:
    good: list[Any] = []
    bad: list[Any] = []
    batch = api.FacebookAdsApi.get_default_api().new_batch()
    for key in ("tallow-eu", "tallow-us", "morrow-jp"):
        account(sdk, key).get_ads(
            fields=["id"], params={"limit": 3}, batch=batch, success=good.append, failure=bad.append
        )
    adobject("Ad")("120239999900000001").api_get(fields=["id"], batch=batch, success=good.append, failure=bad.append)
    sdk.fault("null_part", on_call=2)
    rest = batch.execute()
    assert (len(good), len(bad), len(rest)) == (2, 1, 1)
    assert bad[0].error().api_error_code() == 100
    assert rest.execute() is None
    assert len(good) == 3


@pytest.mark.parametrize(
    ("refusal", "code", "subcode", "transient"),
    [("expired", 190, 463, False), ("limit_insights", 80000, 2446079, False), ("temporary", 2, None, True)],
)
def test_its_errors_carry_what_meta_says(
    sdk: MetaTwin, refusal: str, code: int, subcode: int | None, transient: bool
) -> None:
    sdk.fault(error=refusal)
    with pytest.raises(exceptions.FacebookRequestError) as raised:
        account(sdk).get_insights(fields=["spend"])
    error: Any = raised.value
    assert (error.api_error_code(), error.api_error_subcode()) == (code, subcode)
    assert bool(error.api_transient_error()) == transient
    assert error.body()["error"]["fbtrace_id"]
    assert error.http_status() in (400, 500)
    assert "x-business-use-case-usage" in error.http_headers()


def test_html_is_an_error_for_it_too(sdk: MetaTwin) -> None:
    sdk.fault("html_502")
    with pytest.raises((exceptions.FacebookRequestError, TypeError)):
        account(sdk).api_get(fields=["name"])


def test_its_proof_is_accepted_where_it_is_required(sdk: MetaTwin) -> None:
    sdk.kept.grants.change_app(needs_proof=True)
    assert account(sdk).api_get(fields=["name"])["name"] == "Tallow E-bikes EU"


def test_it_can_look_into_the_archive_and_into_tokens(sdk: MetaTwin) -> None:
    call = api.FacebookAdsApi.get_default_api().call
    told = call("GET", ("ads_archive",), {"search_terms": "tallow", "ad_reached_countries": ["DE"], "fields": "id"})
    assert told.json()["data"]
    app = f"{sdk.app_id}|{sdk.app_secret}"
    token = sdk.system_user_token
    # The SDK sends a proof of its own token with everything; the app's token has another.
    plain = api.FacebookAdsApi(session.FacebookSession(access_token=app))
    debugged = plain.call("GET", ("debug_token",), {"input_token": token}).json()
    assert debugged["data"]["type"] == "SYSTEM_USER"
