"""The part of the control API that is about limits, faults, reports, addresses and truth."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException

from brandhound.twins.meta.acting import Hidden
from brandhound.twins.meta.faults import Fault
from brandhound.twins.meta.keeping import Kept
from brandhound.twins.meta.owning import AccountSpec
from brandhound.twins.meta.reports import LINES
from brandhound.twins.meta.truth import tell_truth

Json = dict[str, Any]
Given = Annotated[Json, Body()]


def control_world(kept: Kept) -> APIRouter:
    """What goes wrong, how much may be asked, and what is true."""
    router = APIRouter(prefix="/_control")
    router.include_router(_control_trouble(kept))

    def find(key: str) -> AccountSpec:
        account = kept.owners.account(key)
        if account is None:
            raise HTTPException(404, f"there is no account {key}")
        return account

    @router.get("/truth/{account}")
    def truth(account: str) -> Json:
        """Stories, and what is true of each ad now."""
        return tell_truth(kept.worlds.of(find(account)), kept.clock.now())

    @router.get("/limits")
    def tell_limits() -> Json:
        return {"usage": kept.limits.usage(), "bounced": kept.limits.bounced, "tier": kept.limits.tier}

    @router.put("/limits")
    def set_limits(given: Given) -> Json:
        """`rooms` by use case (ads_insights, ads_management, app), `seconds` until a full one has run out, `tier`."""
        kept.limits.set(given.get("rooms", {}), float(given.get("seconds", 3600)), given.get("tier"))
        return {"rooms": kept.limits.rooms}

    @router.put("/limits/{account}")
    def fill(account: str, given: Given) -> Json:
        """Let the account's pail of `use_case` be `percent` full."""
        kept.limits.fill(find(account), given.get("use_case", "ads_insights"), float(given["percent"]))
        return {"usage": kept.limits.usage()}

    @router.put("/cdn")
    def set_cdn(given: Given) -> Json:
        """How many `seconds` an address is good for; ids of `huge` videos; paths that are `gone`."""
        kept.cdn.seconds = int(given.get("seconds", kept.cdn.seconds))
        kept.cdn.huge = set(given.get("huge", kept.cdn.huge))
        kept.cdn.gone = set(given.get("gone", kept.cdn.gone))
        return {"seconds": kept.cdn.seconds}

    return router


def _control_trouble(kept: Kept) -> APIRouter:
    router = APIRouter()

    @router.get("/faults")
    def tell_faults() -> list[Json]:
        return [_told(fault) for fault in kept.faults]

    @router.post("/faults", status_code=201)
    def add_faults(given: Annotated[Json | list[Json], Body()]) -> list[Json]:
        """One or several; see Fault for what can be said."""
        kept.faults += [Fault(**one) for one in (given if isinstance(given, list) else [given])]
        return [_told(fault) for fault in kept.faults]

    @router.delete("/faults")
    def clear_faults() -> Json:
        kept.faults.clear()
        return {}

    @router.get("/reports")
    def tell_reports() -> list[Json]:
        return kept.reports.states()

    @router.put("/reports")
    def set_reports(given: Given) -> Json:
        """`lines`: how the next reports go; `seconds`, `seconds_per_row`: how long one takes; `most_at_once`."""
        if unknown := set(given.get("lines", ())) - set(LINES):
            raise HTTPException(422, f"there is no such line: {', '.join(sorted(unknown))}")
        kept.reports.lines.extend(given.get("lines", ()))
        kept.reports.seconds = float(given.get("seconds", kept.reports.seconds))
        kept.reports.seconds_per_row = float(given.get("seconds_per_row", kept.reports.seconds_per_row))
        kept.reports.most_at_once = int(given.get("most_at_once", kept.reports.most_at_once))
        return {"waiting": list(kept.reports.lines)}

    @router.put("/amounts")
    def set_amounts(given: Given) -> Json:
        """How many rows may be asked for: `rows` directly, `rows_of_report` of a report."""
        kept.insights.most_rows = int(given.get("rows", kept.insights.most_rows))
        kept.insights.most_rows_of_report = int(given.get("rows_of_report", kept.insights.most_rows_of_report))
        return {"rows": kept.insights.most_rows, "rows_of_report": kept.insights.most_rows_of_report}

    @router.put("/hidden_actions")
    def set_hidden(given: Annotated[list[Json], Body()]) -> Json:
        """Actions that are not told: `action`, `since`, `until`, and `account` for one only."""
        kept.insights.hidden = [
            Hidden(
                one["action"],
                date.fromisoformat(one["since"]),
                date.fromisoformat(one["until"]),
                one.get("account", ""),
            )
            for one in given
        ]
        return {"hidden": len(kept.insights.hidden)}

    @router.put("/extra_fields")
    def set_extra(given: Given) -> Json:
        """Fields that nobody has heard of, by node (`Ad`, `Campaign`, …): they come whether asked for or not."""
        kept.extra.clear()
        kept.extra.update(given)
        return {"nodes": sorted(given)}

    @router.delete("/cursors")
    def make_cursors_stale() -> Json:
        kept.cursors.generation += 1
        return {"generation": kept.cursors.generation}

    @router.put("/archive")
    def set_archive(given: Given) -> Json:
        """Whether the archive is `open` to this app."""
        kept.archive_open = bool(given.get("open", True))
        return {"open": kept.archive_open}

    @router.put("/app")
    def set_app(given: Given) -> Json:
        """Change the app: `needs_proof`, `redirects`, `deauthorize`, `deletion`, `id`, `secret`, `name`."""
        return {"id": kept.grants.change_app(**given).id}

    return router


def _told(fault: Fault) -> Json:
    return {name: value for name, value in asdict(fault).items() if not name.startswith("_")}
