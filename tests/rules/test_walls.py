"""What must hold for every table and every route, found by walking rather than by review."""

import re
from collections.abc import Iterator

import httpx
import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from sqlalchemy import create_engine

from brandhound.app import doors, slices
from brandhound.core import models
from brandhound.core.addresses import APP_ROLE, sqlalchemy_url
from brandhound.core.db import Model
from brandhound.core.walls import HOLES
from brandhound.tenancy.callers import AtLeast, OperatorOnly
from brandhound.tenancy.routes.parts import asks_who, routes_of
from tests.databases import TestDatabase

# Importing them is what fills the metadata.
PACKAGES = (slices, doors, models)

# Doors that are open by design: health, and everything before one is signed in.
PUBLIC = {
    ("GET", "/api/health"),
    ("GET", "/api/health/stream"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
    ("POST", "/api/session"),
    ("DELETE", "/api/session"),
    ("GET", "/api/setup"),
    ("POST", "/api/setup"),
    ("GET", "/api/invitations/by-token/{token}"),
    ("POST", "/api/invitations/by-token/{token}/acceptance"),
    ("GET", "/api/password-resets/{token}"),
    ("POST", "/api/password-resets/{token}"),
    ("GET", "/api/notifications/unsubscriptions/{token}"),
    ("POST", "/api/notifications/unsubscriptions/{token}"),
    # From mails and links that people outside have: the address itself is the key.
    ("GET", "/api/reports/unsubscriptions/{token}"),
    ("POST", "/api/reports/unsubscriptions/{token}"),
    ("GET", "/api/reports/judgements/{token}"),
    ("POST", "/api/reports/judgements/{token}"),
    ("GET", "/api/shared-reports/{token}"),
    ("POST", "/api/shared-reports/{token}"),
    # For clients who were sent a link to connect their ad accounts, and have no account here.
    ("GET", "/api/connect-ads/{token}"),
    ("POST", "/api/connect-ads/{token}"),
    ("GET", "/api/connect-ads/meta/answer"),
    ("GET", "/api/connect-ads/logins/{login_id}"),
    ("POST", "/api/connect-ads/logins/{login_id}"),
    # Meta calls these, and signs what it says; the page is for the person who asked there, who has its code.
    ("POST", "/api/ad-accounts/meta/deauthorization"),
    ("POST", "/api/ad-accounts/meta/data-deletion"),
    ("GET", "/api/ad-accounts/meta/data-deletion/{code}"),
}
# Whoever is signed in, whatever the role: their own session.
OWN = {
    ("GET", "/api/session"),
    ("PUT", "/api/session/organization"),
    ("PUT", "/api/session/password"),
    ("PUT", "/api/invitations/by-token/{token}/acceptance"),
}


def test_the_wall_between_organizations_has_no_holes(database: TestDatabase) -> None:
    with psycopg.connect(database.url) as connection:
        assert connection.execute(HOLES.encode(), {"app": APP_ROLE}).fetchall() == []


def test_a_hole_in_the_wall_is_found(database: TestDatabase) -> None:
    """The check can fail: planted holes are all named."""
    with psycopg.connect(database.url) as connection:
        connection.execute("create table planted_open (id uuid primary key, organization_id uuid)")
        connection.execute(
            "create table planted_key (id uuid primary key, organization_id uuid not null, brand_id uuid references brands(id))"
        )
        connection.execute("create policy oops on members to public using (true)")
        connection.execute("create table planted_unique (organization_id uuid not null, email text unique)")
        connection.execute("create view planted_view as select * from members")
        connection.execute(f"grant select on planted_unique, planted_view to {APP_ROLE}".encode())
        found = connection.execute(HOLES.encode(), {"app": APP_ROLE}).fetchall()
        connection.rollback()
    told = {(name, problem.split(":")[0]) for name, problem in found}
    assert {
        ("planted_open", "row-level security is not enabled"),
        ("planted_open", "organization_id may be null"),
        ("planted_key", "foreign key without organization_id"),
        ("members", "a policy widens access"),
        ("planted_unique", "unique index without organization_id"),
        ("planted_view", "a view that does not ask as its reader"),
    } <= told


def test_an_unset_organization_is_an_error_and_never_all_rows(database: TestDatabase) -> None:
    from brandhound.core.addresses import database_url

    for table in tenant_tables():
        with psycopg.connect(database_url("app")) as connection:
            # An empty table that is read from end to end has no row to judge; an index asks for the organization at once.
            connection.execute("set enable_seqscan = off")
            with pytest.raises(psycopg.Error):
                connection.execute(f"select * from {table}".encode())


def test_migrations_and_models_say_the_same(database: TestDatabase) -> None:
    engine = create_engine(sqlalchemy_url("owner"))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": False})
        assert compare_metadata(context, Model.metadata) == []
    engine.dispose()


def test_every_column_says_what_it_is(database: TestDatabase) -> None:
    silent = [f"{t.name}.{c.name}" for t in Model.metadata.tables.values() for c in t.columns if not c.comment]
    assert silent == []


def doors_of(app: FastAPI) -> Iterator[tuple[str, APIRoute]]:
    """Every method and route. Web sockets ask for the caller themselves, because a refusal is a closing code there."""
    for route in routes_of(app):
        if isinstance(route, APIRoute):
            for method in sorted(route.methods or ()):
                yield method, route


def names_a_role(dependant: Dependant) -> bool:
    return isinstance(dependant.call, AtLeast | OperatorOnly) or any(map(names_a_role, dependant.dependencies))


async def test_every_route_names_the_role_it_needs(app: FastAPI) -> None:
    checked = 0
    for method, route in doors_of(app):
        door = (method, route.path)
        checked += 1
        if door not in PUBLIC:
            assert asks_who(route.dependant) if door in OWN else names_a_role(route.dependant), door
    assert checked > 60


async def test_every_route_has_a_name_and_a_sentence_of_its_own(app: FastAPI) -> None:
    names = [route.name for route in routes_of(app)]
    assert len(names) == len(set(names))
    silent = [route.name for route in routes_of(app) if isinstance(route, APIRoute) and not route.description]
    assert silent == []


async def test_whoever_is_not_signed_in_gets_nothing(app: FastAPI, anonymous: httpx.AsyncClient) -> None:
    for method, route in doors_of(app):
        if (method, route.path) in PUBLIC:
            continue
        path = re.sub(r"\{[^}]+\}", "0190b0b0-0000-7000-8000-000000000000", route.path)
        assert (await anonymous.request(method, path, json={})).status_code == 401, (method, route.path)


def tenant_tables() -> list[str]:
    return sorted(name for name, table in Model.metadata.tables.items() if "organization_id" in table.columns)
