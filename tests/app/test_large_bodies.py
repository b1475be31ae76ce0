"""A body is read whole before anything asks whose it is: so what is larger than anything here takes is turned away."""

from collections.abc import AsyncGenerator

import httpx
import pytest
from fastapi import FastAPI

from brandhound.app.bodies import OF_FILES, OF_JSON, OF_STRANGERS
from tests.factories.people import PASSWORD, make_person

JSON = {"content-type": "application/json"}
PIECE = 65_536


class Sent:
    """A body that comes in pieces and does not say how large it is; counts what was taken of it."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.taken = 0

    async def pieces(self) -> AsyncGenerator[bytes]:
        while self.taken < self.size:
            self.taken += PIECE
            yield b" " * PIECE


async def turned_away(answer: httpx.Response) -> bool:
    assert answer.status_code != 413 or answer.json()["code"] == "core/body-too-large", answer.text
    return answer.status_code == 413


@pytest.mark.parametrize("address", ["/api/session", "/api/setup", "/api/feeds", "/api/password-resets/x"])
async def test_a_stranger_cannot_have_much_read(anonymous: httpx.AsyncClient, address: str) -> None:
    told = await anonymous.post(address, content=b" " * (OF_STRANGERS + 1), headers=JSON)
    sent = Sent(OF_JSON)
    silent = await anonymous.post(address, content=sent.pieces(), headers=JSON)

    assert await turned_away(told)
    assert (await turned_away(silent), sent.taken) == (True, 2 * PIECE)


async def test_who_signs_in_is_read_as_before(anonymous: httpx.AsyncClient) -> None:
    _, email, _ = await make_person()
    long = {"email": email, "password": PASSWORD, "more": "x" * 60_000}

    assert (await anonymous.post("/api/session", json=long)).status_code == 201


@pytest.mark.parametrize("kind", ["application/json", "application/ld+json; charset=utf-8", ""])
async def test_json_has_a_limit_for_those_who_are_signed_in_too(client: httpx.AsyncClient, kind: str) -> None:
    brand = b'{"name": "Tallow", "context_words": []' + b" " * (OF_JSON - 100) + b"}"
    made = await client.post("/api/brands", content=brand, headers=JSON)
    sent = Sent(OF_FILES)
    refused = await client.post("/api/brands", content=sent.pieces(), headers={"content-type": kind})

    assert made.status_code == 201, made.text
    assert (await turned_away(refused), sent.taken < OF_JSON + 2 * PIECE) == (True, True)


async def test_a_table_may_be_larger_than_json(client: httpx.AsyncClient) -> None:
    table = {"content-type": "application/octet-stream"}
    taken = await client.post("/api/ad-accounts/files/imports", content=b"," * (OF_JSON + 1), headers=table)
    sent = Sent(2 * OF_FILES)
    refused = await client.post("/api/ad-accounts/files/imports", content=sent.pieces(), headers=table)

    assert not await turned_away(taken)
    assert (await turned_away(refused), sent.taken < OF_FILES + 2 * PIECE) == (True, True)


async def test_a_key_counts_as_somebody(app: FastAPI, client: httpx.AsyncClient, anonymous: httpx.AsyncClient) -> None:
    made = await client.post("/api/keys", json={"name": "imports", "role": "analyst", "scopes": ["*:write"]})
    headers = {"authorization": f"Bearer {made.json()['secret']}", **JSON}
    brand = b'{"name": "Veloray"' + b" " * OF_STRANGERS + b"}"

    assert (await anonymous.post("/api/brands", content=brand, headers=headers)).status_code == 201


@pytest.mark.parametrize("shown", [{"cookie": "brandhound_session=made-up"}, {"authorization": "Bearer bh_made-up"}])
@pytest.mark.parametrize("kind", ["application/json", "application/octet-stream"])
async def test_who_makes_up_a_session_or_a_key_is_a_stranger(
    anonymous: httpx.AsyncClient, shown: dict[str, str], kind: str
) -> None:
    headers = {**shown, "content-type": kind}
    told = await anonymous.post("/api/session", content=b" " * (OF_STRANGERS + 1), headers=headers)
    sent = Sent(OF_FILES)
    silent = await anonymous.post("/api/session", content=sent.pieces(), headers=headers)

    assert (told.status_code, told.json()["code"].split("/")[0]) == (401, "identity")
    assert (await turned_away(silent), sent.taken) == (True, 2 * PIECE)


async def test_who_has_been_signed_out_meanwhile_can_sign_in_again(anonymous: httpx.AsyncClient) -> None:
    _, email, _ = await make_person()
    anonymous.cookies.set("brandhound_session", "over")

    assert (await anonymous.post("/api/session", json={"email": email, "password": PASSWORD})).status_code == 201
