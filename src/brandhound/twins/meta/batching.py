"""`POST /` with `batch=[…]`: several calls in one, each with its own answer."""

import json
import re
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import unquote

from brandhound.twins.meta.calling import Answer, Call, form
from brandhound.twins.meta.refusing import Refused

MOST = 50
_RESULT = re.compile(r"\{result=([\w-]+):\$\.([\w.*\[\]-]+)\}")


def answer_batch(call: Call, ask: Callable[[Call], Answer | None]) -> list[dict[str, Any] | None]:
    """The answers, in the order of the questions. One that timed out is null. Raises Refused for no batch at all."""
    parts = call.json("batch")
    if not isinstance(parts, list):
        raise Refused("parameter", detail="param batch must be an array.")
    asked = cast("list[dict[str, Any]]", parts)
    if len(asked) > MOST:
        raise Refused("parameter", detail=f"Too many requests in batch message. Maximum batch size is {MOST}")
    found: list[dict[str, Any] | None] = []
    named: dict[str, Any] = {}
    for part in asked:
        answer = ask(_read(call, part, named))
        if answer is None:
            found.append(None)
            continue
        body = answer.body.decode()
        if name := part.get("name"):
            named[str(name)] = json.loads(body)
        quiet = bool(name) and answer.status == 200 and part.get("omit_response_on_success", True) is not False
        headers = [{"name": key, "value": value} for key, value in answer.headers.items()]
        headers.append({"name": "Content-Type", "value": answer.kind})
        found.append(None if quiet else {"code": answer.status, "headers": headers, "body": body})
    return found


def _read(call: Call, part: dict[str, Any], named: dict[str, Any]) -> Call:
    path, _, query = str(part.get("relative_url", "")).partition("?")
    path = unquote(path).strip("/")
    version = call.version
    if found := re.match(r"(v\d+\.\d+)/", path):
        version, path = found[1], path[len(found[0]) :]
    shared = {name: call.params[name] for name in ("access_token", "appsecret_proof") if name in call.params}
    given = form(query) | form(str(part.get("body", "")))
    filled = {name: _fill(value, named) for name, value in given.items()}
    return Call(
        str(part.get("method", "GET")).upper(), _fill(path, named), version, shared | filled, call.base, in_batch=True
    )


def _fill(text: str, named: dict[str, Any]) -> str:
    """Put in what an earlier part was answered."""
    return _RESULT.sub(lambda found: _picked(named.get(found[1]), found[2]), text)


def _picked(told: Any, path: str) -> str:
    """Values out of an earlier answer by a simple path: `data.*.id` or `id`."""
    values: list[Any] = [told]
    for step in path.replace("[*]", ".*").split("."):
        following: list[Any] = []
        for value in values:
            if step == "*" and isinstance(value, list):
                following += cast("list[Any]", value)
            elif isinstance(value, dict) and step in value:
                following.append(cast("dict[str, Any]", value)[step])
        values = following
    return ",".join(str(value) for value in values)
