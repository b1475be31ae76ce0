"""What an error means and what the API can do is told by the product itself, without a way out."""

import re

import httpx
import pytest
from fastapi import FastAPI

from brandhound.core.problems import problems

pytestmark = pytest.mark.anyio
_ELSEWHERE = re.compile(r"""(?:src|href)=["'](?:https?:)?//""")


async def test_the_type_of_every_problem_leads_to_a_page_that_says_what_to_do(anonymous: httpx.AsyncClient) -> None:
    kinds = problems()
    for kind in kinds:
        page = await anonymous.get(f"/errors/{kind.code}")
        assert page.status_code == 200, kind.code
        assert "<h2>What to do</h2><p></p>" not in page.text, kind.code
        assert not _ELSEWHERE.search(page.text)
        assert "`" not in page.text, kind.code
    listed = (await anonymous.get("/errors")).text
    assert all(f'href="/errors/{kind.code}"' in listed for kind in kinds)


async def test_an_answer_that_tells_of_a_problem_names_a_page_that_is_there(anonymous: httpx.AsyncClient) -> None:
    for answer in (
        await anonymous.get("/api/session"),
        await anonymous.get("/api/nothing"),
        await anonymous.delete("/api/health"),
        await anonymous.post("/api/session", json={}, headers={"origin": "http://test"}),
    ):
        assert answer.is_client_error
        assert (await anonymous.get(answer.json()["type"])).status_code == 200


async def test_an_error_that_does_not_exist_is_no_page_of_ours(anonymous: httpx.AsyncClient) -> None:
    page = await anonymous.get('/errors/no/<script>"such')
    assert page.status_code == 404
    assert "<script>" not in page.text


async def test_the_api_is_described_on_a_page_that_needs_nothing_from_elsewhere(
    app: FastAPI, anonymous: httpx.AsyncClient
) -> None:
    page = (await anonymous.get("/api/docs")).text
    assert "<script" not in page
    assert not _ELSEWHERE.search(page)
    for path in app.openapi()["paths"]:
        assert f"<code>{path}</code>" in page


async def test_what_can_be_no_identifier_is_nothing_that_is_here(client: httpx.AsyncClient) -> None:
    for path in ("/api/ad-accounts/logins/nothing", "/api/ad-accounts/nothing/reconciliation", "/api/feeds/nothing"):
        answer = await client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "core/not-there"), path
    assert answer.json()["kind"] == "feed"


async def test_no_answer_that_is_json_is_described_as_a_text(app: FastAPI) -> None:
    told = {
        f"{method} {path}": answer["content"]["application/json"]["schema"].get("type")
        for path, methods in app.openapi()["paths"].items()
        for method, operation in methods.items()
        for answer in operation["responses"].values()
        if "application/json" in answer.get("content", {})
    }
    assert told
    assert [name for name, kind in told.items() if kind == "string"] == []
