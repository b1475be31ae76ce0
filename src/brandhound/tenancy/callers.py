"""What a route says about its callers: which role it needs, and the database of their organization."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from brandhound.core.db import Db, tenant_session
from brandhound.core.logs.context import bind
from brandhound.identity.errors import NotSignedIn
from brandhound.identity.keys import scope_allows
from brandhound.tenancy.errors import OperatorsOnly, OutOfScope, RoleTooLow
from brandhound.tenancy.people import (
    Caller,
    Visit,
    caller_by_cookie,
    caller_by_key,
    check_meant_for,
    visit_by_cookie,
)
from brandhound.tenancy.roles import Role

COOKIE = "brandhound_session"
MEANT_FOR = "brandhound-organization"
"""The header in which a screen says which organization it shows: a cookie is one for all tabs, and what was typed for one
organization must not land in another that was chosen meanwhile. Streams and downloads do without: they only read."""
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


async def current_caller(connection: HTTPConnection) -> Caller:
    """Who calls, by API key or by cookie.

    Raises NotSignedIn, BadKey, KeyHasEnded, OutOfScope, NoOrganization or OrganizationLeft.
    """
    caller = await _caller_of(connection)
    # What is logged from here on is the organization's to read.
    bind(organization_id=caller.organization_id)
    return caller


async def current_visit(connection: HTTPConnection) -> Visit:
    """The person who calls, also if they belong to no organization. Raises NotSignedIn; a key is no person."""
    cookie = connection.cookies.get(COOKIE)
    if _key_of(connection) or not cookie:
        raise NotSignedIn
    visit = await visit_by_cookie(cookie)
    bind(organization_id=visit.organization_id)
    return visit


async def check_shown(connection: HTTPConnection) -> None:
    """Whether the session or the key that a request brings is one at all. Raises NotSignedIn, BadKey or KeyHasEnded."""
    if key := _key_of(connection):
        await caller_by_key(key)
    else:
        await visit_by_cookie(connection.cookies.get(COOKIE, ""))


async def _caller_of(connection: HTTPConnection) -> Caller:
    meant_for = connection.headers.get(MEANT_FOR)
    if key := _key_of(connection):
        caller = await caller_by_key(key)
        _check_scope(connection, caller)
        check_meant_for(meant_for, caller.organization_id)
        return caller
    if cookie := connection.cookies.get(COOKIE):
        return await caller_by_cookie(cookie, meant_for=meant_for)
    raise NotSignedIn


def _key_of(connection: HTTPConnection) -> str:
    """The API key that the request brings; empty if it brings none."""
    kind, _, secret = connection.headers.get("authorization", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" else ""


def part_of(path: str) -> str:
    """The part of the product that an address belongs to: `/api/feeds/…` is `feeds`."""
    return path.removeprefix("/api/").split("/")[0]


def _check_scope(connection: HTTPConnection, caller: Caller) -> None:
    part = part_of(connection.url.path)
    # Without a method it is a web socket, which only reads.
    write = connection.scope.get("method", "GET") not in SAFE_METHODS
    if not scope_allows(caller.scopes or (), part, write=write):
        raise OutOfScope(f"{part}:{'write' if write else 'read'}")


@dataclass(frozen=True)
class AtLeast:
    """A route dependency that turns away callers below a role."""

    role: Role

    async def __call__(self, caller: Annotated[Caller, Depends(current_caller)]) -> Caller:
        if caller.role < self.role:
            raise RoleTooLow(self.role)
        return caller


class OperatorOnly:
    """A route dependency that turns away everybody but the people who run the installation."""

    async def __call__(self, caller: Annotated[Caller, Depends(current_caller)]) -> Caller:
        if not caller.operator:
            raise OperatorsOnly
        return caller


async def tenant_db(caller: Annotated[Caller, Depends(current_caller)]) -> AsyncGenerator[Db]:
    """One transaction a request, bound to the caller's organization."""
    async with tenant_session(caller.organization_id) as db:
        yield db


Guest = Annotated[Caller, Depends(AtLeast(Role.GUEST))]
Viewer = Annotated[Caller, Depends(AtLeast(Role.VIEWER))]
Outreach = Annotated[Caller, Depends(AtLeast(Role.OUTREACH))]
Analyst = Annotated[Caller, Depends(AtLeast(Role.ANALYST))]
Admin = Annotated[Caller, Depends(AtLeast(Role.ADMIN))]
Owner = Annotated[Caller, Depends(AtLeast(Role.OWNER))]
Operator = Annotated[Caller, Depends(OperatorOnly())]

# Committed before the answer leaves, so that a failed commit is never a 201.
TenantDb = Annotated[Db, Depends(tenant_db, scope="function")]

__all__ = [
    "COOKIE",
    "MEANT_FOR",
    "Admin",
    "Analyst",
    "AtLeast",
    "Caller",
    "Guest",
    "Operator",
    "OperatorOnly",
    "Outreach",
    "Owner",
    "TenantDb",
    "Viewer",
    "check_shown",
    "current_caller",
    "current_visit",
    "part_of",
]
