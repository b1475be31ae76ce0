"""Whether a redirect is a move: believed only when it is permanent, lasting, and leads to the same feed."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from brandhound.core.http.client import FetchFailed, FetchResult
from brandhound.core.http.targets import read_target

PERMANENT = (301, 308)
LOOKS = 3
OVER = timedelta(hours=48)
# Where domains end up that were not renewed.
PARKING = re.compile(
    r"(?:^|\.)(?:sedoparking\.com|sedo\.com|parkingcrew\.net|bodis\.com|dan\.com|afternic\.com|hugedomains\.com"
    r"|godaddy\.com|namecheap\.com|domainmarket\.com|above\.com|parklogic\.com|undeveloped\.com|uniregistry\.com)$"
)


@dataclass(frozen=True, slots=True)
class Move:
    """A permanent redirect that was seen some times in a row."""

    to: str | None = None
    count: int = 0
    since: datetime | None = None

    def seen(self, target: str | None, now: datetime) -> "Move":
        """The same after one more look, which led to `target`, or was not a permanent redirect at all."""
        if target is None:
            return Move()
        if target != self.to:
            return Move(target, 1, now)
        return Move(target, self.count + 1, self.since or now)

    def is_certain(self, now: datetime) -> bool:
        return self.to is not None and self.since is not None and self.count >= LOOKS and now - self.since >= OVER


def same_origin(first: str, second: str) -> bool:
    """Whether both addresses have scheme, host and port in common, so that a password for one may be told the other."""
    try:
        return read_target(first).origin == read_target(second).origin
    except FetchFailed:
        return False


def permanent_target(answer: FetchResult, *, private: bool = False) -> str | None:
    """Where a feed permanently redirects to, if that may ever be believed.

    Never when one hop is temporary, the target is the start page of a site, a parking host, or plain http after https;
    nor, for a `private` feed, when it is another origin: user and password were given for this one.
    """
    before = answer.hops[:-1]
    if not before or any(hop.status not in PERMANENT or hop.downgrade for hop in before):
        return None
    target = urlsplit(answer.final_url)
    if target.path in ("", "/") and not target.query:
        return None
    if private and not same_origin(answer.url, answer.final_url):
        return None
    if answer.url.startswith("https://") and target.scheme != "https":
        return None
    return None if PARKING.search(target.hostname or "") else answer.final_url
