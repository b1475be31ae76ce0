"""Answers that are no feed and no page: walls against programs, walls against those who do not pay, questions of consent."""

import re
from typing import Literal

from brandhound.core.http.client import FetchResult
from brandhound.feeds.encoding import decode
from brandhound.feeds.reading import plain_text

Wall = Literal["bot-wall", "paywall", "consent-wall"]

WALL_TEXT = 600
"""Characters of text from which on a page is a page, whatever else stands on it."""
BEGINNING = 60_000
# Looked for in lower case, each by itself: one pattern of them all that also folds case takes 5 ms a page.
BOT_MARKS = (
    b"just a moment...",
    b"attention required! | cloudflare",
    b"cf-challenge",
    b"challenge-platform",
    b"px-captcha",
    b"perimeterx",
    b"datadome",
    b"_incapsula_resource",
    b"incapsula incident",
    b"g-recaptcha",
    b"h-captcha",
    b"hcaptcha.com",
    b"captcha-delivery",
    b"are you a robot",
    b"unusual traffic from your",
    b"bot detection",
    b"pardon our interruption",
    b"enable javascript and cookies to continue",
)
BOT_WORDINGS = (
    re.compile(rb"verify (?:that )?you are (?:a )?human"),
    re.compile(rb"<title>\s*access denied"),
)
CONSENT_HOSTS = re.compile(r"^https?://(?:consent|privacywall|cmp)\.|/consent(?:/|\?|$)", re.IGNORECASE)
PAY_MARKS = re.compile(
    rb"paywall|subscribe to (?:continue|read)|subscribers? only|subscription required", re.IGNORECASE
)


def wall_of(answer: FetchResult) -> Wall | None:
    """Which wall this answer is, if it is one. We never climb it; we say that it is there."""
    headers = answer.headers
    if headers.get("cf-mitigated") == "challenge" or ("x-datadome" in headers and answer.status in (401, 403)):
        return "bot-wall"
    # 402 with a price is how content networks sell pages to programs.
    if answer.status == 402 or "crawler-price" in headers:
        return "paywall"
    if "html" not in headers.get("content-type", "html"):
        return None
    beginning = answer.body[:BEGINNING]
    # Forms of ordinary pages ask for proof of a human too.
    if _is_bot_wall(beginning.lower()) and not (answer.status == 200 and _says_something(answer)):
        return "bot-wall"
    if CONSENT_HOSTS.search(answer.final_url) and answer.final_url != answer.url:
        return "consent-wall"
    if answer.status in (401, 403) and PAY_MARKS.search(beginning):
        return "paywall"
    return None


def _says_something(answer: FetchResult) -> bool:
    text = decode(answer.body[: 4 * BEGINNING], answer.headers.get("content-type", "")).text
    return len(plain_text(text)) >= WALL_TEXT


def _is_bot_wall(beginning: bytes) -> bool:
    return any(mark in beginning for mark in BOT_MARKS) or any(words.search(beginning) for words in BOT_WORDINGS)
