"""A sentence becomes a rule that says what the sentence says, and tells what it does not."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from brandhound.core import clock
from brandhound.mentions.alerts.understanding import KnownBrand, understand
from tests.mentions.alerts.conftest import NOW, Press
from tests.mentions.alerts.test_alerts import checked, notices

ACME = KnownBrand(uuid4(), "Acme", ("Acme Corp",), own=True)
RIVAL = KnownBrand(uuid4(), "Rival", (), own=False)

SENTENCES: list[tuple[str, dict[str, Any], list[str]]] = [
    (
        "Tell me when a story about Acme is negative in 3 outlets within a day",
        {"brand": "Acme", "kind": "story", "least_outlets": 3, "within_hours": 24, "tones": ["negative"]},
        [],
    ),
    ("Tell me when there are far more stories about Rival than usual", {"brand": "Rival", "kind": "spike"}, []),
    ("Warn me if nobody writes about ACME for 3 days", {"brand": "Acme", "kind": "silence", "hours": 72}, []),
    ("Acme hasn't been in the news for a week", {"brand": "Acme", "kind": "silence", "hours": 168}, []),
    (
        "ring when at least 10 articles about Acme mention recalls or fires",
        {"kind": "spike", "least_stories": 10, "words": ["recalls", "fires"]},
        [],
    ),
    (
        "a bad story about our company in more than five newspapers within 48 hours, only if it is serious",
        {"brand": "Acme", "kind": "story", "least_outlets": 6, "within_hours": 48, "keenness": "calm"},
        [],
    ),
    ("tell us when a story about Acme Corp with “data leak” appears", {"words": ["data leak"], "least_outlets": 1}, []),
    ("I'd like to know when there’s a spike of Acme", {"brand": "Acme", "kind": "spike"}, []),
    ("when Acme or Rival has a spike", {"brand": "Acme", "kind": "spike"}, ["Rival"]),
    (
        "Tell me when a tier-1 outlet quotes our CEO negatively",
        {"brand": "Acme", "tones": ["negative"]},
        ["tier-1 outlet quotes", "CEO"],
    ),
    (
        "Sag mir, wenn Acme schlecht wegkommt",
        {"brand": "Acme", "kind": "spike"},
        ["Sag mir, wenn", "schlecht wegkommt"],
    ),
    ("Tell me when our rivals have a spike", {"brand": "", "kind": "spike"}, ["rivals"]),
    ("Tell me when Acme is mentioned more than 10 times", {"brand": "Acme", "least_stories": 11}, []),
    (
        "more than 10 negative stories about Acme",
        {"kind": "spike", "least_stories": 11, "tones": ["negative"]},
        [],
    ),
    ("no more than 3 stories about Acme", {"brand": "Acme", "least_stories": 4}, ["no", "3"]),
    ("when Acme is in fewer than 2 papers", {"brand": "Acme", "kind": "spike"}, ["fewer", "2 papers"]),
    ("no fewer than 6 stories about Acme", {"brand": "Acme", "least_stories": 6}, []),
    ("when five Rival articles appear", {"brand": "Rival", "kind": "spike", "least_stories": 5}, []),
    ("Don't tell me anything of Acme", {"brand": "Acme", "kind": "spike"}, ["Don't tell", "anything"]),
    ("", {"brand": "", "kind": "spike"}, []),
]


@pytest.mark.parametrize(("sentence", "expected", "ignored"), SENTENCES)
def test_a_sentence_comes_to_the_rule_it_says(sentence: str, expected: dict[str, Any], ignored: list[str]) -> None:
    found = understand(sentence, [ACME, RIVAL])
    assert {name: getattr(found, name) for name in expected} == expected
    assert [part.text for part in found.ignored] == ignored
    for part in (*found.parts, *found.ignored):
        assert sentence[part.start : part.end] == part.text
    assert understand(sentence, [ACME, RIVAL]) == found


@pytest.mark.parametrize(
    "sentence", ["((((", "\x00" * 50, "Acme " * 400, "a story " * 90, "“" * 200, "١٢٣ outlets", "9999 outlets Acme"]
)
def test_odd_sentences_come_to_a_rule_that_can_be_kept(sentence: str) -> None:
    found = understand(sentence, [ACME])
    assert 1 <= found.least_outlets <= 100
    assert 2 <= found.least_stories <= 1000
    assert 24 <= found.hours <= 720
    assert 1 <= found.within_hours <= 720


@pytest.mark.parametrize(
    ("sentence", "note"),
    [
        ("Tell me when Acme gets at least 0 stories", "A rule counts from 2 to 1,000 stories: 2 here."),
        ("Acme has over 999999 stories", "A rule counts from 2 to 1,000 stories: 1,000 here."),
        ("500 outlets tell one story of Acme", "A rule takes up to 100 outlets, within up to 30 days."),
        (
            "Sag mir, wenn Acme schlecht wegkommt",
            "Only English is read without a model: say it in English, or choose below.",
        ),
        ("Dime cuando hablen mal de Acme", "Only English is read without a model: say it in English, or choose below."),
    ],
)
def test_a_rule_that_says_less_than_the_sentence_says_so(sentence: str, note: str) -> None:
    assert note in understand(sentence, [ACME]).notes


def test_who_wants_to_be_left_alone_is_told_that_no_rule_does_that() -> None:
    for sentence in ("Never tell me of Acme", "notify me never", "stop alerting me of Acme", "no more alerts"):
        assert next(part.means for part in understand(sentence, [ACME]).ignored).startswith("no rule keeps quiet")


async def test_a_sentence_is_read_tried_and_kept_and_rings_for_the_story_that_spreads(
    client: httpx.AsyncClient, press: Press, organization_id: UUID
) -> None:
    acme = await press.brand()
    said = "Tell me when a story about Acme is negative in 3 outlets within a day"
    read = (await client.post("/api/alerts/readings", json={"text": said})).json()
    assert (read["brand_id"], read["kind"], read["ignored"]) == (str(acme), "story", [])
    assert "one and the same story" in [part["means"] for part in read["parts"]]
    told = ("kind", "brand_id", "least_outlets", "within_hours", "tones", "words")
    wish = {name: read[name] for name in told}
    ten_days_ago = NOW - timedelta(days=10)
    await press.writes(acme, [ten_days_ago], title="Acme recalls", tone="negative", outlets=3)
    await press.writes(acme, [ten_days_ago], title="Acme opens", tone="positive", outlets=9)
    await press.writes(acme, [ten_days_ago + timedelta(days=n) for n in range(3)], title="Acme sued", tone="negative")
    tried = (await client.post("/api/alerts/back-test", json=wish)).json()
    (incident,) = tried["incidents"]
    assert "“Acme recalls” was in 3 outlets within 24 hours" in incident["words"]
    assert not tried["is_thin"]
    made = (await client.post("/api/alerts", json={**wish, "said": said})).json()
    assert (made["said"], made["title"]) == (said, "Acme: a negative story in 3 outlets")
    await checked(organization_id)
    # Old news is not told.
    assert await notices(client, "brand_story") == []
    two = [NOW - timedelta(hours=2), NOW - timedelta(hours=2)]
    await press.writes(acme, two, title="Acme leaks", tone="negative", outlets=4)
    await checked(organization_id)
    await checked(organization_id)
    rang = await notices(client, "brand_story")
    assert len(rang) == 2
    assert {notice["href"] for notice in rang} == {f"/alerts?alert={made['id']}"}
    assert "Acme leaks" in str(rang[0]["title"])
    clock.advance(timedelta(days=2))
    await checked(organization_id)
    incidents = (await client.get(f"/api/alerts/{made['id']}/incidents")).json()
    assert [one["closed_at"] is not None for one in incidents] == [True, True]
    assert "4 outlets" in incidents[0]["words"]


async def test_forty_copies_by_one_outlet_are_one_outlet(client: httpx.AsyncClient, press: Press) -> None:
    acme = await press.brand()
    stories = await press.writes(acme, [NOW - timedelta(days=3)], title="Acme says")
    await press.tells_again(
        acme, stories[0], [NOW - timedelta(days=3) + timedelta(minutes=n) for n in range(40)], "Paper 0"
    )
    wish = {"brand_id": str(acme), "kind": "story", "least_outlets": 2, "within_hours": 24}
    assert (await client.post("/api/alerts/back-test", json=wish)).json()["incidents"] == []
    # Two outlets, but two days apart.
    await press.tells_again(acme, stories[0], [NOW - timedelta(days=1)], "Paper 1")
    assert (await client.post("/api/alerts/back-test", json=wish)).json()["incidents"] == []
    wish["within_hours"] = 72
    (incident,) = (await client.post("/api/alerts/back-test", json=wish)).json()["incidents"]
    assert "2 outlets within 3 days" in incident["words"]


def test_of_many_brands_only_those_that_the_sentence_names_are_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    sought: list[str] = []
    monkeypatch.setattr("re.escape", lambda name: sought.append(name) or name)  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
    many = [KnownBrand(uuid4(), f"Firm {number}", (f"Firm {number} Ltd",), own=False) for number in range(300)]
    found = understand("Tell me when ACME has a spike", [ACME, *many])
    assert (found.brand, set(sought)) == ("Acme", {"Acme"})
