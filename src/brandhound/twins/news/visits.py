"""One request for a page or a feed, and its ordinary answer."""

import base64
import gzip
import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

from brandhound.twins.news.asgi import HTML, Headers, Scope, Send, typed
from brandhound.twins.news.faults import Fault, break_markup
from brandhound.twins.news.library import FEED_TYPES, Library, Resource, Site
from brandhound.twins.news.publisher import Document, Publisher
from brandhound.twins.news.rendering import render_feed, render_sitemap, visible_items

GZIP_FROM = 512


class Visit:
    """One request on its way."""

    def __init__(self, publisher: Publisher, scope: Scope, send: Send, headers: dict[str, str]) -> None:
        self.publisher = publisher
        self.send = send
        self.headers = headers
        self.method: str = scope["method"]
        self.query: bytes = scope["query_string"]
        self.host = headers.get("host", "localhost")
        self.status = 0
        raw: str = scope["path"]
        name = self.host.rpartition(":")[0] or self.host
        site = _site_of_host(publisher.library, name)
        if site is not None:
            self.base = f"{scope['scheme']}://{self.host}"
            self.path = raw
        else:
            first, slash, rest = raw[1:].partition("/")
            site = publisher.library.sites.get(first) if first else None
            self.base = f"{scope['scheme']}://{self.host}" + (f"/{first}" if site else "")
            self.path = f"/{rest}" if site and slash else raw if site is None else "/"
            site = site or publisher.library.sites.get("")
        self.site: Site | None = site
        prefix = f"/{site.name}" if site is not None and site.name else ""
        self.key = prefix + self.path
        self.place = site.name if site else ""

    async def answer(self, fault: Fault | None) -> None:
        """The ordinary answer, or what a fault makes of it."""
        if not self._is_let_in():
            await self.reply(401, b"Who is there?", [(b"www-authenticate", b'Basic realm="subscribers"')])
            return
        document = self.find()
        if document is None:
            await self.reply(404, b"<!doctype html><title>Not found</title><h1>Not found</h1>", typed(HTML))
            return
        if fault is not None:
            document = _altered(fault, document)
        await self._serve(document, has_validators=fault is None or fault.kind != "no-validators")

    def _is_let_in(self) -> bool:
        for prefix, (user, password) in self.site.passwords.items() if self.site else ():
            if self.path.startswith(prefix):
                expected = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
                return self.headers.get("authorization") == expected
        return True

    def find(self) -> Document | None:
        """The document at this address at this time."""
        site, path, now = self.site, self.path, self.publisher.clock()
        if path == "/robots.txt" and (site is None or not site.name):
            return self._plain(self.publisher.library.robots)
        if site is None:
            return self._index() if path == "/" else None
        if path == "/robots.txt":
            default = f"User-agent: *\nAllow: /\nSitemap: {self.base}/sitemap.xml\n"
            return self._plain(site.robots if site.robots is not None else default)
        if (feed := site.feeds.get(path)) is not None:
            items = visible_items(feed, now)
            # The items are the key: a list that was changed from outside makes a different document.
            return self.publisher.document(
                ("feed", id(feed), path, self.base, feed.format, tuple(map(id, items))),
                (feed, items),
                lambda: (
                    render_feed(feed, items, self.base, self.base + path),
                    typed(FEED_TYPES[feed.format]),
                    items[0].published_at if items else datetime(2020, 1, 1, tzinfo=UTC),
                ),
            )
        if (resource := site.resources.get(path)) is not None and (
            resource.published_at is None or resource.published_at <= now
        ):
            return self._resource(resource)
        if path == "/sitemap.xml":
            entries = [
                (path, resource.published_at or resource.modified_at)
                for path, resource in site.resources.items()
                if resource.published_at is None or resource.published_at <= now
            ]
            newest = max((at for _, at in entries if at), default=datetime(2020, 1, 1, tzinfo=UTC))
            key = ("sitemap", site.name, self.base, len(entries), newest)
            return self.publisher.document(
                key, None, lambda: (render_sitemap(self.base, entries), typed("application/xml"), newest)
            )
        return self._front_page(site) if path == "/" else None

    def _resource(self, resource: Resource) -> Document:
        body = resource.body
        changed = body.stat().st_mtime_ns if isinstance(body, Path) else 0
        modified_at = resource.modified_at or resource.published_at or datetime(2020, 1, 1, tzinfo=UTC)
        extra = [(name.lower().encode(), value.encode("latin-1")) for name, value in resource.headers.items()]
        return self.publisher.document(
            ("resource", id(resource), changed),
            resource,
            lambda: (
                body.read_bytes() if isinstance(body, Path) else body,
                typed(resource.content_type) + extra,
                modified_at,
            ),
        )

    def _plain(self, text: str) -> Document:
        when = datetime(2020, 1, 1, tzinfo=UTC)
        return self.publisher.document(
            ("plain", text), None, lambda: (text.encode(), typed("text/plain; charset=utf-8"), when)
        )

    def _front_page(self, site: Site) -> Document:
        links = "".join(
            f'<link rel="alternate" type="{FEED_TYPES[feed.format].partition(";")[0]}" title="{feed.title}" '
            f'href="{self.base}{path}">'
            for path, feed in site.feeds.items()
        )
        stories = "".join(
            f'<li><a href="{self.base}{item.link}">{item.title}</a></li>'
            for feed in site.feeds.values()
            for item in visible_items(feed, self.publisher.clock())[:20]
        )
        page = f'<!doctype html><html lang="{site.language}"><head><title>{site.title}</title>{links}</head>'
        page += f"<body><h1>{site.title}</h1><ul>{stories}</ul></body></html>"
        when = datetime(2020, 1, 1, tzinfo=UTC)
        return self.publisher.document(("front", page), None, lambda: (page.encode(), typed(HTML), when))

    def _index(self) -> Document:
        names = "".join(
            f'<li><a href="{self.base}/{name}/">{name}</a></li>' for name in self.publisher.library.sites if name
        )
        page = f"<!doctype html><title>Publishers</title><ul>{names}</ul>"
        when = datetime(2020, 1, 1, tzinfo=UTC)
        return self.publisher.document(("index", page), None, lambda: (page.encode(), typed(HTML), when))

    async def _serve(self, document: Document, has_validators: bool) -> None:
        headers = list(document.headers)
        is_packed = len(document.body) >= GZIP_FROM and "gzip" in self.headers.get("accept-encoding", "")
        if has_validators:
            # As Apache does it: the packed form is another representation and has another tag.
            etag = f'"{document.etag}-gzip"' if is_packed else f'"{document.etag}"'
            headers.append((b"etag", etag.encode()))
            headers.append((b"last-modified", format_datetime(document.modified_at, usegmt=True).encode()))
            if self._knows(document):
                await self.reply(304, b"", headers)
                return
        body = document.body
        if is_packed and not any(name == b"content-encoding" for name, _ in headers):
            if document.packed is None:
                document.packed = gzip.compress(document.body, 5, mtime=0)
            body = document.packed
            headers += [(b"content-encoding", b"gzip"), (b"vary", b"accept-encoding")]
        await self.reply(200, body, headers)

    def _knows(self, document: Document) -> bool:
        if (known := self.headers.get("if-none-match")) is not None:
            return document.etag in known or known.strip() == "*"
        if (since := self.headers.get("if-modified-since")) is not None:
            try:
                return document.modified_at <= parsedate_to_datetime(since)
            except (ValueError, TypeError):
                return False
        return False

    async def reply(self, status: int, body: bytes, headers: Headers, length: int | None = None) -> None:
        """Send one whole response; a `length` that is not the body's makes a liar of us."""
        self.status = status
        is_empty = status == 304 or self.method == "HEAD"
        if status != 304:
            headers = [*headers, (b"content-length", str(len(body) if length is None else length).encode())]
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        is_lie = length is not None and length > len(body)
        await self.send({"type": "http.response.body", "body": b"" if is_empty else body, "more_body": is_lie})


def _site_of_host(library: Library, name: str) -> Site | None:
    first = name.partition(".")[0]
    if first in library.sites and first and not first.isdigit():
        return library.sites[first]
    for site in library.sites.values():
        if name in site.hosts:
            return site
    return None


def _altered(fault: Fault, document: Document) -> Document:
    if fault.kind == "broken":
        body = break_markup(document.body)
        return Document(body, document.headers, hashlib.sha256(body).hexdigest()[:20], document.modified_at)
    if fault.kind == "wrong-encoding":
        headers = [*document.headers, (b"content-encoding", b"gzip")]
        return Document(document.body, headers, document.etag, document.modified_at)
    if fault.kind == "wrong-charset":
        kind = dict(document.headers)[b"content-type"].partition(b";")[0].decode("latin-1")
        return Document(document.body, typed(f"{kind}; charset=utf-16"), document.etag, document.modified_at)
    return document
