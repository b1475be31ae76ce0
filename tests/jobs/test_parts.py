"""The parts that only think: retries, progress, log lines, redaction, and doing many at once."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from brandhound.jobs.gathering import Gathered
from brandhound.jobs.logs import KEEP_PER_ATTEMPT, KEEP_WAITING, RunLog
from brandhound.jobs.progress import Progress, Standing
from brandhound.jobs.redacting import redact, redact_facts
from brandhound.jobs.retrying import RETRIES, Backoff

BACKOFF = Backoff(attempts=4, first=timedelta(seconds=2), limit=timedelta(seconds=5))


def test_waits_double_up_to_a_limit_and_are_drawn_anew_each_time() -> None:
    for failures, longest in ((1, 2), (2, 4), (3, 5)):
        waits = [BACKOFF.wait(failures, None) for _ in range(200)]
        seconds = [wait.total_seconds() for wait in waits if wait is not None]
        assert len(seconds) == 200
        assert 0 <= min(seconds) < longest * 0.2
        assert longest * 0.8 < max(seconds) <= longest
    assert BACKOFF.wait(4, None) is None


def test_a_stranger_who_names_a_wait_is_obeyed_or_left() -> None:
    assert BACKOFF.wait(1, 7.0) == timedelta(seconds=7)
    assert BACKOFF.wait(1, 3600.0) is None


@pytest.mark.parametrize("code", ["jobs/unexpected", "bad-key", "private-address", "too-large", "robots"])
def test_what_does_not_heal_is_not_in_the_table(code: str) -> None:
    assert code not in RETRIES


class Stopwatch:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_progress_is_written_at_most_four_times_a_second_and_never_goes_back() -> None:
    watch = Stopwatch()
    progress = Progress(Standing(0, None, None), watch)
    written: list[int] = []
    for number in range(1000):
        watch.now = number / 1000
        progress.report(number if number % 7 else 0, 1000, None)
        if standing := progress.due():
            written.append(standing.done)
    assert len(written) <= 5
    assert written == sorted(written)
    last = progress.take()
    assert last is not None
    assert last.done == 999


def test_after_a_crash_progress_that_is_told_again_is_no_news() -> None:
    progress = Progress(Standing(7, 10, "Fetching"))
    progress.report(3, 10, "Fetching")
    assert progress.due() is None
    progress.report(12, 10, None)
    assert progress.standing == Standing(10, 10, "Fetching")


def test_lines_that_could_not_be_written_keep_their_place() -> None:
    log = RunLog(attempt=2)
    for number in range(3):
        log.add("info", f"line {number}", {})
    taken = log.take()
    log.add("info", "line 3", {})
    log.give_back(taken)
    assert [(line.seq, line.text) for line in log.take()] == [
        (2_000_001 + number, f"line {number}") for number in range(4)
    ]


def test_too_many_lines_are_counted_and_said() -> None:
    log = RunLog(attempt=1)
    for number in range(KEEP_WAITING + 500):
        log.add("info", f"line {number}", {})
    assert len(log.take()) == KEEP_WAITING
    log.add("info", "again", {})
    assert [line.text for line in log.take()] == ["500 lines skipped", "again"]
    for _ in range(KEEP_PER_ATTEMPT):
        log.add("info", "much", {})
        log.take()
    assert log.close()[-1].text.endswith("lines skipped")


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://ada:hunter2hunter2@db/brandhound",
        "Authorization: Bearer hunter2hunter2",
        "Authorization: Basic hunter2hunter2",
        '{"api_key": "hunter2hunter2"}',
        "https://x.example/?access_token=hunter2hunter2&page=2",
        "sk-hunter2hunter2hunter2",
        "-----BEGIN PRIVATE KEY-----\nhunter2hunter2\n-----END PRIVATE KEY-----",
        "client_secret=hunter2hunter2",
        "token: the-hunter2-one",
        "token: no.hunter2.hunter2",
        "refresh token: expired_hunter2",
        "https://hooks.slack.com/services/T0/B0/hunter2",
        "https://discord.com/api/webhooks/12/hunter2",
        "https://ours.webhook.office.com/webhookb2/a@b/IncomingWebhook/hunter2/c",
        "https://x.logic.azure.com/workflows/a/triggers/manual/paths/invoke?api-version=1&sig=hunter2",
        "https://api.telegram.org/bot123456789:AAhunter2hunter2hunter2hunter2/sendMessage",
        "https://x.example/v1?key=hunter2",
    ],
)
def test_what_looks_secret_is_not_said(text: str) -> None:
    assert "hunter2" not in redact(text)


def test_ordinary_words_are_left_alone() -> None:
    text = "A basic understanding of token economics in the Secret Garden: password managers compared, https://x.example/a?page=2"
    assert redact(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Error validating access token: The user has not authorized application 7.",
        "Error validating access token: Data access has expired.",
        "The access token: expired.",
    ],
)
def test_a_sentence_about_a_token_can_be_read(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    "text", ["password: the", "secret: expired", "token=expired", '"token": "expired"', "token: x"]
)
def test_a_word_that_may_be_the_secret_is_not_said(text: str) -> None:
    assert redact(text).rstrip('"').endswith("•••")


def test_facts_are_redacted_by_their_name() -> None:
    facts = {"url": "https://x.example", "headers": {"Authorization": "abc"}, "items": ["a", {"password": "b"}]}
    assert redact_facts(facts) == {
        "url": "https://x.example",
        "headers": {"Authorization": "•••"},
        "items": ["a", {"password": "•••"}],
    }


@pytest.mark.anyio
async def test_what_comes_at_the_same_moment_is_done_together() -> None:
    batches: list[list[int]] = []

    async def double(numbers: Sequence[int]) -> list[int]:
        batches.append(list(numbers))
        await asyncio.sleep(0.01)
        return [number * 2 for number in numbers]

    gathered = Gathered(double)
    assert await asyncio.gather(*(gathered(number) for number in range(50))) == [number * 2 for number in range(50)]
    assert len(batches) <= 2


@pytest.mark.anyio
async def test_one_that_fails_does_not_spoil_the_others() -> None:
    async def invert(numbers: Sequence[int]) -> list[float]:
        return [1 / number for number in numbers]

    gathered = Gathered(invert)
    results = await asyncio.gather(*(gathered(number) for number in (1, 0, 2)), return_exceptions=True)
    assert results[0] == 1
    assert isinstance(results[1], ZeroDivisionError)
    assert results[2] == 0.5
