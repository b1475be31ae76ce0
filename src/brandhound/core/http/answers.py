"""What is asked of the outside, what comes back, and what can go wrong on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from brandhound.core.http.dates import freshness, parse_http_date, retry_after_seconds

Purpose = Literal["feed", "page", "robots", "discovery"]

FailureCode = Literal[
    "bad-url",
    "scheme",
    "port",
    "private-address",
    "zero-egress",
    "dns",
    "refused",
    "connection",
    "timeout",
    "tls",
    "tls-expired",
    "redirect-loop",
    "too-many-redirects",
    "too-large",
    "ratio",
    "bad-encoding",
    "robots",
    "robots-unreachable",
    "host-busy",
]

DEFAULT_MAX_BYTES = 15 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Validators:
    """What one URL last said about its version; sent back exactly as it came."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """One document to fetch.

    `validators` are keyed by the URLs of the redirect chain (`Hop.url`), because a validator belongs to a URL.
    `credentials` go to the origin of `url` only, never on to another one.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    max_bytes: int = DEFAULT_MAX_BYTES
    purpose: Purpose = "page"
    obey_robots: bool = True
    credentials: tuple[str, str] | None = None
    validators: Mapping[str, Validators] = field(default_factory=dict[str, Validators])


@dataclass(frozen=True, slots=True)
class Hop:
    """One answer of the chain, the last one included. Header values are as the server sent them.

    `downgrade` says that this answer leads from https to http: such a move is followed, and should never be kept.
    """

    url: str
    status: int
    location: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    cache_control: str | None = None
    expires: str | None = None
    date: str | None = None
    age: str | None = None
    retry_after: str | None = None
    downgrade: bool = False


@dataclass(frozen=True, slots=True)
class FetchResult:
    """The answer. Any status is an answer, 304 and 503 too; `body` is decoded, `headers` have lower-case names.

    `elapsed` counts the seconds on the network, without those spent waiting for our turn. `signals` is what the site's
    robots.txt says on the use of its content (`Content-Signal: ai-input=no`), empty where it was not asked.
    """

    url: str
    final_url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    hops: tuple[Hop, ...]
    elapsed: float
    signals: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait as the server asks, by its own clock; not clamped."""
        return retry_after_seconds(self.headers.get("retry-after"), self.date)

    @property
    def fresh_for(self) -> float | None:
        """Seconds for which the answer stays fresh (0: ask again at will, conditionally); None when it does not say."""
        return freshness(self.headers)

    @property
    def date(self) -> datetime | None:
        """When the server says it answered."""
        return parse_http_date(self.headers.get("date"))


class FetchFailed(Exception):
    """No answer: we refused to ask, or the other side did not answer properly. `code` is for machines.

    `retry_after` is the number of seconds after which asking again makes sense, when that is known. `hops` are the
    answers before the failure. `was_sent`: of a conversation, all that we had to say had gone out.
    """

    def __init__(self, code: FailureCode, detail: str, retry_after: float | None = None) -> None:
        super().__init__(f"{code}: {detail}")
        self.code: FailureCode = code
        self.detail = detail
        self.retry_after = retry_after
        self.hops: tuple[Hop, ...] = ()
        self.was_sent = False
