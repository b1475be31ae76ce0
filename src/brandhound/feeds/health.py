"""How feeds are: which need somebody's eye, why, and what to do."""

from collections import Counter
from datetime import datetime

from sqlalchemy import select

from brandhound.core.db import Db
from brandhound.core.wording import count_of
from brandhound.feeds.models import Feed, FeedDocument
from brandhound.feeds.queries import seen_state, shown_title
from brandhound.feeds.schemas import FeedHealth, FeedState, HealthItem

# What a person can do, by the code of the failure.
NEXT_STEPS: dict[str, str] = {
    "gone": "Unfollow it, or follow the feed that its site names now.",
    "expired": "Unfollow it: nothing more will come.",
    "not-found": "Look on the site for its new address and follow that one.",
    "not-a-feed": "Open the address in a browser. If it is a page now, look on the site for the feed's new address.",
    "not-ready": "Nothing to do yet: it is asked again by itself.",
    "unreadable": "Nothing to do yet: it is tried again by itself. If it lasts, the log says what happened.",
    "host-busy": "Nothing to do yet: it is asked again by itself.",
    "empty": "Nothing to do yet: servers answer so while they are being worked on.",
    "credentials": "Open the feed and give its user and password anew.",
    "forbidden": "Ask the publisher to let this installation in; the settings show the name that it calls itself.",
    "bot-wall": "The publisher blocks automated reading. Ask for access, or look for another source of the same news.",
    "paywall": "Ask the publisher for a subscription feed, then follow it with its user and password.",
    "consent-wall": "Look on the site for a feed that is served without asking for consent.",
    "legal": "Nothing to do here: the content is withheld where this installation runs.",
    "too-many-requests": "Nothing to do: it is asked less often now.",
    "unavailable": "Nothing to do yet: it is asked again by itself.",
    "server-error": "Nothing to do yet: it is asked again by itself. After days, tell the publisher.",
    "tls-expired": "Tell the publisher that the certificate has expired. It is not read without a valid one.",
    "tls": "Open the address in a browser: if it warns there too, tell the publisher.",
    "dns": "Check the address. After days, the site is probably closed.",
    "refused": "Open the address in a browser. After days, the site is probably closed.",
    "timeout": "Nothing to do yet: it is asked again by itself.",
    "connection": "Nothing to do yet: it is asked again by itself.",
    "redirect-loop": "Open the address in a browser and follow the one that it ends at.",
    "too-many-redirects": "Open the address in a browser and follow the one that it ends at.",
    "private-address": "If it is yours, allow its network with BRANDHOUND_PRIVATE_NETWORKS.",
    "too-large": "Look for a shorter feed of the same site; this one is larger than 15 MB.",
}
OTHERWISE = "Open the address in a browser to see what is there."
OF_STATE: dict[FeedState, str] = {
    "silent": "Open the site: if it has newer items than the feed, it has another feed now.",
    "paused": "Resume it when you want to listen again.",
}
ORDER: dict[str, int] = {"gone": 0, "failing": 1, "silent": 2, "paused": 3}


def next_step(state: FeedState, document: FeedDocument) -> str | None:
    """What a person can do about a feed; None if all is well."""
    if state in ("active", "new"):
        return None
    if document.replacement_url and state in ("gone", "failing"):
        return f"Its site names another feed: follow {document.replacement_url} instead."
    return OF_STATE.get(state) or NEXT_STEPS.get(document.error_code or "", OTHERWISE)


async def feed_health(db: Db, now: datetime) -> FeedHealth:
    """All followed feeds counted by state, and those that need an eye, the worst first."""
    rows = (
        await db.execute(
            select(Feed, FeedDocument, seen_state, shown_title).join(FeedDocument, FeedDocument.id == Feed.document_id)
        )
    ).all()
    counts = Counter(state for _, _, state, _ in rows)
    items = [
        HealthItem(
            feed_id=feed.id,
            title=title,
            url=document.url,
            state=state,  # pyright: ignore[reportArgumentType]  (the database's CASE gives these words only)
            since=_since(state, document),
            reason=_reason(state, document, now),
            next_step=next_step(state, document) or "",  # pyright: ignore[reportArgumentType]
            replacement_url=document.replacement_url,
            next_check_at=document.next_check_at,
        )
        for feed, document, state, title in rows
        if state in ORDER
    ]
    items.sort(key=lambda item: (ORDER[item.state], item.title.casefold(), str(item.feed_id)))
    return FeedHealth(
        total=len(rows),
        healthy=counts["active"] + counts["new"],
        failing=counts["failing"],
        gone=counts["gone"],
        silent=counts["silent"],
        paused=counts["paused"],
        items=items,
    )


def _since(state: str, document: FeedDocument) -> datetime | None:
    return {"silent": document.last_entry_at, "paused": None}.get(state, document.failing_since)


def _reason(state: str, document: FeedDocument, now: datetime) -> str:
    if state == "paused":
        return "Somebody paused it."
    if state == "silent":
        days = (now - document.last_entry_at).days if document.last_entry_at else 0
        expected = document.known_rhythm.expected(document.last_entry_at, now) if document.last_entry_at else 0.0
        items = count_of(round(expected), "item")
        return f"Nothing new for {count_of(days, 'day')}, although its rhythm lets {items} be expected."
    return document.error_detail or "It cannot be read."
