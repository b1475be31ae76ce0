"""Every answer that a provider is known to give is understood, and no answer at all can break the understanding."""

import json
import smtplib
import socket
import ssl
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from brandhound.core import clock
from brandhound.core.http.answers import FetchFailed
from brandhound.providers.classifying import waits
from brandhound.providers.failures import FAMILIES, Failure, FailureClass, classify, failure_in

RECORDED = Path(__file__).parent / "recorded"
NOW = datetime(2026, 11, 25, 22, 0, tzinfo=UTC)


def recorded() -> list[Any]:
    cases: list[Any] = []
    for file in sorted(RECORDED.glob("*.json")):
        for case in cast("list[dict[str, Any]]", json.loads(file.read_text())):
            provider = case.get("provider", file.stem)
            cases.append(pytest.param(provider, case, id=f"{provider}: {case['says']}"))
    return cases


@pytest.fixture(autouse=True)
def stopped_clock() -> Generator[None]:
    clock.freeze(NOW)
    yield
    clock.unfreeze()


def test_enough_answers_are_recorded() -> None:
    cases = recorded()
    assert len(cases) >= 150
    assert {case.values[0] for case in cases} >= {"openai", "anthropic", "gemini", "google_search", "reddit", "meta"}


@pytest.mark.parametrize(("provider", "case"), recorded())
def test_a_recorded_answer_is_understood(provider: str, case: dict[str, Any]) -> None:
    expected = case["expect"]
    body = case["body"] if isinstance(case["body"], str) else json.dumps(case["body"]).encode()

    found = classify(provider, case["status"], case["headers"], body)

    assert found.cls == FailureClass(expected["class"]), found
    assert found.http == case["status"]
    assert found.retry_after == pytest.approx(expected.get("retry_after")), found
    assert found.until == (datetime.fromisoformat(expected["until"]) if "until" in expected else None)
    for name in ("code", "request_id", "probe_after", "message"):
        if name in expected:
            assert getattr(found, name) == expected[name]
    assert expected.get("do", "") in found.what_to_do
    assert found.detail.endswith(".")
    assert "{" not in found.detail


@pytest.mark.parametrize(("provider", "case"), recorded())
def test_the_same_answer_is_understood_as_data_too(provider: str, case: dict[str, Any]) -> None:
    assert classify(provider, case["status"], case["headers"], case["body"]).cls == case["expect"]["class"]


def test_what_a_person_must_mend_says_how() -> None:
    for case in recorded():
        provider, record = case.values
        found = classify(provider, record["status"], record["headers"], record["body"])
        if found.cls in (FailureClass.BILLING, FailureClass.CONFIG) and provider != "http":
            assert found.what_to_do, found


GOOD: list[tuple[str, Any]] = [
    ("openai", {"choices": [{"finish_reason": "stop", "message": {"content": "ok"}}]}),
    ("anthropic", {"type": "message", "stop_reason": "end_turn", "content": []}),
    ("gemini", {"candidates": [{"finishReason": "STOP", "content": {}}]}),
    ("google_search", {"searchInformation": {"totalResults": "0"}}),
    ("reddit", {"kind": "Listing", "data": {"children": []}}),
    ("meta", {"data": []}),
    ("ollama", {"choices": [{"finish_reason": "stop", "message": {"content": "ok"}}]}),
    ("http", {}),
    # The last piece of a stream, and what is answered to a removal.
    ("openai", 'data: {"object":"chat.completion.chunk","choices":[],"usage":{"total_tokens":9}}\n\ndata: [DONE]\n\n'),
    ("gemini", {}),
    ("gemini", ""),
]


@pytest.mark.parametrize(("provider", "body"), GOOD)
def test_a_good_answer_is_no_failure(provider: str, body: object) -> None:
    assert failure_in(provider, 200, {}, body) is None


@pytest.mark.parametrize(
    ("error", "cls", "code"),
    [
        (FetchFailed("dns", "no such host"), "network", "dns"),
        (FetchFailed("timeout", "30 s"), "network", "timeout"),
        (FetchFailed("tls-expired", "…"), "config", "tls-expired"),
        (FetchFailed("private-address", "10.0.0.1"), "config", "private-address"),
        (FetchFailed("host-busy", "…", 12.0), "retry_after", "host-busy"),
        (FetchFailed("too-large", "…"), "fatal", "too-large"),
        (TimeoutError(), "network", "timeout"),
        (ConnectionResetError("reset"), "network", "connection"),
        (ConnectionRefusedError("refused"), "network", "refused"),
        (socket.gaierror(-2, "Name or service not known"), "network", "dns"),
        (ssl.SSLCertVerificationError("self-signed"), "config", "tls-certificate"),
        (ValueError("what?"), "fatal", "unexpected"),
    ],
)
def test_an_exception_is_understood(error: Exception, cls: str, code: str) -> None:
    found = classify("openai", body_or_error=error)
    assert (found.cls, found.code) == (cls, code)
    assert "OpenAI" in found.detail or code == "zero-egress"


def test_a_local_server_that_is_not_running_is_a_matter_of_set_up() -> None:
    found = classify("ollama", body_or_error=FetchFailed("refused", "connection refused"))
    assert found.cls == FailureClass.CONFIG
    assert "Start it" in found.what_to_do


def test_an_answer_of_another_shape_than_asked_for_is_bad_output() -> None:
    class Shape(BaseModel):
        tone: str

    with pytest.raises(ValidationError) as error:
        Shape.model_validate({"mood": 1})
    assert classify("openai", body_or_error=error.value).cls == FailureClass.BAD_OUTPUT


@pytest.mark.parametrize(
    ("error", "cls"),
    [
        (smtplib.SMTPAuthenticationError(535, b"5.7.8 Authentication credentials invalid"), "auth"),
        (smtplib.SMTPDataError(554, b"5.7.1 Rejected as spam"), "content_blocked"),
        (smtplib.SMTPRecipientsRefused({"a@example.com": (550, b"5.1.1 User unknown")}), "fatal"),
        (smtplib.SMTPRecipientsRefused({}), "network"),
        (smtplib.SMTPServerDisconnected("gone"), "network"),
        (smtplib.SMTPNotSupportedError("STARTTLS extension not supported by server."), "config"),
        (smtplib.SMTPConnectError(421, "4.3.2 closing"), "slow_down"),
    ],
)
def test_an_exception_of_a_mail_library_is_understood(error: Exception, cls: str) -> None:
    assert classify("smtp", body_or_error=error).cls == cls


def test_no_key_is_repeated() -> None:
    key = "sk-" + "a1b2c3d4" * 4
    body = {"error": {"message": f"Incorrect API key provided: {key}.", "code": "invalid_api_key"}}
    assert key not in repr(classify("openai", 401, {}, body))
    error = FetchFailed("connection", "https://example.com/customsearch/v1?key=AIzaSyVerySecretKey&cx=1 broke")
    assert "VerySecret" not in repr(classify("google_search", body_or_error=error))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["error", "code", "message", "type", "status", "details", "errors", "reason", "choices"])
            | st.sampled_from(["candidates", "promptFeedback", "json", "@type", "violations", "retryDelay", "metadata"])
            | st.text(max_size=5),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["Retry-After", "retry-after-ms", "date", "x-ratelimit-reset", "x-ratelimit-reset-tokens", "x-should-retry"]
    )
    | st.sampled_from(
        ["anthropic-ratelimit-tokens-reset", "x-business-use-case-usage", "x-ad-account-usage", "content-type"]
    ),
    st.text(max_size=30) | st.integers().map(str) | JSON.map(json.dumps),
    max_size=4,
)
STATUSES = st.none() | st.integers(-5, 1000) | st.sampled_from([200, 400, 401, 403, 404, 429, 500, 503, 529])
BODIES = (
    JSON
    | JSON.map(lambda data: json.dumps(data).encode())
    | JSON.map(lambda data: json.dumps(json.dumps(data)))
    | JSON.map(lambda data: json.dumps(data)[: len(json.dumps(data)) // 2])
    | JSON.map(lambda data: f"event: error\ndata: {json.dumps(data)}\n\n")
    | st.binary(max_size=60)
    | st.text(max_size=60)
    | st.sampled_from(["", "<html>", "null", "[]", '""', "[[[[", '{"error":', "\ufeff{}", "[" * 100_000, '"' * 1000])
)


@settings(max_examples=400, deadline=None)
@given(provider=st.sampled_from(sorted(FAMILIES)), status=STATUSES, headers=HEADERS, body=BODIES)
def test_no_answer_breaks_the_understanding(
    provider: str, status: int | None, headers: dict[str, str], body: object
) -> None:
    found = classify(provider, status, headers, body)
    assert isinstance(found, Failure)
    assert found.code != "unclassified"
    assert len(found.message) <= 500
    assert found.retry_after is None or 0 <= found.retry_after <= waits.LONGEST
    assert found.cls is not FailureClass.RETRY_AFTER or found.retry_after is not None
    assert found.cls is not FailureClass.WAIT_QUOTA or found.until is not None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("1s", 1.0),
        ("6m0s", 360.0),
        ("120ms", 0.12),
        ("1h2m3.5s", 3723.5),
        ("45.837906927s", 45.837906927),
        ("0s", 0.0),
        ({"seconds": 36, "nanos": 500_000_000}, 36.5),
        ({"seconds": "36"}, 36.0),
        ("36", None),
        ("1x", None),
        ("", None),
        ("s", None),
        (None, None),
        (12, None),
    ],
)
def test_durations(value: object, seconds: float | None) -> None:
    assert waits.duration(value) == (None if seconds is None else pytest.approx(seconds))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Please try again in 26.604s. Visit …", 26.604),
        ("Please retry in 36.429760048s.", 36.429760048),
        ("try again in 9 minutes", 540.0),
        ("Please try again in 1h2m", 3720.0),
        ("Try again in 1 minute and 30 seconds.", 90.0),
        ("wait for 5 min", 300.0),
        ("try again later", None),
        ("in 5 minutes the tea is ready", None),
    ],
)
def test_waits_in_words(text: str, seconds: float | None) -> None:
    assert waits.wait_in_words(text) == (None if seconds is None else pytest.approx(seconds))


@pytest.mark.parametrize(
    ("now", "midnight"),
    [
        ("2026-11-25T22:00:00+00:00", "2026-11-26T08:00:00+00:00"),
        ("2026-11-26T07:59:59+00:00", "2026-11-26T08:00:00+00:00"),
        ("2026-11-26T08:00:00+00:00", "2026-11-27T08:00:00+00:00"),
        # Daylight saving begins on 8 March and ends on 1 November 2026.
        ("2026-03-08T09:00:00+00:00", "2026-03-09T07:00:00+00:00"),
        ("2026-07-01T12:00:00+00:00", "2026-07-02T07:00:00+00:00"),
        ("2026-11-01T08:00:00+00:00", "2026-11-02T08:00:00+00:00"),
    ],
)
def test_googles_days_begin_at_midnight_in_california(now: str, midnight: str) -> None:
    assert waits.midnight_pacific(datetime.fromisoformat(now)) == datetime.fromisoformat(midnight)


@pytest.mark.parametrize(
    ("now", "first"),
    [
        ("2026-11-25T22:00:00+00:00", "2026-12-01T00:00:00+00:00"),
        ("2026-12-31T23:59:59+00:00", "2027-01-01T00:00:00+00:00"),
        ("2027-01-01T00:00:00+00:00", "2027-02-01T00:00:00+00:00"),
        ("2026-12-01T00:30:00+01:00", "2026-12-01T00:00:00+00:00"),
    ],
)
def test_months_begin_at_midnight_utc(now: str, first: str) -> None:
    assert waits.first_of_next_month(datetime.fromisoformat(now)) == datetime.fromisoformat(first)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("29", 29.0),
        ("6m0s", 360.0),
        ("2026-11-25T22:00:45Z", 45.0),
        (str(int(NOW.timestamp()) + 60), 60.0),
        (str((int(NOW.timestamp()) + 60) * 1000), 60.0),
        ("2026-11-25T21:00:00Z", 0.0),
        ("nonsense", None),
        (None, None),
    ],
)
def test_reset_headers(value: str | None, seconds: float | None) -> None:
    assert waits.reset_header(value, NOW) == seconds
