"""A person in two organizations, or in none: where one tab goes, all go, and nothing of the one before stays."""

import re
from uuid import uuid4

import httpx
from playwright.sync_api import Dialog, Page, expect

from tests.browser.conftest import EMAIL, PASSWORD, Installation, Look, faults


def test_every_tab_goes_along_to_another_organization_and_hears_of_its_changes(
    look: Look, installation: Installation, newcomer: str
) -> None:
    page = look("/sign-in", anonymous=True)
    own = {"origin": installation.url}
    session = page.request.post("/api/session", data={"email": EMAIL, "password": PASSWORD}, headers=own).json()
    names = {one["id"]: one["name"] for one in session["organizations"]}
    page.request.put(
        "/api/session/organization",
        data={"organization_id": next(id for id, name in names.items() if name == installation.organization)},
        headers=own,
    )
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto("/jobs")
        expect(tab.get_by_role("button", name=re.compile(installation.organization))).to_be_visible()

    page.get_by_role("button", name=re.compile(installation.organization)).click()
    page.get_by_role("menuitem", name=re.compile(names[newcomer])).click()

    for tab in (page, other):
        expect(tab).to_have_url(re.compile("/welcome"))
        expect(tab.get_by_role("button", name=re.compile(names[newcomer]))).to_be_visible()
        tab.get_by_role("link", name="Brands", exact=True).click()
        expect(tab.get_by_role("heading", name="Brands", exact=True)).to_be_visible()
        expect(tab.get_by_text(re.compile("Tallow"))).to_have_count(0)
    # It is heard on the stream of the organization that was gone to.
    page.request.post("/api/brands", data={"name": "Zephyrine"}, headers=own)
    for tab in (page, other):
        expect(tab.get_by_text("Zephyrine").first).to_be_visible()


def typing_in(page: Page, name: str, keys: str) -> None:
    """Something that is typed, and not saved yet."""
    page.goto("/brands?brand=new")
    panel = page.get_by_role("dialog")
    panel.get_by_label("Name").first.fill(keys)
    expect(page.get_by_role("button", name=re.compile(name))).to_be_visible()


def goes_to(page: Page, here: str, there: str) -> None:
    page.get_by_role("button", name=re.compile(here)).click()
    page.get_by_role("menuitem", name=re.compile(there)).click()


def watched(client: httpx.Client) -> list[str]:
    return [one["name"] for one in client.get("/api/brands").json()["items"]]


def test_whoever_stays_for_something_unsaved_stays_and_nothing_of_it_lands_in_the_other_organization(
    look: Look, installation: Installation, newcomer: str
) -> None:
    own, other = installation.client(), installation.sign_in()
    other.put("/api/session/organization", json={"organization_id": newcomer}).raise_for_status()
    here, there = (client.get("/api/session").json()["organization"]["name"] for client in (own, other))
    name, late, lost = (f"{word} {uuid4().hex[:6]}" for word in ("Quillfern", "Latewing", "Lostmoor"))
    page = look("/sign-in", anonymous=True)
    origin = {"origin": installation.url}
    page.request.post("/api/session", data={"email": EMAIL, "password": PASSWORD}, headers=origin)
    home = own.get("/api/session").json()["organization"]["id"]
    page.request.put("/api/session/organization", data={"organization_id": home}, headers=origin)
    typing_in(page, here, name)
    goes_to(page, here, there)
    page.get_by_role("button", name="Keep editing").click()
    page.get_by_role("button", name="Watch", exact=True).click()
    expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
    assert name in watched(own)

    # Another tab stays too, though the session of the browser goes on without it.
    tab = page.context.new_page()
    asked: list[str] = []

    def stays(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    tab.on("dialog", stays)
    typing_in(tab, here, late)
    typing_in(page, here, lost)
    goes_to(page, here, there)
    page.get_by_role("button", name="Discard changes").click()
    expect(page.get_by_role("button", name=re.compile(there))).to_be_visible()
    moved = tab.get_by_role("link", name="In another organization now: open it")
    expect(moved).to_be_visible()
    tab.get_by_role("button", name="Watch", exact=True).click()
    expect(tab.get_by_role("dialog").get_by_text("You are not in that organization any more")).to_be_visible()
    expect(tab.get_by_label("Name").first).to_have_value(late)
    assert asked == ["beforeunload"]
    assert [one for one in watched(own) + watched(other) if one in (late, lost)] == []

    # Who goes back there in a tab can save what was kept in the other.
    goes_to(page, there, here)
    expect(moved).to_have_count(0)
    tab.get_by_role("button", name="Watch", exact=True).click()
    expect(tab.get_by_role("button", name=late, exact=True)).to_be_visible()
    assert late in watched(own)
    assert watched(other) == []


def test_a_tab_says_that_somebody_signed_out_in_another(look: Look, installation: Installation) -> None:
    page = look("/sign-in", anonymous=True)
    page.request.post("/api/session", data={"email": EMAIL, "password": PASSWORD}, headers={"origin": installation.url})
    page.goto("/jobs")
    tab = page.context.new_page()
    tab.goto("/jobs")
    for one in (page, tab):
        expect(one.get_by_role("heading", name="Jobs", exact=True)).to_be_visible()
    tab.route("**/api/**", lambda route: route.abort())
    page.locator("nav").get_by_role("button").last.click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in"))
    # It was told by the other one: nothing that it could ask answers.
    expect(tab.get_by_role("link", name="Signed out: sign in")).to_be_visible()


def invited(owner: httpx.Client, email: str) -> str:
    """The path of an invitation to an organization."""
    made = owner.post("/api/invitations", json={"email": email, "role": "analyst"}).raise_for_status().json()
    return "/invitation/" + made["link"].rsplit("/", 1)[1]


def joins(page: Page, path: str, *, name: str = "") -> None:
    page.goto(path)
    if name:
        page.get_by_label("Your name").fill(name)
    page.get_by_role("textbox", name=re.compile("password", re.IGNORECASE)).fill(PASSWORD)
    page.get_by_role("button", name="Join").click()


def test_whoever_joins_another_organization_in_one_tab_is_there_in_every_tab_and_who_is_taken_out_of_all_is_told_so(
    look: Look, installation: Installation, newcomer: str
) -> None:
    own, other = installation.client(), installation.sign_in()
    other.put("/api/session/organization", json={"organization_id": newcomer}).raise_for_status()
    email = f"{uuid4().hex}@northwind.example"
    page = look("/sign-in", anonymous=True)
    joins(page, invited(own, email), name="Bo")
    expect(page.get_by_role("button", name=re.compile(installation.organization))).to_be_visible()
    tab = page.context.new_page()
    joins(tab, invited(other, email))
    # It shows the organization before no longer: what is typed there would land in the other.
    for one in (tab, page):
        expect(one.get_by_role("button", name=re.compile("Fresh"))).to_be_visible()

    # In a tab that heard of nothing: what it sends is refused, and it begins anew.
    tab.close()
    page.goto("/brands")
    expect(page.get_by_role("heading", name="Brands", exact=True)).to_be_visible()
    page.request.put(
        "/api/session/organization",
        data={"organization_id": next(one for one in places(page) if one != newcomer)},
        headers={"origin": installation.url},
    )
    page.get_by_role("link", name="Stories").first.click()
    expect(page.get_by_role("button", name=re.compile(installation.organization))).to_be_visible()

    for client in (own, other):
        member = next(one["id"] for one in client.get("/api/members").json() if one["email"] == email)
        client.delete(f"/api/members/{member}").raise_for_status()
    page.get_by_role("link", name="Brands", exact=True).click()
    expect(page.get_by_role("heading", name="You belong to no organization")).to_be_visible()
    assert faults(page, "nowhere") == []
    page.get_by_label("Link of your invitation").fill("https://elsewhere.example/")
    page.get_by_role("button", name="Open the invitation").click()
    expect(page.get_by_text("as it was sent to you")).to_be_visible()
    page.get_by_label("Link of your invitation").fill(f"{installation.url}{invited(other, email)}?from=mail")
    page.get_by_role("button", name="Open the invitation").click()
    page.get_by_role("textbox", name="Your password").fill(PASSWORD)
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("button", name=re.compile("Fresh"))).to_be_visible()


def places(page: Page) -> list[str]:
    return [one["id"] for one in page.request.get("/api/session").json()["organizations"]]
