"""The pages of documentation that the product carries along: what an error means, and what the API can do.

They are made here and need no script and no other server, so that they can be read where the product has no way out.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape
from typing import Any, cast

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from brandhound.core.problems import Problem, problem_named, problems

_METHODS = ("get", "post", "put", "patch", "delete")
_STYLE = """
:root { color-scheme: light dark; font: 15px/1.55 Inter, system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; color: light-dark(#1c1d22, #e6e7ea);
  background: light-dark(#fff, #16171b); overflow-wrap: anywhere; }
a { color: light-dark(#3b3fbf, #a5a8ff); }
h1 { font-size: 1.6rem; line-height: 1.25; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; }
code { font: .9em ui-monospace, monospace; background: light-dark(#f1f2f5, #24262c); padding: .1em .3em; border-radius: 4px; }
details { border-top: 1px solid light-dark(#e3e4e9, #2d2f36); } summary { padding: .5rem 0; cursor: pointer; }
summary b { display: inline-block; min-width: 4.2rem; }
table { border-collapse: collapse; width: 100%; margin: .2rem 0 1rem; font-size: .93em; }
td, th { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0;
  border-top: 1px solid light-dark(#eceef2, #26282e); }
.quiet { color: light-dark(#5f626c, #9fa2ad); } nav { margin-bottom: 1.5rem; }
"""


def serve_handbook(app: FastAPI) -> None:
    """Add `/errors`, where the `type` of a problem leads to, and `/api/docs`. Anybody may read them: they tell of nobody."""

    async def api(_: Request) -> Response:
        return HTMLResponse(_api_page(app))

    app.add_route("/errors", _errors, include_in_schema=False)
    app.add_route("/errors/{code:path}", _error, include_in_schema=False)
    app.add_route("/api/docs", api, include_in_schema=False)


async def _errors(_: Request) -> Response:
    rows = "".join(
        f'<tr><td><a href="/errors/{escape(one.code)}"><code>{escape(one.code)}</code></a></td>'
        f"<td>{_prose(one.title())}</td></tr>"
        for one in problems()
    )
    about = "<p>Each answer that tells of a problem names one of these in <code>code</code>.</p>"
    return HTMLResponse(_page("Errors", f"{about}<table>{rows}</table>"))


async def _error(request: Request) -> Response:
    code = str(request.path_params["code"]).strip("/")
    if not code:
        return RedirectResponse("/errors")
    kind = problem_named(code)
    if kind is None:
        about = f"<p>Nothing here answers with <code>{escape(code)}</code>.</p>"
        return HTMLResponse(_page("No such error", about + _MORE), status_code=404)
    return HTMLResponse(_page(kind.title(), _about(kind) + _MORE))


_MORE = '<p><a href="/errors">All errors</a> · <a href="/">To brandhound</a></p>'


def _about(kind: type[Problem]) -> str:
    return (
        f'<p class="quiet"><code>{escape(kind.code)}</code> · status {kind.status}</p>'
        f"<h2>What to do</h2><p>{_prose(kind.what_to_do)}</p>"
    )


@lru_cache(maxsize=1)
def _api_page(app: FastAPI) -> str:
    schema = app.openapi()
    groups: dict[str, list[str]] = {}
    for path, operations in cast("dict[str, dict[str, Any]]", schema["paths"]).items():
        for method in _METHODS:
            if operation := operations.get(method):
                tag = (operation.get("tags") or ["other"])[0]
                groups.setdefault(tag, []).append(_operation(schema, method, path, operation))
    about = (
        "<p>Send an API key as <code>Authorization: Bearer …</code>; keys are made under Settings. What goes wrong is answered "
        'with one of these <a href="/errors">errors</a>. For programs: <a href="/api/openapi.json">openapi.json</a>.</p>'
    )
    parts = "".join(f"<h2>{escape(tag)}</h2>{''.join(operations)}" for tag, operations in groups.items())
    return _page("The API", about + parts)


def _operation(schema: Mapping[str, Any], method: str, path: str, operation: Mapping[str, Any]) -> str:
    about = _prose(str(operation.get("description") or operation.get("summary") or ""))
    first, _, rest = about.partition("\n")
    parts = f"<p>{rest.strip()}</p>" if rest.strip() else ""
    parts += _table(
        "Parameters",
        (
            (one["name"], one["in"], one.get("schema", {}), one.get("required", False), one.get("description", ""))
            for one in operation.get("parameters", [])
        ),
    )
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        parts += _table(f"Body, {kind}", _fields(schema, content.get("schema", {})))
    for status, answer in operation.get("responses", {}).items():
        for kind, content in answer.get("content", {}).items():
            if status.startswith("2"):
                parts += _table(f"Answer {status}, {kind}", _fields(schema, content.get("schema", {})))
    return (
        f"<details><summary><b>{method.upper()}</b> <code>{escape(path)}</code> "
        f'<span class="quiet">{first}</span></summary>{parts}</details>'
    )


_Field = tuple[str, str, Mapping[str, Any], bool, str]


def _fields(schema: Mapping[str, Any], of: Mapping[str, Any]) -> Iterable[_Field]:
    """The fields of an object, or of the objects in a list."""
    inner = of.get("items", of)
    if reference := inner.get("$ref"):
        inner = schema["components"]["schemas"][reference.rpartition("/")[2]]
    required = inner.get("required", [])
    for name, field in inner.get("properties", {}).items():
        yield name, "", field, name in required, field.get("description", "")


def _table(title: str, fields: Iterable[_Field]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code></td>"
        f"<td>{escape(_type(kind))}{', ' + escape(place) if place else ''}{', required' if required else ''}</td>"
        f"<td>{_prose(about)}</td></tr>"
        for name, place, kind, required, about in fields
    )
    return f'<p class="quiet">{escape(title)}</p><table>{rows}</table>' if rows else ""


def _type(kind: Mapping[str, Any]) -> str:
    if reference := kind.get("$ref"):
        return str(reference).rpartition("/")[2]
    if "const" in kind:
        return f'"{kind["const"]}"'
    if "enum" in kind:
        return " or ".join(f'"{value}"' for value in kind["enum"])
    if several := kind.get("anyOf") or kind.get("oneOf"):
        return " or ".join(_type(one) for one in several)
    if kind.get("type") == "array":
        return f"list of {_type(kind.get('items', {}))}"
    return str(kind.get("format") or kind.get("type") or "anything")


def _prose(text: str) -> str:
    """Words with `code` in them."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title.replace('`', ''))} · brandhound</title>"
        f'<link rel="icon" href="/favicon.svg"><style>{_STYLE}</style></head>'
        f'<body><nav><a href="/">brandhound</a></nav><main><h1>{_prose(title)}</h1>{body}</main></body></html>'
    )
