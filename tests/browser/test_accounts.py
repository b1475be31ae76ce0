"""A person who has forgotten their password comes back in, and changes it."""

import re

import httpx
from playwright.sync_api import Page, expect

from tests.browser.conftest import Installation, Look, violations

EMAIL = "bo@northwind.example"
FIRST, SECOND, THIRD = "the one that is forgotten", "four words of a link", "my own words in the end"


def joined(installation: Installation) -> str:
    """Bo is a member; their identifier as one."""
    client = installation.client()
    made = client.post("/api/invitations", json={"email": EMAIL, "role": "viewer"}).raise_for_status().json()
    at = f"{installation.url}/api/invitations/by-token/{made['link'].rsplit('/', 1)[1]}/acceptance"
    httpx.post(at, json={"name": "Bo", "password": FIRST}, headers={"origin": installation.url}).raise_for_status()
    return next(one["id"] for one in client.get("/api/members").json() if one["email"] == EMAIL)


def sign_in(page: Page, password: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_who_forgot_their_password_chooses_a_new_one_by_an_administrators_link_and_changes_it_later(
    look: Look, installation: Installation
) -> None:
    member = joined(installation)
    try:
        admin = look("/settings?tab=members", "phone")
        admin.get_by_role("button", name="A new password for Bo").click()
        expect(admin).to_have_url(re.compile(f"member={member}"))
        admin.get_by_role("button", name="Make the link").click()
        link = admin.get_by_role("dialog").locator("code").inner_text()

        bo = look("/sign-in", anonymous=True)
        expect(bo.get_by_text("Forgotten your password?")).to_be_visible()
        bo.goto(link)
        bo.get_by_label("New password", exact=True).fill("too short")
        bo.get_by_role("button", name="Save and sign in").click()
        expect(bo.get_by_text("At least ten characters")).to_be_visible()
        assert violations(bo) == []
        bo.get_by_label("New password", exact=True).fill(SECOND)
        bo.get_by_role("button", name="Save and sign in").click()
        expect(bo.get_by_role("link", name="Stories").first).to_be_visible()

        bo.goto("/settings?tab=account")
        bo.get_by_label("Present password", exact=True).fill("not the one")
        bo.get_by_label("New password", exact=True).fill(THIRD)
        bo.get_by_role("button", name="Change it").click()
        expect(bo.get_by_text("That is not your present password.")).to_be_visible()
        bo.get_by_label("Present password", exact=True).fill(SECOND)
        bo.get_by_role("button", name="Change it").click()
        expect(bo.get_by_text("Your password is changed")).to_be_visible()

        late = look(link, anonymous=True)
        expect(late.get_by_text("That link is not valid")).to_be_visible()
        sign_in(late, SECOND)
        expect(late.get_by_role("alert")).to_be_visible()
        sign_in(late, THIRD)
        expect(late.get_by_role("link", name="Stories").first).to_be_visible()
    finally:
        installation.client().delete(f"/api/members/{member}").raise_for_status()
