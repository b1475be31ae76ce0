"""`brandhound providers`: see outside services, and have one tried, from a terminal on this machine."""

import argparse
import asyncio
import sys
from uuid import UUID

from brandhound.app import slices
from brandhound.core import live
from brandhound.core.db import close_engines
from brandhound.core.problems import Problem
from brandhound.core.system import system_session
from brandhound.providers.probing import request_probe
from brandhound.providers.queries import breakers_out
from brandhound.providers.schemas import BreakerOut

_STATES = {"closed": "called", "open": "left alone", "half_open": "being tried"}


def providers_main(words: list[str]) -> int:
    """Run the command; 1 when a service could not be tried."""
    parser = argparse.ArgumentParser(prog="brandhound providers", description="See outside services, and try them.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, dest="command")
    listing = commands.add_parser("list", help="the services that were called, why one is left alone, and until when")
    listing.add_argument("--json", action="store_true", help="for programs, one service a line")
    trying = commands.add_parser("try", help="let one call through now, and wake the work that waits")
    trying.add_argument("service", nargs="*", type=UUID, help="which; none for all that are left alone")
    options = parser.parse_args(words)

    from brandhound.app.database import ensure_database

    ensure_database()
    # Whoever wakes the work that waits is registered by these.
    assert slices
    return asyncio.run(_run(options))


async def _run(options: argparse.Namespace) -> int:
    try:
        return await (_list(as_json=options.json) if options.command == "list" else _try(options.service))
    finally:
        await asyncio.to_thread(live.drain)
        await close_engines()


async def _services() -> list[BreakerOut]:
    async with system_session() as db:
        return await breakers_out(db)


async def _list(*, as_json: bool) -> int:
    for service in await _services():
        if as_json:
            print(service.model_dump_json())
            continue
        name = " ".join(part for part in (service.title, service.model, _known_as(service.key_fingerprint)) if part)
        print(f"{service.id}  {_STATES[service.state]:11}  {name:40}  {service.reason or ''}".rstrip())
        if service.state == "open":
            until = f"{service.next_try_at:%Y-%m-%d %H:%M:%S} UTC" if service.next_try_at else "you say so"
            print(f"{'':38}until {until}. {service.what_to_do or ''}".rstrip())
    return 0


def _known_as(fingerprint: str) -> str:
    """As much of what stands for a key, and for an address, as tells one service from another."""
    key, at, address = fingerprint.partition("@")
    return f"{key[:6]}{at}{address[:6]}"


async def _try(wanted: list[UUID]) -> int:
    services = wanted or [service.id for service in await _services() if service.state == "open"]
    refused = 0
    for breaker_id in services:
        try:
            await request_probe(breaker_id)
            print(f"{breaker_id}  the next call tries")
        except Problem as problem:
            print(f"{breaker_id}  left as it is: {problem.title()}", file=sys.stderr)
            refused += 1
    return 1 if refused else 0
