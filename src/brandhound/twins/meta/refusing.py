"""Errors as Meta tells them; what they say stands in `refusals.json`."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NotRequired, TypedDict


class Told(TypedDict):
    """One error: what it says, and the HTTP status it comes with (400 unless another is named)."""

    code: int
    type: str
    message: str
    subcode: NotRequired[int]
    transient: NotRequired[bool]
    user_title: NotRequired[str]
    user_msg: NotRequired[str]
    status: NotRequired[int]


@cache
def refusals() -> Mapping[str, Told]:
    """Every error that the twin can give, by its name here."""
    told: dict[str, Told] = json.loads((files("brandhound.twins.meta") / "refusals.json").read_text("utf-8"))
    return told


class Refused(Exception):
    """The call is answered with an error. Raises KeyError for a name that is not in the list."""

    def __init__(self, name: str, **facts: object) -> None:
        self.name, self.facts, self.told = name, facts, refusals()[name]
        self.regain_minutes: int | None = None
        super().__init__(name)

    @property
    def status(self) -> int:
        return self.told.get("status", 400)

    def body(self, trace: str) -> dict[str, Any]:
        """The error as it goes over the wire."""
        told = self.told
        message = told["message"]
        error: dict[str, Any] = {
            "message": message.format_map(_Known(self.facts)) if "{" in message else message,
            "type": told["type"],
            "code": told["code"],
        }
        if "subcode" in told:
            error["error_subcode"] = told["subcode"]
        if "transient" in told:
            error["is_transient"] = told["transient"]
        if "user_title" in told:
            error["error_user_title"] = told["user_title"]
            error["error_user_msg"] = told.get("user_msg", "")
        return {"error": error | {"fbtrace_id": trace}}


class _Known(dict[str, object]):
    """Facts for a message. One that a fault does not know stays as it is written."""

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"
