"""The Graph API: from a call to its answer."""

import hashlib
import threading
from typing import Any

from brandhound.twins.meta.accounts import list_accounts, list_businesses, list_permissions, tell_me
from brandhound.twins.meta.admitting import Caller, admit
from brandhound.twins.meta.browsing import tell_account, tell_node
from brandhound.twins.meta.calling import Answer, Call, answer_json
from brandhound.twins.meta.keeping import Kept, Logged
from brandhound.twins.meta.refusing import Refused


class Graph:
    """Answers calls, one after the other."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept
        self._lock = threading.Lock()
        self._traces = 0

    def answer(self, call: Call) -> Answer:
        """The answer to one call; errors are answers, too."""
        with self._lock:
            return self._answer(call)

    def _answer(self, call: Call) -> Answer:
        code = 0
        try:
            answer = answer_json(self._tell(call))
        except Refused as refused:
            code = refused.told["code"]
            answer = answer_json(refused.body(self._trace()), refused.status)
        answer.headers["facebook-api-version"] = call.version
        answer.headers["x-fb-request-id"] = self._trace()
        self.kept.note(Logged(self.kept.clock.now(), call.method, call.path, "", "", code, call.in_batch))
        return answer

    def _tell(self, call: Call) -> Any:
        match call.method, call.parts:
            case _, ("oauth", "access_token"):
                return self.kept.grants.exchange(call.params)
            case "GET", ("debug_token",):
                admit(self.kept, call)
                return {"data": self.kept.grants.debug(call.param("input_token"))}
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
            case "GET", ("me", "businesses"):
                return list_businesses(kept, caller, call)
            case "GET", (business, "owned_ad_accounts" | "client_ad_accounts" as edge):
                owned = [a for a in caller.accounts if a.business == business and edge == "owned_ad_accounts"]
                return list_accounts(kept, caller, call, owned)
            case "POST", (subject, "access_tokens"):
                return kept.grants.install(call.params, subject)
            case "POST", (_, "applications"):
                return {"success": True}
            case "GET", ():
                return self._several(call, caller)
            case "GET", (name, *rest) if len(rest) <= 1:
                return self._one(call, caller, name, rest[0] if rest else "")
            case _:
                raise Refused("no_such_path", path=call.path)

    def _one(self, call: Call, caller: Caller, name: str, edge: str) -> Any:
        if not name.startswith("act_"):
            return tell_node(self.kept, caller, call, name, edge)
        account = self.kept.owners.account(name)
        if account is None:
            raise Refused("not_there", method=call.method.lower(), id=name)
        return tell_account(self.kept, caller, call, account, edge)

    def _several(self, call: Call, caller: Caller) -> dict[str, Any]:
        """`/?ids=…`: several objects by their ids. Raises Refused when one of them is not there."""
        ids = call.names("ids")
        if not ids:
            raise Refused("no_such_path", path=call.path)
        return {one: self._one(call, caller, one, "") for one in ids}

    def _trace(self) -> str:
        self._traces += 1
        return "A" + hashlib.md5(f"{self.kept.seed}:{self._traces}".encode()).hexdigest()[:22]
