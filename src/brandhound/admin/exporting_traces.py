"""Traces for an OpenTelemetry collector: OTLP over HTTP, as JSON (OTLP 1.x, read 2026-11-20)."""

import json
import os
import socket
from collections.abc import Sequence

from brandhound import __version__
from brandhound.admin.posting import Parcel, Poster
from brandhound.core.tracing import Span, Value, trace_to

KINDS = {"internal": 1, "server": 2, "client": 3, "consumer": 5}
EVERY = 5.0
_ERROR = 2


def export_traces(endpoint: str, process: str, *, every: float = EVERY) -> Poster:
    """Send every span from now on to the collector at this address (its base, such as http://127.0.0.1:4318)."""
    url = endpoint.rstrip("/") + "/v1/traces"

    def pack(spans: list[object]) -> list[Parcel]:
        body = json.dumps(otlp([span for span in spans if isinstance(span, Span)], process)).encode()
        return [Parcel(url, body, {"content-type": "application/json"})]

    poster = Poster("trace-collector", pack, every=every)
    poster.start()
    trace_to(poster.put)
    return poster


def otlp(spans: Sequence[Span], process: str) -> dict[str, object]:
    """The spans as an ExportTraceServiceRequest."""
    resource: dict[str, Value] = {
        "service.name": "brandhound",
        "service.version": __version__,
        "service.instance.id": f"{socket.gethostname()}:{os.getpid()}",
        "process.pid": os.getpid(),
        "brandhound.process": process,
    }
    scope = {"name": "brandhound", "version": __version__}
    return {
        "resourceSpans": [
            {
                "resource": {"attributes": _attributes(resource)},
                "scopeSpans": [{"scope": scope, "spans": [_span(span) for span in spans]}],
            }
        ]
    }


def _span(span: Span) -> dict[str, object]:
    told: dict[str, object] = {
        "traceId": span.trace_id,
        "spanId": span.span_id,
        "name": span.name,
        "kind": KINDS[span.kind],
        # 64-bit numbers are texts in JSON.
        "startTimeUnixNano": str(span.started),
        "endTimeUnixNano": str(span.ended),
        "attributes": _attributes(span.facts),
    }
    if span.parent_id:
        told["parentSpanId"] = span.parent_id
    if span.failure:
        told["status"] = {"code": _ERROR, "message": span.failure}
    return told


def _attributes(facts: dict[str, Value]) -> list[dict[str, object]]:
    return [{"key": key, "value": _value(value)} for key, value in facts.items()]


def _value(value: Value) -> dict[str, object]:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    return {"stringValue": value}
