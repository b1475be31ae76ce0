"""The control API under /_control: for tests, and for playing with the demo."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Body

from brandhound.twins.meta.keeping import Kept
from brandhound.twins.meta.refusing import refusals

Json = dict[str, Any]
Given = Annotated[Json, Body()]


def control(kept: Kept) -> APIRouter:
    """Everything that a tester may change."""
    router = APIRouter(prefix="/_control")

    @router.get("/clock")
    def tell_clock() -> Json:
        return {"now": kept.clock.now().isoformat()}

    @router.put("/clock")
    def set_clock(given: Given) -> Json:
        """Stop it at `now`, move it by `advance_seconds`, or let it run: `{}`."""
        if "advance_seconds" in given:
            kept.clock.advance(timedelta(seconds=float(given["advance_seconds"])))
        else:
            kept.clock.stop_at(datetime.fromisoformat(given["now"]) if given.get("now") else None)
        return {"now": kept.clock.now().isoformat()}

    @router.get("/calls")
    def tell_calls(limit: int = 100) -> Json:
        calls = list(kept.calls)[-limit:]
        return {
            "counts": dict(kept.counts),
            "calls": [
                {"at": c.at.isoformat(), "method": c.method, "path": c.path, "account": c.account,
                 "use_case": c.use_case, "code": c.code, "in_batch": c.in_batch}
                for c in calls
            ],
        }  # fmt: skip

    @router.delete("/calls")
    def forget_calls() -> Json:
        kept.forget_calls()
        return {}

    @router.put("/delay")
    def set_delay(given: Given) -> Json:
        """Let every answer take `seconds` at least."""
        kept.delay = float(given["seconds"])
        return {"seconds": kept.delay}

    @router.get("/refusals")
    def tell_refusals() -> Json:
        """The errors that there are, by the names that faults use."""
        return {name: dict(told) for name, told in refusals().items()}

    return router
