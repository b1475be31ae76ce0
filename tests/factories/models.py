"""A made-up model that an organization chose, asked by the product's real client."""

import httpx

from brandhound.twins.models import ModelTwin

PRICES = {"input_price": 100_000, "output_price": 400_000}


async def choose_model(client: httpx.AsyncClient, twin: ModelTwin, use: str, **changed: int) -> None:
    """Have the made-up model do what `use` names, at these prices (millionths of a dollar for a million tokens)."""
    new = {"kind": "openai_compatible", "name": "Twin", "address": twin.openai, "key": "k"}
    account_id = (await client.post("/api/models/accounts", json=new)).json()["id"]
    choice = {"account_id": account_id, "model": "made-up-1", **PRICES, **changed}
    chosen = await client.put(f"/api/models/choices/{use}", json=choice)
    assert chosen.status_code == 200, chosen.text
