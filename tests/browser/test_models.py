"""Models on screen: a server is set up, tried, chosen and paid for; a mention in a story gets a second opinion."""

import re
from collections.abc import Generator
from uuid import uuid4

import pytest
from playwright.sync_api import Route, expect

from brandhound.twins.models import Asked, ModelTwin, Said, serve_models
from tests.browser.conftest import LOOKS, Installation, Look, faults


@pytest.fixture(scope="module")
def served() -> Generator[ModelTwin]:
    with serve_models() as server:
        yield server


@pytest.fixture
def twin(served: ModelTwin) -> Generator[ModelTwin]:
    """Models that answer by rules."""
    yield served
    served.is_well()


@pytest.fixture(autouse=True)
def nothing_is_set_up(installation: Installation) -> Generator[None]:
    """Nor is anything when a test is over: its server will not answer the tests of other files."""
    _forget_servers(installation)
    yield
    _forget_servers(installation)


def _forget_servers(installation: Installation) -> None:
    client = installation.client()
    for account in client.get("/api/models").json()["accounts"]:
        client.delete(f"/api/models/accounts/{account['id']}").raise_for_status()


def set_up(installation: Installation, twin: ModelTwin) -> None:
    """A server that is chosen for second opinions."""
    client = installation.client()
    new = {"kind": "openai_compatible", "name": "Ours", "address": twin.openai, "key": "k"}
    account_id = client.post("/api/models/accounts", json=new).raise_for_status().json()["id"]
    choice = {
        "account_id": account_id,
        "model": f"m-{uuid4().hex[:6]}",
        "input_price": 100_000,
        "output_price": 400_000,
    }
    client.put("/api/models/choices/mentions.second_opinion", json=choice).raise_for_status()


@pytest.mark.parametrize(("size", "scheme"), [*LOOKS, ("tablet", "light")])
def test_without_a_model_the_screen_says_what_one_would_add(look: Look, size: str, scheme: str) -> None:
    page = look("/settings?tab=models", size, scheme)
    expect(page.get_by_role("heading", name="Embedded analysis")).to_be_visible()
    expect(page.get_by_text("No model server yet")).to_be_visible()
    assert faults(page, "models, empty") == []
    page.get_by_role("button", name="Second opinion on a mention").click()
    panel = page.get_by_role("dialog")
    expect(panel.get_by_text("What is sent to it")).to_be_visible()
    assert faults(page, "use") == []


def test_a_server_is_added_tried_and_chosen_by_hand(look: Look, installation: Installation, twin: ModelTwin) -> None:
    twin.app.key = "sk-right"
    page = look("/settings?tab=models")
    page.get_by_role("button", name="Add a server").click()
    panel = page.get_by_role("dialog")
    panel.get_by_role("combobox", name="Kind").click()
    page.get_by_role("option", name="Another server").click()
    panel.get_by_label("Name").fill("Ours")
    panel.get_by_label("Address").fill(twin.openai)
    panel.get_by_label("Key", exact=True).fill("sk-wrong")
    assert faults(page, "new server") == []
    panel.get_by_role("button", name="Add the server").click()

    page.get_by_role("button", name="Ours", exact=True).click()
    panel = page.get_by_role("dialog")
    panel.get_by_label("With the model").fill("made-up-1")
    panel.get_by_role("button", name="Try it out").click()
    expect(panel.get_by_text("does not accept the key")).to_be_visible(timeout=30_000)
    assert faults(page, "failed trial") == []
    panel.get_by_label("Key", exact=True).fill("sk-right")
    panel.get_by_role("button", name="Save").click()
    expect(panel.get_by_text("not tried")).to_be_visible(timeout=30_000)
    panel.get_by_role("button", name="Try it out").click()
    expect(panel.get_by_text("It answered in")).to_be_visible(timeout=30_000)
    assert "sk-right" not in page.content()
    page.get_by_role("button", name="Close panel").last.click()

    page.get_by_role("button", name="Second opinion on a mention").click()
    panel = page.get_by_role("dialog")
    panel.get_by_role("combobox", name="Done by").click()
    page.get_by_role("option", name="Ours").click()
    panel.get_by_role("combobox", name="Model", exact=True).fill("made-up-1")
    assert faults(page, "choice") == []
    panel.get_by_role("button", name="Save").click()
    row = page.get_by_role("table", name="Uses of models").get_by_role("row", name="Second opinion on a mention")
    expect(row).to_contain_text("made-up-1")
    expect(page.get_by_role("table", name="Usage")).to_contain_text("Trying a key out")


def test_a_server_at_another_address_is_given_a_key_anew(
    look: Look, installation: Installation, twin: ModelTwin
) -> None:
    set_up(installation, twin)
    page = look("/settings?tab=models")
    page.get_by_role("button", name="Ours", exact=True).click()
    panel = page.get_by_role("dialog")
    panel.get_by_label("Address").fill("https://models.example/v1")
    panel.get_by_role("button", name="Save").click()
    expect(panel.get_by_text("the one that is here was entered for another")).to_be_visible()
    assert faults(page, "key needed") == []
    panel.get_by_label("Key", exact=True).fill("sk-of-another")
    panel.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved")).to_be_visible(timeout=30_000)
    (account,) = installation.client().get("/api/models").json()["accounts"]
    assert account["address"] == "https://models.example/v1"


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "dark"), ("phone", "light")])
def test_the_budget_is_shown_and_changed(
    look: Look, installation: Installation, twin: ModelTwin, size: str, scheme: str
) -> None:
    set_up(installation, twin)
    page = look("/settings?tab=models", size, scheme)
    page.get_by_role("button", name="Change").click()
    page.get_by_label("Dollars a month").fill("25")
    assert faults(page, "budget") == []
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("of $25.00")).to_be_visible()


def test_the_budget_is_changed_by_keyboard_alone(look: Look, installation: Installation, twin: ModelTwin) -> None:
    set_up(installation, twin)
    page = look("/settings?tab=models")
    change = page.get_by_role("button", name="Change")
    change.press("Enter")
    expect(page.get_by_label("Dollars a month")).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("31")
    page.keyboard.press("Enter")
    expect(page.get_by_text("of $31.00")).to_be_visible()
    expect(change).to_be_focused()


def test_nothing_jumps_under_a_click_on_the_budget_while_usage_loads(
    look: Look, installation: Installation, twin: ModelTwin
) -> None:
    set_up(installation, twin)
    page = look("/settings?tab=members")
    held: list[Route] = []
    page.route("**/api/models/usage*", lambda route: held.append(route))  # noqa: PLW0108  (a method of a list cannot be marked)
    page.goto("/settings?tab=models")
    change = page.get_by_role("button", name="Change")
    expect(change).to_be_visible()
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    before = change.bounding_box()
    counts = ("calls", "cached", "failed", "input_tokens", "output_tokens", "cost_micros", "unpriced")
    used = {"on": "2026-01-02", "feature": "f", "title": "Second opinion", "provider": "Ours", "model": "m"}
    for route in held:
        route.fulfill(json=[used | dict.fromkeys(counts, 1)])
    expect(page.get_by_role("table", name="Usage")).to_be_visible()
    assert change.bounding_box() == before


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_a_doubtful_mention_gets_a_second_opinion_with_its_words(
    look: Look, workspace: Installation, twin: ModelTwin, size: str, scheme: str
) -> None:
    set_up(workspace, twin)
    client = workspace.client()
    stories = client.get("/api/stories", params={"view": "inbox", "limit": 50}).json()["items"]
    mention = next(
        mention for story in stories for mention in story["mentions"] if mention["brand"]["name"] == "Tallow"
    )
    story_id = client.get(f"/api/mentions/{mention['id']}").json()["story_id"]
    client.post(f"/api/mentions/{mention['id']}/opinion").raise_for_status()
    page = look(f"/stories?story={story_id}", size, scheme)
    opinion = page.get_by_role("article", name="Second opinion").first
    expect(opinion).to_be_visible(timeout=30_000)
    expect(opinion).to_contain_text("for who is meant")
    assert faults(page, "second opinion") == []
    before = len(twin.asked)
    opinion.get_by_role("button", name="Ask again").click()
    expect(opinion).to_contain_text("kept from before", timeout=30_000)
    assert len(twin.asked) == before


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_what_a_model_is_asked_about_by_itself_is_chosen_with_what_it_costs(
    look: Look, installation: Installation, twin: ModelTwin, size: str, scheme: str
) -> None:
    set_up(installation, twin)
    installation.client().put("/api/opinion-rule", json={"reach": "other_meanings"}).raise_for_status()
    page = look("/settings?tab=models", size, scheme)
    page.get_by_role("button", name="Second opinion on a mention").click()
    group = page.get_by_role("radiogroup", name="What it is asked about by itself")
    expect(group.get_by_label("Every mention of a name that may mean something else")).to_be_checked()
    expect(group).to_contain_text("in the last week")
    for choice in group.get_by_role("radio").all():
        box = choice.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= page.evaluate("innerWidth")
    assert faults(page, "what is asked") == []
    group.get_by_label("Only those in doubt").click()
    expect(group.get_by_label("Only those in doubt")).to_be_checked()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    assert installation.client().get("/api/opinion-rule").json()["reach"] == "doubtful"


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_what_a_model_reads_otherwise_is_a_list_of_its_own(
    look: Look, workspace: Installation, twin: ModelTwin, size: str, scheme: str
) -> None:
    def persona(_: Asked) -> Said:
        return Said(
            '{"is_brand": "no", "because": ["ordinary_word"], "identity_quotes": ["Tallow"], "tone": "unclear", '
            '"tone_quotes": []}'
        )

    twin.persona = persona
    set_up(workspace, twin)
    client = workspace.client()
    stories = client.get("/api/stories", params={"view": "inbox", "limit": 50}).json()["items"]
    mention = next(
        mention for story in stories for mention in story["mentions"] if mention["brand"]["name"] == "Tallow"
    )
    client.post(f"/api/mentions/{mention['id']}/opinion").raise_for_status()
    page = look("/stories?view=doubtful&range=%22all%22", size, scheme)
    page.get_by_text(re.compile(r"^Read otherwise \d+$")).click()
    row = page.get_by_role("list", name="Mentions").get_by_role("listitem").first
    expect(row).to_contain_text("A model: it is not", timeout=30_000)
    assert faults(page, "read otherwise") == []
