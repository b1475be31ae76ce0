"""Other ways to write a brand's name, each with what it would have found, before anything is saved."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.factories.people import signed_in
from tests.mentions.newsroom import Newsroom

pytestmark = pytest.mark.anyio


async def counted(client: httpx.AsyncClient, **wish: Any) -> dict[str, Any]:
    answer = await client.post("/api/brand-variations", json=wish)
    assert answer.status_code == 200, answer.text
    return answer.json()


def named(found: dict[str, Any], text: str) -> dict[str, Any]:
    return next(item for item in found["items"] if item["text"] == text)


async def test_each_way_to_write_a_name_says_how_much_it_would_have_found(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    await newsroom.write("Robots", "Quill-Ox Robotics said that Quill Ox would grow. Quill Ox is in Kent.")
    await newsroom.write("More robots", "The Quill Ox works in Leeds are shut.")
    await newsroom.write("Weather", "It rained.")

    found = await counted(client, name="Quill-Ox Robotics", names=[{"text": "Quill-Ox Robotics"}, {"text": "QuillOx"}])

    assert (found["articles"], found["read"], found["found"]) == (3, 3, 1)
    assert all(item["why"] for item in found["items"])
    assert (await client.get("/api/brands")).json()["items"] == []


async def test_a_name_is_offered_in_latin_letters_where_its_own_write_the_vowels(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    await newsroom.write("Weather", "It rained.")

    written = {
        "Зандора": ["Zandora"],
        "زندورا": [],
        "זנדורה": [],
        "百度": ["Baidu"],
        "ソニー": ["Soni"],
        "百度ソニー": [],
        "ไทย": [],
    }
    for name, latin in written.items():
        found = await counted(client, name=name, names=[{"text": name}])
        assert [item["text"] for item in found["items"] if item["kind"] == "transliteration"] == latin


async def test_misspellings_and_bent_forms_come_from_the_articles_themselves(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    await newsroom.write("A slip", "Shares of Zalandro rose. Zalandro is a shop.")
    await newsroom.write("Po polsku", "Akcje Zalandoa spadły. Klienci Zalandoa czekają.", language="pl")
    await newsroom.write("Right", "Zalando said so.")

    found = await counted(client, name="Zalando", names=[{"text": "Zalando"}])

    wrong = named(found, "Zalandro")
    assert (wrong["kind"], wrong["places"], wrong["new_articles"]) == ("misspelling", 2, 1)
    assert "Zalandro" in wrong["example"]
    assert named(found, "Zalandoa")["kind"] == "inflected"
    assert found["items"][0]["new_articles"] >= found["items"][-1]["new_articles"]


async def test_a_former_name_that_articles_tell_of_is_suggested(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    await newsroom.write(
        "Renamed", "Quillox (formerly Brimnex Foods) opened a plant. Brimnex Foods was founded in Kent."
    )

    found = await counted(client, name="Quillox", names=[{"text": "Quillox"}])

    former = named(found, "Brimnex Foods")
    assert (former["kind"], former["articles"], former["new_articles"]) == ("former", 1, 0)


async def test_the_kinds_are_those_that_a_brand_can_have_and_all_can_be_saved(client: httpx.AsyncClient) -> None:
    found = await counted(
        client, name="Müller-Brot 4", website="https://mueller-brot.example", names=[{"text": "Müller-Brot 4"}]
    )
    suggested = [{"text": item["text"], "kind": item["kind"]} for item in found["items"]]
    assert {item["kind"] for item in suggested} >= {"short", "legal", "domain", "handle"}

    saved = await client.post("/api/brands", json={"name": "Müller-Brot 4", "names": suggested})

    assert saved.status_code == 201, saved.text


async def test_who_only_looks_has_nothing_counted(app: Any, organization_id: UUID) -> None:
    async with signed_in(app, organization_id, "viewer") as (viewer, _):
        assert (await viewer.post("/api/brand-variations", json={"name": "Quillox"})).status_code == 403


async def test_what_a_text_may_mean_else_is_said(client: httpx.AsyncClient) -> None:
    found = await counted(client, name="Apple Inc", names=[{"text": "Apple Inc"}])

    assert "a common word" in named(found, "Apple")["doubts"]


async def test_without_articles_nothing_is_counted_and_nothing_fails(client: httpx.AsyncClient) -> None:
    many = [{"text": f"Quillox {number}"} for number in range(500)]

    found = await counted(client, name="Quillox", names=many)

    assert (found["articles"], found["read"], found["found"]) == (0, 0, 0)
    assert all(item["places"] == 0 and item["sure"] is None for item in found["items"])
    refused = await client.post(
        "/api/brand-variations", json={"name": "Quillox", "names": [*many, {"text": "one more"}]}
    )
    assert refused.status_code == 422
