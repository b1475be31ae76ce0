"""What makes an item the same item the next time: it is stored once, whatever its feed does with ids and titles."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from brandhound.feeds.links import clean_url, url_key
from brandhound.feeds.models import IdentityRule
from brandhound.feeds.reading import ParsedEntry

CHURN = 0.8
"""The share of items that are 'new' although their pages are known, from which guids are taken for session ids."""


@dataclass(frozen=True, slots=True)
class Identified:
    """An entry with its identity and the page that it leads to."""

    identity: str
    entry: ParsedEntry
    link: str | None
    link_key: str | None


def identify(entries: Iterable[ParsedEntry], feed_url: str, rule: IdentityRule) -> list[Identified]:
    """Give each entry its identity, first come first; exact repetitions within one document are dropped.

    By guid: the first item with a guid keeps it, later ones with the same guid are told apart by their page, and the
    same page again is a repetition. Without a guid: the page, else title and content. By url: the page before the guid.
    """
    taken: dict[str, str | None] = {}
    found: list[Identified] = []
    for entry in entries:
        link = clean_url(entry.link, feed_url) if entry.link else None
        key = url_key(link) if link else None
        identity = _identity(entry, key, rule)
        if identity in taken:
            if key is None or key == taken[identity]:
                continue
            identity = _hash("guid+url", entry.id or "", key)
            if identity in taken:
                continue
        taken[identity] = key
        found.append(Identified(identity, entry, link, key))
    return found


def _identity(entry: ParsedEntry, key: str | None, rule: IdentityRule) -> str:
    if rule == "guid" and entry.id:
        return _hash("guid", entry.id)
    if key:
        return page_identity(key)
    if entry.id:
        return _hash("guid", entry.id)
    return _hash("text", entry.title, entry.summary, entry.content)


def page_identity(link_key: str) -> str:
    """The identity of an entry that is known by its page."""
    return _hash("url", link_key)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()


def churns(found: Sequence[Identified], known: frozenset[str], known_pages: frozenset[str]) -> bool:
    """Whether guids look like session ids: nearly all items are new by identity while their pages are known."""
    if len(found) < 3 or not known_pages:
        return False
    again = [one for one in found if one.identity not in known and one.link_key in known_pages]
    return len(again) >= CHURN * len(found)
