"""What an answer to the request for an article's page means. Walls are named, never climbed."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from urllib.parse import urlsplit

from brandhound.core.http.client import FetchFailed, FetchResult
from brandhound.feeds.extraction_pool import PageResult
from brandhound.feeds.walls import WALL_TEXT, wall_of

State = Literal["pending", "fetched", "failed", "blocked"]

STATUSES: dict[int, tuple[State, str]] = {
    401: ("blocked", "forbidden"),
    402: ("blocked", "paywall"),
    403: ("blocked", "forbidden"),
    404: ("failed", "not-found"),
    410: ("failed", "gone"),
    429: ("pending", "rate-limited"),
    451: ("blocked", "legal-reasons"),
    503: ("pending", "unavailable"),
}
FAILURES: dict[str, State] = {
    "robots": "blocked",
    "private-address": "blocked",
    "zero-egress": "blocked",
    "robots-unreachable": "pending",
    "host-busy": "pending",
    "timeout": "pending",
    "connection": "pending",
    "refused": "pending",
    "dns": "pending",
}
"""States for failures to fetch; every other code is a failure for good."""
PATIENCE = timedelta(days=2)
"""How long after a feed first named it a page is tried again, before its failure is believed."""
NOT_FOUND = re.compile(
    r"^\W*(?:error\s*)?(?:404|410)\b|\b(?:page|seite|article|artikel|story|content)\s+(?:(?:you\S*|was|wurde|could|can|is|ist)\s+)*"
    r"(?:not|nicht|no longer|cannot)\s+(?:be\s+)?(?:found|gefunden|available|verfügbar|exist)"
    r"|\bpage (?:introuvable|non trouvée)|\bpágina no encontrada|\bpagina non trovata|\bnot found$|^oops\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PageVerdict:
    """The state that an article gets, and why. `has_page` says whether the answer's body is the article's page."""

    state: State
    code: str | None = None
    has_page: bool = False


def verdict_of_failure(failed: FetchFailed) -> PageVerdict:
    """No answer came."""
    return PageVerdict(FAILURES.get(failed.code, "failed"), failed.code)


def verdict_of_answer(answer: FetchResult) -> PageVerdict:
    """An answer came; for pages that may be articles `has_page` is set and their text decides."""
    wall = wall_of(answer)
    if answer.status in (200, 203):
        if wall == "consent-wall":
            return PageVerdict("blocked", wall)
        if "text/" not in (kind := answer.headers.get("content-type", "text/html")) and "html" not in kind:
            return PageVerdict("failed", "not-a-page")
        return PageVerdict("fetched", None, has_page=True)
    if wall is not None:
        return PageVerdict("blocked", wall)
    if found := STATUSES.get(answer.status):
        return PageVerdict(*found)
    if answer.status >= 500:
        return PageVerdict("pending", f"http-{answer.status}")
    return PageVerdict("failed", f"http-{answer.status}")


def verdict_of_page(answer: FetchResult, page: PageResult) -> PageVerdict:
    """The page was read: an article, or something that a server gives out in an article's place."""
    if len(page.text) < WALL_TEXT:
        if wall := wall_of(answer):
            return PageVerdict("blocked", wall)
        if NOT_FOUND.search(page.title or "") or _is_sent_home(answer):
            return PageVerdict("failed", "soft-404")
    if page.paywalled and len(page.text) < WALL_TEXT:
        return PageVerdict("blocked", "paywall", has_page=True)
    return PageVerdict("fetched", "paywalled" if page.paywalled else None, has_page=True)


def _is_sent_home(answer: FetchResult) -> bool:
    """Led from a page to the front page: what many servers do in place of a 404."""
    asked, given = urlsplit(answer.url), urlsplit(answer.final_url)
    return asked.path not in ("", "/") and given.path in ("", "/") and not given.query
