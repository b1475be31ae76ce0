"""The model servers answer in the form that was recorded of the real ones."""

import json
import os
import re
import tarfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
import yaml

from brandhound.twins.models import Asked, Said, ToolCall, serve_models
from brandhound.twins.models.app import WRITERS, read, said_as_json
from brandhound.twins.models.asked import Wire
from brandhound.twins.models.failing import troubles

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("BRANDHOUND_TEST_DATA") or ROOT.parent / "shared/data")
CASSETTES = DATA / "h_api/pydantic-ai_cassettes.tar.xz"
HOSTS = ("api.openai.com", "api.anthropic.com", "generativelanguage.googleapis.com")
FOLDERS = re.compile(
    r"models/cassettes/test_(openai|openai_responses|anthropic|google)/[a-z_]*(stream|output|tool|text|response|instr)"
)
WIRES: tuple[Wire, ...] = ("chat", "responses", "anthropic", "gemini")

needs_recordings = pytest.mark.skipif(not CASSETTES.exists(), reason="the recordings are not here")


@cache
def recorded() -> Mapping[Wire, list[tuple[Asked, Any]]]:
    """Questions that were put to the real servers, with their answers: data, or the text of a stream."""
    found: defaultdict[Wire, list[tuple[Asked, Any]]] = defaultdict(list)
    with tarfile.open(CASSETTES) as archive:
        for member in archive:
            if not FOLDERS.match(member.name) or member.size > 40_000:
                continue
            file = archive.extractfile(member)
            assert file is not None
            cassette: Any = yaml.load(file.read(), yaml.CSafeLoader)
            for one in _exchanges(cassette):
                found[one[0].wire].append(one)
    return found


def _exchanges(cassette: Any) -> Iterator[tuple[Asked, Any]]:
    for one in cassette["interactions"]:
        request, response = one["request"], one["response"]
        body = request.get("parsed_body")
        if (
            response["status"]["code"] != 200
            or not isinstance(body, dict)
            or not any(h in request["uri"] for h in HOSTS)
        ):
            continue
        asked = read(httpx.URL(request["uri"]).path, body, {})  # pyright: ignore[reportUnknownArgumentType]
        if asked is not None:
            text: Any = response.get("body") or {}
            yield asked, response.get("parsed_body") or text.get("string", "")


@needs_recordings
@pytest.mark.parametrize("wire", WIRES)
def test_questions_of_the_real_clients_are_understood(wire: Wire) -> None:
    exchanges = recorded()[wire]
    assert len(exchanges) >= 10
    assert all(asked.model for asked, _ in exchanges)
    assert sum(bool(asked.text) for asked, _ in exchanges) > 0.8 * len(exchanges)
    assert any(asked.tools for asked, _ in exchanges)
    assert any(asked.schema for asked, _ in exchanges)
    assert any(asked.results for asked, _ in exchanges)


@needs_recordings
@pytest.mark.parametrize("wire", WIRES)
def test_answers_have_the_fields_that_all_real_ones_have_and_none_that_no_real_one_has(wire: Wire) -> None:
    real = [
        (asked, set(cast("dict[str, Any]", answer))) for asked, answer in recorded()[wire] if isinstance(answer, dict)
    ]
    assert len(real) >= 5
    asked = real[0][0]
    for said in (Said("Words."), Said(calls=[ToolCall("tool", {"a": 1})])):
        made = said_as_json(asked, said)
        always = set[str].intersection(*(fields for _, fields in real))
        ever = set[str].union(*(fields for _, fields in real))
        assert always - {"content_filters", "moderation"} <= set(made), always - set(made)
        assert set(made) <= ever, set(made) - ever


@needs_recordings
@pytest.mark.parametrize("wire", WIRES)
def test_streams_have_the_events_of_the_real_ones(wire: Wire) -> None:
    streams = [(asked, text) for asked, text in recorded()[wire] if isinstance(text, str) and "data:" in text]
    assert streams
    real = {kind for _, text in streams for kind in kinds_in(text)}
    asked = streams[0][0]
    for said in (Said("Words enough for some pieces."), Said(calls=[ToolCall("tool", {"a": 1})])):
        made = kinds_in(b"".join(WRITERS[wire].stream(asked, said, 1)).decode())
        assert made
        assert made <= real, made - real


def kinds_in(stream: str) -> set[str]:
    """What kinds of events a stream has: by their type, or by the fields that they carry."""
    found: set[str] = set()
    for line in stream.replace("\r", "").split("\n"):
        data = line.removeprefix("data: ")
        if not line.startswith("data: ") or data == "[DONE]":
            continue
        event: dict[str, Any] = json.loads(data)
        if "type" in event:
            found.add(str(event["type"]))
        elif event.get("choices"):
            found |= {f"delta {name}" for name in event["choices"][0]["delta"]}
        else:
            found |= {name for name in event if name in ("usage", "candidates", "usageMetadata")}
    return found


@pytest.mark.parametrize("wire", WIRES)
def test_it_fails_as_it_was_recorded(wire: Wire) -> None:
    paths = {
        "chat": "/v1/chat/completions",
        "responses": "/v1/responses",
        "anthropic": "/v1/messages",
        "gemini": "/v1beta/models/m:generateContent",
    }
    family = {"chat": "openai", "responses": "openai"}.get(wire, wire)
    with serve_models() as twin, httpx.Client(base_url=twin.url) as client:
        for name, expected in troubles()[family].items():
            twin.fails(name, family)
            answer = client.post(paths[wire], json={"model": "m", "messages": [], "input": "?", "contents": []})
            assert answer.status_code == expected.status
            for header, value in expected.headers.items():
                assert answer.headers[header] == value
            said: Any = expected.body if isinstance(expected.body, str) else json.dumps(expected.body)
            assert answer.text == said
        assert client.post(paths[wire], json={"model": "m", "messages": []}).status_code == 200
