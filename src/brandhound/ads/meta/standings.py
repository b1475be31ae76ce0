"""What Meta's numbers for the standing of an ad account mean."""

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return json.loads(files("brandhound.ads.meta").joinpath("standings.json").read_text())


def standing_of(account_status: int | None) -> str:
    """In words; a number that is not known yet is said as it is."""
    if account_status is None:
        return "unknown"
    return _table()["account_status"].get(str(account_status), f"status {account_status}")


def disabled_because(disable_reason: int | None) -> str | None:
    """Why it is disabled, in words; None where there is no reason (Meta says 0)."""
    if not disable_reason:
        return None
    return _table()["disable_reason"].get(str(disable_reason), f"reason {disable_reason}")


def delivers(account_status: int | None) -> bool:
    """Whether ads of the account can run as things stand."""
    return account_status is None or account_status in _table()["works"]
