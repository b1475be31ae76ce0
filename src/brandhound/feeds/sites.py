"""Which site an address belongs to: its registrable domain, by the public suffix list."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from ipaddress import ip_address
from typing import Any, cast
from urllib.parse import urlsplit

from tld import get_fld  # pyright: ignore[reportUnknownVariableType]

_registrable = cast("Callable[..., Any]", get_fld)


def site_of(url: str) -> str | None:
    """ "https://www.news.example.co.uk/a" is of "example.co.uk"; an IP address or a local name is its own site."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if not host:
        return None
    # Two servers on one machine, as in an intranet or a test, are two sites.
    return _site_of_host(host) or (f"{host}:{port}" if port not in (None, 80, 443) else host)


@lru_cache(maxsize=8192)
def _site_of_host(host: str) -> str | None:
    try:
        ip_address(host)
    except ValueError:
        found = _registrable(f"http://{host}/", fail_silently=True)
        return str(found) if found else None
    return None


def section_of(urls: Iterable[str]) -> tuple[str, ...]:
    """The folders that all these pages lie in, up to the first that is a number (a date); none: the whole site."""
    section: list[str] = []
    for names in zip(*(folders_of(url) for url in urls), strict=False):
        if len(set(names)) > 1 or names[0].isdecimal():
            break
        section.append(names[0])
    return tuple(section)


def folders_of(url: str) -> tuple[str, ...]:
    """The folders of a page's address, without the page."""
    return tuple(urlsplit(url).path.strip("/").split("/")[:-1])


def same_site(first: str, second: str) -> bool:
    """Whether both addresses belong to one registrable domain."""
    try:
        if (host := urlsplit(first).netloc) and host == urlsplit(second).netloc:
            return True
    except ValueError:
        return False
    site = site_of(first)
    return site is not None and site == site_of(second)
