"""What Meta posts to an app: that somebody removed it, or wants their data deleted."""

import socket
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from brandhound.twins.meta.tokens import App, signed_request


@dataclass(frozen=True)
class Posted:
    """What the app answered."""

    status: int
    body: str


def post_signed(url: str, app: App, subject: str, now: int, secret: str | None = None) -> Posted:
    """Post a signed request; another `secret` makes its signature wrong. Raises ValueError without an address on loopback.

    A few lines on a socket, because the twin has no HTTP client: only one module of the product may speak to the outside.
    """
    address = urlsplit(url)
    if address.scheme != "http" or address.hostname not in ("127.0.0.1", "localhost") or address.port is None:
        raise ValueError("callbacks go to http://127.0.0.1:PORT/… only")
    told = signed_request({"user_id": subject, "issued_at": now}, secret or app.secret)
    body = urlencode({"signed_request": told}).encode()
    head = (
        f"POST {address.path or '/'}{'?' + address.query if address.query else ''} HTTP/1.0\r\n"
        f"host: {address.netloc}\r\ncontent-type: application/x-www-form-urlencoded\r\n"
        f"user-agent: facebookplatform/1.0\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
    )
    with socket.create_connection((address.hostname, address.port), timeout=30) as line:
        line.sendall(head.encode() + body)
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    first, _, rest = answer.partition(b"\r\n")
    return Posted(int(first.split()[1]), rest.partition(b"\r\n\r\n")[2].decode("utf-8", "replace"))
