"""What Meta says about a token it does not take: by the table `refusals.json`, so that a new number is a line of data."""

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, cast

from brandhound.core.problems import Problem


@dataclass(frozen=True)
class Refusal:
    """Why a token is not taken. `revoked` ones come back by no other way than a new login."""

    reason: str
    code: str
    trace_id: str | None = None
    is_revoked: bool = False
    heals: bool = False
    """May be over without a new login, once the person has done what Meta asks of them."""


class AccessRefused(Problem):
    """Meta does not let this token in."""

    status = 409
    code = "ads/access-refused"
    what_to_do = (
        "The reason says what happened: a token that has expired, a password that was changed, an application that was "
        "removed. Reconnect the account under Ad accounts; the mapping and all figures stay."
    )

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(reason=refusal.reason, provider_code=refusal.code, request_id=refusal.trace_id)
        self.refusal = refusal

    def __reduce__(self) -> tuple[type["AccessRefused"], tuple[Refusal]]:
        return type(self), (self.refusal,)


def refusal_in(body: object) -> Refusal | None:
    """The refusal in an answer (or in what debug_token says of a token), if it is one of the token and not of the question."""
    error = _object(_object(body).get("error"))
    code, subcode = error.get("code"), error.get("error_subcode", error.get("subcode"))
    if not isinstance(code, int):
        return None
    table = _table()
    pair = f"{code}/{subcode}" if subcode else str(code)
    if pair in table["not_of_the_token"]:
        return None
    known = table["by_code"].get(pair) or table["by_code"].get(str(code))
    permissions = table["permissions"]
    if known is None and permissions["from"] <= code <= permissions["to"]:
        known = permissions
    if known is None:
        return None
    trace = error.get("fbtrace_id")
    return Refusal(
        known["reason"],
        pair.replace("/", "-"),
        trace[:200] if isinstance(trace, str) else None,
        known.get("revoked", False),
        known.get("heals", False),
    )


def heals(reason: str | None) -> bool:
    """Whether a connection that waits for that reason may be well again without a new login."""
    return any(known.get("heals", False) and known["reason"] == reason for known in _table()["by_code"].values())


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return json.loads(files("brandhound.ads.meta").joinpath("refusals.json").read_text())


def _object(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
