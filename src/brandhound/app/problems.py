"""How errors leave: as problem documents (RFC 9457), each with the address of a page that says what to do."""

import json
from collections.abc import Mapping
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from psycopg import DataError
from psycopg.errors import UniqueViolation, UntranslatableCharacter
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException

from brandhound.admin.catching import catch
from brandhound.app.requests import HEADER, request_id_of
from brandhound.core.problems import (
    AlreadyThere,
    BodyTooLarge,
    DatabaseAway,
    InvalidInput,
    NotThere,
    OurFault,
    Problem,
    RefusedRequest,
)
from brandhound.core.wording import count_of, sayable

_log = structlog.get_logger("brandhound.web")


class ProblemOut(BaseModel):
    """What went wrong, for a program (`code`) and for a person (`title`, and the page at `type`)."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    code: str
    instance: str


def problem_response(request: Request, problem: Problem, **more: Any) -> JSONResponse:
    headers = {"Retry-After": str(problem.facts["retry_after"])} if "retry_after" in problem.facts else {}
    if problem.status == 401:
        # A program is told how to say who it is (RFC 9110, 15.5.2).
        headers["WWW-Authenticate"] = "Bearer"
    if number := request_id_of(request.scope):
        # Whoever reports it can name it, and its lines are found in the log.
        more["request_id"] = headers[HEADER] = number
    return JSONResponse(
        {**problem.document(request.url.path), **more},
        status_code=problem.status,
        media_type="application/problem+json",
        headers=headers,
    )


async def _problem(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)
    return problem_response(request, error)


def _in_words(fault: Mapping[str, Any]) -> str:
    """What is wrong with a field, for who filled it in: a limit is told without the names that a program has for things."""
    limits: Mapping[str, Any] = fault.get("ctx", {})
    match fault["type"]:
        case "string_too_long":
            return f"At most {count_of(limits['max_length'], 'character')}"
        case "string_too_short":
            return f"At least {count_of(limits['min_length'], 'character')}"
        case "greater_than_equal":
            return f"At least {limits['ge']}"
        case "less_than_equal":
            return f"At most {limits['le']}"
        case "greater_than":
            return f"More than {limits['gt']}"
        case "less_than":
            return f"Less than {limits['lt']}"
        case "value_error":
            words = str(limits.get("error") or fault["msg"])
            return words[:1].upper() + words[1:]
        case _:
            return str(fault["msg"])


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    # The input itself is left out: it may hold a password.
    errors = [
        {
            "loc": [sayable(at) if isinstance(at, str) else at for at in e["loc"]],
            "msg": sayable(_in_words(e)),
            "type": e["type"],
        }
        for e in error.errors()
    ]
    for one in errors:
        # What cannot be anything's identifier is nobody's, whatever else is wrong.
        if one["loc"][0] == "path" and one["type"] == "uuid_parsing":
            return problem_response(request, NotThere(str(one["loc"][-1]).removesuffix("_id")))
    return problem_response(request, InvalidInput(), errors=jsonable_encoder(errors), detail=jsonable_encoder(errors))


async def _conflict(request: Request, error: Exception) -> JSONResponse:
    """Two callers did the same thing at once: the database let one through."""
    assert isinstance(error, IntegrityError)
    if not isinstance(error.orig, UniqueViolation):
        raise error
    return problem_response(request, AlreadyThere())


async def _gone(request: Request, error: Exception) -> JSONResponse:
    """What was to be changed was removed by somebody else at the same moment: as if it had been a moment before."""
    assert isinstance(error, StaleDataError)
    kind = next(reversed(request.path_params), "page")
    return problem_response(request, NotThere(kind.removesuffix("_id")))


async def _database(request: Request, error: Exception) -> JSONResponse:
    """The server is away or was restarted: that is nobody's fault and passes; anything else is ours."""
    assert isinstance(error, DBAPIError)
    if _is_no_text(error.orig):
        return _no_text(request, "A zero character cannot be stored or looked for", "zero_character")
    if not (error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)):
        raise error
    _log.warning("database away", route=_route(request), error=str(error.orig))
    return problem_response(request, DatabaseAway(retry_after=5))


async def _half(request: Request, error: Exception) -> JSONResponse:
    """JSON can spell half a character. Where nobody asks how long a text is, that is noticed when it is stored or sent."""
    assert isinstance(error, UnicodeEncodeError)
    if "surrogates" not in error.reason or not _sent_half(request):
        raise error
    return _no_text(request, "Half a character (a lone surrogate) cannot be stored or looked for", "half_character")


def _sent_half(request: Request) -> bool:
    """Whether it was in the caller's JSON. An address and a form are read with a mark in place of such a half."""
    # What the framework keeps of a body that it has read. To ask for the body here would wait for ever where there is none
    # left: what is raised for a route comes by once more outside it, with another request.
    said = json.dumps(getattr(request, "_json", None), ensure_ascii=False)
    return sayable(said) != said


def _no_text(request: Request, words: str, kind: str) -> JSONResponse:
    errors: list[dict[str, Any]] = [{"loc": [], "msg": words, "type": kind}]
    return problem_response(request, InvalidInput(), errors=errors, detail=errors)


def _is_no_text(error: BaseException | None) -> bool:
    """Whether it is about a zero character: PostgreSQL's text holds any other one. The driver notices it, or the server."""
    noticed_by_driver = isinstance(error, DataError) and error.sqlstate is None and "NUL" in str(error)
    return noticed_by_driver or isinstance(error, UntranslatableCharacter)


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return problem_response(request, NotThere("page"))
    if error.status_code == BodyTooLarge.status:
        return problem_response(request, BodyTooLarge())
    document = {
        "type": f"/errors/{RefusedRequest.code}",
        "title": str(error.detail),
        "status": error.status_code,
        "code": RefusedRequest.code,
        "instance": request.url.path,
    }
    return JSONResponse(
        document, status_code=error.status_code, media_type="application/problem+json", headers=error.headers
    )


async def _surprise(request: Request, error: Exception) -> JSONResponse:
    """Only how it is answered: it was logged with its place already."""
    catch(error, "web", request=f"{request.method} {_route(request)}".strip())
    return problem_response(request, OurFault())


def _route(request: Request) -> str:
    """What was asked for. The route and not the address, which may hold a key."""
    return getattr(request.scope.get("route"), "path", "")


def render_problems(app: FastAPI) -> None:
    """Let every error leave the application as a problem document."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(IntegrityError, _conflict)
    app.add_exception_handler(StaleDataError, _gone)
    app.add_exception_handler(DBAPIError, _database)
    app.add_exception_handler(UnicodeEncodeError, _half)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _surprise)
