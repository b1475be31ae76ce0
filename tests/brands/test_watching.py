"""Watching brands, over HTTP."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from brandhound.brands.colors import PALETTE
from brandhound.brands.queries import brand_names_of, names_version
from brandhound.core.db import tenant_session

pytestmark = pytest.mark.anyio


async def watch(client: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    answer = await client.post("/api/brands", json=fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_brand_is_watched_under_its_own_name_and_the_others_given(client: httpx.AsyncClient) -> None:
    brand = await watch(
        client,
        name="Nordlicht",
        kind="client",
        names=[{"text": "Nordlicht Kaffee GmbH", "kind": "legal"}, {"text": "@nordlicht", "kind": "handle"}],
        not_phrases=["Nordlicht Reisen", ""],
        context_words=["Kaffee"],
    )

    assert [name["text"] for name in brand["names"]] == ["Nordlicht", "Nordlicht Kaffee GmbH", "@nordlicht"]
    assert brand["not_phrases"] == ["Nordlicht Reisen"]
    assert brand["paused"] is False
    assert (await client.get(f"/api/brands/{brand['id']}")).json() == brand


async def test_a_name_that_is_a_common_word_is_looked_for_in_its_case_only(client: httpx.AsyncClient) -> None:
    brand = await watch(client, name="Orange", names=[{"text": "Orange Mobilcom"}])

    assert [(name["text"], name["case_sensitive"]) for name in brand["names"]] == [
        ("Orange", True),
        ("Orange Mobilcom", False),
    ]


async def test_a_rule_that_a_person_set_is_kept(client: httpx.AsyncClient) -> None:
    brand = await watch(
        client, name="Orange", names=[{"text": "Orange", "case_sensitive": False, "needs_context": True}]
    )

    assert [(name["case_sensitive"], name["needs_context"]) for name in brand["names"]] == [(False, True)]


async def test_own_brands_stand_before_clients_and_competitors(client: httpx.AsyncClient) -> None:
    for name, kind in (("Zeta Foods", "competitor"), ("Beta Foods", "own"), ("Alpha Foods", "client")):
        await watch(client, name=name, kind=kind)

    listed = (await client.get("/api/brands")).json()

    assert [brand["name"] for brand in listed["items"]] == ["Beta Foods", "Alpha Foods", "Zeta Foods"]
    assert listed["next"] is None


async def test_the_same_name_in_another_spelling_is_refused_and_the_brand_pointed_out(
    client: httpx.AsyncClient,
) -> None:
    first = await watch(client, name="L'Oréal")

    answer = await client.post("/api/brands", json={"name": "L’OREAL "})

    assert answer.status_code == 409
    assert answer.json()["code"] == "brands/already-watched"
    assert answer.json()["brand_id"] == first["id"]


@pytest.mark.parametrize("name", ["", "   ", "\u00a0", "\u200b", "\u202e \ufeff", "\u200d"])
async def test_a_brand_without_a_name_is_refused(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.post("/api/brands", json={"name": name})

    assert answer.status_code == 422
    assert answer.json()["code"] == "brands/empty-name"


@pytest.mark.parametrize(
    ("copied", "kept"),
    [
        ("Acme\u200b", "Acme"),
        ("\ufeffAc\u00adme  Foods\n", "Acme Foods"),
        ("\u202eevil", "evil"),
        ("\u200fالمراعي\u200e", "المراعي"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🍳 Kitchen", "👩\u200d🍳 Kitchen"),
    ],
)
async def test_what_nobody_sees_in_a_name_that_was_copied_is_no_part_of_it(
    client: httpx.AsyncClient, copied: str, kept: str
) -> None:
    brand = await watch(client, name=copied, names=[{"text": f"{copied} Group"}])

    assert brand["name"] == kept
    assert [name["text"] for name in brand["names"]] == [kept, f"{kept} Group"]
    twin = await client.post("/api/brands", json={"name": kept})
    assert twin.json()["code"] == "brands/already-watched"


async def test_five_hundred_and_one_names_are_too_many(client: httpx.AsyncClient) -> None:
    names = [{"text": f"Acme {number}"} for number in range(501)]

    answer = await client.post("/api/brands", json={"name": "Acme", "names": names})

    assert answer.status_code == 422
    assert answer.json()["code"] == "brands/too-many-names"
    assert answer.json()["names"] == 501


async def test_a_brand_with_as_many_names_as_can_be_is_saved_renamed_and_saved_again(
    client: httpx.AsyncClient,
) -> None:
    brand = await watch(client, name="Acme", names=[{"text": f"Acme {number}"} for number in range(500)])
    path = f"/api/brands/{brand['id']}"

    async def save(**changes: object) -> httpx.Response:
        return await client.patch(path, json=changes)

    assert (await save(names=brand["names"])).status_code == 200
    renamed = await save(name="Acme Foods")
    assert renamed.status_code == 200, renamed.text
    names = renamed.json()["names"]
    assert len(names) == 502
    assert (await save(names=names)).status_code == 200
    more = await save(names=[*names, {"text": "Acme more"}])
    assert (more.status_code, more.json()["code"]) == (422, "brands/too-many-names")
    assert (await save(name="Acme Group", names=names)).status_code == 200, "the form sends both at once"


async def test_a_limit_is_told_in_words_at_its_field(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/brands", json={"name": "L" * 300})

    assert answer.status_code == 422
    assert [(one["loc"], one["msg"]) for one in answer.json()["errors"]] == [
        (["body", "name"], "At most 200 characters")
    ]


@pytest.mark.parametrize(
    ("kind", "pasted", "kept"),
    [
        ("domain", "https://www.Kaffa.example/menu?day=1", "kaffa.example"),
        ("domain", "www.kaffa.example", "kaffa.example"),
        ("domain", "кафа.example", "кафа.example"),
        ("handle", "https://x.com/KaffaCo", "@KaffaCo"),
        ("handle", "https://www.youtube.com/c/KaffaCo/videos", "@KaffaCo"),
        ("handle", "tiktok.com/@kaffa.co", "@kaffa.co"),
        ("handle", "KaffaCo", "KaffaCo"),
        ("ticker", "LSE: KAF", "LSE: KAF"),
        ("short", "kaffa.example/menu", "kaffa.example/menu"),
    ],
)
async def test_an_address_that_was_pasted_is_kept_as_what_texts_hold_of_it(
    client: httpx.AsyncClient, kind: str, pasted: str, kept: str
) -> None:
    brand = await watch(client, name="Kaffa", names=[{"text": pasted, "kind": kind}])

    assert [name["text"] for name in brand["names"]] == ["Kaffa", kept]


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        ("domain", "coffee", "A domain has a dot, as in kaffa.example; for a word choose another kind"),
        ("domain", "our coffee", "A domain has a dot, as in kaffa.example; for a word choose another kind"),
        ("handle", "Kaffa Coffee House", "A handle is one word, as in @kaffa"),
        ("handle", "https://x.com/", "A handle is one word, as in @kaffa"),
        ("ticker", "Kaffa Coffee House", "A ticker is at most ten letters, digits and dots, as in KAF or LSE: KAF"),
    ],
)
async def test_a_name_that_cannot_be_of_its_kind_is_told_at_its_field(
    client: httpx.AsyncClient, kind: str, text: str, told: str
) -> None:
    answer = await client.post("/api/brands", json={"name": "Kaffa", "names": [{"text": text, "kind": kind}]})

    assert answer.status_code == 422
    assert [(one["loc"], one["msg"]) for one in answer.json()["errors"]] == [(["body", "names", 0, "text"], told)]


@pytest.mark.parametrize("website", ["coffee", "our site", "http://", "javascript:alert(1)", "ftp://kaffa.example"])
async def test_a_word_or_a_script_is_no_website(client: httpx.AsyncClient, website: str) -> None:
    brand = await watch(client, name="Tallow", website="tallow.example")
    for answer in (
        await client.post("/api/brands", json={"name": "Kaffa", "website": website}),
        await client.patch(f"/api/brands/{brand['id']}", json={"website": website}),
    ):
        assert answer.status_code == 422
        assert [(one["loc"], one["msg"]) for one in answer.json()["errors"]] == [
            (["body", "website"], "A website has a dot, as in kaffa.example")
        ]


@pytest.mark.parametrize("website", ["", "kaffa.example", "https://www.kaffa.example/de?x=1", "http://intranet/kaffa"])
async def test_a_website_is_kept_as_it_was_typed(client: httpx.AsyncClient, website: str) -> None:
    assert (await watch(client, name="Kaffa", website=website))["website"] == website


@pytest.mark.parametrize("name", ["X", "C++", "a.b*c(", "京东", "نون", "🍌", "' or 1=1 --"])
async def test_odd_names_are_names(client: httpx.AsyncClient, name: str) -> None:
    brand = await watch(client, name=name)

    assert brand["names"][0]["text"] == name
    # Nothing else would ever tell the brand apart, so that its name has to do.
    assert brand["names"][0]["needs_context"] is False


async def test_a_change_leaves_what_it_does_not_name(client: httpx.AsyncClient) -> None:
    brand = await watch(client, name="Acme", category="shop/shoes", names=[{"text": "Acme Shoes"}])

    changed = (await client.patch(f"/api/brands/{brand['id']}", json={"description": "Shoes for dogs"})).json()

    assert changed["description"] == "Shoes for dogs"
    assert (changed["category"], changed["names"]) == (brand["category"], brand["names"])


async def test_a_new_list_of_names_replaces_the_old_one(client: httpx.AsyncClient) -> None:
    brand = await watch(client, name="Acme", names=[{"text": "Acme Shoes"}, {"text": "Acme Boots"}])

    changed = (
        await client.patch(f"/api/brands/{brand['id']}", json={"names": [{"text": "Acme Boots"}, {"text": "AcmeDog"}]})
    ).json()

    assert [name["text"] for name in changed["names"]] == ["Acme", "Acme Boots", "AcmeDog"]
    assert (await client.get(f"/api/brands/{brand['id']}")).json() == changed


async def test_a_brand_cannot_take_the_name_of_another_but_may_respell_its_own(client: httpx.AsyncClient) -> None:
    await watch(client, name="Beta")
    brand = await watch(client, name="Acme")

    refused = await client.patch(f"/api/brands/{brand['id']}", json={"name": "BETA"})
    respelled = await client.patch(f"/api/brands/{brand['id']}", json={"name": "ACME"})

    assert refused.json()["code"] == "brands/already-watched"
    assert respelled.json()["names"][0]["text"] == "ACME"


async def test_a_brand_that_is_dropped_is_gone_with_its_names(client: httpx.AsyncClient) -> None:
    brand = await watch(client, name="Acme")

    assert (await client.delete(f"/api/brands/{brand['id']}")).status_code == 204

    assert (await client.get(f"/api/brands/{brand['id']}")).json()["code"] == "core/not-there"
    assert (await watch(client, name="Acme"))["id"] != brand["id"]


async def test_another_organizations_brand_is_not_there(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient
) -> None:
    brand = await watch(client, name="Acme")

    for answer in (
        await other_client.get(f"/api/brands/{brand['id']}"),
        await other_client.patch(f"/api/brands/{brand['id']}", json={"name": "Stolen"}),
        await other_client.delete(f"/api/brands/{brand['id']}"),
        await client.get(f"/api/brands/{uuid4()}"),
    ):
        assert answer.status_code == 404
    assert (await other_client.get("/api/brands")).json()["items"] == []
    assert (await watch(other_client, name="Acme"))["id"] != brand["id"]


async def test_brands_get_colours_that_stay_apart(client: httpx.AsyncClient) -> None:
    brands = [await watch(client, name=f"Acme {number}") for number in range(len(PALETTE) + 1)]

    assert [brand["color"] for brand in brands] == [*PALETTE, PALETTE[0]]
    assert (await watch(client, name="Own", color="#123456"))["color"] == "#123456"
    assert (await client.post("/api/brands", json={"name": "Bad", "color": "red"})).status_code == 422


async def test_each_change_of_how_brands_are_found_has_a_version_of_its_own(client: httpx.AsyncClient) -> None:
    organization_id = client.headers["x-organization"]
    seen: list[str] = []

    async def version() -> str:
        async with tenant_session(organization_of(organization_id)) as db:
            return await names_version(db)

    seen.append(await version())
    brand = await watch(client, name="Acme")
    seen.append(await version())
    await client.patch(f"/api/brands/{brand['id']}", json={"not_phrases": ["Acme Valley"]})
    seen.append(await version())
    await client.patch(f"/api/brands/{brand['id']}", json={"paused": True})
    seen.append(await version())
    await client.patch(f"/api/brands/{brand['id']}", json={"paused": False})
    seen.append(await version())
    kept = await version()
    await client.patch(f"/api/brands/{brand['id']}", json={"color": "#000000", "kind": "competitor"})

    assert len({*seen}) == len(seen) - 1, "a paused brand is as good as none"
    assert seen[0] == seen[3]
    assert await version() == kept, "looks do not change where a brand is found"
    await client.patch(f"/api/brands/{brand['id']}", json={"description": "A maker of things"})
    assert await version() != kept, "sentences are compared with what a brand is said to be"


async def test_a_paused_brand_is_not_looked_for(client: httpx.AsyncClient) -> None:
    brand = await watch(client, name="Acme", website="https://www.acme.example/shop")
    async with tenant_session(organization_of(client.headers["x-organization"])) as db:
        (names,) = await brand_names_of(db)
    assert (names.key, names.website) == (brand["id"], "https://www.acme.example/shop")

    await client.patch(f"/api/brands/{brand['id']}", json={"paused": True})

    async with tenant_session(organization_of(client.headers["x-organization"])) as db:
        assert await brand_names_of(db) == []


async def test_adding_and_changing_a_brand_looks_through_recent_articles_again(client: httpx.AsyncClient) -> None:
    brand = await watch(client, name="Acme")
    await client.patch(f"/api/brands/{brand['id']}", json={"names": [{"text": "Acme Shoes"}]})
    await client.patch(f"/api/brands/{brand['id']}", json={"color": "#000000"})

    async with tenant_session(organization_of(client.headers["x-organization"])) as db:
        rows = await db.execute(
            text("select count(*) from runs where parameters->>'brand_id' = :id"), {"id": brand["id"]}
        )
        assert rows.scalar_one() >= 2


def organization_of(header: str) -> Any:
    from uuid import UUID

    return UUID(header)
