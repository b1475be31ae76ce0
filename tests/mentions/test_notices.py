"""What stands in an article's place, a notice that one has to log in, and notices that come again, join no stories."""

from datetime import timedelta

import httpx
import pytest

from brandhound.core.clock import now
from tests.mentions.newsroom import Newsroom, stories, watch
from tests.mentions.test_regrouping import RECALL, story_of

pytestmark = pytest.mark.anyio

NO_SCRIPT = "You need to enable JavaScript to run this app."
LOG_IN = "Please log in to read the full article."
RESULTS = (
    "Lumara will publish its quarterly results on Thursday at eight. The call with analysts begins at ten and can be "
    "heard online."
)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


async def test_headlines_over_the_same_notice_are_stories_of_their_own(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    await watch(client, "Lumara")
    told = {
        "Lumara buys Boltwerk for 2 billion": "Kent Courier",
        "Fire at Lumara plant kills three": "Kent Courier",
        "Lumara chief resigns": "Daily Kettle",
    }
    ids = [
        await newsroom.write(title, NO_SCRIPT, outlet=outlet, at=now() - hours * HOUR)
        for hours, (title, outlet) in enumerate(told.items(), start=1)
    ]
    await newsroom.deliver(*ids)
    assert {str(story["title"]): story["articles"] for story in await stories(client)} == dict.fromkeys(told, 1)


async def test_a_notice_to_log_in_does_not_join_the_stories_of_two_brands(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    await watch(client, "Lumara")
    await watch(client, "Boltwerk")
    await newsroom.publish("Lumara fined for price fixing", LOG_IN, at=now() - 3 * DAY)
    await newsroom.publish("Boltwerk opens a school", LOG_IN + " Thank you.", outlet="Daily Kettle", at=now() - DAY)
    assert len(await stories(client)) == 2
    (found,) = await stories(client, q="school")
    assert found["title"] == "Boltwerk opens a school"


async def test_the_same_headline_over_the_same_few_words_is_still_a_copy(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    await watch(client, "Lumara")
    await newsroom.publish("Lumara fined for price fixing", LOG_IN, at=now() - 3 * HOUR)
    await newsroom.publish("Price fixing: Lumara fined", LOG_IN, outlet="Daily Kettle", at=now() - HOUR)
    (story,) = await stories(client)
    assert (story["articles"], story["reprints"]) == (2, 1)


async def test_few_words_that_name_the_brand_are_a_copy_under_any_title(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    await watch(client, "Lumara")
    await newsroom.publish("Lumara results on Thursday", RESULTS, at=now() - 3 * HOUR)
    await newsroom.publish("A date for the diary", RESULTS, outlet="Daily Kettle", at=now() - HOUR)
    (story,) = await stories(client)
    assert (story["articles"], story["reprints"]) == (2, 1)


@pytest.mark.parametrize("text", [RESULTS, RECALL])
async def test_a_text_that_comes_again_every_quarter_is_a_story_each_time_also_in_one_batch(
    client: httpx.AsyncClient, newsroom: Newsroom, text: str
) -> None:
    await watch(client, "Lumara")
    ids = [
        await newsroom.write("Lumara: a date", text, outlet=outlet, at=now() - timedelta(days=days))
        for days, outlet in ((200, "Wire"), (110, "Wire"), (107, "Ledger"), (20, "Wire"))
    ]
    await newsroom.deliver(*ids)
    found = [(await story_of(client, article))["articles"] for article in ids]
    assert found == [1, 2, 2, 1]
    assert len(await stories(client)) == 3


async def test_a_story_that_many_outlets_carry_is_found_by_the_words_of_the_last(
    client: httpx.AsyncClient, newsroom: Newsroom
) -> None:
    await watch(client, "Lumara")
    places = "in Kent and Devon and elsewhere in the country " * 2
    ids = [
        await newsroom.write(f"Lumara recalls kettles after {n} fires {places}", RECALL, outlet=f"Outlet {n}")
        for n in range(45)
    ]
    ids.append(await newsroom.write("Zebra special: Lumara recalls kettles", RECALL, outlet="Zulu Times"))
    await newsroom.deliver(*ids)
    (story,) = await stories(client)
    assert story["articles"] == 46
    for words in ("zebra", "zulu devon", "outlet 44"):
        assert [one["id"] for one in await stories(client, q=words)] == [story["id"]]
