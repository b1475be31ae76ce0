"""The ways in which open-source extractors ask work against the twin, and so do the traps that they fell into.

One job a day and level, look-back windows, a ping for the throttle header, splitting a job that fails by campaigns, ad sets
and ads, halving a page that is too heavy. Numbers in the names are those of the threads in which users reported the trouble.
"""

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import httpx

from brandhound.twins.meta import MetaTwin

Ask = Callable[..., Any]
FIELDS = [
    "account_id",
    "campaign_id",
    "adset_id",
    "ad_id",
    "date_start",
    "spend",
    "impressions",
    "actions",
    "action_values",
]
WINDOWS = ["1d_click", "7d_click", "28d_click", "1d_view"]
STATUS = "id,async_status,async_percent_completion"


class Extractor:
    """Asks as the extractors do: a job for each day, none held for long, results page by page."""

    def __init__(self, client: httpx.Client, token: str) -> None:
        self.client, self.token = client, token
        self.failed = 0

    def call(self, path: str, method: str = "GET", **params: Any) -> Any:
        told = {k: v if isinstance(v, str) else json.dumps(v) for k, v in params.items()} | {"access_token": self.token}
        if method == "POST":
            return self.client.post(path, data=told).json()
        return self.client.get(path, params=told).json()

    def throttle(self, act: str) -> float:
        """The ping: a tiny call for the header."""
        answer = self.client.get(f"/v26.0/{act}/insights", params={"access_token": self.token})
        told = json.loads(answer.headers["x-fb-ads-insights-throttle"])
        return max(told["app_id_util_pct"], told["acc_id_util_pct"])

    def job(self, node: str, day: date, **more: Any) -> Iterator[Any]:
        """The rows of one day; a job that fails is split into those of the next level below."""
        asked = {
            "level": "ad",
            "fields": FIELDS,
            "time_increment": 1,
            "time_range": {"since": day.isoformat(), "until": day.isoformat()},
            "action_breakdowns": ["action_type"],
            "action_attribution_windows": WINDOWS,
        } | more
        report = self.call(f"/v26.0/{node}/insights", "POST", **asked)["report_run_id"]
        for _ in range(2000):
            told = self.call(f"/v26.0/{report}", fields=STATUS)
            if told.get("async_status") == "Job Completed" and told["async_percent_completion"] == 100:
                yield from self.pages(f"/v26.0/{report}/insights", limit="100")
                return
            if told.get("async_status") in ("Job Failed", "Job Skipped"):
                self.failed += 1
                edge = "campaigns" if node.startswith("act_") else "adsets"
                for part in self.pages(f"/v26.0/{node}/{edge}", fields="id", limit="100"):
                    yield from self.job(part["id"], day, **more)
                return
        raise AssertionError("the report never came")

    def pages(self, path: str, **params: Any) -> Iterator[Any]:
        page = self.call(path, **params)
        while True:
            assert "data" in page, page
            yield from page["data"]
            if "next" not in page.get("paging", {}):
                return
            page = self.client.get(page["paging"]["next"]).json()


def key(row: Any) -> tuple[str, str]:
    return row["date_start"], row["ad_id"]


def test_daily_jobs_over_a_look_back_give_each_row_once(client: httpx.Client, meta: MetaTwin) -> None:
    extractor, act = Extractor(client, meta.system_user_token), meta.account("tallow-us").act
    days = [date(2026, 11, 9) - timedelta(days=n) for n in range(5)]
    rows = [row for day in days for row in extractor.job(act, day)]
    assert len({key(row) for row in rows}) == len(rows) > 100
    whole = extractor.call(
        f"/v26.0/{act}/insights", fields="spend", time_range={"since": "2026-11-05", "until": "2026-11-09"}
    )
    states = [{"field": "ad.effective_status", "operator": "IN", "value": ["ARCHIVED", "DELETED"]}]
    span = {"since": "2026-11-05", "until": "2026-11-09"}
    hidden = extractor.call(f"/v26.0/{act}/insights", fields="spend", level="ad", time_range=span, filtering=states)
    spent = sum(float(row["spend"]) for row in rows) + sum(float(row["spend"]) for row in hidden["data"])
    assert abs(spent - float(whole["data"][0]["spend"])) < 0.01


def test_a_job_that_fails_is_split_and_nothing_is_lost(client: httpx.Client, meta: MetaTwin) -> None:
    extractor, act, day = Extractor(client, meta.system_user_token), meta.account("tallow-eu").act, date(2026, 11, 8)
    whole = {key(row): row["spend"] for row in extractor.job(act, day)}
    meta.report_lines("failed", "completes", "too_much")
    split = {key(row): row["spend"] for row in extractor.job(act, day)}
    assert extractor.failed == 2
    assert split == whole


def test_split_jobs_can_keep_their_filter_36998(client: httpx.Client, meta: MetaTwin) -> None:
    extractor, act, day = Extractor(client, meta.system_user_token), meta.account("tallow-eu").act, date(2026, 11, 8)
    active = [{"field": "ad.effective_status", "operator": "IN", "value": ["ACTIVE"]}]
    meta.report_lines("failed")
    split = {key(row) for row in extractor.job(act, day, filtering=active)}
    assert split == {key(row) for row in extractor.job(act, day, filtering=active)}
    assert split < {key(row) for row in extractor.job(act, day)}


def test_running_at_a_hundred_percent_is_not_done(client: httpx.Client, meta: MetaTwin) -> None:
    extractor, act = Extractor(client, meta.system_user_token), meta.account("tallow-eu").act
    meta.report_lines("running_at_100")
    assert list(extractor.job(act, date(2026, 11, 8)))


def test_the_ping_reads_the_throttle_header(client: httpx.Client, meta: MetaTwin) -> None:
    extractor, account = Extractor(client, meta.system_user_token), meta.account("tallow-eu")
    assert extractor.throttle(account.act) < 1
    meta.kept.limits.fill(account, "ads_insights", 94.5)
    assert extractor.throttle(account.act) > 90
    # It went past the limit for those who do not look (8773).
    meta.kept.limits.fill(account, "ads_insights", 118)
    error = extractor.call(f"/v26.0/{account.act}/insights")["error"]
    assert error["code"] == 80000


def test_a_heavy_page_is_refused_until_it_is_halved_38025(client: httpx.Client, meta: MetaTwin) -> None:
    extractor, act = Extractor(client, meta.system_user_token), meta.account("everything").act
    fields, limit, refused = "id,name,creative{id,title,object_story_spec,asset_feed_spec}", 4000, 0
    while "error" in (page := extractor.call(f"/v26.0/{act}/ads", fields=fields, limit=str(limit))):
        assert "reduce the amount of data" in page["error"]["message"]
        refused, limit = refused + 1, limit // 2
    assert refused
    assert len(page["data"]) == limit


def test_a_report_may_lack_the_values_that_a_get_has_31860(client: httpx.Client, meta: MetaTwin) -> None:
    extractor, act, day = Extractor(client, meta.system_user_token), meta.account("tallow-eu").act, date(2026, 11, 8)
    meta.report_lines("null_values")
    without = {key(row): row.get("action_values") for row in extractor.job(act, day)}
    good = {key(row): row.get("action_values") for row in extractor.job(act, day)}
    assert without.keys() == good.keys()
    assert any(good.values())
    assert not any(without.values())


def test_purchases_may_be_missing_for_a_time_64554(client: httpx.Client, meta: MetaTwin, control: Ask) -> None:
    extractor, act = Extractor(client, meta.system_user_token), meta.account("tallow-eu").act
    control("PUT", "hidden_actions", [{"action": "purchase", "since": "2026-11-01", "until": "2026-11-09"}])
    kinds = {one["action_type"] for row in extractor.job(act, date(2026, 11, 8)) for one in row.get("actions", [])}
    assert "purchase" not in kinds
    assert {"omni_purchase", "offsite_conversion.fb_pixel_purchase"} <= kinds


def test_breakdown_columns_belong_to_the_key_of_a_row_90(client: httpx.Client, meta: MetaTwin) -> None:
    extractor, act, day = Extractor(client, meta.system_user_token), meta.account("tallow-eu").act, date(2026, 11, 8)
    rows = list(extractor.job(act, day, breakdowns=["country"]))
    assert len({key(row) for row in rows}) < len(rows)
    assert len({(*key(row), row["country"]) for row in rows}) == len(rows)


def test_some_breakdowns_have_no_conversions_5190(client: httpx.Client, meta: MetaTwin) -> None:
    extractor, act, day = Extractor(client, meta.system_user_token), meta.account("tallow-eu").act, date(2026, 11, 8)
    kinds = {o["action_type"] for r in extractor.job(act, day, breakdowns=["region"]) for o in r.get("actions", [])}
    assert "link_click" in kinds
    assert not any("purchase" in kind for kind in kinds)
