"""The queue of unknown brands, worked off by keyboard, and brands that may be the same."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Look, faults, until

ACME = "01a21506-746c-770f-a292-72dc6618039b"
AT = "2026-11-20T10:00:00Z"
NAMES = ("Quillox", "Brimnex", "Zandroth")
BRAND: dict[str, Any] = {
    "id": ACME,
    "name": "Acme",
    "kind": "own",
    "description": "",
    "category": "Airline",
    "website": "",
    "color": "#4477AA",
    "names": [],
    "context_words": [],
    "not_phrases": [],
    "namesakes": [],
    "paused": False,
    "created_at": AT,
    "updated_at": AT,
}


def identifier(number: int) -> str:
    return f"01a21506-746c-770f-a292-72dc6618{number:04}"


def candidate(number: int, state: str = "proposed") -> dict[str, Any]:
    return {
        "id": identifier(number),
        "name": NAMES[number],
        "state": state,
        "score": 0.97 - number / 10,
        "mentions": 4,
        "articles": 4,
        "sources": 2,
        "beside": [{"brand_id": ACME, "articles": 3}],
        "first_seen_at": AT,
        "last_seen_at": AT,
        "decided_at": None if state == "proposed" else AT,
        "brand_id": None,
    }


def detail(number: int, state: str) -> dict[str, Any]:
    name = NAMES[number]
    reasons = [
        {"code": "has", "text": "It has what companies have (’s shares, ’s app …): 3 of 4 places", "weight": 2.1},
        {"code": "place", "text": "It is a place, too", "weight": -0.8},
    ]
    place = {
        "article_id": identifier(90),
        "sentence": f"Customers of {name} said that its new app was slow.",
        "start": 13,
        "end": 13 + len(name),
        "title": "A long headline about what a company that nobody had heard of has announced this week",
        "url": "https://courier.example/1",
        "outlet": "Kent Courier",
        "published_at": AT,
        "taken_for": "company",
    }
    others = [
        place
        | {"article_id": identifier(at), "sentence": f"{name} was {word} again.", "start": 0, "end": len(name)}
        | {"taken_for": taken_for}
        for at, word, taken_for in ((91, "closed", "nothing"), (92, "late", None))
    ]
    like = {"brand_id": ACME, "name": "Acme", "probability": 0.91, "reasons": reasons[:1]}
    return candidate(number, state) | {
        "reasons": reasons,
        "places": [place, *others],
        "read_by": "made-up-1",
        "like": like if number == 1 else None,
    }


def given(page: Page) -> list[str]:
    """Three names; what is done to them is noted and kept."""
    states = ["proposed"] * len(NAMES)
    done: list[str] = []

    def answer(route: Route) -> None:
        path = route.request.url.split("/api/discovery")[1].split("?")[0].strip("/")
        if not path:
            wanted = route.request.url.split("state=")[-1]
            items = [candidate(number) for number, state in enumerate(states) if state == wanted]
            counts = {state: states.count(state) for state in set(states)}
            look = {"looked_at": AT, "articles": 1204, "names": 96, "proposed": 3}
            body: dict[str, Any] = {"items": items, "next": None, "counts": counts, "last_look": look}
        else:
            number = next(at for at in range(len(NAMES)) if identifier(at) == path.split("/")[0])
            deed = path.split("/")[1] if "/" in path else ""
            if deed:
                done.append(f"{deed} {NAMES[number]}")
                states[number] = {"ignore": "ignored", "alias": "merged", "promotion": "promoted"}.get(deed, "proposed")
            body = detail(number, states[number])
        status = 201 if route.request.method == "POST" else 200
        route.fulfill(status=status, content_type="application/json", body=json.dumps(body))

    page.route("**/api/discovery**", answer)
    page.route("**/api/discovery/**", answer)
    brands = json.dumps({"items": [BRAND], "next": None})
    page.route("**/api/brands", lambda route: route.fulfill(content_type="application/json", body=brands))
    return done


def test_the_queue_is_worked_off_by_keyboard_and_a_step_is_taken_back(look: Look) -> None:
    page = look("/jobs")
    done = given(page)
    page.goto("/discovery")
    expect(page.get_by_role("table", name="Names that may be brands")).to_be_visible()

    page.keyboard.press("j")
    panel = page.get_by_role("dialog", name="Quillox")
    expect(panel.get_by_text("made-up-1 read 2 of them")).to_be_visible()
    expect(panel.get_by_role("listitem").filter(has_text="Customers of Quillox said")).to_contain_text(
        "Read as a company"
    )
    expect(panel.get_by_role("listitem").filter(has_text="closed again")).to_contain_text("Not read as a brand")
    page.keyboard.press("i")
    panel = page.get_by_role("dialog", name="Brimnex")
    expect(panel.get_by_text("It may be Acme: 91 % likely")).to_be_visible()
    page.keyboard.press("m")
    panel = page.get_by_role("dialog", name="Zandroth")
    expect(panel.get_by_text("Customers of Zandroth said")).to_be_visible()
    page.keyboard.press("u")
    expect(page.get_by_role("button", name="Brimnex", exact=True)).to_be_visible()
    expect(page.get_by_text("Brimnex is a name of Acme now")).to_have_count(0)
    page.keyboard.press("p")
    expect(page.get_by_text("Zandroth is watched from now on")).to_be_visible()

    assert done == ["ignore Quillox", "alias Brimnex", "decision Brimnex", "promotion Zandroth"]


@pytest.mark.parametrize(("size", "scheme"), [("phone", "dark"), ("desktop", "light")])
def test_discovery_and_brands_that_may_be_the_same_are_accessible_and_fit(look: Look, size: str, scheme: str) -> None:
    page = look("/discovery", size, scheme)
    expect(page.get_by_role("heading", level=1)).to_have_text("Discovery")
    nothing = page.get_by_text("Nothing looked through yet").or_(page.get_by_text("Nothing to decide"))
    expect(nothing.or_(page.get_by_role("table", name="Names that may be brands")).first).to_be_visible()
    found = faults(page, "as it is")
    given(page)
    page.goto(f"/discovery?name={identifier(1)}")
    panel = page.get_by_role("dialog", name="Brimnex")
    expect(panel.get_by_text("It may be Acme: 91 % likely")).to_be_visible()
    found += faults(page, "panel")

    side = {"name": "Acme", "color": "#4477AA", "kind": "own", "names": 2, "mentions": 40}
    pair = {
        "first": side | {"id": ACME},
        "second": side | {"id": identifier(50), "name": "Acme Foods GmbH", "mentions": 3},
        "alike": ["Acme", "Acme Foods GmbH"],
        "probability": 0.93,
        "reasons": detail(0, "proposed")["reasons"],
    }
    pairs = json.dumps({"items": [pair], "next": None})
    page.route(
        "**/api/brand-merges/suggestions", lambda route: route.fulfill(content_type="application/json", body=pairs)
    )
    page.goto("/brands")
    expect(page.get_by_role("heading", name="These may be the same")).to_be_visible()
    expect(page.get_by_role("button", name="Merge into Acme")).to_be_visible()
    assert found + faults(page, "pairs") == []


def test_two_brands_are_merged_and_taken_apart_again_on_the_screen(look: Look, workspace: Any) -> None:
    client = workspace.client()
    for name in ("Wexlund", "Wexlund Foods GmbH"):
        client.post("/api/brands", json={"name": name, "kind": "competitor"}).raise_for_status()
    page = look("/brands")
    pair = page.get_by_role("listitem").filter(has_text="Wexlund Foods GmbH")
    expect(pair.get_by_text("likely")).to_be_visible()
    pair.get_by_role("button", name="Merge into Wexlund").first.press("Enter")
    expect(page.get_by_text("1 brand merged into another")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("table", name="Brands").get_by_text("Wexlund")).to_have_count(2)

    page.get_by_role("button", name="1 brand merged into another").press("Enter")
    message = page.get_by_text("Wexlund Foods GmbH is Wexlund now")
    expect(message).to_be_visible()
    page.get_by_role("button", name="Undo: ").press("Enter")
    expect(message).to_have_count(0)
    expect(pair.get_by_text("likely")).to_be_visible(timeout=20_000)

    def apart() -> list[dict[str, Any]]:
        brands = client.get("/api/brands").json()["items"]
        return [brand for brand in brands if brand["name"].startswith("Wexlund")]

    until(lambda: len(apart()) == 2, "both are there again")
    for brand in apart():
        client.delete(f"/api/brands/{brand['id']}").raise_for_status()
