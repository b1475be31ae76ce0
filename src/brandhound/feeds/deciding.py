"""What an answer means for a feed: how it is, when to look again, and why, in words. Nothing here waits or stores."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from brandhound.core.http.client import FetchFailed, FetchResult
from brandhound.core.http.dates import clamp_wait
from brandhound.core.wording import count_of
from brandhound.feeds.autodiscovery import feeds_named
from brandhound.feeds.models import DocumentState
from brandhound.feeds.moving import Move, permanent_target
from brandhound.feeds.reading import NotAFeed, ParsedFeed
from brandhound.feeds.rhythm import LONGEST, SHORTEST, Rhythm, Wait, adaptive_wait
from brandhound.feeds.walls import wall_of

Reading = ParsedFeed | NotAFeed | None
"""What the body said; None when there was none to read or it was the same as last time."""

READ = (200, 203, 226)
"""Answers whose body is the feed: as it is, as a proxy changed it (RFC 9110, section 15.3.4), or what is new in it."""
CONFIRM_GONE = 3
GONE_OVER = timedelta(hours=72)
LOST_FOR = timedelta(days=14)
WEEKLY = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """What was known of a feed before this look."""

    url: str
    private: bool = False
    rhythm: Rhythm = field(default_factory=Rhythm)
    failures: int = 0
    failing_since: datetime | None = None
    gone_count: int = 0
    gone_since: datetime | None = None
    move: Move = field(default_factory=Move)
    ttl_minutes: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    searched_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a feed stands after this look. `check_reason` are the words after "because"."""

    outcome: Literal["new", "unchanged", "failed", "gone"]
    state: DocumentState
    next_check_at: datetime | None
    interval: timedelta | None
    check_reason: str
    failures: int = 0
    failing_since: datetime | None = None
    error_code: str | None = None
    error_detail: str | None = None
    gone_count: int = 0
    gone_since: datetime | None = None
    move: Move = field(default_factory=Move)
    move_to: str | None = None
    """The address to fetch from now on."""
    search_site: bool = False
    """Look whether the site names another feed."""

    @property
    def succeeded(self) -> bool:
        return self.outcome in ("new", "unchanged")


@dataclass(frozen=True, slots=True)
class Backoff:
    """How to wait after a failure: from `first`, twice as long each time, at most `longest`."""

    first: timedelta
    longest: timedelta
    hard: bool = False
    """It will not mend by itself, so a person is told at once, not after the second time."""
    full_jitter: bool = False


SOON = Backoff(timedelta(minutes=5), timedelta(hours=6))
BUSY = Backoff(timedelta(minutes=15), timedelta(hours=6), full_jitter=True)
REFUSED = Backoff(timedelta(hours=1), timedelta(hours=24), hard=True)
LOST = Backoff(timedelta(hours=1), timedelta(hours=24), hard=True)

# Status → (code, how to wait, what happened). A status that is not here is looked up by its hundred.
BY_STATUS: dict[int, tuple[str, Backoff, str]] = {
    401: ("credentials", REFUSED, "it asks for a user and a password"),
    402: ("paywall", REFUSED, "the publisher wants to be paid for automated reading"),
    403: ("forbidden", REFUSED, "the server refuses to give it to us"),
    404: ("not-found", LOST, "there is nothing at its address any more"),
    408: ("timeout", SOON, "the server gave up waiting"),
    429: ("too-many-requests", BUSY, "the server says that we ask too often"),
    451: ("legal", REFUSED, "it is withheld for legal reasons"),
    503: ("unavailable", BUSY, "the server says that it is busy"),
    2: ("not-ready", SOON, "the server answers without giving the feed"),
    3: ("bad-redirect", LOST, "the server sends us on without saying where"),
    4: ("refused", REFUSED, "the server does not accept the request"),
    5: ("server-error", SOON, "the server has a fault"),
}
BY_FAILURE: dict[str, tuple[Backoff, str]] = {
    "dns": (SOON, "its host name cannot be found"),
    "refused": (SOON, "the server does not accept connections"),
    "connection": (SOON, "the connection broke"),
    "timeout": (SOON, "the server did not answer in time"),
    "tls": (SOON, "no connection to the server that can be trusted comes about"),
    "tls-expired": (
        Backoff(timedelta(minutes=5), timedelta(hours=6), hard=True),
        "the server's certificate has expired",
    ),
    "host-busy": (SOON, "its host is not to be asked just now"),
    "robots-unreachable": (SOON, "its robots.txt cannot be read"),
    "robots": (REFUSED, "its robots.txt forbids automated reading"),
    "redirect-loop": (LOST, "it redirects in a circle"),
    "too-many-redirects": (LOST, "it redirects too many times"),
    "too-large": (REFUSED, "it is larger than 15 MB"),
    "ratio": (REFUSED, "it unpacks to far more than was sent"),
    "bad-encoding": (SOON, "its compression is broken"),
    "private-address": (REFUSED, "its host lies inside a private network"),
    "zero-egress": (REFUSED, "this installation may not speak to the outside"),
    "scheme": (REFUSED, "it leads to something that is not on the web"),
    "port": (REFUSED, "it leads to a port that is not allowed"),
    "bad-url": (REFUSED, "its address cannot be understood"),
}
BY_READING: dict[str, tuple[str, Backoff, str]] = {
    "empty": ("empty", SOON, "the answer was empty"),
    "unreadable": ("unreadable", SOON, "what lies at its address could not be read here"),
}
NO_FEED = ("not-a-feed", LOST, "something that is no feed lies at its address")
WALLS = {
    "bot-wall": "the publisher keeps programs out with a check for humans",
    "paywall": "the publisher wants to be paid for automated reading",
    "consent-wall": "the publisher asks for consent before it shows anything",
}
UNKNOWN_FAILURE = (SOON, "it could not be fetched")


def decide(
    standing: Standing,
    answer: FetchResult | FetchFailed,
    reading: Reading,
    now: datetime,
    *,
    chance: float = 0.5,
    same_feed: bool = False,
) -> Verdict:
    """How a feed stands after an answer.

    `reading` is None for a 304, or a body that is letter by letter the one before. `same_feed` says that what was read
    shares an item with what is stored. `chance` in [0, 1) spreads the checks of many feeds; 0.5 spreads nothing.
    """
    if isinstance(answer, FetchFailed):
        backoff, words = BY_FAILURE.get(answer.code, UNKNOWN_FAILURE)
        failed = _failed(standing, answer.code, answer.detail, backoff, words, now, chance)
        return _asked_to_wait(failed, answer.retry_after, now) if answer.retry_after else failed
    if answer.status == 304 or (answer.status in READ and not isinstance(reading, NotAFeed)):
        return _succeeded(standing, answer, reading, now, chance, same_feed=same_feed)
    if answer.status == 410:
        return _gone(standing, now)
    if (wall := wall_of(answer)) is not None and not _names_feeds(answer):
        return _failed(standing, wall, f"answer {answer.status}", REFUSED, WALLS[wall], now, chance)
    if isinstance(reading, NotAFeed):
        code, backoff, words = BY_READING.get(reading.code, NO_FEED)
        failed = _failed(standing, code, str(reading), backoff, words, now, chance)
        return replace(failed, search_site=code == "not-a-feed" and _may_search(standing, now))
    return _by_status(standing, answer, now, chance)


def _names_feeds(answer: FetchResult) -> bool:
    """Whether it is the site that speaks, not what stands before it."""
    return answer.status == 200 and bool(feeds_named(answer.body, answer.final_url, answer.headers))


def failure_in_words(code: str, detail: str) -> str:
    """What broke on the way, as a sentence with its detail."""
    return _sentence(BY_FAILURE.get(code, UNKNOWN_FAILURE)[1], detail)


def status_in_words(status: int) -> str:
    """What a first look at an address that answers like that says, as a sentence with the status."""
    words = "what was there is gone for good" if status == 410 else _meaning(status)[2].removesuffix(" any more")
    return _sentence(words, f"answer {status}")


def wall_in_words(wall: str) -> str:
    """Who keeps programs out, and how, as a sentence."""
    return f"{WALLS[wall][0].upper()}{WALLS[wall][1:]}."


def _meaning(status: int) -> tuple[str, Backoff, str]:
    return BY_STATUS.get(status) or BY_STATUS.get(status // 100) or BY_STATUS[5]


def _sentence(words: str, detail: str) -> str:
    return f"{words[0].upper()}{words[1:]}: {detail}"[:500]


def _by_status(standing: Standing, answer: FetchResult, now: datetime, chance: float) -> Verdict:
    status = answer.status
    code, backoff, words = _meaning(status)
    failed = _failed(standing, code, f"answer {status}", backoff, words, now, chance)
    if status in (429, 503) and answer.retry_after is not None:
        return _asked_to_wait(failed, answer.retry_after, now)
    if status == 404:
        since = standing.failing_since or now
        if now - since > LOST_FOR:
            failed = _wait(failed, WEEKLY, now, "there has been nothing at its address for two weeks")
        return replace(failed, search_site=_may_search(standing, now))
    return failed


def _failed(
    standing: Standing, code: str, detail: str, backoff: Backoff, words: str, now: datetime, chance: float
) -> Verdict:
    failures = standing.failures + 1
    wait = min(backoff.first * 2 ** min(failures - 1, 20), backoff.longest)
    if backoff.full_jitter:
        # Between the first wait and the whole of it, so that many do not come back at the same moment.
        wait = backoff.first + (wait - backoff.first) * chance
    else:
        wait *= 1 + (chance - 0.5) * 0.2
    times = "" if failures == 1 else f" ({failures} times in a row)"
    return Verdict(
        outcome="failed",
        state="failing" if backoff.hard or failures > 1 else "active",
        next_check_at=now + wait,
        interval=wait,
        check_reason=f"{words}{times}",
        failures=failures,
        failing_since=standing.failing_since or now,
        error_code=code,
        error_detail=_sentence(words, detail),
        # A failure in between neither counts for a move nor against it.
        move=standing.move,
    )


def _asked_to_wait(failed: Verdict, seconds: float, now: datetime) -> Verdict:
    wait = clamp_wait(seconds)
    asked = f"{failed.check_reason}, and asks us to wait {_duration(wait)}"
    if seconds > wait:
        asked += f" (it said {_duration(seconds)}; a day is the most we wait)"
    return _wait(failed, timedelta(seconds=wait), now, asked)


def _wait(verdict: Verdict, wait: timedelta, now: datetime, reason: str) -> Verdict:
    return replace(verdict, next_check_at=now + wait, interval=wait, check_reason=reason)


def _gone(standing: Standing, now: datetime) -> Verdict:
    """410 says that it will not come back. It is believed at the third time over three days."""
    count, since = standing.gone_count + 1, standing.gone_since or now
    certain = count >= CONFIRM_GONE and now - since >= GONE_OVER
    wait = GONE_OVER / 2
    return Verdict(
        outcome="gone" if certain else "failed",
        state="gone" if certain else "failing",
        next_check_at=None if certain else now + wait,
        interval=None if certain else wait,
        check_reason=(
            "the publisher has taken it away for good"
            if certain
            else f"the publisher says that it is gone; that is believed after {CONFIRM_GONE} looks over three days"
        ),
        failures=standing.failures + 1,
        failing_since=standing.failing_since or now,
        error_code="gone",
        error_detail="The publisher answers that this feed is gone for good (410).",
        gone_count=count,
        gone_since=since,
        search_site=certain or _may_search(standing, now),
    )


def _may_search(standing: Standing, now: datetime) -> bool:
    return standing.searched_at is None or now - standing.searched_at >= WEEKLY


def _succeeded(
    standing: Standing, answer: FetchResult, reading: Reading, now: datetime, chance: float, *, same_feed: bool
) -> Verdict:
    parsed = reading if isinstance(reading, ParsedFeed) else None
    if parsed is not None and parsed.expired:
        return Verdict("new", "gone", None, None, "the publisher has declared it finished", error_code="expired",
                       error_detail="The publisher says in the feed that nothing more will come.")  # fmt: skip
    wait = _next_wait(standing, answer, parsed, now)
    interval = wait.interval * (1 + (chance - 0.5) * 0.2)
    at = now + min(max(interval, SHORTEST), LONGEST)
    skipped = _after_skipped(standing, parsed, at)
    target = permanent_target(answer, private=standing.private)
    move = standing.move.seen(target, now)
    believed = target if move.is_certain(now) and (parsed is None or same_feed) else None
    return Verdict(
        outcome="unchanged" if parsed is None else "new",
        state="active",
        next_check_at=skipped,
        interval=wait.interval,
        check_reason=wait.because if skipped == at else "the publisher says that nothing new comes before",
        move=Move() if believed else move,
        move_to=believed,
    )


def _next_wait(standing: Standing, answer: FetchResult, parsed: ParsedFeed | None, now: datetime) -> Wait:
    """The longest of what the rhythm, the cache headers and the feed itself ask for, at most a day."""
    wait = adaptive_wait(standing.rhythm, now)
    ttl = parsed.ttl if parsed is not None else standing.ttl_minutes
    fresh = answer.fresh_for
    if fresh and timedelta(seconds=min(fresh, 86_400)) > wait.interval:
        words = f"the publisher's server says that it stays the same for {_duration(fresh)}"
        wait = Wait(min(timedelta(seconds=min(fresh, 86_400)), LONGEST), words)
    if ttl and timedelta(minutes=min(ttl, 1440)) > wait.interval:
        words = f"the feed asks not to be read more often than every {_duration(ttl * 60)}"
        wait = Wait(min(timedelta(minutes=min(ttl, 1440)), LONGEST), words)
    return wait


def _after_skipped(standing: Standing, parsed: ParsedFeed | None, at: datetime) -> datetime:
    """The first moment from `at` on that is not in an hour or on a day that the publisher said to skip."""
    hours = parsed.skip_hours if parsed is not None else standing.skip_hours
    days = parsed.skip_days if parsed is not None else standing.skip_days
    if len(hours) >= 24 or len(days) >= 7:
        return at
    moment = at
    for _ in range(24 * 8):
        if moment.hour not in hours and moment.weekday() not in days:
            # The whole wait never exceeds a day by more than the skipped time itself.
            return moment
        moment = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return at


def _duration(seconds: float) -> str:
    minutes = seconds / 60
    if minutes < 1:
        return f"{seconds:.0f} seconds"
    if minutes < 90:
        return count_of(round(minutes), "minute")
    if minutes < 48 * 60:
        return count_of(round(minutes / 60), "hour")
    return count_of(round(minutes / 1440), "day")
