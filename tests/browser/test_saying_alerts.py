"""A sentence becomes an alert that is read and changed before it is switched on."""

from playwright.sync_api import expect

from tests.browser.conftest import Installation, Look, faults

SENTENCE = "Tell me when a story about Tallow is negative in 3 outlets within a day and our CEO is quoted"


def test_a_sentence_fills_in_the_rule_and_says_what_it_did_not_understand(look: Look, workspace: Installation) -> None:
    page = look("/alerts?alert=new", "phone", "dark")
    panel = page.get_by_role("dialog", name="New alert")
    said = panel.get_by_role("textbox", name="Say it in a sentence")
    said.fill(SENTENCE)
    said.press("Enter")
    expect(panel.get_by_text("“CEO”, “quoted”. The rule does not say that.")).to_be_visible()
    expect(panel.get_by_role("combobox", name="Brand")).to_have_value("Tallow")
    expect(panel.get_by_text("One negative story in 3 outlets within 24 hours")).to_be_visible()
    outlets = panel.get_by_role("textbox", name="In at least")
    expect(outlets).to_have_value("3")
    outlets.fill("2")
    expect(panel.get_by_text("One negative story in 2 outlets within 24 hours")).to_be_visible()
    expect(panel.get_by_text("in 90 days")).to_be_visible()
    found = faults(page, "said")
    panel.get_by_role("button", name="Switch on").click()
    expect(panel).to_have_count(0)
    client = workspace.client()
    made = next(one for one in client.get("/api/alerts").json()["items"] if one["said"] == SENTENCE)
    client.delete(f"/api/alerts/{made['id']}").raise_for_status()
    assert (made["kind"], made["least_outlets"], made["tones"]) == ("story", 2, ["negative"])
    assert found == []
