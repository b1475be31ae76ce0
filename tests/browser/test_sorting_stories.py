"""Stories merged, tagged and put away by keyboard, one and many, and all of it taken back."""

from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Installation, Look, faults, until


def opened(look: Look, size: str = "desktop", scheme: str = "light") -> Page:
    page = look("/stories?range=all", size, scheme)
    page.locator("[data-row]").first.wait_for()
    return page


def test_two_stories_are_chosen_merged_and_parted_again_by_keyboard(look: Look, workspace: Installation) -> None:
    page = opened(look)
    rows = page.locator("[data-row]")
    chosen = [page.locator(f'[data-row="{rows.nth(at).get_attribute("data-row")}"]') for at in range(2)]
    for _ in chosen:
        page.keyboard.press("j")
        expect(page.get_by_role("dialog").get_by_role("heading", level=2)).not_to_have_text("Story")
        page.keyboard.press("x")
    bar = page.get_by_role("region", name="Chosen stories")
    expect(bar.get_by_role("status")).to_have_text("2 stories")
    missing: list[str] = []
    page.on("response", lambda answer: missing.append(answer.url) if answer.status == 404 else None)
    page.keyboard.press("m")
    expect(page.get_by_text("Merged 2 stories into one")).to_be_visible()
    expect(chosen[1]).to_have_count(0)
    expect(chosen[0]).to_have_count(1)
    expect(bar).to_have_count(0)
    page.keyboard.press("u")
    expect(chosen[1]).to_have_count(1)
    expect(chosen[0]).to_have_count(1)
    expect(page.get_by_text("Taken back: “Merged 2 stories into one”")).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    # The one that was merged away stood open all the while.
    assert missing == []


# Asked within the page: a message stays for some seconds only.
STANDS_APART = """([words, button]) => {
    const said = [...document.querySelectorAll(".mantine-Notification-root")]
    const message = said.find((one) => one.textContent.includes(words))
    if (!message) return false
    const [one, other] = [message.getBoundingClientRect(), button.getBoundingClientRect()]
    const beside = one.right <= other.left || other.right <= one.left
    return beside || one.bottom <= other.top || other.bottom <= one.top
}"""


def make_room(page: Page, words: str, button: Locator) -> None:
    """The message with these words is there and stands beside the button."""
    page.wait_for_function(STANDS_APART, arg=[words, button.element_handle()])


@pytest.mark.parametrize("size", ["desktop", "tablet", "phone"])
def test_a_message_covers_nothing_that_one_presses_next(look: Look, workspace: Installation, size: str) -> None:
    page = opened(look, size)
    page.get_by_role("checkbox").first.check()
    bar = page.get_by_role("region", name="Chosen stories")
    expect(bar).to_be_visible()
    page.keyboard.press("m")
    make_room(page, "two at least", bar)
    page.keyboard.press("Escape")
    expect(bar).to_have_count(0)
    page.keyboard.press("j")
    yes = page.get_by_role("dialog").get_by_role("button", name="Yes")
    expect(yes).to_be_visible()
    page.keyboard.press("s")
    make_room(page, "Starred", yes)
    page.keyboard.press("u")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)


def test_an_inbox_that_was_cleared_says_where_its_stories_are(look: Look, workspace: Installation) -> None:
    page = opened(look)
    total = workspace.client().post("/api/stories/matching", json={}).json()["stories"]
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name=f"All {total} that match").click()
    page.keyboard.press("e")
    expect(page.get_by_text("The inbox is empty")).to_be_visible()
    expect(page.get_by_text(f"{total} stories are under Archived.")).to_be_visible()
    assert faults(page, "an inbox that was cleared") == []
    page.keyboard.press("u")
    page.locator("[data-row]").first.wait_for()
    expect(page.get_by_text("The inbox is empty")).to_have_count(0)


def test_all_that_match_are_tagged_from_the_list_and_the_tag_filters(look: Look, workspace: Installation) -> None:
    page = opened(look)
    total = workspace.client().post("/api/stories/matching", json={}).json()["stories"]
    page.get_by_role("checkbox").first.check()
    bar = page.get_by_role("region", name="Chosen stories")
    bar.get_by_role("button", name=f"All {total} that match").click()
    expect(bar.get_by_role("status")).to_have_text(f"{total} stories")
    page.keyboard.press("t")
    page.get_by_role("combobox", name="Which tag?").fill("Autumn launch")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Tagged “Autumn launch”: {total} stories")).to_be_visible()
    page.get_by_role("combobox", name="Tag", exact=True).click()
    page.get_by_role("option", name="Autumn launch").click()
    page.wait_for_url("**tag=Autumn**")
    page.get_by_role("button", name="What was done").click()
    done = page.get_by_role("dialog", name="What was done")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    done.get_by_role("button", name="Take back").first.click()
    expect(done.get_by_text("Taken back").first).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    expect(page.get_by_text("Nothing passes these filters")).to_be_visible()


def test_a_storys_origin_and_sorting_out_are_accessible_on_a_phone(look: Look, workspace: Installation) -> None:
    client = workspace.client()
    stories = client.get("/api/stories", params={"limit": 50}).json()["items"]
    most = max(stories, key=lambda story: story["articles"])
    page = look(f"/stories?range=all&story={most['id']}", "phone", "dark")
    panel = page.get_by_role("dialog")
    expect(panel.get_by_role("heading", name="Where it comes from")).to_be_visible()
    found = faults(page, "origin")
    panel.get_by_role("button", name="Sort out").click()
    boxes = panel.get_by_role("checkbox")
    expect(boxes).to_have_count(most["articles"])
    expect(panel.get_by_role("button", name="Split off")).to_be_disabled()
    boxes.last.check()
    panel.get_by_role("button", name="Split off 1 article").click()
    expect(page.get_by_text("Split off", exact=True)).to_be_visible()
    found += faults(page, "split")
    page.get_by_role("button", name="Undo").last.click()
    # The button to sort out is there all the time: only the articles show that they are together again.
    until(
        lambda: client.get(f"/api/stories/{most['id']}").json()["articles"] == most["articles"], "it is one story again"
    )
    page.goto("/stories?range=all")
    page.get_by_role("checkbox").first.check()
    expect(page.get_by_role("region", name="Chosen stories")).to_be_visible()
    found += faults(page, "chosen")
    page.goto("/stories?range=all&deeds=true")
    expect(page.get_by_role("dialog", name="What was done")).to_be_visible()
    assert found + faults(page, "deeds") == []


def test_rejected_mentions_are_chosen_and_brought_in_at_once_and_out_again(look: Look, workspace: Installation) -> None:
    client = workspace.client()
    some = [one["id"] for one in client.get("/api/mentions", params={"limit": 3}).json()["items"]]
    out = client.post("/api/mentions/deeds", json={"kind": "no", "mentions": some}).json()
    page = look("/stories?view=rejected&range=all", "tablet", "light")
    boxes = page.get_by_role("checkbox")
    boxes.nth(0).check()
    boxes.nth(1).check()
    bar = page.get_by_role("region", name="Chosen mentions")
    expect(bar.get_by_role("status")).to_have_text("2 mentions")
    found = faults(page, "mentions")
    bar.get_by_role("button", name="It is the brand").click()
    expect(page.get_by_text("Judged as the brand: 2 mentions")).to_be_visible()
    expect(bar).to_have_count(0)
    judged = [client.get(f"/api/mentions/{one}").json()["judgement"] for one in some]
    assert sorted(judged) == ["no", "yes", "yes"]
    page.get_by_role("button", name="What was done").click()
    done = page.get_by_role("dialog", name="What was done")
    done.get_by_role("button", name="Take back").first.click()
    expect(done.get_by_text("Taken back").first).to_be_visible()
    # Earlier deeds may have been taken back, too.
    until(
        lambda: {client.get(f"/api/mentions/{one}").json()["judgement"] for one in some} == {"no"}, "it is undone", 60
    )
    client.put(f"/api/stories/deeds/{out['id']}/undoing").raise_for_status()
    assert found == []


def test_doubtful_mentions_are_chosen_one_by_one_by_keyboard_and_by_touch(look: Look, workspace: Installation) -> None:
    client = workspace.client()
    brands = [one["id"] for one in client.get("/api/brands").json()["items"]]
    for brand in brands:
        client.put(f"/api/brands/{brand}/trust/limit", json={"limit": 0.99}).raise_for_status()

    def doubtful() -> list[str]:
        found = client.get("/api/mentions", params={"standing": "doubtful", "limit": 100}).json()["items"]
        return [one["id"] for one in found]

    until(lambda: len(doubtful()) >= 3, "mentions are in doubt", 60)
    page = look("/stories?view=doubtful&range=all", "desktop", "light")
    page.get_by_text("Single mentions").click()
    rows = page.get_by_role("list", name="Mentions").locator("[data-row]")
    rows.first.wait_for()
    some = [str(rows.nth(at).get_attribute("data-row")) for at in range(2)]
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("X")
    bar = page.get_by_role("region", name="Chosen mentions")
    expect(bar.get_by_role("status")).to_have_text("2 mentions")
    page.keyboard.press("n")
    expect(page.get_by_text("Judged as not the brand: 2 mentions")).to_be_visible()
    expect(bar).to_have_count(0)
    assert [client.get(f"/api/mentions/{one}").json()["judgement"] for one in some] == ["no", "no"]
    page.keyboard.press("u")
    until(
        lambda: {client.get(f"/api/mentions/{one}").json()["judgement"] for one in some} == {None}, "it is undone", 60
    )
    phone = look("/stories?view=doubtful&single=true&range=all", "phone", "dark")
    phone.get_by_role("checkbox").first.check()
    expect(phone.get_by_role("region", name="Chosen mentions")).to_be_visible()
    assert faults(phone, "single mentions") == []
    for brand in brands:
        client.put(f"/api/brands/{brand}/trust/limit", json={"limit": None}).raise_for_status()


def test_a_key_judges_the_mention_one_looks_at_and_says_who_thinks_otherwise(
    look: Look, workspace: Installation
) -> None:
    client = workspace.client()
    listed = client.get("/api/stories", params={"limit": 100}).json()["items"]
    several = next(one["id"] for one in listed if one["articles"] == 1 and len(one["mentions"]) > 1)
    first, second = client.get(f"/api/stories/{several}").json()["timeline"][0]["mentions"][:2]
    asked = client.post("/api/invitations", json={"email": f"{uuid4().hex}@acme.example", "role": "analyst"}).json()
    with httpx.Client(base_url=workspace.url) as other:
        token = asked["link"].rsplit("/", 1)[-1]
        answer = {"name": "Bo", "password": "correct horse battery"}
        other.post(f"/api/invitations/by-token/{token}/acceptance", json=answer).raise_for_status()
        page = look(f"/stories?range=all&story={several}")
        panel = page.get_by_role("dialog")
        expect(panel.locator("[data-current]")).to_have_count(1)
        try:
            other.put(f"/api/mentions/{first['id']}/judgement", json={"verdict": "yes"}).raise_for_status()
            expect(panel.get_by_text("Bo said so")).to_be_visible(timeout=30_000)
            # It was judged by somebody else meanwhile, and is still the one that the key is for.
            page.keyboard.press("n")
            expect(panel.get_by_text("Bo said that it is; the word given last counts")).to_be_visible()
            expect(panel.get_by_text("You said so")).to_be_visible()
            assert client.get(f"/api/mentions/{second['id']}").json()["judgement"] == second["judgement"]
            page.keyboard.press("u")
            until(
                lambda: client.get(f"/api/mentions/{first['id']}").json()["judgement"] == "yes", "it was taken back", 30
            )
        finally:
            client.delete(f"/api/mentions/{first['id']}/judgement").raise_for_status()
