"""How a connection stands: in a word, in a sentence, and what helps."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Literal

from brandhound.ads.models import BrandAdAccount

Status = Literal["connected", "expiring", "needs_you", "revoked", "disconnected"]

SOON = timedelta(days=14)
"""From so long before the end on a connection counts as expiring."""

REMIND = (14, 7, 1)
"""Days before an end at which people are told."""

WANTED = ("ads_read", "business_management")
"""What we ask for: without the first nothing can be read, without the second businesses have no names."""

_SURELY_TRIED = 0.76
"""From this part of its life on a token would have been renewed, had it been possible."""

_RECONNECT = "Reconnect: the mapping and everything brought in so far stay."

REASONS: Mapping[str, tuple[str, str]] = {
    "expired": ("The token has expired.", _RECONNECT),
    "data_access": ("Meta gives no data until the person logs in again; it wants that every 90 days.", _RECONNECT),
    "checkpoint": (
        "Meta wants the person to log in at facebook.com and confirm something there.",
        "Log in at facebook.com, do what it asks, then press Look again.",
    ),
    "password_changed": ("The password at Meta was changed, which ends every token.", _RECONNECT),
    "unconfirmed": (
        "The person's account at Meta is not confirmed.",
        "Confirm it at facebook.com, then press Look again.",
    ),
    "logged_out": ("The token is not valid any more: the person logged out or ended the session.", _RECONNECT),
    "no_role": (
        "The person has no role at the application or the business any more.",
        "Have somebody with access to the account reconnect.",
    ),
    "invalid": ("Meta does not accept the token any more.", _RECONNECT),
    "missing_scope": (
        "The permission to read ads (ads_read) was not given, or was taken back.",
        "Reconnect, and leave all permissions switched on.",
    ),
    "no_access": (
        "The token may not read this account.",
        "Give the person or system user access to the account in Meta's business settings, then press Look again.",
    ),
    "unreadable": (
        "The token was sealed with a key that this installation no longer has.",
        "Restore the key (BRANDHOUND_SECRET_KEY or BRANDHOUND_PREVIOUS_SECRET_KEYS), or reconnect.",
    ),
    "not_allowed": (
        "The installation's system user may not be used by this organization.",
        "Ask whoever runs brandhound to allow it, or connect with a login of your own.",
    ),
    "no_system_user": (
        "The installation has no system user any more.",
        "Connect with a login of your own, or ask whoever runs brandhound.",
    ),
    "removed": ("The application was removed at Meta, so the token was deleted here.", _RECONNECT),
    "deleted": ("The person asked Meta to have their data deleted, so the token was deleted here.", _RECONNECT),
    "disconnected": ("It was disconnected here; the token was deleted.", "Connect it again whenever you like."),
}


@dataclass(frozen=True)
class Standing:
    """How a connection stands at a moment."""

    status: Status
    reason: str | None
    says: str
    what_to_do: str
    expires_at: datetime | None
    expires_in_days: int | None


def missing_scopes(scopes: Collection[str]) -> list[str]:
    """Of what we ask for, what was not given. Who may manage ads may read them."""
    given = {*scopes, *(("ads_read",) if "ads_management" in scopes else ())}
    return [scope for scope in WANTED if scope not in given]


def ends_at(link: BrandAdAccount) -> datetime | None:
    """When it stops working unless something is done: the earlier of both ends, or None."""
    ends = [end for end in (link.token_expires_at, link.data_access_expires_at) if end is not None]
    return min(ends, default=None)


def standing_of_link(link: BrandAdAccount, now: datetime) -> Standing:
    """How it stands now. What has run out counts as run out, whether or not somebody has noticed."""
    end = ends_at(link)
    days = None if end is None else max(0, ceil((end - now) / timedelta(days=1)))
    reason = link.state_reason if link.state != "connected" else run_out(link, now)
    if reason is not None or link.state != "connected":
        says, helps = REASONS.get(reason or "invalid", REASONS["invalid"])
        status: Status = "needs_you" if link.state == "connected" else link.state
        return Standing(status, reason, says, helps, end, days)
    if link.auth_method == "file":
        return Standing("connected", None, "Its numbers come from tables that you import.", "", None, None)
    if end is None:
        return Standing("connected", None, "Connected; the token does not expire.", "", None, None)
    if end - now > SOON:
        return Standing("connected", None, f"Connected until {end:%-d %B %Y}.", "", end, days)
    if end == link.token_expires_at and renews_in_time(link, now):
        says = f"The token ends in {_days(days)}; it is renewed by itself before."
        return Standing("expiring", None, says, "Nothing need be done. If it stays so, reconnect.", end, days)
    if end == link.data_access_expires_at:
        says = f"Meta wants the person to log in again within {_days(days)}."
    elif link.renew_at is not None:
        says = f"The token ends in {_days(days)}, and could not be renewed by itself so far."
    else:
        says = f"The token ends in {_days(days)}."
    return Standing("expiring", None, says, _RECONNECT, end, days)


def renews_in_time(link: BrandAdAccount, now: datetime) -> bool:
    """Whether the token may still be renewed by itself, so that nobody need be told yet."""
    if link.renew_at is None or link.token_expires_at is None or link.token_issued_at is None:
        return False
    life = link.token_expires_at - link.token_issued_at
    return now < link.token_issued_at + life * _SURELY_TRIED


def run_out(link: BrandAdAccount, now: datetime) -> str | None:
    """Which of both ends has come, if one has."""
    if link.token_expires_at is not None and link.token_expires_at <= now:
        return "expired"
    if link.data_access_expires_at is not None and link.data_access_expires_at <= now:
        return "data_access"
    return None


def _days(days: int | None) -> str:
    return "a day" if days == 1 else f"{days} days"
