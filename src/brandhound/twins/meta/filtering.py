"""`filtering=[{"field":"ad.effective_status","operator":"IN","value":["ACTIVE"]}]`: which things are meant."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from brandhound.twins.meta.calling import Call
from brandhound.twins.meta.refusing import Refused

Column = NDArray[Any]
Columns = Mapping[str, Callable[[], Column]]
Flags = NDArray[np.bool_]

_ORDER: Mapping[str, Callable[[Column, Any], Flags]] = {
    "EQUAL": lambda column, value: column == value,
    "NOT_EQUAL": lambda column, value: column != value,
    "GREATER_THAN": lambda column, value: column > value,
    "AFTER": lambda column, value: column > value,
    "GREATER_THAN_OR_EQUAL": lambda column, value: column >= value,
    "LESS_THAN": lambda column, value: column < value,
    "BEFORE": lambda column, value: column < value,
    "LESS_THAN_OR_EQUAL": lambda column, value: column <= value,
}
_LISTS = ("IN", "NOT_IN", "ANY", "NONE", "IN_RANGE", "NOT_IN_RANGE")
_TEXTS = ("CONTAIN", "NOT_CONTAIN", "STARTS_WITH")


def read_filters(call: Call) -> list[tuple[str, str, Any]]:
    """Field, operator and value of each filter. Raises Refused for what is no filter."""
    given = call.json("filtering", [])
    if not isinstance(given, list):
        raise Refused("parameter", detail="param filtering must be an array.")
    found: list[tuple[str, str, Any]] = []
    for one in cast("list[Any]", given):
        if not isinstance(one, dict) or not {"field", "operator", "value"} <= set(cast("dict[str, Any]", one)):
            raise Refused("parameter", detail="Filtering: each filter needs field, operator and value")
        filtered = cast("dict[str, Any]", one)
        operator = str(filtered["operator"]).upper()
        if operator not in (*_ORDER, *_LISTS, *_TEXTS):
            raise Refused("parameter", detail=f"Filtering: operator {operator} is not supported")
        found.append((str(filtered["field"]), operator, filtered["value"]))
    return found


def matches(columns: Columns, filters: Sequence[tuple[str, str, Any]], size: int) -> Flags:
    """Which rows all filters let through. Raises Refused for a field that cannot be filtered by."""
    kept = np.ones(size, np.bool_)
    for name, operator, value in filters:
        if name not in columns:
            raise Refused(
                "parameter", detail=f"Filtering field {name} with operation {operator.lower()} is not supported"
            )
        kept &= _match(columns[name](), operator, value)
    return kept


def _match(column: Column, operator: str, value: Any) -> Flags:
    if operator in _ORDER:
        return _ORDER[operator](column, _like(column, value))
    if operator in _TEXTS:
        return _match_text(column, operator, str(value))
    if not isinstance(value, list):
        raise Refused("parameter", detail=f"Filtering: {operator} needs a list")
    values = [_like(column, one) for one in cast("list[Any]", value)]
    if operator.endswith("RANGE"):
        if len(values) != 2:
            raise Refused("parameter", detail=f"Filtering: {operator} needs two values")
        inside: Flags = (column >= values[0]) & (column <= values[1])
        return inside if operator == "IN_RANGE" else ~inside
    found: Flags = np.isin(column, values)
    return found if operator in ("IN", "ANY") else ~found


def _match_text(column: Column, operator: str, value: str) -> Flags:
    value, texts = value.lower(), [str(one).lower() for one in column]
    if operator == "STARTS_WITH":
        return np.array([text.startswith(value) for text in texts], np.bool_)
    found = np.array([value in text for text in texts], np.bool_)
    return found if operator == "CONTAIN" else ~found


def _like(column: Column, value: Any) -> Any:
    """The value as the column has it: a number, or a text."""
    if column.dtype.kind in "US":
        return str(value)
    if isinstance(value, str) and not value.replace(".", "", 1).lstrip("-").isdigit():
        try:
            return datetime.fromisoformat(value).timestamp()
        except ValueError:
            raise Refused("parameter", detail=f"Filtering: {value!r} is neither a number nor a time") from None
    return float(value)
