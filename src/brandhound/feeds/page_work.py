"""What the extraction processes do: bytes and a few words in, plain data out. Each is named by "module:function"."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from brandhound.feeds.extracting import ExtractedPage, NotAPage, extract_page
from brandhound.feeds.language import guess_language
from brandhound.feeds.parsing import parse_feed
from brandhound.feeds.reading import NotAFeed
from brandhound.feeds.signatures import minhash_of, text_hash

Facts = Mapping[str, Any]


class WorkRefused(Exception):
    """The bytes are not what they should be. `code` is for programs, `detail` for people."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


def warm_up() -> None:
    """Load what the first document would otherwise wait for."""
    guess_language("These few words are enough to load the model of languages.")


def page(body: bytes, facts: Facts) -> dict[str, Any]:
    """An article's page: what it says, with the fingerprints of its text."""
    at = datetime.fromisoformat(facts["at"]) if facts.get("at") else None
    try:
        found = extract_page(body, str(facts.get("url") or ""), dict(facts.get("headers") or {}), at)
    except NotAPage as error:
        raise WorkRefused("not-a-page", str(error)) from None
    return page_as_data(found) | fingerprints(found.text)


def page_as_data(found: ExtractedPage) -> dict[str, Any]:
    """An extracted page as plain JSON; times with their zones."""
    data = asdict(found)
    for name in ("published", "modified"):
        data[name] = data[name].isoformat() if data[name] else None
    return data


def text(body: bytes, _: Facts) -> dict[str, Any]:
    """A text that came without a page (out of a feed): its language and fingerprints."""
    words = body.decode("utf-8", "replace")
    return {"language": guess_language(words)[0]} | fingerprints(words)


def feed(body: bytes, facts: Facts) -> dict[str, Any]:
    """A feed document, in the shape of ParsedFeed, as plain JSON."""
    try:
        found = parse_feed(body, str(facts.get("url") or ""), dict(facts.get("headers") or {}))
    except NotAFeed as error:
        raise WorkRefused("not-a-feed", str(error)) from None
    return asdict(found)


def fingerprints(words: str) -> dict[str, Any]:
    minhash = minhash_of(words)
    return {"text_sha256": text_hash(words) if words else None, "minhash": minhash.hex() if minhash else None}
