"""A Meta twin for each file of tests, put back to its beginning for each test."""

import json
from collections.abc import Callable, Generator
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from brandhound.twins.meta import MetaTwin, serve_meta
from brandhound.twins.meta.granting import Grants, made_up_app

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def running() -> Generator[MetaTwin]:
    with serve_meta(now=NOON, first=date(2026, 11, 10), large=True) as twin:
        yield twin


@pytest.fixture
def meta(running: MetaTwin) -> MetaTwin:
    kept = running.kept
    running.set_clock(NOON)
    running.clear_faults()
    running.limits()
    kept.next_consent = None
    kept.grants = Grants(kept.owners, kept.clock, made_up_app())
    kept.reports.lines.clear()
    kept.reports.seconds = 0.05
    kept.insights.hidden, kept.insights.most_rows = [], 25_000
    kept.extra.clear()
    kept.archive_open = True
    kept.forget_calls()
    return running


@pytest.fixture
def client(meta: MetaTwin) -> Generator[httpx.Client]:
    with httpx.Client(base_url=meta.url, timeout=60) as client:
        yield client


@pytest.fixture
def ask(meta: MetaTwin, client: httpx.Client) -> Ask:
    """`ask("act_1/ads", fields="id")` is the answer's JSON; lists and dicts become JSON on their way."""

    def ask(path: str, method: str = "GET", **params: Any) -> Any:
        told = {k: v if isinstance(v, str) else json.dumps(v) for k, v in params.items()}
        told.setdefault("access_token", meta.system_user_token)
        if method == "POST":
            return client.post(f"/v26.0/{path}", data=told).json()
        return client.request(method, f"/v26.0/{path}", params=told).json()

    return ask


@pytest.fixture
def control(client: httpx.Client) -> Ask:
    """`control("PUT", "limits", rooms={…})` is the control API's answer."""

    def control(method: str, path: str, body: Any = None, **fields: Any) -> Any:
        answer = client.request(method, f"/_control/{path}", json=fields if body is None else body)
        assert answer.status_code < 300, answer.text
        return answer.json()

    return control
