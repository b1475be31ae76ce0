"""Every route of the API, asked with values that are odd but of the kind that it takes: it answers, and never breaks."""

import asyncio
import json
import random
from collections.abc import Mapping
from typing import Annotated, Any, cast
from urllib.parse import urlencode
from uuid import UUID

import httpx
import pytest
from fastapi import Body, FastAPI

from brandhound.app.web import create_app
from tests.factories.things import make_everything
from tests.rules.test_strangers import LEFT_OUT, fill, text_of

TIMES = 2
SEED = 2
PATIENCE = 60.0
"""Seconds after which a route does not answer."""
TEXTS = (
    "", " ", "\n", "\x00", "a\x00b", "\ud800", "\u202e", "İß𝗡", "x" * 2_000, "1" * 400, "%", "_", "'\"", "\\", "(", "[", "*",
    "-1", "0", "../../etc/passwd", "{{", "=1+1", "a@b", "#12345678", "javascript:alert(1)", "http://[::1", "http://x:99999/",
    "0 0 31 2 *", "2026-02-30", "0001-01-01", "9999-12-31", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59",
    "00000000-0000-0000-0000-000000000000",
)  # fmt: skip
WHOLE = (0, -1, 1, 101, 2**31, 2**32, 2**63, 10**30, -(2**63))
BROKEN = (*WHOLE, 0.5, 1e-300, 1e308, -1e308, float("nan"), float("inf"))
ANYTHING: tuple[Any, ...] = (None, [], {}, "x", 1, True)
FILES = (b"", b"\x00", b"a,b\n1,2\n", b"\xff\xfea\x00", b"PK\x03\x04", b"<opml/>", b"<rss>")
# It would take the asker to another organization.
LEAVING = {("put", "/api/session/organization")}

Schema = dict[str, Any]


class Odd:
    """Makes values of a schema: mostly such as it asks for, and now and then the oddest of their kind."""

    def __init__(self, schemas: dict[str, Schema], ids: Mapping[str, str], chance: random.Random) -> None:
        self.chance = chance
        self._schemas = schemas
        self._ids = ids

    def value(self, schema: Schema, name: str = "", depth: int = 0) -> Any:
        """One value. Now and then of another kind altogether."""
        if self.chance.random() < 0.02:
            return self.chance.choice(ANYTHING)
        if "$ref" in schema:
            return self.value(self._schemas[schema["$ref"].rsplit("/", 1)[1]], name, depth)
        if "discriminator" in schema:
            kind, form = self.chance.choice(list(schema["discriminator"]["mapping"].items()))
            made: dict[str, Any] | None = self.value({"$ref": form}, name, depth)
            return {**made, schema["discriminator"]["propertyName"]: kind} if isinstance(made, dict) else made
        for several in ("anyOf", "oneOf"):
            if several in schema:
                return self.value(self.chance.choice(schema[several]), name, depth)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self.chance.choice(schema["enum"])
        match schema.get("type"):
            case "null":
                return None
            case "boolean":
                return self.chance.random() < 0.5
            case "integer" | "number" as kind:
                usual = (schema.get("minimum", 1), schema.get("maximum", 5))
                return self.chance.choice((*usual * 6, *(WHOLE if kind == "integer" else BROKEN)))
            case "array":
                return self._array(schema, name, depth)
            case "object":
                return self._object(schema, depth)
            case _:
                return self._text(schema, name)

    def _object(self, schema: Schema, depth: int) -> dict[str, Any]:
        required = schema.get("required", ())
        return {
            key: self.value(inner, key, depth + 1)
            for key, inner in schema.get("properties", {}).items()
            if key in required or self.chance.random() < 0.5
        }

    def _array(self, schema: Schema, name: str, depth: int) -> list[Any]:
        wanted = self.chance.choice((0, 1, 1, 2, 3)) if depth < 4 else self.chance.choice((0, 1))
        least, most = schema.get("minItems", 0), schema.get("maxItems", wanted)
        inner = schema.get("items", {})
        return [self.value(inner, name.removesuffix("s"), depth + 1) for _ in range(max(least, min(wanted, most)))]

    def _text(self, schema: Schema, name: str) -> str:
        if self.chance.random() < 0.55:
            return text_of(schema, self._ids, name)
        text = self.chance.choice(TEXTS)
        if self.chance.random() < 0.8:
            text = text[: schema.get("maxLength", len(text))]
        if self.chance.random() < 0.2:
            text = "\ud800" + text
        return text if len(text) >= schema.get("minLength", 0) else (text or "é") * schema["minLength"]

    def query(self, operation: Schema) -> str:
        """What stands behind the question mark."""
        asked: list[tuple[str, str]] = []
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "query" and (parameter.get("required") or self.chance.random() < 0.5):
                value = self.value(parameter["schema"], parameter["name"])
                several = cast("list[Any]", value) if isinstance(value, list) else [value]
                asked += [(parameter["name"], str(one)) for one in several]
        return urlencode(asked, errors="replace")

    def body(self, operation: Schema) -> dict[str, Any]:
        """What is sent along, as httpx takes it."""
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            sent = json.dumps(self.value(content["application/json"]["schema"]))
            return {"content": sent.encode(), "headers": {"content-type": "application/json"}}
        if "multipart/form-data" in content:
            return {"files": {"file": ("odd.csv", self.chance.choice(FILES))}}
        return {"content": self.chance.choice(FILES)} if content else {}


def is_stream(operation: Schema) -> bool:
    """Whether the answer has no end."""
    return any("text/event-stream" in response.get("content", ()) for response in operation["responses"].values())


async def test_no_request_however_odd_breaks_a_route(
    app: FastAPI, client: httpx.AsyncClient, organization_id: UUID
) -> None:
    ids = dict(await make_everything(client, organization_id))
    schema = app.openapi()
    # What takes things away comes last, and of each kind of thing there is only one.
    order = {"get": 0, "delete": 2}
    operations = sorted(
        (
            (method, path, operation)
            for path, methods in schema["paths"].items()
            for method, operation in methods.items()
        ),
        key=lambda one: order.get(one[0], 1),
    )
    called = 0
    for method, path, operation in operations:
        if (method, path) in LEFT_OUT | LEAVING or is_stream(operation):
            continue
        # By its own chance: what another route is asked does not change with each new one.
        odd = Odd(schema["components"]["schemas"], ids, random.Random(f"{SEED} {method} {path}"))
        for _ in range(TIMES):
            target, _ = fill(path, ids)
            query, body = odd.query(operation), odd.body(operation)
            where = f"{method.upper()} {target}?{query} {str(body)[:2_000]}"
            try:
                async with asyncio.timeout(PATIENCE):
                    answer = await client.request(method.upper(), f"{target}?{query}", **body)
            except Exception as broken:
                raise AssertionError(where) from broken
            called += 1
            assert answer.status_code < 500, f"{where} → {answer.status_code} {answer.text[:300]}"
            assert answer.status_code != 401, where
    assert called > 500


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("/api/keys", {"name": "CI", "scopes": ["\ud800"]}),
        ("/api/dead-letters/replay", {"error_code": "\ud800"}),
        ("/api/feeds/test", {"url": "http://127.0.0.1:9/x", "credentials": {"user": "a", "password": "\ud800"}}),
        ("/api/stories/merges", {"\ud800": 1}),
    ],
)
async def test_half_a_character_is_refused_wherever_it_stands(
    client: httpx.AsyncClient, address: str, sent: dict[str, object]
) -> None:
    headers = {"content-type": "application/json"}
    answer = await client.post(address, content=json.dumps(sent).encode(), headers=headers)
    assert answer.status_code == 422, answer.text
    assert answer.json()["code"] in {"core/invalid-input", "tenancy/unknown-scope"}


async def broken_by_half(method: str, address: str, content: bytes) -> httpx.Response:
    """The answer of a route that comes upon half a character, whatever it is sent."""
    app = create_app()

    @app.api_route("/api/halves", methods=["GET", "POST", "DELETE"])
    async def half() -> None:  # pyright: ignore[reportUnusedFunction]
        "\ud800".encode()

    @app.post("/api/halves/told")
    async def told(_: Annotated[Any, Body()]) -> None:  # pyright: ignore[reportUnusedFunction]
        "\ud800".encode()

    # Before the front end, which answers for every other address.
    for _ in range(2):
        app.router.routes.insert(0, app.router.routes.pop())
    async with (
        # A handler that waits for a body that was read already would wait for ever.
        asyncio.timeout(PATIENCE),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://brandhound.test"
        ) as visitor,
    ):
        return await visitor.request(
            method, address, content=content, headers={"content-type": "application/json"} if content else {}
        )


@pytest.mark.parametrize(
    ("method", "address", "content"),
    [
        ("GET", "/api/halves", b""),
        ("GET", "/api/halves?said=%ED%A0%80", b""),
        ("POST", "/api/halves", b""),
        ("DELETE", "/api/halves", b""),
        ("POST", "/api/halves", rb'{"nobody": "reads \ud800"}'),
        ("POST", "/api/halves/told", b"{}"),
        ("POST", "/api/halves/told", rb'{"both": "halves \ud83d\ude00"}'),
        ("POST", "/api/halves/told", rb'{"of its": "name \\ud800"}'),
    ],
)
async def test_half_a_character_that_nobody_sent_is_our_fault(
    method: str, address: str, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await broken_by_half(method, address, content)
    assert (answer.status_code, answer.json()["code"]) == (500, "core/our-fault")
    logged = [record for record in caplog.records if record.exc_info]
    assert [(one.name, one.getMessage()) for one in logged] == [
        ("brandhound.web", f"{method} {address.partition('?')[0]} failed")
    ]


@pytest.mark.parametrize(
    "content", [rb'{"text": "a \ud800"}', rb'[["\uDFFF"]]', rb'{"\ud83d \ude00": 1}', b'"\xed\xa0\x80"']
)
async def test_half_a_character_that_was_sent_is_no_fault_of_ours(
    content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await broken_by_half("POST", "/api/halves/told", content)
    assert (answer.status_code, answer.json()["code"]) == (422, "core/invalid-input")
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []
