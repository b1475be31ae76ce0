"""Figures for Prometheus, traces for a collector, errors for a tracker, and a heartbeat: for the operator's own systems."""

import asyncio
import json
import re
import threading
import time
from collections.abc import Callable, Generator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from brandhound.admin import exposing
from brandhound.admin.catching import catch
from brandhound.admin.exporting_errors import BadDsn, pass_errors_on, read_dsn
from brandhound.admin.exporting_traces import export_traces
from brandhound.admin.posting import operators_fetcher
from brandhound.admin.probing import beat_outside, own_address, probe
from brandhound.admin.pulsing import Pulse
from brandhound.app.watching_over import trace_runs
from brandhound.core import measuring, tracing
from brandhound.core.db import tenant_session
from brandhound.jobs.inline import run_until_idle
from brandhound.jobs.outcomes import Done, Outcome
from brandhound.jobs.registry import JOBS, Run, enqueue, job
from tests.admin.test_inbox import made

ROOT = Path(__file__).parents[2]
LINE = re.compile(r'^[a-z_0-9]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? -?[0-9.e+-]+(inf|nan)?$')


class Received:
    """What a system on this machine was sent."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        self.url = ""

    def wait(self, number: int = 1, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while len(self.requests) < number and time.monotonic() < end:
            time.sleep(0.05)
        assert len(self.requests) >= number

    def span(self, name: str, seconds: float = 60) -> dict[str, object]:
        """The span of this name, once a collector was sent it; others may come in parcels before."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := [span for span in spans_of(self) if span["name"] == name]:
                assert len(found) == 1
                return found[0]
            time.sleep(0.05)
        raise AssertionError([span["name"] for span in spans_of(self)])


@pytest.fixture
def system() -> Generator[Received]:
    """A collector, tracker or alarm on the loopback."""
    received = Received()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            received.requests.append((self.command, self.path, dict(self.headers), body))
            self.send_response(200)
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        do_GET = do_POST = answer

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    received.url = f"http://127.0.0.1:{server.server_port}"
    yield received
    server.shutdown()
    server.server_close()


def on_loopback(app: FastAPI, client: str = "127.0.0.1") -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, client=(client, 5)), base_url="http://127.0.0.1:8321")


async def figures(app: FastAPI) -> str:
    exposing.forget()
    async with on_loopback(app) as visitor:
        answer = await visitor.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return answer.text


async def test_prometheus_can_read_every_line(app: FastAPI, client: httpx.AsyncClient) -> None:
    await client.get("/api/feeds")
    await client.get("/api/nothing")
    pulse = Pulse("web", "1", every=60)
    pulse.tell()
    text = await figures(app)
    lines = text.splitlines()
    wrong = [line for line in lines if not line.startswith("#") and not LINE.match(line)]
    assert wrong == []
    kinds = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(kinds) == len(set(kinds))
    mine = f'process="{pulse.process_id}",kind="web"'
    assert f'brandhound_http_requests_total{{part="feeds",status="2xx",{mine}}} 1' in lines
    assert f'brandhound_http_request_seconds_count{{part="feeds",{mine}}} 1' in lines
    assert f'brandhound_http_request_seconds_bucket{{part="feeds",{mine},le="+Inf"}} 1' in lines
    assert any(line.startswith('brandhound_queue_depth{queue="fetch"} ') for line in lines)
    pulse.start()
    pulse.stop()


async def test_figures_are_for_this_machine_or_with_the_token(app: FastAPI, set_to: Callable[..., None]) -> None:
    async with on_loopback(app, "203.0.113.9") as stranger:
        assert (await stranger.get("/metrics")).status_code == 403
    async with on_loopback(app) as proxy:
        assert (await proxy.get("/metrics", headers={"x-forwarded-for": "203.0.113.9"})).status_code == 403
        assert (await proxy.get("/metrics", headers={"host": "brandhound.example"})).status_code == 403
        assert (await proxy.get("/metrics")).status_code == 200
        set_to(PUBLIC_URL="https://brandhound.example")
        assert (await proxy.get("/metrics")).status_code == 403
        set_to(METRICS_TOKEN="")
        assert (await proxy.get("/metrics", headers={"authorization": "Bearer "})).status_code == 403
    set_to(METRICS_TOKEN="let-me-see")
    async with on_loopback(app, "203.0.113.9") as prometheus:
        assert (await prometheus.get("/metrics")).status_code == 403
        wrong = {"authorization": "Bearer let-me"}
        assert (await prometheus.get("/metrics", headers=wrong)).status_code == 403
        assert (await prometheus.get("/metrics", headers={"authorization": "Bearer let-me-see"})).status_code == 200


async def test_traces_reach_a_collector_with_statements_and_the_one_who_asked(
    client: httpx.AsyncClient, system: Received
) -> None:
    poster = export_traces(system.url, "web", every=0.1)
    asked = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    await client.get("/api/feeds", headers={"traceparent": asked})
    root = system.span("GET /api/feeds")
    tracing.trace_to(None)
    poster.stop()
    spans = spans_of(system)
    assert (root["traceId"], root["parentSpanId"], root["kind"]) == (asked[3:35], asked[36:52], 2)
    statements = [span for span in spans if span.get("parentSpanId") == root["spanId"]]
    assert any(span["name"] == "select" for span in statements)
    assert all(int(str(span["endTimeUnixNano"])) >= int(str(span["startTimeUnixNano"])) for span in spans)
    assert system.requests[0][1] == "/v1/traces"


def spans_of(system: Received) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for *_, body in list(system.requests):
        for resource in json.loads(body)["resourceSpans"]:
            found += resource["scopeSpans"][0]["spans"]
    return found


async def test_each_run_is_a_trace_of_its_own(organization_id: UUID, system: Received) -> None:
    @job("admin.traced", timeout=timedelta(seconds=5))
    async def work(run: Run) -> Outcome:
        """Work."""
        return Done()

    poster = export_traces(system.url, "worker", every=0.1)
    trace_runs()
    async with tenant_session(organization_id) as db:
        await enqueue(db, "admin.traced")
    await run_until_idle(organization_id)
    span = system.span("run admin.traced")
    tracing.trace_to(None)
    poster.stop()
    del JOBS["admin.traced"], work
    assert str(organization_id) in json.dumps(span["attributes"])


async def test_a_collector_that_is_away_holds_nothing_up_and_is_told_of_once(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    poster = export_traces("http://127.0.0.1:9", "web", every=0.05)
    for _ in range(3):
        dropped = poster.dropped
        assert (await client.get("/api/feeds")).status_code == 200
        async with asyncio.timeout(60):
            # It sends in a thread that tells nobody.
            while poster.dropped == dropped:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    tracing.trace_to(None)
    poster.stop()
    assert [record.getMessage().startswith("trace-collector cannot be reached") for record in caplog.records
            if record.name == "brandhound.posting"] == [True]  # fmt: skip


def test_errors_reach_a_tracker_without_what_they_say(system: Received) -> None:
    tracker = pass_errors_on(f"{system.url.replace('://', '://publickey@')}/42", every=0.1)
    catch(made("secret words of somebody", kind=BufferError), "web", request="GET /api/feeds")
    system.wait()
    tracker.poster.stop()
    tracker.forget()
    method, path, headers, body = system.requests[0]
    assert (method, path) == ("POST", "/api/42/envelope/")
    assert "sentry_key=publickey" in {name.lower(): value for name, value in headers.items()}["x-sentry-auth"]
    assert b"secret words" not in body
    event = json.loads(body.splitlines()[2])
    (told,) = event["exception"]["values"]
    assert told["type"] == "BufferError"
    assert told["stacktrace"]["frames"][-1]["function"] == "made"
    assert event["transaction"] == "GET /api/feeds"


@pytest.mark.parametrize("dsn", ["", "https://host/1", "https://key@/1", "ftp://key@host/1", "https://key@host/"])
def test_a_dsn_that_is_none_is_refused(dsn: str) -> None:
    with pytest.raises(BadDsn):
        read_dsn(dsn)


async def test_the_heartbeat_goes_out(system: Received, set_to: Callable[..., None]) -> None:
    set_to(HEARTBEAT_URL=f"{system.url}/ping/key")
    await beat_outside()
    assert [request[:2] for request in system.requests] == [("GET", "/ping/key")]


async def test_the_probe_asks_as_a_visitor_would(system: Received, set_to: Callable[..., None]) -> None:
    set_to(PUBLIC_URL=system.url)
    fetcher = operators_fetcher()
    up, _ = await probe(fetcher, own_address())
    down, _ = await probe(fetcher, "http://127.0.0.1:9")
    await fetcher.aclose()
    assert (up, down) == (1.0, 0.0)
    assert system.requests[0][1] == "/readyz"


def test_quantiles_of_a_histogram_lie_where_they_must() -> None:
    histogram = measuring.Histogram()
    assert histogram.quantile(0.95) is None
    for _ in range(95):
        histogram.add(0.02)
    for _ in range(5):
        histogram.add(4)
    assert 0.01 <= (histogram.quantile(0.5) or 0) <= 0.025
    assert 2.5 <= (histogram.quantile(0.99) or 0) <= 5


def test_what_a_process_counted_since_the_last_minute_survives_its_restart() -> None:
    name = measuring.METRICS["brandhound_http_requests_total"].name
    assert measuring.since({name: {"a|2xx": 5}}, {name: {"a|2xx": 3}}) == {name: {"a|2xx": 2}}
    assert measuring.since({name: {"a|2xx": 5}}, {}) == {name: {"a|2xx": 5}}


def test_the_shipped_dashboard_asks_only_for_metrics_that_there_are() -> None:
    dashboard = json.loads((ROOT / "deploy/grafana/brandhound.json").read_text())
    queries = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]
    asked = {name for query in queries for name in re.findall(r"brandhound_[a-z0-9_]+", query)}
    exposed = {name: one for name, one in measuring.METRICS.items() if one.exposed}
    ends = {
        f"{name}{end}"
        for name, one in exposed.items()
        for end in (("_bucket", "_sum", "_count") if one.kind == "histogram" else ("",))
    }
    assert len(queries) >= 15
    assert asked - ends == set()


def test_every_metric_is_named_as_prometheus_wants() -> None:
    for one in measuring.METRICS.values():
        assert re.fullmatch(r"brandhound_[a-z0-9_]+", one.name)
        assert one.name.endswith("_total") == (one.kind == "counter"), one.name
        assert one.about.endswith("."), one.name
