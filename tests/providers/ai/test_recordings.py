"""Answers that were recorded are given to the real clients; a question that nobody recorded an answer to is an error."""

import json
from typing import Any
from uuid import UUID

import httpx
import pytest

from bench.quality.recorded import RECORDINGS, in_places, in_words, read_recordings
from brandhound.mentions.discovery.asking import BRAND_NAMES, NamesSaid, SentencesRead, read_sentences
from brandhound.mentions.reconsidering import Reading
from brandhound.providers.ai.kinds import Kind
from brandhound.providers.errors import ProviderFailed
from brandhound.twins.models import Asked, ModelTwin, Recorded, question_id, without_marks
from tests.providers.ai.conftest import KINDS, Choose

SENTENCES = ["Quillox, a maker of robots, bought Brimnex Labs.", "We love our Quillox!"]
SAID: dict[str, Any] = {
    "names": [
        {"sentence": "s1", "name": "Quillox", "kind": "company"},
        {"sentence": "s1", "name": "Brimnex Labs", "kind": "company"},
        {"sentence": "s1", "name": "Brimnex", "kind": "company"},
        {"sentence": "s2", "name": "Quillox", "kind": "product"},
        {"sentence": "s2", "name": "Brimnex Labs", "kind": "company"},
        {"sentence": "s2", "name": "quillox", "kind": "product"},
        {"sentence": "s7", "name": "Quillox", "kind": "product"},
        {"sentence": "s2", "name": "ove", "kind": "product"},
    ]
}


TOLD = [[("Quillox", "company"), ("Brimnex Labs", "company")], [("Quillox", "product")]]


def told(read: SentencesRead) -> list[list[tuple[str, str]]]:
    """The names and kinds in each sentence."""
    return [[(span.text, span.kind) for span in spans] for spans in read.spans]


async def choose_for_names(client: httpx.AsyncClient, account_id: str, model: str) -> None:
    chosen = {"account_id": account_id, "model": model}
    assert (await client.put(f"/api/models/choices/{BRAND_NAMES.name}", json=chosen)).status_code == 200


async def question_of(client: httpx.AsyncClient, account_id: str, organization_id: UUID, twin: ModelTwin) -> Asked:
    """What one model is asked, to learn the question's name; another is then to have the answer."""
    await choose_for_names(client, account_id, "first")
    await read_sentences(organization_id, SENTENCES)
    (asked,) = twin.asked
    return asked


@pytest.mark.parametrize("kind", KINDS)
async def test_a_recorded_answer_comes_back_and_names_that_stand_nowhere_are_dropped(
    client: httpx.AsyncClient, choose: Choose, organization_id: UUID, twin: ModelTwin, kind: Kind
) -> None:
    account_id = await choose(kind)
    asked = await question_of(client, account_id, organization_id, twin)
    recorded = twin.persona = Recorded({question_id(asked): SAID})
    await choose_for_names(client, account_id, "second")

    read = await read_sentences(organization_id, SENTENCES)

    assert told(read) == TOLD
    for sentence, spans in zip(SENTENCES, read.spans, strict=True):
        assert all(sentence[span.start : span.end] == span.text for span in spans)
    assert (read.dropped, read.model, recorded.missing) == (4, "second", [])
    assert len(twin.asked) == 2


@pytest.mark.parametrize("kind", KINDS)
async def test_a_question_without_a_recording_is_an_error_that_names_it(
    client: httpx.AsyncClient, choose: Choose, organization_id: UUID, twin: ModelTwin, kind: Kind
) -> None:
    account_id = await choose(kind)
    await choose_for_names(client, account_id, "made-up-1")
    recorded = twin.persona = Recorded({})

    with pytest.raises(ProviderFailed) as failed:
        await read_sentences(organization_id, SENTENCES)

    assert recorded.missing == [question_id(twin.asked[0])]
    assert recorded.missing[0] in str(failed.value.failure.message)


@pytest.mark.parametrize("kind", KINDS)
async def test_an_answer_is_kept_by_its_places_in_the_question_and_said_in_its_words(
    client: httpx.AsyncClient, choose: Choose, organization_id: UUID, twin: ModelTwin, kind: Kind
) -> None:
    account_id = await choose(kind)
    asked = await question_of(client, account_id, organization_id, twin)
    kept = in_places(SAID, without_marks(asked.text))
    twin.persona = Recorded({question_id(asked): kept}, spelled=in_words)
    await choose_for_names(client, account_id, "second")

    read = await read_sentences(organization_id, SENTENCES)

    assert not any(name in json.dumps(kept) for name in ("Quillox", "Brimnex"))
    assert told(read) == TOLD
    assert read.dropped >= 3


def test_the_recordings_that_are_shipped_have_no_words_of_the_texts_they_were_recorded_from() -> None:
    answers = read_recordings(RECORDINGS)
    assert len(answers) > 1000
    for answer in answers.values():
        if "names" in answer:
            copied = [one["name"] for one in answer["names"]]
            NamesSaid.model_validate({"names": [{**one, "name": "-"} for one in answer["names"]]})
        else:
            copied = [*answer["identity_quotes"], *answer["tone_quotes"]]
            Reading.model_validate({**answer, "identity_quotes": [], "tone_quotes": []})
        assert all(len(place) == 2 and all(isinstance(number, int) for number in place) for place in copied)
