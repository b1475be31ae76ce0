"""One account's way to Meta: within its limits, patient with what mends itself, and with a name for everything else."""

import asyncio
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, cast

from pydantic_core import from_json

from brandhound.ads.meta.facts_of_meta import limits
from brandhound.ads.meta.failing import MetaFailed, failure_of, no_answer
from brandhound.ads.meta.governing import Governor, MustWait, limit_of
from brandhound.core.http.answers import FetchFailed

_PASSING = frozenset({"dns", "refused", "connection", "timeout", "tls", "bad-encoding", "host-busy"})
_LIMITS = ("wait_app", "wait_account")
_SECRETS = (b"access_token=", b"appsecret_proof=", b"client_secret=")
_SECRET = re.compile(rb"(access_token|appsecret_proof|client_secret)=[^&\"\\]*")


@dataclass(frozen=True)
class Said:
    """An answer as it came over the wire."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Method = Literal["GET", "POST", "DELETE"]


class Wire(Protocol):
    """Carries one call to Meta, with the token and its proof. Raises FetchFailed, and no other thing."""

    async def carry(self, method: Method, path: str, params: Mapping[str, str]) -> Said:
        """Send it and bring the answer, whatever it says."""
        ...


@dataclass(frozen=True)
class Reply:
    """An answer that makes sense. `raw` is its bytes without anything secret."""

    data: dict[str, Any]
    raw: bytes
    version: str | None


@dataclass
class Tally:
    """How many calls were made, and why more than one was needed."""

    calls: int = 0
    again: int = 0
    refused: int = 0
    bytes: int = 0
    reasons: dict[str, int] = field(default_factory=dict[str, int])

    def repeat(self, why: str) -> None:
        self.again += 1
        self.reasons[why] = self.reasons.get(why, 0) + 1


class Asker:
    """Asks in the name of one account (or of none)."""

    def __init__(self, wire: Wire, governor: Governor, account: str | None) -> None:
        self.wire = wire
        self.governor = governor
        self.account = account
        self.tally = Tally()
        self.version: str | None = None

    async def get(self, path: str, params: Mapping[str, str], *, essential: bool = True) -> Reply:
        """Read something. Raises MetaFailed, MustWait, LeftOut or FetchFailed."""
        return await self.call("GET", path, params, essential=essential)

    async def post(self, path: str, params: Mapping[str, str], *, essential: bool = True) -> Reply:
        """Have something begun that may be begun twice. Raises MetaFailed, MustWait, LeftOut or FetchFailed."""
        return await self.call("POST", path, params, essential=essential)

    async def call(self, method: Method, path: str, params: Mapping[str, str], *, essential: bool = True) -> Reply:
        """One call, put again while what failed mends itself."""
        tries, limit = 0, limit_of(self.account, path)
        while True:
            tries += 1
            try:
                async with self.governor.turn(limit, essential=essential):
                    return await self._once(method, path, params)
            except MetaFailed as failed:
                await self._wait_after(failed, tries, limit)
            except FetchFailed as failed:
                if failed.code not in _PASSING or tries >= limits()["retries"]["tries"]:
                    raise
                self.tally.repeat(failed.code)
                await _back_off(tries)

    async def _once(self, method: Method, path: str, params: Mapping[str, str]) -> Reply:
        self.tally.calls += 1
        said = await self.wire.carry(method, path, params)
        self.governor.heed(said.headers, self.account, limit_of(self.account, path))
        self.tally.bytes += len(said.body)
        self.version = said.headers.get("facebook-api-version", self.version)
        try:
            found: object = from_json(said.body)
        except ValueError as error:
            self.tally.refused += 1
            raise no_answer(said.status, _sort_of(said)) from error
        told = _understood(found, is_batch=not path)
        if told is None:
            self.tally.refused += 1
            raise no_answer(said.status, f"{_sort_of(said)} of JSON that holds no rows")
        if "error" in told or said.status >= 400:
            self.tally.refused += 1
            failed = failure_of(said.status, told.get("error"))
            if failed.policy in _LIMITS:
                # At once, before anybody else has a turn.
                self.governor.close(limit_of(self.account, path) if failed.policy == "wait_account" else None)
            raise failed
        return Reply(told, without_secrets(said.body), self.version)

    async def _wait_after(self, failed: MetaFailed, tries: int, limit: str | None) -> None:
        """Return when the same may be asked again. Raises what failed, or MustWait."""
        if failed.policy in _LIMITS:
            whose = limit if failed.policy == "wait_account" else None
            wait = self.governor.left(whose)
            self.tally.repeat(failed.policy)
            if wait > limits()["usage"]["patience"]:
                raise MustWait(wait, whose or "the application", 100.0) from failed
            await asyncio.sleep(wait)
        elif failed.policy == "again" and tries < limits()["retries"]["tries"]:
            self.tally.repeat(f"{failed.number}/{failed.subcode}" if failed.number else f"HTTP {failed.status}")
            await _back_off(tries)
        else:
            raise failed


def _understood(found: object, *, is_batch: bool) -> dict[str, Any] | None:
    """An object whose `data`, where it is a list, has objects in it; of a batch, a list of parts, of which some may be missing.

    None where it is anything else: to take a sentence for an empty page would lose what is on the page.
    """
    if is_batch and isinstance(found, list):
        return {"data": found}
    if not isinstance(found, dict):
        return None
    told = cast("dict[str, Any]", found)
    rows = told.get("data")
    if isinstance(rows, list) and not all(isinstance(row, dict) for row in cast("list[object]", rows)):
        return None
    return told


def without_secrets(body: bytes) -> bytes:
    """What came, with nothing secret in it: addresses of further pages have the token in them."""
    # The expression takes long for megabytes, and secrets stand at their end, if anywhere.
    places = [place for place in map(body.find, _SECRETS) if place >= 0]
    if not places:
        return body
    return body[: min(places)] + _SECRET.sub(rb"\1=", body[min(places) :])


async def _back_off(tries: int) -> None:
    """Full jitter: whoever failed together does not come back together."""
    retries = limits()["retries"]
    await asyncio.sleep(random.uniform(0, min(retries["longest"], retries["first"] * 2 ** (tries - 1))))


def _sort_of(said: Said) -> str:
    kind = said.headers.get("content-type", "").split(";")[0] or "no content type"
    return f"HTTP {said.status}, {kind}, {len(said.body)} bytes"
