"""Answers that are no feed and no page: walls against programs, walls against those who do not pay, questions of consent."""

import re
from typing import Literal

from brandhound.core.http.client import FetchResult

Wall = Literal["bot-wall", "paywall", "consent-wall"]

BOT_MARKS = re.compile(
    rb"just a moment\.\.\.|attention required! \| cloudflare|cf-challenge|challenge-platform|px-captcha|perimeterx"
    rb"|datadome|_incapsula_resource|incapsula incident|g-recaptcha|h-captcha|hcaptcha\.com|captcha-delivery"
    rb"|verify (?:that )?you are (?:a )?human|are you a robot|unusual traffic from your|bot detection"
    rb"|<title>\s*access denied|pardon our interruption|enable javascript and cookies to continue",
    re.IGNORECASE,
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
    beginning = answer.body[:60_000]
    if BOT_MARKS.search(beginning):
        return "bot-wall"
    if CONSENT_HOSTS.search(answer.final_url) and answer.final_url != answer.url:
        return "consent-wall"
    if answer.status in (401, 403) and PAY_MARKS.search(beginning):
        return "paywall"
    return None
