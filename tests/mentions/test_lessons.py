"""What is learned from y and n: shown first, applied as shown, taken back to the letter."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import numpy as np
import pytest
from sqlalchemy import select

from brandhound.core.db import tenant_session
from brandhound.jobs.inline import run_until_idle
from brandhound.mentions.learning.models import Lesson, LessonEffect
from brandhound.providers.embedding import WIDTH
from tests.mentions.newsroom import Newsroom, watch

pytestmark = pytest.mark.anyio

COMPANY = [
    "Orange said on {} that its network would reach more villages.",
    "The regulator fined Orange on {} over late repairs of lines.",
    "Shares of Orange rose on {} after strong quarterly results.",
    "Orange launched a cheaper tariff on {} for young customers.",
    "Customers of Orange were without service on {} for hours.",
    "Orange hired two hundred technicians on {} in the north.",
]
COUNTY = [
    "Deputies of Orange County closed a bridge on {} after the storm.",
    "A judge in Orange County heard the case on {} behind closed doors.",
    "The Orange County fair opened on {} with cattle and music.",
    "Firefighters from Orange County fought a blaze on {} near the coast.",
    "Voters in Orange County went to the polls on {} in great numbers.",
    "Schools of Orange County stayed shut on {} because of smoke.",
]
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


async def articles(newsroom: Newsroom, templates: list[str], days: tuple[str, ...]) -> None:
    ids = [
        await newsroom.write(
            f"Report {number} of {day}", f"{said.format(day)} Nothing more is known of it at this hour."
        )
        for number, said in enumerate(templates)
        for day in days
    ]
    await newsroom.deliver(*ids)


async def mentions(client: httpx.AsyncClient, brand: str) -> list[dict[str, Any]]:
    return (await client.get("/api/mentions", params={"brand": brand, "limit": 100})).json()["items"]


def is_county(mention: dict[str, Any]) -> bool:
    return "County" in str(mention["reasons"])


async def judge_some(client: httpx.AsyncClient, brand: str, each: int) -> None:
    found = await mentions(client, brand)
    for wanted, verdict in ((True, "no"), (False, "yes")):
        for mention in [one for one in found if is_county(one) is wanted][:each]:
            answer = await client.put(f"/api/mentions/{mention['id']}/judgement", json={"verdict": verdict})
            assert answer.status_code == 200


async def learn(client: httpx.AsyncClient, brand: str) -> dict[str, Any]:
    assert (await client.post(f"/api/brands/{brand}/lessons")).status_code == 202
    await run_until_idle(UUID(client.headers["x-organization"]))
    return (await client.get(f"/api/brands/{brand}/trust")).json()


async def taught(client: httpx.AsyncClient, newsroom: Newsroom) -> tuple[str, dict[str, Any]]:
    """A brand with thirty reports of it and thirty of a county, four of each judged, and the lesson of that."""
    brand = await watch(client, "Orange")
    await articles(newsroom, [*COMPANY, *COUNTY], DAYS)
    await judge_some(client, brand, 4)
    return brand, await learn(client, brand)


async def test_too_few_judgements_teach_nothing_and_the_panel_says_what_is_missing(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    brand = await watch(client, "Orange")
    await articles(newsroom, [COMPANY[0], COUNTY[0]], DAYS)
    (first, *_) = await mentions(client, brand)
    await client.put(f"/api/mentions/{first['id']}/judgement", json={"verdict": "yes"})

    trust = await learn(client, brand)

    assert trust["readiness"]["missing"] == "7 more judgements needed"
    assert trust["proposed"] is None
    (run,) = (await client.get("/api/runs", params={"job": "mentions.learn"})).json()["items"]
    assert run["outcome"] == "Nothing learned: 7 more judgements needed"


async def test_a_lesson_changes_nothing_before_it_is_accepted(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    brand = await watch(client, "Orange")
    await articles(newsroom, [*COMPANY, *COUNTY], DAYS)
    await judge_some(client, brand, 4)
    before = {one["id"]: (one["confidence"], one["reasons"]) for one in await mentions(client, brand)}

    trust = await learn(client, brand)

    lesson = trust["proposed"]
    assert (lesson["number"], lesson["yes"], lesson["no"]) == (1, 4, 4)
    assert lesson["looked_at"] == 52
    assert {one["id"]: (one["confidence"], one["reasons"]) for one in await mentions(client, brand)} == before


async def test_what_was_shown_is_what_is_done_and_undo_brings_back_what_was(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    brand, trust = await taught(client, newsroom)
    before = {one["id"]: one for one in await mentions(client, brand)}
    lesson = trust["proposed"]["id"]
    detail = (await client.get(f"/api/lessons/{lesson}")).json()
    shown = {one["mention_id"]: (one["confidence_after"], one["standing_after"]) for one in detail["effects"]}
    assert detail["changes"] == len(shown) > 0
    moves = detail["moves"]
    assert moves["to_accepted"] + moves["to_doubtful"] + moves["to_rejected"] == detail["changes"]

    assert (await client.put(f"/api/lessons/{lesson}/acceptance")).json()["state"] == "applied"
    await run_until_idle(newsroom.organization_id)
    after = {one["id"]: one for one in await mentions(client, brand)}
    assert {key: (after[key]["confidence"], after[key]["standing"]) for key in shown} == shown
    county = [one["confidence"] for one in after.values() if is_county(one)]
    company = [one["confidence"] for one in after.values() if not is_county(one)]
    assert max(county) < min(company)
    assert {one["judgement"] for one in after.values()} == {"yes", "no", None}, "judgements stay"

    assert (await client.delete(f"/api/lessons/{lesson}/acceptance")).json()["state"] == "undone"
    await run_until_idle(newsroom.organization_id)
    assert {one["id"]: one for one in await mentions(client, brand)} == before


async def test_new_articles_are_judged_by_the_accepted_lesson_and_say_why(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    brand, trust = await taught(client, newsroom)
    await client.put(f"/api/lessons/{trust['proposed']['id']}/acceptance")
    await run_until_idle(newsroom.organization_id)
    known = {one["id"] for one in await mentions(client, brand)}
    await newsroom.publish("Storm", "A road in Orange County was closed on Sunday after heavy rain and wind.")
    (new,) = [one for one in await mentions(client, brand) if one["id"] not in known]
    assert new["standing"] == "rejected"
    county = next(one for one in new["reasons"] if "County" in one["text"])
    assert county["weight"] < -0.9, "the sign weighs more than it does of itself"


async def test_a_second_lesson_replaces_the_first_and_undo_goes_back_to_it(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    brand, trust = await taught(client, newsroom)
    first = trust["proposed"]["id"]
    await client.put(f"/api/lessons/{first}/acceptance")
    await run_until_idle(newsroom.organization_id)
    with_first = {one["id"]: one["confidence"] for one in await mentions(client, brand)}
    await judge_some(client, brand, 8)
    second = (await learn(client, brand))["proposed"]["id"]
    await client.put(f"/api/lessons/{second}/acceptance")
    await run_until_idle(newsroom.organization_id)
    lessons = (await client.get(f"/api/brands/{brand}/lessons")).json()["items"]
    assert [(one["number"], one["state"]) for one in lessons] == [(2, "applied"), (1, "replaced")]

    assert (await client.delete(f"/api/lessons/{second}/acceptance")).status_code == 200
    await run_until_idle(newsroom.organization_id)
    assert (await client.get(f"/api/brands/{brand}/trust")).json()["applied"]["id"] == first
    assert {one["id"]: one["confidence"] for one in await mentions(client, brand)} == with_first


async def two_lessons(client: httpx.AsyncClient, newsroom: Newsroom) -> tuple[str, str, str]:
    """A brand with a lesson that was declined, and one that waits."""
    brand, trust = await taught(client, newsroom)
    first = trust["proposed"]["id"]
    await client.put(f"/api/lessons/{first}/refusal")
    await judge_some(client, brand, 5)
    return brand, first, (await learn(client, brand))["proposed"]["id"]


async def test_a_lesson_that_gave_way_before_it_was_written_is_written_when_the_next_one_is_taken_back(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    brand, first, second = await two_lessons(client, newsroom)
    async with tenant_session(newsroom.organization_id) as db:
        tried = (await db.scalars(select(LessonEffect).where(LessonEffect.lesson_id == UUID(first)))).all()
    before = {str(one.mention_id): one.confidence_before for one in tried}
    after = {str(one.mention_id): one.confidence_after for one in tried}
    # One person accepts, and another one accepts the next before a run has written the first.
    for lesson in (first, second):
        assert (await client.put(f"/api/lessons/{lesson}/acceptance")).status_code == 200
    await run_until_idle(newsroom.organization_id)

    async def now() -> dict[str, float]:
        return {one["id"]: one["confidence"] for one in await mentions(client, brand) if one["id"] in before}

    assert (await client.delete(f"/api/lessons/{second}/acceptance")).status_code == 200
    await run_until_idle(newsroom.organization_id)
    assert (await client.get(f"/api/brands/{brand}/trust")).json()["applied"]["id"] == first
    assert await now() == after != before
    # Taken back as well, it leaves what was there before either of them.
    assert (await client.delete(f"/api/lessons/{first}/acceptance")).status_code == 200
    await run_until_idle(newsroom.organization_id)
    assert await now() == before


async def test_of_two_lessons_accepted_at_the_same_moment_one_decides(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    brand, *both = await two_lessons(client, newsroom)
    async with tenant_session(newsroom.organization_id) as db:
        # Both arrive while the rows are held, and go on at the same moment.
        await db.execute(select(Lesson.id).where(Lesson.brand_id == UUID(brand)).with_for_update())
        accepting = [asyncio.create_task(client.put(f"/api/lessons/{one}/acceptance")) for one in both]
        await asyncio.wait(accepting, timeout=1)
    answers = await asyncio.gather(*accepting)
    assert [answer.status_code for answer in answers] == [200, 200]
    lessons = (await client.get(f"/api/brands/{brand}/lessons")).json()["items"]
    assert sorted(one["state"] for one in lessons) == ["applied", "replaced"]


async def test_a_lesson_on_other_vectors_than_todays_counts_by_its_signs_and_is_learned_again_by_itself(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    brand, trust = await taught(client, newsroom)
    await client.put(f"/api/lessons/{trust['proposed']['id']}/acceptance")
    await run_until_idle(newsroom.organization_id)
    async with tenant_session(newsroom.organization_id) as db:
        lesson = (await db.scalars(select(Lesson))).one()
        # As an earlier version left it: a direction that sentences have no more, and what its center takes off.
        lesson.direction = np.full(WIDTH, 9.0, dtype="<f4").tobytes()
        lesson.weights = {key: value for key, value in lesson.weights.items() if key != "vectors"} | {"center": 50.0}
    known = {one["id"] for one in await mentions(client, brand)}
    await newsroom.publish("Prices", "Orange launched a cheaper tariff on Sunday for young customers.")
    (new,) = [one for one in await mentions(client, brand) if one["id"] not in known]
    assert new["confidence"] > 0.1, "not thrown out by what the center of the old vectors takes off"

    await newsroom.publish("Storm", "A road in Orange County was closed on Sunday after heavy rain and wind.")
    lessons = (await client.get(f"/api/brands/{brand}/lessons")).json()["items"]
    assert [(one["number"], one["state"]) for one in lessons] == [(2, "proposed"), (1, "applied")], (
        "once, and as advice"
    )
    told = [one for one in (await client.get("/api/notifications")).json()["items"] if one["kind"] == "lesson_outdated"]
    assert [one["title"] for one in told] == ["The lesson of Orange is out of date"]
    assert "waits for your word" in told[0]["body"]


async def test_a_declined_lesson_is_over_and_a_decided_one_cannot_be_decided_twice(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    brand, trust = await taught(client, newsroom)
    lesson = trust["proposed"]["id"]
    assert (await client.put(f"/api/lessons/{lesson}/refusal")).json()["state"] == "declined"
    again = await client.put(f"/api/lessons/{lesson}/refusal")
    assert (again.status_code, again.json()["code"]) == (409, "mentions/lesson-decided")
    assert (await client.delete(f"/api/lessons/{lesson}/acceptance")).status_code == 409
    assert (await client.get(f"/api/brands/{brand}/trust")).json()["proposed"] is None


async def test_ten_judgements_propose_a_lesson_by_themselves(client: httpx.AsyncClient, newsroom: Newsroom) -> None:
    brand = await watch(client, "Orange")
    await articles(newsroom, [*COMPANY, *COUNTY], DAYS)
    await judge_some(client, brand, 5)
    await run_until_idle(newsroom.organization_id)
    assert (await client.get(f"/api/brands/{brand}/trust")).json()["proposed"]["yes"] == 5


async def test_the_same_words_judged_both_ways_are_left_out_and_counted(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    brand = await watch(client, "Orange")
    twice = [await newsroom.write(f"Copy {number}", COMPANY[0].format("Sunday")) for number in range(2)]
    await newsroom.deliver(*twice)
    for verdict, mention in zip(("yes", "no"), await mentions(client, brand), strict=True):
        await client.put(f"/api/mentions/{mention['id']}/judgement", json={"verdict": verdict})
    await articles(newsroom, [*COMPANY[1:], *COUNTY], DAYS)
    await judge_some(client, brand, 5)
    trust = await learn(client, brand)
    assert trust["proposed"]["conflicts"] == 1
    assert (
        trust["proposed"]["yes"] + trust["proposed"]["no"] == trust["readiness"]["yes"] + trust["readiness"]["no"] - 2
    )


async def test_a_viewer_sees_lessons_and_decides_nothing(
    client: httpx.AsyncClient, other_client: httpx.AsyncClient, newsroom: Newsroom, app: Any
) -> None:
    from tests.factories.people import signed_in

    brand, trust = await taught(client, newsroom)
    lesson = trust["proposed"]["id"]
    async with signed_in(app, newsroom.organization_id, "viewer") as (viewer, _):
        assert (await viewer.get(f"/api/lessons/{lesson}")).status_code == 200
        for method, path in (
            ("POST", f"/api/brands/{brand}/lessons"),
            ("PUT", f"/api/lessons/{lesson}/acceptance"),
            ("PUT", f"/api/lessons/{lesson}/refusal"),
        ):
            assert (await viewer.request(method, path)).status_code == 403
    for path in (f"/api/lessons/{lesson}", f"/api/brands/{brand}/trust", f"/api/brands/{brand}/lessons"):
        assert (await other_client.get(path)).status_code == 404


PHONES = [
    "On {} Apple showed a phone with a brighter screen and a better camera.",
    "The new software of Apple lets phones translate calls since {}.",
    "Developers wait since {} until Apple approves their apps in its store.",
    "A repair of the laptop took Apple three weeks until {}.",
    "Apple sold fewer tablets in the week before {} than a year ago.",
]
FRUIT = [
    "On {} the bakery sells Apple pie with cinnamon and whipped cream.",
    "The orchard near the lake presses Apple cider until {} from old sorts.",
    "On {} children may pick their Apple from the tree and taste it.",
    "The cook fries slices of Apple in butter on {} and adds sugar.",
    "Every {} the farm brings Apple juice to the market in crates.",
]
LINE = "maker of phones, computers and software"
FRUITS = ["the fruit, apple pie and cider"]


async def test_in_small_letters_a_likely_mention_is_kept_and_a_word_is_not(
    client: httpx.AsyncClient, newsroom: Newsroom, sentences_are_read: None
) -> None:
    brand = await watch(client, "Apple", description=LINE, namesakes=FRUITS)
    ids = [
        await newsroom.write(
            "Switching", "after years with windows i bought a laptop from apple and love its software"
        ),
        await newsroom.write(
            "Baking", "we baked with apple and cinnamon, and the kids had cider and crumble with cream"
        ),
    ]
    await newsroom.deliver(*ids)
    (kept,) = await mentions(client, brand)
    assert kept["title"] == "Switching"
    assert "written in lower case, as the word is that it also means" in [reason["text"] for reason in kept["reasons"]]
    # What nobody told is in the dictionary.
    await client.patch(f"/api/brands/{brand}", json={"namesakes": []})
    await run_until_idle()
    assert [one["title"] for one in await mentions(client, brand)] == ["Switching"]
    # Without that nothing could tell them apart.
    await client.patch(f"/api/brands/{brand}", json={"meanings_off": ["apple.n1", "apple.n2"]})
    await run_until_idle()
    assert await mentions(client, brand) == []


async def test_a_description_tells_namesakes_apart_before_anybody_has_judged(
    client: httpx.AsyncClient, newsroom: Newsroom, sentences_are_read: None
) -> None:
    brand = await watch(client, "Apple", description=LINE, namesakes=FRUITS)
    await articles(newsroom, [*PHONES, *FRUIT], DAYS[:1])
    found = await mentions(client, brand)
    fruit = [one for one in found if "nearer to “the fruit, apple pie and cider” than to the brand" in str(one)]
    phones = [one for one in found if "speaks of what the brand is: “Apple: maker of phones" in str(one)]
    assert len(fruit) >= 3
    assert len(phones) >= 3
    assert max(one["confidence"] for one in fruit) < min(one["confidence"] for one in phones)
    assert {one["standing"] for one in fruit} == {"rejected"}


async def test_a_lesson_knows_what_a_sentence_is_about_and_explains_itself_by_what_you_said(
    client: httpx.AsyncClient, newsroom: Newsroom, sentences_are_read: None
) -> None:
    brand = await watch(client, "Apple")
    await articles(newsroom, [*PHONES, *FRUIT], DAYS[:2])
    texts = {
        one["id"]: (await client.get(f"/api/mentions/{one['id']}")).json() for one in await mentions(client, brand)
    }
    for mention_id, detail in texts.items():
        is_phone = any(word in detail["window"]["text"] for word in ("phone", "apps", "laptop", "tablets"))
        answer = await client.put(
            f"/api/mentions/{mention_id}/judgement", json={"verdict": "yes" if is_phone else "no"}
        )
        assert answer.status_code == 200
    trust = await learn(client, brand)
    lesson = trust["proposed"]
    assert trust["reads_sentences"]
    assert lesson["after"]["right"] >= lesson["before"]["right"]
    assert {one["verdict"] for one in lesson["examples"]} == {"yes", "no"}
    await client.put(f"/api/lessons/{lesson['id']}/acceptance")
    await run_until_idle(newsroom.organization_id)
    known = {one["id"] for one in await mentions(client, brand)}
    await newsroom.publish("Kitchen", "For the cake the cook grates an Apple and stirs sugar and cinnamon into it.")
    await newsroom.publish("Devices", "Since the update of Apple phones and tablets show maps without a network.")
    new = {one["title"]: one for one in await mentions(client, brand) if one["id"] not in known}
    assert new["Kitchen"]["confidence"] < 0.4 < new["Devices"]["confidence"]
    assert "like what you turned down: “" in str(new["Kitchen"]["reasons"])
    assert "like what you kept: “" in str(new["Devices"]["reasons"])


async def test_a_brand_that_is_dropped_takes_lessons_and_samples_along(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    brand, trust = await taught(client, newsroom)
    lesson = trust["proposed"]["id"]
    assert (await client.post(f"/api/brands/{brand}/sample")).status_code == 201
    assert (await client.delete(f"/api/brands/{brand}")).status_code == 204
    await run_until_idle(newsroom.organization_id)
    assert (await client.get(f"/api/lessons/{lesson}")).status_code == 404
