"""A person in two organizations: where one tab goes, all go, and nothing of the one before stays."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import EMAIL, PASSWORD, Installation, Look


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
