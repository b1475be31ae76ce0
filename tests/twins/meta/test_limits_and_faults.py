"""Limits that tell how near they are, and everything that goes wrong at Meta, when it is asked to."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from brandhound.twins.meta import MetaTwin
from brandhound.twins.meta.refusing import refusals

Ask = Callable[..., Any]


def usage(answer: httpx.Response, meta: MetaTwin) -> Any:
    return json.loads(answer.headers["x-business-use-case-usage"])[meta.account("tallow-eu").id][0]


def test_each_answer_tells_how_full_the_limits_are(client: httpx.Client, meta: MetaTwin) -> None:
    meta.limits(ads_insights=100)
    path, token = f"/v26.0/{meta.account('tallow-eu').act}/insights", {"access_token": meta.system_user_token}
    seen = [usage(client.get(path, params=token), meta)["call_count"] for _ in range(5)]
    assert seen == [1, 2, 3, 4, 5]
    answer = client.get(path, params=token)
    throttle = json.loads(answer.headers["x-fb-ads-insights-throttle"])
    assert throttle["acc_id_util_pct"] == 6.0
    assert json.loads(answer.headers["x-ad-account-usage"])["acc_id_util_pct"] == 6.0
    assert json.loads(answer.headers["x-app-usage"])["call_count"] == 0
    assert answer.headers["facebook-api-version"] == "v26.0"
    of_ads = client.get(f"/v26.0/{meta.account('tallow-eu').act}/ads", params=token)
    assert usage(of_ads, meta)["type"] == "ads_management"
    assert "x-fb-ads-insights-throttle" not in of_ads.headers


def test_a_full_limit_refuses_says_for_how_long_and_opens_again(client: httpx.Client, meta: MetaTwin) -> None:
    meta.limits(ads_insights=10, seconds=3600)
    path, token = f"/v26.0/{meta.account('tallow-eu').act}/insights", {"access_token": meta.system_user_token}
    answers = [client.get(path, params=token) for _ in range(12)]
    assert [answer.status_code for answer in answers].count(200) == 10
    error = answers[-1].json()["error"]
    assert (error["code"], error["error_subcode"]) == (80000, 2446079)
    minutes = usage(answers[-1], meta)["estimated_time_to_regain_access"]
    assert 20 <= minutes <= 40
    # Another account and another use case have limits of their own.
    assert client.get(f"/v26.0/{meta.account('tallow-us').act}/insights", params=token).status_code == 200
    assert client.get(f"/v26.0/{meta.account('tallow-eu').act}/ads", params=token).status_code == 200
    meta.advance(timedelta(minutes=minutes))
    assert client.get(path, params=token).status_code == 200


def test_calls_of_ads_and_of_the_app_have_their_own_errors(meta: MetaTwin, ask: Ask) -> None:
    act = meta.account("tallow-eu").act
    meta.limits(ads_management=1)
    ask(f"{act}/ads")
    assert ask(f"{act}/ads")["error"]["code"] == 80004
    meta.limits(app=1)
    ask(f"{act}/ads")
    assert ask(f"{act}/insights")["error"]["code"] == 4


def test_without_other_orders_the_limits_are_metas(client: httpx.Client, meta: MetaTwin) -> None:
    account = meta.account("tallow-eu")
    client.get(f"/v26.0/{account.act}/insights", params={"access_token": meta.system_user_token})
    pails = meta.kept.limits.usage()
    assert 0 < pails[f"{account.id}:ads_insights"] < 0.01


@pytest.mark.parametrize("name", sorted(refusals()))
def test_each_error_of_meta_can_be_had(meta: MetaTwin, ask: Ask, name: str) -> None:
    meta.fault(error=name, edge="ads")
    told = refusals()[name]
    error = ask(f"{meta.account('tallow-eu').act}/ads")["error"]
    assert (error["code"], error.get("error_subcode"), error["type"]) == (
        told["code"],
        told.get("subcode"),
        told["type"],
    )
    assert "data" in ask(f"{meta.account('tallow-eu').act}/ads")


def test_faults_come_on_the_nth_call_or_by_chance(meta: MetaTwin, ask: Ask, control: Ask) -> None:
    control("POST", "faults", kind="refusal", error="temporary", edge="ads", on_call=3)
    act = meta.account("tallow-eu").act
    assert ["error" in ask(f"{act}/ads") for _ in range(4)] == [False, False, True, False]
    control("DELETE", "faults")
    runs: list[list[bool]] = []
    for _ in range(2):
        meta.clear_faults()
        meta.fault(error="temporary", edge="ads", probability=0.3, times=None, seed=5)
        runs.append(["error" in ask(f"{act}/ads", limit="1") for _ in range(60)])
    assert runs[0] == runs[1]
    assert 8 <= sum(runs[0]) <= 30


def test_answers_may_be_html_empty_late_or_cut_off(client: httpx.Client, meta: MetaTwin) -> None:
    path, token = f"/v26.0/{meta.account('tallow-eu').act}/ads", {"access_token": meta.system_user_token}
    meta.fault("html_502")
    answer = client.get(path, params=token)
    assert answer.status_code == 502
    assert answer.headers["content-type"].startswith("text/html")
    meta.fault("empty")
    assert client.get(path, params=token).content == b""
    meta.fault("too_many_requests", seconds=7)
    assert client.get(path, params=token).headers["retry-after"] == "7"
    for kind in ("reset", "half_page"):
        meta.fault("reset" if kind == "reset" else "half_page")
        with pytest.raises(httpx.TransportError):
            client.get(path, params=token)
    meta.fault("slow", seconds=0.2)
    with pytest.raises(httpx.TimeoutException):
        client.get(path, params=token, timeout=0.1)
    assert client.get(path, params=token).status_code == 200


def test_cursors_go_stale(meta: MetaTwin, ask: Ask, control: Ask) -> None:
    act = meta.account("tallow-eu").act
    after = ask(f"{act}/ads", limit="2")["paging"]["cursors"]["after"]
    assert "data" in ask(f"{act}/ads", limit="2", after=after)
    control("DELETE", "cursors")
    assert ask(f"{act}/ads", limit="2", after=after)["error"]["code"] == 100


@pytest.mark.parametrize(
    ("asked", "answered"), [("v24.0", "v24.0"), ("v25.0", "v25.0"), ("v23.0", "v24.0"), ("v26.0", "v26.0")]
)
def test_old_versions_are_lifted_and_tell_so(client: httpx.Client, meta: MetaTwin, asked: str, answered: str) -> None:
    answer = client.get(f"/{asked}/me", params={"access_token": meta.system_user_token})
    assert answer.headers["facebook-api-version"] == answered
    assert answer.status_code == 200


def test_very_old_versions_are_refused(client: httpx.Client, meta: MetaTwin) -> None:
    answer = client.get("/v19.0/me", params={"access_token": meta.system_user_token})
    assert answer.json()["error"]["code"] == 2635


def test_what_one_has_already_is_not_sent_again(client: httpx.Client, meta: MetaTwin) -> None:
    path, token = f"/v26.0/{meta.account('tallow-eu').act}/ads", {"access_token": meta.system_user_token}
    first = client.get(path, params=token)
    again = client.get(path, params=token, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert usage(again, meta)["type"] == "ads_management"


def test_nothing_can_be_written(meta: MetaTwin, ask: Ask) -> None:
    assert ask(f"{meta.account('tallow-eu').act}/campaigns", "POST", name="New")["error"]["code"] == 3
