"""Every route of the API, called by a stranger with another organization's identifiers: not found, and not a byte of theirs."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI

from brandhound.core.db import tenant_session
from tests.factories.things import MARK, make_everything

# Streams have no end, and the other two would sign the stranger out.
LEFT_OUT = {("get", "/api/events"), ("get", "/api/logs/stream"), ("delete", "/api/session"), ("post", "/api/session")}


def body_of(schema: dict[str, Any], components: dict[str, Any], ids: Mapping[str, str], name: str = "") -> Any:
    """The least valid JSON of a schema, with the other organization's identifiers wherever one fits."""
    if "$ref" in schema:
        return body_of(components[schema["$ref"].rsplit("/", 1)[1]], components, ids, name)
    if "anyOf" in schema:
        return body_of(schema["anyOf"][0], components, ids, name)
    if "discriminator" in schema:
        value, form = next(iter(schema["discriminator"]["mapping"].items()))
        made = body_of({"$ref": form}, components, ids, name)
        return made | {schema["discriminator"]["propertyName"]: value}
    if "default" in schema:
        return schema["default"]
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            properties: dict[str, Any] = schema.get("properties", {})
            wanted = set(schema.get("required", ())) | {key for key in properties if id_for(key, ids)}
            return {key: body_of(properties[key], components, ids, key) for key in properties if key in wanted}
        case "array":
            return (
                [body_of(schema["items"], components, ids, name.removesuffix("s"))]
                if schema.get("minItems") or id_for(name, ids)
                else []
            )
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
        case _:
            return text_of(schema, ids, name)


def text_of(schema: dict[str, Any], ids: Mapping[str, str], name: str) -> str:
    match schema.get("format"):
        case "uuid":
            return id_for(name, ids) or next(iter(ids.values()))
        case "date":
            return "2026-01-05"
        case "date-time":
            return datetime(2026, 1, 5, tzinfo=UTC).isoformat()
        case "email":
            return "stranger@elsewhere.example"
        case "uri":
            return "http://127.0.0.1:9/feed.xml"
        case _:
            return (
                "UTC"
                if "zone" in name
                else "0 8 * * *"
                if name == "cron"
                else "http://127.0.0.1:9/x"
                if "url" in name
                else "words-enough"
            )


def id_for(name: str, ids: Mapping[str, str]) -> str | None:
    """`brand_id`, `brand`, `brand_ids` all mean the brand."""
    return ids.get(re.sub(r"_ids?$", "", name)) or ids.get(name.removesuffix("s"))


async def test_a_stranger_finds_nothing_and_changes_nothing(
    app: FastAPI, client: httpx.AsyncClient, other_client: httpx.AsyncClient, organization_id: UUID
) -> None:
    ids = await make_everything(client, organization_id)
    before = await everything_of(organization_id)
    schema = app.openapi()
    components = schema["components"]["schemas"]
    called = 0
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            if (method, path) in LEFT_OUT:
                continue
            target, named = fill(path, ids)
            query = query_of(operation, ids)
            content = operation.get("requestBody", {}).get("content", {})
            sent = (
                body_of(content["application/json"]["schema"], components, ids)
                if "application/json" in content
                else None
            )
            answer = await other_client.request(method.upper(), target, params=query, json=sent)
            called += 1
            where = f"{method.upper()} {target} {query} {sent} → {answer.status_code} {answer.text[:300]}"
            assert answer.status_code < 500, where
            assert answer.status_code != 401, where
            assert MARK not in answer.text, where
            if named and "tenancy/operators-only" not in answer.text:
                # What only operators may ask is refused to others before anything is looked for.
                assert answer.status_code == 404, where
            elif answer.status_code < 400:
                said = f"{target} {query} {sent}"
                assert [i for i in ids.values() if i in answer.text and i not in said] == [], where
    assert called > 80
    assert await everything_of(organization_id) == before


def query_of(operation: dict[str, Any], ids: Mapping[str, str]) -> dict[str, str]:
    """The other organization's identifiers wherever one fits, and something for whatever is required."""
    query: dict[str, str] = {}
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "query":
            found = id_for(parameter["name"], ids) or (parameter.get("required") and "mentions")
            if found:
                query[parameter["name"]] = found
    return query


def fill(path: str, ids: Mapping[str, str]) -> tuple[str, bool]:
    """The address with the other organization's identifiers in it, and whether it had any."""
    names = re.findall(r"\{([^}]+)\}", path)
    for name in names:
        found = id_for(name, ids) or FIXED.get(name)
        assert found, f"no identifier of another organization for {{{name}}} in {path}: add it to make_everything"
        path = path.replace(f"{{{name}}}", found)
    return path, any(id_for(name, ids) or name == "token" for name in names)


FITTING = {"zone": "UTC", "cron": "0 8 * * *", "url": "http://127.0.0.1:9/feed.xml"}
NOBODYS = "0190b0b0-0000-7000-8000-000000000000"
FIXED = {
    "token": NOBODYS,
    "code": NOBODYS,
    "name": "volume",
    "kind": "run_done",
    "feature": "mentions.second_opinion",
    "form": "pdf",
    "day": "2026-01-05",
    "currency": "USD",
    "version": "1",
    # Of no organization: for operators alone.
    "breaker_id": NOBODYS,
    "provider": "openai",
    "group_id": NOBODYS,
    "rule_id": NOBODYS,
}


async def everything_of(organization_id: UUID) -> dict[str, int]:
    """How many rows the organization has, by table."""
    from sqlalchemy import func, select

    from brandhound.core.db import Model

    counts: dict[str, int] = {}
    async with tenant_session(organization_id) as db:
        for name, table in sorted(Model.metadata.tables.items()):
            if "organization_id" in table.columns and name != "live_events":
                counts[name] = await db.scalar(select(func.count()).select_from(table)) or 0
    return counts
