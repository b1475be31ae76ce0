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
from brandhound.tenancy.people import Caller, caller_by_cookie, caller_by_key
from brandhound.tenancy.roles import Role

COOKIE = "brandhound_session"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


async def current_caller(connection: HTTPConnection) -> Caller:
    """Who calls, by API key or by cookie. Raises NotSignedIn, BadKey, KeyHasEnded, OutOfScope or NoOrganization."""
    caller = await _caller_of(connection)
    # What is logged from here on is the organization's to read.
    bind(organization_id=caller.organization_id)
    return caller


async def _caller_of(connection: HTTPConnection) -> Caller:
    kind, _, secret = connection.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and secret:
        caller = await caller_by_key(secret.strip())
        _check_scope(connection, caller)
        return caller
    if cookie := connection.cookies.get(COOKIE):
        return await caller_by_cookie(cookie)
    raise NotSignedIn


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
    "current_caller",
    "part_of",
]
