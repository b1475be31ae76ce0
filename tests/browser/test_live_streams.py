"""Screens follow what happens also where a proxy lets no stream through."""

from uuid import uuid4

from playwright.sync_api import expect

from tests.browser.conftest import Installation, Look, settled


def test_a_screen_moves_by_polling_where_streams_do_not_pass(look: Look, workspace: Installation) -> None:
    page = look("/sign-in")
    page.context.route("**/api/events*", lambda route: route.abort())
    page.goto("/brands")
    settled(page)
    name = f"Polled {uuid4().hex[:6]}"
    made = workspace.client().post("/api/brands", json={"name": name, "kind": "competitor"}).raise_for_status().json()
    expect(page.get_by_text(name).first).to_be_visible(timeout=30_000)
    workspace.client().delete(f"/api/brands/{made['id']}").raise_for_status()
    expect(page.get_by_text(name)).to_have_count(0, timeout=30_000)
    # It knows where it stands, and asks for no more than what came since.
    with page.expect_request("**/api/events/since?after=*", timeout=30_000):
        pass
