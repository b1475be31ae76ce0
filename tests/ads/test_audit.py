"""What verdicts and columns are judged and counted by is in the book of deeds: who chose it, and what it was before."""

from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.anyio


async def book(client: httpx.AsyncClient) -> list[tuple[str, dict[str, Any]]]:
    """Deeds and their facts, the last one first."""
    entries = (await client.get("/api/audit")).json()["items"]
    assert {entry["user_name"] for entry in entries} == {"Ada"}
    return [(entry["action"], entry["facts"]) for entry in entries]


async def test_metrics_of_one_s_own_are_in_the_book(client: httpx.AsyncClient) -> None:
    first = {"title": "Profit", "formula": "purchase_value - spend", "shown": "money", "summable": True}
    made = await client.post("/api/ads/metrics", json={"name": "profit", **first})
    assert made.status_code == 201, made.text
    own = f"/api/ads/metrics/{made.json()['id']}"
    then = {**first, "formula": "purchase_value - 2 * spend"}
    assert (await client.put(own, json=then)).status_code == 200
    assert (await client.delete(own)).status_code == 204
    before, after = first["formula"], then["formula"]
    assert await book(client) == [
        ("ads.metric_removed", {"name": "profit", "formula": after}),
        ("ads.metric_changed", {"name": "profit", "formula": after, "formula_before": before}),
        ("ads.metric_made", {"name": "profit", "formula": before}),
    ]


async def test_aims_are_in_the_book_with_what_they_were(client: httpx.AsyncClient) -> None:
    account = (await client.post("/api/ad-accounts/files", json={"name": "Tallow EU"})).json()
    aims = f"/api/ad-accounts/{account['id']}/aims"
    for wish in ({"target_cost": 12.5}, {"target_cost": 9.0, "naming": "{product}_{angle}"}):
        assert (await client.put(aims, json=wish)).status_code == 200
    first = {"account": "Tallow EU", "target_cost": 12.5, "target_cost_before": None}
    second = {"account": "Tallow EU", "target_cost": 9.0, "target_cost_before": 12.5}
    assert (await book(client))[:2] == [
        ("ads.aims_set", {**second, "naming": "{product}_{angle}", "naming_before": None}),
        ("ads.aims_set", {**first, "naming": None, "naming_before": None}),
    ]
