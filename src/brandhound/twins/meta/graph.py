"""The Graph API: from a call to its answer."""

import hashlib
import re
import threading
from typing import Any

from brandhound.twins.meta.accounts import (
    accounts_of_business,
    list_accounts,
    list_businesses,
    list_pages,
    list_permissions,
    tell_me,
)
from brandhound.twins.meta.admitting import Caller, admit
from brandhound.twins.meta.archive import list_archive
from brandhound.twins.meta.batching import answer_batch
from brandhound.twins.meta.browsing import ask_report, fetch_report, find_node, poll_report, tell_account, tell_node
from brandhound.twins.meta.calling import Answer, Call, answer_json
from brandhound.twins.meta.faults import HTML, Fault, find_fault
from brandhound.twins.meta.keeping import Kept, Logged
from brandhound.twins.meta.numbering import read_id
from brandhound.twins.meta.owning import AccountSpec
from brandhound.twins.meta.refusing import Refused
from brandhound.twins.meta.throttling import UseCase

OLDEST = 22
"""Versions before this one are refused; those between it and the oldest that is served are lifted to that one."""
COST_OF_REPORT = 3.0
_NUMBER = re.compile(r"v(\d+)\.0")


class Graph:
    """Answers calls, one after the other."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept
        self._lock = threading.Lock()
        self._traces = 0

    def answer(self, call: Call) -> Answer:
        """The answer to one call; errors are answers, too."""
        with self._lock:
            answer = self._answer(call)
        return answer or answer_json(b"null")

    def _answer(self, call: Call) -> Answer | None:
        kept, code = self.kept, 0
        account, use_case = self._concern(call)
        version = call.version
        fault = find_fault(kept.faults, call)
        try:
            version = self._version(call)
            answer = self._spoilt(fault, call) if fault and fault.kind != "slow" else None
            if answer is None:
                if account is not None:
                    kept.limits.charge(account, use_case, COST_OF_REPORT if call.method == "POST" else 1.0)
                answer = answer_json(self._tell(call))
        except Refused as refused:
            code = refused.told["code"]
            answer = answer_json(refused.body(self._trace()), refused.status)
        answer.headers |= kept.limits.headers(account, use_case)
        answer.headers["facebook-api-version"] = version
        answer.headers["x-fb-request-id"] = answer.headers["x-fb-trace-id"] = self._trace()
        if fault is not None:
            code = code or -1
            answer = self._broken(fault, answer)
        elif call.method == "GET" and answer.status == 200 and not call.in_batch:
            _compare(call, answer)
        kept.note(
            Logged(
                kept.clock.now(), call.method, call.path, account.key if account else "", use_case, code, call.in_batch
            )
        )
        return None if fault is not None and fault.kind == "null_part" else answer

    def _tell(self, call: Call) -> Any:
        match call.method, call.parts:
            case _, ("oauth", "access_token"):
                return self.kept.grants.exchange(call.params)
            case "GET", ("debug_token",):
                admit(self.kept, call)
                return {"data": self.kept.grants.debug(call.param("input_token"))}
            case "POST", () if "batch" in call.params:
                return answer_batch(call, self._answer)
            case _:
                return self._tell_admitted(call, admit(self.kept, call))

    def _tell_admitted(self, call: Call, caller: Caller) -> Any:
        kept = self.kept
        match call.method, call.parts:
            case "GET", ("me",):
                return tell_me(kept, caller, call)
            case "GET", ("me", "adaccounts" | "assigned_ad_accounts"):
                return list_accounts(kept, caller, call, list(caller.accounts))
            case "GET", ("me", "permissions"):
                return list_permissions(caller)
            case "DELETE", ("me", "permissions"):
                kept.grants.troubles[caller.token.subject] = "removed"
                return {"success": True}
            case "GET", ("me", "accounts"):
                return list_pages(kept, caller, call)
            case "GET", ("me", "businesses"):
                return list_businesses(kept, caller, call)
            case "GET", (business, "owned_ad_accounts" | "client_ad_accounts" as edge):
                return list_accounts(kept, caller, call, accounts_of_business(caller, business, edge))
            case "GET", ("ads_archive",):
                return list_archive(kept, caller, call)
            case "POST", (subject, "access_tokens"):
                return kept.grants.install(call.params, subject)
            case "POST", (_, "applications"):
                return {"success": True}
            case "POST", (name, "insights"):
                return ask_report(kept, caller, call, name)
            case "GET" | "DELETE", (name, *rest) if _is_report(name):
                return self._report(call, caller, name, rest)
            case "GET", ():
                return self._several(call, caller)
            case "GET", (name, *rest) if len(rest) <= 1:
                return self._one(call, caller, name, rest[0] if rest else "")
            case "POST" | "DELETE", (_, *_):
                raise Refused("capability")
            case _:
                raise Refused("no_such_path", path=call.path)

    def _one(self, call: Call, caller: Caller, name: str, edge: str) -> Any:
        if not name.startswith("act_"):
            return tell_node(self.kept, caller, call, name, edge)
        account = self.kept.owners.account(name)
        if account is None:
            raise Refused("not_there", method=call.method.lower(), id=name)
        return tell_account(self.kept, caller, call, account, edge)

    def _report(self, call: Call, caller: Caller, name: str, rest: list[str]) -> Any:
        if call.method == "DELETE":
            return self.kept.reports.forget(find_node(self.kept, call, name)[2], call)
        return fetch_report(self.kept, caller, call, name) if rest else poll_report(self.kept, caller, call, name)

    def _several(self, call: Call, caller: Caller) -> dict[str, Any]:
        """`/?ids=…`: several objects by their ids. Raises Refused when one of them is not there."""
        ids = call.names("ids")
        if not ids:
            raise Refused("no_such_path", path=call.path)
        return {one: self._one(call, caller, one, "") for one in ids}

    def _concern(self, call: Call) -> tuple[AccountSpec | None, UseCase]:
        """Whose limits a call uses up."""
        parts = call.parts
        if not parts:
            return None, "ads_management"
        found = read_id(parts[0])
        if found is not None:
            account = next((a for a in self.kept.owners.accounts.values() if a.ordinal == found[1]), None)
        else:
            account = self.kept.owners.account(parts[0]) if parts[0].startswith("act_") else None
        of_insights = parts[-1] == "insights" or (found is not None and found[0] == "report")
        return account, "ads_insights" if of_insights else "ads_management"

    def _version(self, call: Call) -> str:
        """The version that answers. Raises Refused for one that is too old, or not there yet."""
        if call.version in self.kept.served:
            return call.version
        found = _NUMBER.fullmatch(call.version)
        number = int(found[1]) if found else 0
        served = [int(version[1:-2]) for version in self.kept.served]
        if number < OLDEST:
            raise Refused("old_version")
        if number > max(served):
            raise Refused("no_such_path", path=f"{call.version}/{call.path}")
        return f"v{min(one for one in served if one > number)}.0"

    def _spoilt(self, fault: Fault, call: Call) -> Answer | None:
        """The answer that a fault gives instead; None when it only breaks the right one. Raises Refused for refusals."""
        match fault.kind:
            case "refusal":
                raise Refused(fault.error, account=call.path.partition("/")[0])
            case "html_502" | "html_503":
                return Answer(HTML, int(fault.kind[-3:]), kind="text/html; charset=utf-8")
            case "too_many_requests":
                return Answer(b"", 429, {"retry-after": str(round(fault.seconds))})
            case "empty":
                return Answer(b"")
            case "not_json":
                return Answer(HTML)
            case "words":
                return answer_json("Please try again later.")
            case "words_for_rows":
                return answer_json({"data": ["Please try again later."]})
            case _:
                return None

    def _broken(self, fault: Fault, answer: Answer) -> Answer:
        """The right answer, but late, or cut off."""
        if fault.kind == "slow":
            answer.waits = fault.seconds
        elif fault.kind in ("reset", "half_page"):
            answer.hangs_up = True
            answer.headers["content-length"] = str(len(answer.body))
            answer.body = b"" if fault.kind == "reset" else answer.body[: len(answer.body) // 2]
        return answer

    def _trace(self) -> str:
        self._traces += 1
        return "A" + hashlib.md5(f"{self.kept.seed}:{self._traces}".encode()).hexdigest()[:22]


def _is_report(name: str) -> bool:
    found = read_id(name)
    return found is not None and found[0] == "report"


def _compare(call: Call, answer: Answer) -> None:
    """Leave the body out for those who have it already."""
    answer.headers["etag"] = f'"{hashlib.sha1(answer.body).hexdigest()}"'
    if call.etag and call.etag == answer.headers["etag"]:
        answer.status, answer.body = 304, b""
