"""An address, read once: what we check is exactly what we connect to."""

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import quote, unquote, unquote_to_bytes, urljoin, urlsplit

import idna

from brandhound.core.http.answers import FetchFailed

DEFAULT_PORTS = {"http": 80, "https": 443}
LONGEST_URL = 8192
LONGEST_HOST = 1024

_HOST = re.compile(
    r"(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*"
)
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_CONTROL = re.compile(r"[\x00-\x20\x7f]")
_KEPT_IN_PATH = "/?:@!$&'()*+,;=-._~%[]|"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes. `host` is ASCII: a name, an IPv4 address, or an IPv6 address without brackets."""

    scheme: str
    host: str
    port: int
    path: str
    """Path and query, percent-encoded; never empty."""
    url: str
    """The address in its normal form: lower-case host, no default port, no fragment, no user."""
    credentials: tuple[str, str] | None = None

    @property
    def origin(self) -> tuple[str, str, int]:
        return (self.scheme, self.host, self.port)

    @property
    def authority(self) -> str:
        """What goes into the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


@lru_cache(maxsize=4096)
def read_target(url: str) -> Target:
    """Read an address. Raises FetchFailed with `bad-url` or `scheme`."""
    text = url.strip()
    if not text or len(text) > LONGEST_URL:
        raise FetchFailed("bad-url", "the address is empty or too long")
    head, separator, tail = text.partition("://")
    # Other programs read a backslash as a slash, or drop a tab: an address that two readers read differently is refused.
    authority = re.split(r"[/?#]", tail, maxsplit=1)[0]
    if separator and (_CONTROL.search(head + authority) or "\\" in authority):
        raise FetchFailed("bad-url", "the address holds characters that no address has")
    if re.search(r"[\t\r\n\x00]", text):
        raise FetchFailed("bad-url", "the address holds control characters")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise FetchFailed("bad-url", str(error)) from error
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS:
        raise FetchFailed("scheme", f"only http and https, not {scheme or 'nothing'}")
    if port == 0:
        raise FetchFailed("port", "port 0 is none")
    host = _read_host(parts.hostname or "")
    path = _encode(parts.path or "/") + (f"?{_encode(parts.query)}" if parts.query else "")
    if not path.startswith("/"):
        path = "/" + path
    credentials = None
    if parts.username is not None:
        credentials = (unquote(parts.username), unquote(parts.password or ""))
    port = port or DEFAULT_PORTS[scheme]
    shown = f"[{host}]" if ":" in host else host
    if port != DEFAULT_PORTS[scheme]:
        shown = f"{shown}:{port}"
    return Target(scheme, host, port, path, f"{scheme}://{shown}{path}", credentials)


def follow_location(target: Target, location: str) -> Target:
    """Where a redirect from `target` leads."""
    try:
        # Header bytes arrive as Latin-1; servers mean UTF-8.
        text = location.encode("latin-1").decode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError):
        text = location
    try:
        joined = urljoin(target.url, text.strip().replace(" ", "%20"))
    except ValueError as error:
        raise FetchFailed("bad-url", str(error)) from error
    return read_target(joined)


def same_server(one: str, other: str) -> bool:
    """Whether two addresses lead to the same server by the same scheme: what was entered for one may be sent to the other.

    Raises FetchFailed for what is no address.
    """
    return read_target(one).origin == read_target(other).origin


def _encode(text: str) -> str:
    encoded = quote(text, safe=_KEPT_IN_PATH)
    # A lone percent sign is a percent sign.
    return re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", encoded)


def _read_host(raw: str) -> str:
    if len(raw) > LONGEST_HOST:
        return _refuse(raw)
    if ":" in raw:
        try:
            return str(IPv6Address(raw)) if "%" not in raw else _refuse(raw)
        except ValueError:
            return _refuse(raw)
    try:
        host = unquote_to_bytes(raw).decode("utf-8") if "%" in raw else raw
        if not host.isascii():
            host = idna.uts46_remap(host, std3_rules=False)
            if not host.isascii():
                host = idna.encode(host).decode("ascii")
    except (UnicodeError, idna.IDNAError):
        return _refuse(raw)
    host = host.lower().removesuffix(".")
    if not _HOST.fullmatch(host):
        return _refuse(raw)
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        return _read_ipv4(host)
    return host


def _read_ipv4(host: str) -> str:
    """Any spelling of an IPv4 address: 127.1, 2130706433, 0x7f.0.0.1, 0177.0.0.1 (as browsers read it)."""
    parts = host.split(".")
    if len(parts) > 4:
        return _refuse(host)
    numbers: list[int] = []
    for part in parts:
        try:
            if part.startswith("0x"):
                numbers.append(int(part[2:] or "0", 16))
            else:
                numbers.append(int(part, 8 if part.startswith("0") and len(part) > 1 else 10))
        except ValueError:
            return _refuse(host)
    *first, last = numbers
    if any(number > 255 for number in first) or last >= 256 ** (4 - len(first)):
        return _refuse(host)
    value = last
    for place, number in enumerate(first):
        value += number << (8 * (3 - place))
    return str(IPv4Address(value))


def _refuse(host: str) -> str:
    raise FetchFailed("bad-url", f"not a host: {host[:100]!r}")


def literal_address(host: str) -> IPv4Address | IPv6Address | None:
    """The address, when the host is one and not a name."""
    if not host[-1:].isdigit() and ":" not in host:
        return None
    try:
        return ip_address(host)
    except ValueError:
        return None
