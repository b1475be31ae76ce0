"""Pages and cursors."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from brandhound.twins.meta.calling import Call
from brandhound.twins.meta.refusing import Refused

DEFAULT, MOST = 25, 5000


class Cursors:
    """Writes cursors and reads them. Those of an earlier generation are stale."""

    def __init__(self) -> None:
        self.generation = 0

    def write(self, place: int) -> str:
        return base64.urlsafe_b64encode(f"{self.generation}:{place}".encode()).decode().rstrip("=") + "ZDZD"

    def read(self, text: str) -> int:
        """The place a cursor stands for. Raises Refused when it is stale, or none of ours."""
        body = text.removesuffix("ZDZD")
        try:
            generation, place = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode().split(":")
            if int(generation) == self.generation:
                return int(place)
        except (ValueError, binascii.Error):
            pass
        raise Refused("parameter", detail="Invalid cursor for paging: it has expired. Start from the first page.")


def span(call: Call, cursors: Cursors, total: int) -> tuple[int, int]:
    """From where to where the page goes that is asked for."""
    limit = call.number("limit", DEFAULT)
    if not 0 < limit <= MOST:
        raise Refused("parameter", detail=f"Param limit must be between 1 and {MOST}")
    if before := call.param("before"):
        end = cursors.read(before)
        return max(end - limit, 0), end
    start = cursors.read(call.param("after")) + 1 if call.param("after") else 0
    return min(start, total), min(start + limit, total)


def paging(call: Call, cursors: Cursors, start: int, end: int, total: int) -> dict[str, Any]:
    """The `paging` of an answer; without `next` on the last page."""
    if end <= start:
        return {}
    marks = {"before": cursors.write(start), "after": cursors.write(end - 1)}
    told: dict[str, Any] = {"cursors": marks}
    if end < total:
        told["next"] = _address(call, after=marks["after"])
    if start > 0:
        told["previous"] = _address(call, before=marks["before"])
    return {"paging": told}


def page(call: Call, cursors: Cursors, things: Sequence[Any], make: Callable[[Any], Any]) -> dict[str, Any]:
    """One page of things, each made into what is told of it."""
    start, end = span(call, cursors, len(things))
    told = {"data": [make(one) for one in things[start:end]]} | paging(call, cursors, start, end, len(things))
    if call.param("summary") in ("true", "1", "total_count"):
        told["summary"] = {"total_count": len(things)}
    return told


def _address(call: Call, **moved: str) -> str:
    kept = {name: value for name, value in call.params.items() if name not in ("after", "before", "appsecret_proof")}
    return f"{call.base}/{call.version}/{call.path}?{urlencode(kept | moved)}"
