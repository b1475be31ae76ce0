"""Ways to look at ads that people save."""

import httpx


async def test_a_view_gets_another_name_and_never_that_of_another(client: httpx.AsyncClient) -> None:
    made = [
        (await client.post("/api/ads/views", json={"name": name, "query": {"q": name}})).json()
        for name in ("Video", "Carts")
    ]
    address = f"/api/ads/views/{made[0]['id']}"
    taken = await client.patch(address, json={"name": " Carts "})
    assert (taken.status_code, taken.json()["code"]) == (409, "ads/name-taken")
    for name in ("Films", "Films"):
        renamed = await client.patch(address, json={"name": name})
        assert (renamed.status_code, renamed.json()["name"], renamed.json()["query"]) == (200, "Films", {"q": "Video"})
    assert [(one["name"], one["query"]) for one in (await client.get("/api/ads/views")).json()] == [
        ("Carts", {"q": "Carts"}),
        ("Films", {"q": "Video"}),
    ]
    assert (await client.patch(address, json={"name": " "})).status_code == 422
    assert (await client.delete(address)).status_code == 204
    assert (await client.patch(address, json={"name": "Gone"})).status_code == 404
