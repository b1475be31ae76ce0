"""The parts of the product that the scope of an API key can name, as the routes are."""

from collections.abc import Iterator, Sequence

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, APIWebSocketRoute

from brandhound.tenancy.callers import AtLeast, current_caller, current_visit, part_of


def routes_of(app: FastAPI) -> Iterator[APIRoute | APIWebSocketRoute]:
    """Every route, also of routers inside routers."""

    def walk(routes: Sequence[object]) -> Iterator[APIRoute | APIWebSocketRoute]:
        for route in routes:
            inner = getattr(route, "original_router", route)
            if isinstance(route, APIRoute | APIWebSocketRoute):
                yield route
            else:
                yield from walk(getattr(inner, "routes", ()))

    return walk(app.routes)


def asks_who(dependant: Dependant) -> bool:
    """Whether a route looks at who calls."""
    return dependant.call in (current_caller, current_visit) or any(map(asks_who, dependant.dependencies))


def parts_of(app: FastAPI) -> list[str]:
    """The parts where a key can do anything, by name; not those that are open to everybody, or to operators alone."""
    return sorted({part_of(route.path) for route in routes_of(app) if _takes_keys(route.dependant)})


def _takes_keys(dependant: Dependant) -> bool:
    return isinstance(dependant.call, AtLeast) or any(map(_takes_keys, dependant.dependencies))
